// Reads a journal from a given record to its end. Nothing in a file is trusted before it was checked: lengths against
// the bytes that exist, hashes, and that each frame follows the one before it, across segments too.

import Columnar

/// How a journal ends.
public enum JournalEnd: Equatable, Sendable {
    /// The mark, or nothing, follows the last record.
    case clean
    /// The beginning of a frame that was never durable, and so never acknowledged; it is cut off.
    case torn(path: String, offset: Int)
}

/// What a journal contains.
public struct JournalContents: Equatable, Sendable {
    /// Nil: there is no journal yet.
    public var cluster: ClusterID?
    /// Newest record; if there is none, the one before the first to come.
    public var lastLSN: UInt64
    /// Records passed to the reader's caller.
    public var replayedCount: UInt64 = 0
    /// The engine's time at the newest record, microseconds since 1970; nil: no record was read.
    public var engineMicros: Int64?
    public var segmentCount = 0
    public var end = JournalEnd.clean
}

struct JournalReader {
    typealias Apply = (_ record: JournalRecord) throws(RecordFault) -> Void

    let disk: any Disk
    let directory: String
    /// Where there is no segment, the first record to come is the one after the snapshot's.
    var beginsAnew = false
    var flaws: SeededFlaws = []

    /// A segment with its bytes, in the order of the journal.
    struct Segment {
        var path: String
        var header: SegmentHeader
        var bytes: [UInt8]
    }

    /// Reads the records after `lsn`.
    /// - Parameters:
    ///   - cluster: the installation that it must belong to; nil: any.
    ///   - apply: receives the records in order. Its effects must be discarded when this function throws.
    /// - Returns: what the journal contains, and the last segment; nil: there is none.
    func read(
        after lsn: UInt64, cluster: ClusterID?, apply: Apply
    ) throws(JournalError) -> (JournalContents, last: Segment?) {
        var contents = JournalContents(cluster: cluster, lastLSN: lsn)
        var position = Position()
        var last: Segment?
        let starts = try segmentStarts(after: lsn)
        for (index, firstLSN) in starts.enumerated() {
            let segment = try load(firstLSN, &contents, position)
            let end = try scan(segment, after: lsn, &position, &contents, apply)
            let isLast = index == starts.count - 1
            switch end {
            case .damaged:
                throw JournalError(
                    path: segment.path, offset: position.offset, .damagedFrame(lsn: position.nextLSN))
            case .continued where isLast:
                throw JournalError(
                    path: segment.path, offset: position.offset,
                    .order("the segment with record \(position.nextLSN) should follow and is missing"))
            case .sealed, .open, .torn:
                // The next segment's header shows whether anything is missing here.
                if isLast && end == .torn { contents.end = .torn(path: segment.path, offset: position.offset) }
            case .continued: break
            }
            contents.segmentCount += 1
            if isLast { last = segment }
        }
        if last != nil {
            guard position.nextLSN > lsn else {
                throw JournalError(
                    path: directory,
                    .order("ends with record \(position.nextLSN - 1), before the snapshot's, which is \(lsn)"))
            }
            contents.lastLSN = position.nextLSN - 1
        }
        return (contents, last)
    }

    /// What the next segment must continue.
    private struct Position {
        /// Number of the last segment read; 0: none was read.
        var number: UInt64 = 0
        var nextLSN: UInt64 = 0
        var hash: UInt64 = 0
        /// In the last segment read, bytes.
        var offset = 0
    }

    /// First LSNs of the segments that are needed, ascending.
    private func segmentStarts(after lsn: UInt64) throws(JournalError) -> [UInt64] {
        let names: [String]
        do throws(DiskError) { names = try disk.list(directory) } catch { throw JournalError(error) }
        let starts = names.compactMap(JournalFormat.firstLSN).sorted()
        guard let oldest = starts.first else {
            guard lsn == 0 || beginsAnew else {
                throw JournalError(
                    path: directory, .order("there is no segment, though the snapshot has record \(lsn)"))
            }
            return []
        }
        // The last segment that begins at or before the record after `lsn`.
        guard let first = starts.lastIndex(where: { $0 - 1 <= lsn }) else {
            throw JournalError(
                path: directory, .order("begins with record \(oldest), and those from \(lsn &+ 1) on are missing"))
        }
        return Array(starts[first...])
    }

    private func load(
        _ firstLSN: UInt64, _ contents: inout JournalContents, _ position: Position
    ) throws(JournalError) -> Segment {
        let path = directory + "/" + JournalFormat.segmentName(firstLSN: firstLSN)
        let bytes = try Self.bytes(of: path, disk)
        let header: SegmentHeader
        do throws(SegmentHeader.Fault) { header = try bytes.withBytes(SegmentHeader.init) } catch {
            throw JournalError(path: path, header: error)
        }
        guard header.firstLSN == firstLSN else {
            throw JournalError(path: path, .order("is the segment that begins with record \(header.firstLSN)"))
        }
        if let cluster = contents.cluster, cluster != header.cluster { throw JournalError(path: path, .otherCluster) }
        contents.cluster = header.cluster
        if position.number != 0 && !flaws.contains(.skipsChain) {
            guard firstLSN == position.nextLSN else {
                throw JournalError(path: path, .order("records \(position.nextLSN) to \(firstLSN - 1) are missing"))
            }
            guard header.number == position.number.checkedAdding(1), header.previousHash == position.hash else {
                throw JournalError(path: path, .order("does not follow the segment before it"))
            }
        }
        return Segment(path: path, header: header, bytes: bytes)
    }

    /// The whole file, which is no longer than a segment may be.
    static func bytes(of path: String, _ disk: any Disk) throws(JournalError) -> [UInt8] {
        do throws(DiskError) {
            let file = try disk.open(path, for: .reading)
            defer { disk.close(file) }
            let count = min(try disk.byteCount(of: file), JournalLimits.mostSegmentBytes)
            var bytes = [UInt8](repeating: 0, count: count)
            let read = try bytes.withUnsafeMutableBufferPointer { buffer throws(DiskError) in
                try disk.read(into: UnsafeMutableRawBufferPointer(buffer), from: file, at: 0)
            }
            bytes.removeSubrange(read...)
            return bytes
        } catch { throw JournalError(error) }
    }

    private func scan(
        _ segment: Segment, after lsn: UInt64, _ position: inout Position, _ contents: inout JournalContents,
        _ apply: Apply
    ) throws(JournalError) -> SegmentScan.End {
        let flaws = flaws
        return try segment.bytes.withBytes { bytes throws(JournalError) in
            var scan = SegmentScan(segment.header, bytes, flaws: flaws)
            defer {
                position.number = segment.header.number
                position.nextLSN = scan.nextLSN
                position.hash = scan.hash
                position.offset = scan.offset
            }
            while true {
                let (offset, firstLSN) = (scan.offset, scan.nextLSN)
                switch scan.next() {
                case .end(let end): return end
                case .frame(let frame, let records):
                    do throws(FrameFault) {
                        try Self.replay(frame, records, firstLSN, after: lsn, &contents, apply)
                    } catch {
                        throw JournalError(path: segment.path, offset: offset, .record(lsn: error.lsn, error.fault))
                    }
                }
            }
        }
    }

    struct FrameFault: Error {
        var lsn: UInt64
        var fault: RecordFault
    }

    private static func replay(
        _ frame: FrameHeader, _ records: UnsafeRawBufferPointer, _ firstLSN: UInt64, after lsn: UInt64,
        _ contents: inout JournalContents, _ apply: Apply
    ) throws(FrameFault) {
        var replayed: UInt64 = 0
        try forEachRecord(frame, records, firstLSN) { record throws(RecordFault) in
            guard record.lsn > lsn else { return }
            try apply(record)
            replayed += 1
        }
        contents.replayedCount += replayed
        contents.engineMicros = max(contents.engineMicros ?? .min, frame.engineMicros)
    }

    /// Calls `body` with each record of a frame whose hash is right.
    static func forEachRecord(
        _ frame: FrameHeader, _ records: UnsafeRawBufferPointer, _ firstLSN: UInt64, _ body: Apply
    ) throws(FrameFault) {
        var rest = records
        // Below the next LSN, whose sum was checked.
        var current = firstLSN
        for _ in 0..<frame.recordCount {
            guard let (header, payload) = RecordHeader.next(&rest) else {
                throw FrameFault(lsn: current, fault: .malformed("goes beyond the end of its frame"))
            }
            let record = JournalRecord(
                lsn: current, type: header.type, schemaVersion: header.schemaVersion, key: header.key,
                engineMicros: frame.engineMicros, payload: payload)
            do throws(RecordFault) { try body(record) } catch { throw FrameFault(lsn: current, fault: error) }
            current += 1
        }
        guard rest.isEmpty else {
            throw FrameFault(lsn: current - 1, fault: .malformed("is followed by bytes that are no record"))
        }
    }
}
