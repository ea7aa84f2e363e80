// The bytes of a segment: a header of one sector, then frames, each from the beginning of a sector. All numbers are
// little-endian. README.md has the tables.

import Columnar

/// Which installation a file belongs to: 128 random bits, created with its first segment.
public struct ClusterID: Equatable, Sendable {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

enum JournalFormat {
    /// Raised when an older reader would misread a segment.
    static let version: UInt32 = 1
    /// What a disk writes whole or not at all. Frames fill whole sectors, so that no write touches what was already
    /// durable.
    static let sectorBytes = 512
    /// The last sector of a segment is reserved for the mark that the journal continues in another.
    static func frameEnd(segmentBytes: Int) -> Int { segmentBytes - sectorBytes }

    /// Bytes of frames that fit an empty segment.
    static func roomBytes(segmentBytes: Int) -> Int { frameEnd(segmentBytes: segmentBytes) - sectorBytes }

    static func padded(_ bytes: Int) -> Int { (bytes + sectorBytes - 1) / sectorBytes * sectorBytes }

    /// `0000000000000001.log`: the first LSN in hexadecimal digits.
    static func segmentName(firstLSN: UInt64) -> String {
        let digits = String(firstLSN, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + ".log"
    }

    /// Nil if the name is not that of a segment.
    static func firstLSN(ofSegment name: String) -> UInt64? {
        guard name.utf8.count == 20, name.hasSuffix(".log"), let lsn = UInt64(name.prefix(16), radix: 16),
            lsn > 0, segmentName(firstLSN: lsn) == name
        else { return nil }
        return lsn
    }
}

/// The description of a segment, in its first sector.
struct SegmentHeader: Equatable, Sendable {
    var cluster: ClusterID
    /// Counts from 1, one more with each segment.
    var number: UInt64
    /// LSN of the first record that is, or would be, in the segment.
    var firstLSN: UInt64
    /// Random: seeds the hashes, so that frames left behind by an earlier use of the file are not valid.
    var salt: UInt64
    /// Hash of the last frame of the previous segment; 0: there was none.
    var previousHash: UInt64
    var byteCount: Int

    private static let magic: UInt64 = 0x6C6E_7275_6F6A_4842  // "BHjournl"
    private static let hashSeed: UInt64 = 0x7365_676D_656E_7431
    private static let hashOffset = JournalFormat.sectorBytes - 8

    enum Fault: Error, Equatable {
        case notASegment
        case version(UInt32)
        case damaged
    }

    /// The header's bytes: one sector.
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(JournalFormat.sectorBytes)
        bytes.appendInteger(Self.magic)
        bytes.appendInteger(JournalFormat.version)
        bytes.appendInteger(UInt32(JournalFormat.sectorBytes))
        bytes.appendInteger(cluster.high)
        bytes.appendInteger(cluster.low)
        bytes.appendInteger(number)
        bytes.appendInteger(firstLSN)
        bytes.appendInteger(salt)
        bytes.appendInteger(previousHash)
        bytes.appendInteger(UInt64(byteCount))
        bytes.append(contentsOf: [UInt8](repeating: 0, count: Self.hashOffset - bytes.count))
        bytes.appendInteger(bytes.withUnsafeBytes { ByteHash.hash($0, seed: Self.hashSeed) })
        return bytes
    }

    init(
        cluster: ClusterID, number: UInt64, firstLSN: UInt64, salt: UInt64, previousHash: UInt64, byteCount: Int
    ) {
        self.cluster = cluster
        self.number = number
        self.firstLSN = firstLSN
        self.salt = salt
        self.previousHash = previousHash
        self.byteCount = byteCount
    }

    /// Parses the first sector of a file.
    init(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
        guard bytes.count >= JournalFormat.sectorBytes else { throw .damaged }
        guard bytes.integer(at: 0, as: UInt64.self) == Self.magic else { throw .notASegment }
        let hashed = UnsafeRawBufferPointer(rebasing: bytes[..<Self.hashOffset])
        guard bytes.integer(at: Self.hashOffset, as: UInt64.self) == ByteHash.hash(hashed, seed: Self.hashSeed) else {
            throw .damaged
        }
        let version = bytes.integer(at: 8, as: UInt32.self)
        guard version == JournalFormat.version else { throw .version(version) }
        let segmentBytes = bytes.integer(at: 64, as: UInt64.self)
        guard bytes.integer(at: 32, as: UInt64.self) > 0, segmentBytes % UInt64(JournalFormat.sectorBytes) == 0,
            (UInt64(JournalLimits.leastSegmentBytes)...UInt64(JournalLimits.mostSegmentBytes)).contains(segmentBytes)
        else { throw .damaged }
        self.init(
            cluster: ClusterID(
                high: bytes.integer(at: 16, as: UInt64.self), low: bytes.integer(at: 24, as: UInt64.self)),
            number: bytes.integer(at: 32, as: UInt64.self), firstLSN: bytes.integer(at: 40, as: UInt64.self),
            salt: bytes.integer(at: 48, as: UInt64.self), previousHash: bytes.integer(at: 56, as: UInt64.self),
            byteCount: Int(segmentBytes))
    }
}
