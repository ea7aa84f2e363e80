// Everything in a journal's files, read without changing them: for inspection (`busyhourd --check`), to find what is
// damaged and where it could be cut, and for the hashes that snapshots must have, before one is chosen.
//
// Unlike `JournalReader`, which stops at the first fault because nothing may be built on what follows it, a survey
// continues with the next segment.

import Columnar

/// What was found in a journal's directory.
public struct JournalSurvey: Sendable {
    /// A file of the journal, in the order of their records.
    public struct Segment: Equatable, Sendable {
        public var path: String
        /// Size of the file.
        public var byteCount: Int
        public var firstLSN: UInt64
        /// The record after the last whole one.
        public var nextLSN: UInt64
        /// The newest record that anything in the segment refers to.
        public var lastNamedLSN: UInt64 = 0
        /// Where the whole frames end.
        public var endOffset: Int
        /// The engine's time at the newest record, microseconds since 1970; nil: it has none.
        public var engineMicros: Int64?
        /// Whether the last whole frame is followed by the beginning of a frame that was never acknowledged.
        public var isTorn = false
        var end = SegmentScan.End.open
        var header: SegmentHeader?
        /// Hash of the last whole frame.
        var hash: UInt64 = 0
    }

    public private(set) var segments: [Segment] = []
    public private(set) var faults: [JournalError] = []
    /// Nil: no segment has a whole header.
    public private(set) var cluster: ClusterID?
    /// The root hashes of the customers' snapshots, by number.
    public private(set) var roots: [UInt64: UInt64] = [:]

    /// Oldest and newest record; nil: there is none.
    public var firstLSN: UInt64? { segments.first?.firstLSN }
    public var lastLSN: UInt64? { segments.last.map { $0.nextLSN - 1 } }

    /// Reads everything in the directory; an empty or missing directory is a journal without segments.
    /// - Parameter visit: receives every whole record; an error it throws is a fault of the segment, which is read no
    ///   further.
    public init(
        directory: String, disk: any Disk, visit: (_ record: JournalRecord) throws(RecordFault) -> Void = { _ in }
    ) {
        let names = (try? disk.list(directory)) ?? []
        for firstLSN in names.compactMap(JournalFormat.firstLSN).sorted() {
            let path = directory + "/" + JournalFormat.segmentName(firstLSN: firstLSN)
            read(path, firstLSN, disk, visit)
        }
        if let last = segments.last, last.end == .continued {
            fault(last, .order("the segment with record \(last.nextLSN) should follow and is missing"))
        }
    }

    private mutating func read(
        _ path: String, _ firstLSN: UInt64, _ disk: any Disk, _ visit: (JournalRecord) throws(RecordFault) -> Void
    ) {
        var segment = Segment(
            path: path, byteCount: 0, firstLSN: firstLSN, nextLSN: firstLSN, endOffset: 0)
        defer { segments.append(segment) }
        let bytes: [UInt8]
        do throws(JournalError) { bytes = try JournalReader.bytes(of: path, disk) } catch {
            faults.append(error)
            return
        }
        segment.byteCount = bytes.count
        let header: SegmentHeader
        do throws(SegmentHeader.Fault) { header = try bytes.withBytes(SegmentHeader.init) } catch {
            faults.append(JournalError(path: path, header: error))
            return
        }
        segment.header = header
        join(segment, header)
        scan(&segment, header, bytes, visit)
    }

    /// Checks whether a segment continues the one before it.
    private mutating func join(_ segment: Segment, _ header: SegmentHeader) {
        if header.firstLSN != segment.firstLSN {
            fault(segment, .order("is the segment that begins with record \(header.firstLSN)"))
        }
        if let cluster, cluster != header.cluster { fault(segment, .otherCluster) }
        cluster = cluster ?? header.cluster
        guard let before = segments.last, let headerBefore = before.header, before.end != .damaged else { return }
        if before.nextLSN != segment.firstLSN {
            let missing = "records \(before.nextLSN) to \(segment.firstLSN - 1) are missing"
            fault(segment, .order(before.nextLSN < segment.firstLSN ? missing : "has records of the one before it"))
        } else if header.number != headerBefore.number.checkedAdding(1) || header.previousHash != before.hash {
            fault(segment, .order("does not follow the segment before it"))
        }
    }

    private mutating func scan(
        _ segment: inout Segment, _ header: SegmentHeader, _ bytes: [UInt8],
        _ visit: (JournalRecord) throws(RecordFault) -> Void
    ) {
        var roots = self.roots
        let fault: JournalError? = bytes.withBytes { bytes in
            var scan = SegmentScan(header, bytes)
            while true {
                (segment.endOffset, segment.nextLSN, segment.hash) = (scan.offset, scan.nextLSN, scan.hash)
                switch scan.next() {
                case .end(let end):
                    (segment.end, segment.isTorn) = (end, end == .torn)
                    segment.lastNamedLSN = scan.lastNamedLSN
                    return end == .damaged
                        ? JournalError(path: segment.path, offset: scan.offset, .damagedFrame(lsn: scan.nextLSN)) : nil
                case .frame(let frame, let records):
                    do throws(JournalReader.FrameFault) {
                        try JournalReader.forEachRecord(frame, records, segment.nextLSN) {
                            record throws(RecordFault) in
                            if record.type == SnapshotDone.kind.type, let done = try record.body() as? SnapshotDone {
                                roots[done.number] = done.rootHash
                            }
                            try visit(record)
                        }
                    } catch {
                        segment.end = .damaged
                        return JournalError(
                            path: segment.path, offset: segment.endOffset, .record(lsn: error.lsn, error.fault))
                    }
                    segment.engineMicros = max(segment.engineMicros ?? .min, frame.engineMicros)
                }
            }
        }
        self.roots = roots
        if let fault { faults.append(fault) }
    }

    private mutating func fault(_ segment: Segment, _ reason: JournalError.Reason) {
        faults.append(JournalError(path: segment.path, offset: segment.endOffset, reason))
    }
}
