// Opening a journal: read it, then rewrite its last segment.
//
// The last segment was read from the system's memory, and after a failed sync that may differ from what is on the disk.
// So its frames go to a fresh file, with a fresh salt, which replaces the old one. After this the disk has everything
// that was replayed, and nothing of a torn frame can ever be mistaken for a frame.

import Columnar

extension Journal {
    /// Reads the journal in a directory, which is created if necessary, and prepares it for writing.
    /// Cost: reading what exists, and writing one segment.
    /// - Parameters:
    ///   - lsn: the newest record that the caller already has, from a snapshot; 0: none.
    ///   - cluster: the installation according to the snapshot; nil: as in the journal, or a new one.
    ///   - beginsAnew: whether there may be no segment although `lsn` is not 0: the journal begins with the record
    ///     after it.
    ///   - random: 64 random bits at each call.
    ///   - apply: receives the records after `lsn` in order. Its effects must be discarded when this function throws.
    /// - Returns: the journal, and what was read.
    public static func open(
        directory: String, disk: any Disk, configuration: JournalConfiguration = JournalConfiguration(),
        after lsn: UInt64 = 0, cluster: ClusterID? = nil,
        beginsAnew: Bool = false, random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) },
        apply: (_ record: JournalRecord) throws(RecordFault) -> Void
    ) throws(JournalError) -> (journal: Journal, contents: JournalContents) {
        precondition(
            configuration.segmentBytes % JournalFormat.sectorBytes == 0
                && (JournalLimits.leastSegmentBytes...JournalLimits.mostSegmentBytes)
                    .contains(configuration.segmentBytes)
                && configuration.spareSegments >= 1,
            "no journal has such segments")
        let lock = try journalError { () throws(DiskError) in try take(directory, disk) }
        do throws(JournalError) {
            let reader = JournalReader(
                disk: disk, directory: directory, beginsAnew: beginsAnew, flaws: configuration.flaws)
            var (contents, last) = try reader.read(after: lsn, cluster: cluster, apply: apply)
            let (header, frames) = rewritten(last, contents, configuration, random)
            let journal = try journalError { () throws(DiskError) in
                let spares = try Spares(
                    disk: disk, directory: directory, segmentBytes: header.byteCount,
                    wanted: configuration.spareSegments)
                // Without a spare there is no journal, so this one is worth waiting for.
                if spares.readyCount == 0 { _ = try spares.workOnce() }
                return try Journal(
                    disk: disk, directory: directory, spares: spares, lock: lock, header: header, frames: frames,
                    random: random)
            }
            contents.cluster = journal.header.cluster
            return (journal, contents)
        } catch {
            disk.close(lock)
            throw error
        }
    }

    /// Creates a journal whose first record will be the one after `lsn`, in a directory that has none.
    public static func begin(
        directory: String, disk: any Disk, after lsn: UInt64, cluster: ClusterID
    ) throws(JournalError) {
        var (journal, _) = try open(
            directory: directory, disk: disk, after: lsn, cluster: cluster, beginsAnew: true, apply: { _ in })
        try journalError { () throws(DiskError) in try journal.close() }
    }

    /// Reads what `open` would read, but takes no lock and changes nothing.
    public static func read(
        directory: String, disk: any Disk, after lsn: UInt64, cluster: ClusterID?,
        apply: (_ record: JournalRecord) throws(RecordFault) -> Void
    ) throws(JournalError) -> JournalContents {
        try JournalReader(disk: disk, directory: directory).read(after: lsn, cluster: cluster, apply: apply).0
    }

    /// Creates the directory if necessary, and locks it.
    private static func take(_ directory: String, _ disk: any Disk) throws(DiskError) -> DiskFile {
        try disk.createDirectory(directory)
        if let slash = directory.lastIndex(of: "/"), slash != directory.startIndex {
            try disk.syncDirectory(String(directory[..<slash]))
        }
        return try disk.lock(directory + "/lock")
    }

    /// The header and the frames of the segment that replaces the last one, or of the first one.
    private static func rewritten(
        _ last: JournalReader.Segment?, _ contents: JournalContents, _ configuration: JournalConfiguration,
        _ random: () -> UInt64
    ) -> (SegmentHeader, [FrameBuffer]) {
        guard let last else {
            let cluster = contents.cluster ?? ClusterID(high: random(), low: random())
            let header = SegmentHeader(
                cluster: cluster, number: 1, firstLSN: contents.lastLSN + 1, salt: random(), previousHash: 0,
                byteCount: configuration.segmentBytes)
            return (header, [])
        }
        var header = last.header
        header.salt = random()
        var frames = last.bytes.withBytes { readFrames(last.header, $0) }
        if contents.end != .clean && configuration.flaws.contains(.cutsOneTooMany) { frames = frames.dropLast() }
        return (header, frames)
    }

    private static func readFrames(_ header: SegmentHeader, _ bytes: UnsafeRawBufferPointer) -> [FrameBuffer] {
        var scan = SegmentScan(header, bytes)
        var frames: [FrameBuffer] = []
        while case .frame(let frame, let records) = scan.next() {
            var buffer = FrameBuffer()
            buffer.append(frame, records: records)
            frames.append(buffer)
        }
        return frames
    }

    private static func journalError<Value>(
        _ body: () throws(DiskError) -> Value
    ) throws(JournalError) -> Value {
        do { return try body() } catch { throw JournalError(error) }
    }
}
