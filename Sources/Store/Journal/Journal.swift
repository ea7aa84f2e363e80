// The journal as one thread writes it: a frame, a sync, a frame, a sync.

import Columnar

/// The settings of a journal.
public struct JournalConfiguration: Sendable {
    /// Bytes of a segment of a new journal (an existing one keeps its size), a multiple of a sector from
    /// `JournalLimits.leastSegmentBytes` to `mostSegmentBytes`.
    public var segmentBytes = JournalLimits.segmentBytes
    /// Segments that are prepared before they are needed.
    public var spareSegments = JournalLimits.spareSegments
    /// For tests of the tests.
    var flaws = SeededFlaws.ofProcess

    public init() {}
}

/// The end of a journal, where it is written. After a function has thrown, nothing may be written any more: what is on
/// the disk is unknown until the journal is read again, after a restart.
public struct Journal: Sendable {
    /// Bytes that segments may have; in steps of 512.
    public static let segmentSizes = JournalLimits.leastSegmentBytes...JournalLimits.mostSegmentBytes

    let disk: any Disk
    let directory: String
    let spares: Spares
    /// Held as long as the journal is open.
    private let lock: DiskFile
    private(set) var header: SegmentHeader
    private var file: DiskFile
    /// Where the next frame goes.
    private(set) var offset: Int
    /// Hash of the last frame.
    private var hash: UInt64
    public private(set) var nextLSN: UInt64
    /// Whether the mark is behind the last frame.
    private(set) var isSealed: Bool
    /// 64 random bits, for the salts of segments.
    private let random: @Sendable () -> UInt64

    /// Starts the journal's current segment in a spare: as the first one, or in place of an existing one.
    /// - Parameter frames: the frames it has from the beginning.
    init(
        disk: any Disk, directory: String, spares: Spares, lock: DiskFile, header: SegmentHeader,
        frames: [FrameBuffer], random: @escaping @Sendable () -> UInt64
    ) throws(DiskError) {
        (self.disk, self.directory, self.spares, self.lock) = (disk, directory, spares, lock)
        self.random = random
        self.header = header
        offset = JournalFormat.sectorBytes
        (nextLSN, hash) = (header.firstLSN, header.previousHash)
        isSealed = false
        let spare = try spares.take()
        file = try disk.open(spare, for: .writing)
        try write(header.encoded(), at: 0)
        for var frame in frames { try write(&frame) }
        try disk.sync(file)
        try name(spare)
        try seal()
    }

    // MARK: - Writing

    func hasRoom(for frame: FrameBuffer) -> Bool { frame.paddedBytes <= roomBytes }

    /// Bytes of a segment.
    var segmentBytes: Int { header.byteCount }

    /// Bytes of frames that still fit the segment.
    var roomBytes: Int { JournalFormat.frameEnd(segmentBytes: header.byteCount) - offset }

    /// Appends a frame and returns when it is durable. The buffer is empty then. The segment must have room for the
    /// frame.
    mutating func append(_ frame: inout FrameBuffer) throws(DiskError) {
        try write(&frame)
        if !SeededFlaws.ofProcess.contains(.skipsSync) { try disk.sync(file) }
    }

    /// Writes the mark behind the last frame. It becomes durable by itself, with the next sync or a while later.
    mutating func seal() throws(DiskError) {
        if isSealed { return }
        try write(markBytes(.seal), at: offset)
        isSealed = true
    }

    /// Continues in a spare segment.
    mutating func change(to spare: String) throws(DiskError) {
        let old = (file: file, offset: offset, mark: markBytes(.continued))
        // The number counts segments that were written, so the sum cannot overflow.
        header = SegmentHeader(
            cluster: header.cluster, number: header.number + 1, firstLSN: nextLSN, salt: random(), previousHash: hash,
            byteCount: header.byteCount)
        (offset, isSealed) = (JournalFormat.sectorBytes, false)
        file = try disk.open(spare, for: .writing)
        try write(header.encoded(), at: 0)
        try disk.sync(file)
        try name(spare)
        // Only now, when the next segment cannot vanish any more, may the old one refer to it.
        try write(old.mark, at: old.offset, of: old.file)
        try disk.sync(old.file)
        disk.close(old.file)
    }

    /// Seals durably and closes the files.
    mutating func close() throws(DiskError) {
        try seal()
        try disk.sync(file)
        disk.close(file)
        disk.close(lock)
    }

    private mutating func write(_ frame: inout FrameBuffer) throws(DiskError) {
        precondition(hasRoom(for: frame), "the frame does not fit the segment")
        let hash = frame.close(firstLSN: nextLSN, previousHash: hash, salt: header.salt)
        try write(frame.bytes, at: offset)
        self.hash = hash
        offset += frame.paddedBytes
        nextLSN += UInt64(frame.recordCount)
        isSealed = false
        frame.removeAll()
    }

    /// Gives a written spare the segment's name. A previous segment of that name is replaced at this moment, never
    /// before.
    private mutating func name(_ spare: String) throws(DiskError) {
        let path = directory + "/" + JournalFormat.segmentName(firstLSN: header.firstLSN)
        try disk.rename(spare, to: path)
        try disk.syncDirectory(directory)
        file.path = path
    }

    private func markBytes(_ kind: FrameHeader.Kind) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: JournalFormat.sectorBytes)
        _ = FrameHeader.write(
            kind, firstLSN: nextLSN, recordCount: 0, engineMicros: 0, previousHash: hash, salt: header.salt,
            payloadBytes: 0, into: &bytes)
        return bytes
    }

    private func write(_ bytes: [UInt8], at offset: Int, of file: DiskFile? = nil) throws(DiskError) {
        let (disk, file) = (disk, file ?? self.file)
        try bytes.withBytes { bytes throws(DiskError) in try disk.write(bytes, to: file, at: offset) }
    }
}
