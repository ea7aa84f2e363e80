// A frame: the records that one write and one sync of the disk made durable together. It is either whole or absent.

import Columnar

/// The first bytes of a frame.
struct FrameHeader: Equatable, Sendable {
    enum Kind: UInt32 {
        case records = 1
        /// No records. Written behind the last frame when nothing is waiting: it records that the frame before it was
        /// durable, so that damage to that frame is not mistaken for an unfinished write. The next frame overwrites it.
        case seal = 2
        /// No records. The journal continues in the next segment, which must therefore exist.
        case continued = 3
    }

    var kind: Kind
    /// LSN of its first record; in a mark, of the next record to come.
    var firstLSN: UInt64
    var recordCount: UInt32
    var payloadBytes: Int
    /// The engine's time at the newest record, microseconds since 1970.
    var engineMicros: Int64
    /// Hash of the previous frame, in this segment or the one before; 0: this is the very first.
    var previousHash: UInt64
    var payloadHash: UInt64
    /// Hash over everything before it, and so over all frames before.
    var hash: UInt64

    static let byteCount = 56
    private static let magic: UInt32 = 0x6D72_6642  // "Bfrm"
    private static let hashOffset = 48

    var paddedBytes: Int { JournalFormat.padded(Self.byteCount + payloadBytes) }

    /// Reads a header and verifies its own hash.
    /// - Parameter bytes: from the header to the end of the segment's frames.
    /// - Returns: nil if there is no header, or if its records would go beyond the end.
    init?(_ bytes: UnsafeRawBufferPointer, salt: UInt64) {
        guard bytes.count >= Self.byteCount, bytes.integer(at: 0, as: UInt32.self) == Self.magic,
            let kind = Kind(rawValue: bytes.integer(at: 4, as: UInt32.self))
        else { return nil }
        let hashed = UnsafeRawBufferPointer(rebasing: bytes[..<Self.hashOffset])
        hash = bytes.integer(at: Self.hashOffset, as: UInt64.self)
        guard hash == ByteHash.hash(hashed, seed: salt) else { return nil }
        self.kind = kind
        firstLSN = bytes.integer(at: 8, as: UInt64.self)
        recordCount = bytes.integer(at: 16, as: UInt32.self)
        payloadBytes = Int(bytes.integer(at: 20, as: UInt32.self))
        engineMicros = bytes.integer(at: 24, as: Int64.self)
        previousHash = bytes.integer(at: 32, as: UInt64.self)
        payloadHash = bytes.integer(at: 40, as: UInt64.self)
        guard payloadBytes <= bytes.count - Self.byteCount, (kind == .records) == (recordCount > 0) else { return nil }
    }

    /// Whether these bytes, whose hash is wrong, were meant as the frame after one with this LSN and hash: the remains
    /// of an unfinished write.
    static func isBegun(_ bytes: UnsafeRawBufferPointer, firstLSN: UInt64, previousHash: UInt64) -> Bool {
        bytes.count >= byteCount && bytes.integer(at: 0, as: UInt32.self) == magic
            && bytes.integer(at: 8, as: UInt64.self) == firstLSN
            && bytes.integer(at: 32, as: UInt64.self) == previousHash
    }

    /// Writes a header into the first bytes of a frame whose records are in place.
    /// - Returns: the frame's hash.
    static func write(
        _ kind: Kind, firstLSN: UInt64, recordCount: UInt32, engineMicros: Int64, previousHash: UInt64, salt: UInt64,
        payloadBytes: Int, into frame: inout [UInt8]
    ) -> UInt64 {
        let payloadHash = frame.withUnsafeBytes {
            ByteHash.hash(UnsafeRawBufferPointer(rebasing: $0[byteCount..<byteCount + payloadBytes]), seed: salt)
        }
        frame.store(magic, at: 0)
        frame.store(kind.rawValue, at: 4)
        frame.store(firstLSN, at: 8)
        frame.store(recordCount, at: 16)
        frame.store(UInt32(payloadBytes), at: 20)
        frame.store(engineMicros, at: 24)
        frame.store(previousHash, at: 32)
        frame.store(payloadHash, at: 40)
        let hash = frame.withUnsafeBytes {
            ByteHash.hash(UnsafeRawBufferPointer(rebasing: $0[..<hashOffset]), seed: salt)
        }
        frame.store(hash, at: hashOffset)
        return hash
    }
}

/// A frame under construction: records are appended where they will be written from, so that nothing is copied again.
/// The buffer is reused and retains its memory.
struct FrameBuffer: Sendable {
    private(set) var bytes: [UInt8] = Array(repeating: 0, count: FrameHeader.byteCount)
    private(set) var recordCount: UInt32 = 0
    private(set) var engineMicros: Int64 = .min

    var isEmpty: Bool { recordCount == 0 }
    /// Bytes that the frame takes in the segment.
    var paddedBytes: Int { JournalFormat.padded(bytes.count) }

    /// Bytes that one record alone would take in a segment: an upper bound for its share of a frame.
    static func paddedBytes(payloadBytes: Int) -> Int {
        JournalFormat.padded(FrameHeader.byteCount + RecordHeader.byteCount + payloadBytes)
    }

    /// The longest payload for which `paddedBytes` does not exceed this multiple of a sector.
    static func payloadBytes(paddedBytes: Int) -> Int {
        paddedBytes - FrameHeader.byteCount - RecordHeader.byteCount
    }

    mutating func append(_ header: RecordHeader, payload: UnsafeRawBufferPointer, micros: Int64) {
        header.append(payloadBytes: payload.count, to: &bytes)
        bytes.append(contentsOf: payload)
        recordCount += 1
        engineMicros = max(engineMicros, micros)
    }

    /// Appends records in the encoding that they have in another frame.
    mutating func append(_ header: FrameHeader, records: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: records)
        recordCount += header.recordCount
        engineMicros = max(engineMicros, header.engineMicros)
    }

    /// Adds the header and fills the last sector with zeros.
    /// - Returns: the frame's hash.
    mutating func close(firstLSN: UInt64, previousHash: UInt64, salt: UInt64) -> UInt64 {
        let payloadBytes = bytes.count - FrameHeader.byteCount
        bytes.append(contentsOf: [UInt8](repeating: 0, count: paddedBytes - bytes.count))
        return FrameHeader.write(
            .records, firstLSN: firstLSN, recordCount: recordCount, engineMicros: engineMicros,
            previousHash: previousHash, salt: salt, payloadBytes: payloadBytes, into: &bytes)
    }

    mutating func removeAll() {
        bytes.removeSubrange(FrameHeader.byteCount...)
        recordCount = 0
        engineMicros = .min
        // One large import must not hold its memory forever.
        if bytes.capacity > 2 << 20 { bytes = Array(bytes) }
    }
}
