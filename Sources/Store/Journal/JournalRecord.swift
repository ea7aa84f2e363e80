// A record: one request's effect. Its contents are defined by its owner (`Records`); the journal stores bytes.

import Columnar

/// 128 bits that a client made for one request; all zeros stand for none.
public struct IdempotencyKey: Hashable, Sendable {
    public var high: UInt64
    public var low: UInt64

    public static let none = IdempotencyKey(high: 0, low: 0)

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The bytes as the client sent them: 16, or none.
    public var bytes: [UInt8] {
        self == .none
            ? []
            : [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) } }
    }

    /// From 16 bytes, or from none.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 || bytes.isEmpty else { return nil }
        let number = { (bytes: any Collection<UInt8>) in bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        self.init(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8)))
    }
}

/// The kind of a record's effect. A number is never reused for another.
public struct RecordType: Hashable, Sendable {
    public var number: UInt16

    /// A program that does not know a type with this bit must not start: it would omit what others rely on.
    public static let mustUnderstandBit: UInt16 = 0x8000

    public init(number: UInt16) { self.number = number }

    public var mustBeUnderstood: Bool { number & Self.mustUnderstandBit != 0 }
}

/// A record as read from the journal.
public struct JournalRecord {
    /// Number of the record: 1 and up, without gaps.
    public var lsn: UInt64
    public var type: RecordType
    /// Version of the type's payload.
    public var schemaVersion: UInt16
    public var key: IdempotencyKey
    /// The engine's time at the newest record written together with this one, microseconds since 1970.
    public var engineMicros: Int64
    /// Valid only during the call that receives the record.
    public var payload: UnsafeRawBufferPointer
}

/// Why a record's owner cannot apply it.
public enum RecordFault: Error, Equatable, Sendable {
    case unknownType(UInt16)
    case unknownSchema(type: UInt16, version: UInt16)
    /// What is malformed.
    case malformed(String)
}

extension RecordFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownType(let number): "is of the type \(number), which this program does not know"
        case .unknownSchema(let type, let version):
            "has version \(version) of the type \(type), which is not known here"
        case .malformed(let detail): detail
        }
    }
}

/// The first bytes of a record.
struct RecordHeader: Sendable {
    var type: RecordType
    var schemaVersion: UInt16
    var key: IdempotencyKey

    static let byteCount = 24

    func append(payloadBytes: Int, to bytes: inout [UInt8]) {
        bytes.appendInteger(UInt32(payloadBytes))
        bytes.appendInteger(type.number)
        bytes.appendInteger(schemaVersion)
        bytes.appendInteger(key.high)
        bytes.appendInteger(key.low)
    }

    /// Reads and removes the record at the front of `bytes`.
    /// - Returns: nil if it goes beyond the end.
    static func next(_ bytes: inout UnsafeRawBufferPointer) -> (RecordHeader, payload: UnsafeRawBufferPointer)? {
        guard bytes.count >= byteCount else { return nil }
        let payloadBytes = Int(bytes.integer(at: 0, as: UInt32.self))
        guard payloadBytes <= bytes.count - byteCount else { return nil }
        let header = RecordHeader(
            type: RecordType(number: bytes.integer(at: 4, as: UInt16.self)),
            schemaVersion: bytes.integer(at: 6, as: UInt16.self),
            key: IdempotencyKey(
                high: bytes.integer(at: 8, as: UInt64.self), low: bytes.integer(at: 16, as: UInt64.self)))
        let payload = UnsafeRawBufferPointer(rebasing: bytes[byteCount..<byteCount + payloadBytes])
        bytes = UnsafeRawBufferPointer(rebasing: bytes[(byteCount + payloadBytes)...])
        return (header, payload)
    }
}
