// A frame: the records that one write and one sync of the disk made durable together. It is whole or it is not there.

import Columnar

/// The first octets of a frame.
struct FrameHeader: Equatable, Sendable {
    enum Kind: UInt32 {
        case records = 1
        /// No records. Written behind the last frame when nothing more is to do: it tells that the frame before it was
        /// durable, so that damage to that frame is not taken for a write that never ended. The next frame overwrites it.
        case seal = 2
        /// No records. The journal goes on in the next segment, which therefore must be there.
        case continued = 3
    }

    var kind: Kind
    /// Of its first record; in a mark, of the next record to come.
    var firstLSN: UInt64
    var recordCount: UInt32
    var payloadBytes: Int
    /// The engine's time at the newest record, microseconds since 1970.
    var engineMicros: Int64
    /// Of the frame before, in this segment or the one before; 0: this is the very first.
    var previousHash: UInt64
    var payloadHash: UInt64
    /// Over everything before it, and so over all frames before.
    var hash: UInt64

    static let byteCount = 56
    private static let magic: UInt32 = 0x6D72_6642  // "Bfrm"
    private static let hashOffset = 48

    var paddedBytes: Int { JournalFormat.padded(Self.byteCount + payloadBytes) }

    /// Reads a header whose own hash is right.
    /// - Parameter octets: from the header on to where the segment's frames end.
    /// - Returns: nil if there is none, or if its records would go beyond the end.
    init?(_ octets: UnsafeRawBufferPointer, salt: UInt64) {
        guard octets.count >= Self.byteCount, octets.integer(at: 0, as: UInt32.self) == Self.magic,
            let kind = Kind(rawValue: octets.integer(at: 4, as: UInt32.self))
        else { return nil }
        let hashed = UnsafeRawBufferPointer(rebasing: octets[..<Self.hashOffset])
        hash = octets.integer(at: Self.hashOffset, as: UInt64.self)
        guard hash == OctetHash.hash(hashed, seed: salt) else { return nil }
        self.kind = kind
        firstLSN = octets.integer(at: 8, as: UInt64.self)
        recordCount = octets.integer(at: 16, as: UInt32.self)
        payloadBytes = Int(octets.integer(at: 20, as: UInt32.self))
        engineMicros = octets.integer(at: 24, as: Int64.self)
        previousHash = octets.integer(at: 32, as: UInt64.self)
        payloadHash = octets.integer(at: 40, as: UInt64.self)
        guard payloadBytes <= octets.count - Self.byteCount, (kind == .records) == (recordCount > 0) else { return nil }
    }

    /// Whether these octets, whose hash is wrong, were meant as the frame after one with this LSN and hash: what a write
    /// leaves behind that did not end.
    static func isBegun(_ octets: UnsafeRawBufferPointer, firstLSN: UInt64, previousHash: UInt64) -> Bool {
        octets.count >= byteCount && octets.integer(at: 0, as: UInt32.self) == magic
            && octets.integer(at: 8, as: UInt64.self) == firstLSN
            && octets.integer(at: 32, as: UInt64.self) == previousHash
    }

    /// Writes a header into the first octets of a frame whose records are in place.
    /// - Returns: the frame's hash.
    static func write(
        _ kind: Kind, firstLSN: UInt64, recordCount: UInt32, engineMicros: Int64, previousHash: UInt64, salt: UInt64,
        payloadBytes: Int, into frame: inout [UInt8]
    ) -> UInt64 {
        let payloadHash = frame.withUnsafeBytes {
            OctetHash.hash(UnsafeRawBufferPointer(rebasing: $0[byteCount..<byteCount + payloadBytes]), seed: salt)
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
            OctetHash.hash(UnsafeRawBufferPointer(rebasing: $0[..<hashOffset]), seed: salt)
        }
        frame.store(hash, at: hashOffset)
        return hash
    }
}

/// A frame in the making: records are appended where they will be written from, so that nothing is copied again. Used again
/// and again, it keeps its memory.
struct FrameBuffer: Sendable {
    private(set) var octets: [UInt8] = Array(repeating: 0, count: FrameHeader.byteCount)
    private(set) var recordCount: UInt32 = 0
    private(set) var engineMicros: Int64 = .min

    var isEmpty: Bool { recordCount == 0 }
    /// Octets that the frame takes in the segment.
    var paddedBytes: Int { JournalFormat.padded(octets.count) }

    /// What one record alone would take in a segment: an upper bound for its share of a frame.
    static func paddedBytes(payloadBytes: Int) -> Int {
        JournalFormat.padded(FrameHeader.byteCount + RecordHeader.byteCount + payloadBytes)
    }

    /// The longest payload for which `paddedBytes` is no more than this multiple of a sector.
    static func payloadBytes(paddedBytes: Int) -> Int {
        paddedBytes - FrameHeader.byteCount - RecordHeader.byteCount
    }

    mutating func append(_ header: RecordHeader, payload: UnsafeRawBufferPointer, micros: Int64) {
        header.append(payloadBytes: payload.count, to: &octets)
        octets.append(contentsOf: payload)
        recordCount += 1
        engineMicros = max(engineMicros, micros)
    }

    /// Records as they lie in another frame.
    mutating func append(_ header: FrameHeader, records: UnsafeRawBufferPointer) {
        octets.append(contentsOf: records)
        recordCount += header.recordCount
        engineMicros = max(engineMicros, header.engineMicros)
    }

    /// Adds the header and fills the last sector with zeros.
    /// - Returns: the frame's hash.
    mutating func close(firstLSN: UInt64, previousHash: UInt64, salt: UInt64) -> UInt64 {
        let payloadBytes = octets.count - FrameHeader.byteCount
        octets.append(contentsOf: [UInt8](repeating: 0, count: paddedBytes - octets.count))
        return FrameHeader.write(
            .records, firstLSN: firstLSN, recordCount: recordCount, engineMicros: engineMicros,
            previousHash: previousHash, salt: salt, payloadBytes: payloadBytes, into: &octets)
    }

    mutating func removeAll() {
        octets.removeSubrange(FrameHeader.byteCount...)
        recordCount = 0
        engineMicros = .min
        // One large import must not hold its memory for ever.
        if octets.capacity > 2 << 20 { octets = Array(octets) }
    }
}
