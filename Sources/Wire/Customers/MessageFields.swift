// Iterates over the fields of any protobuf message without groups, which no message here has: for messages that arrive
// by the million, where a decoded message would cost more than the bytes.

/// A field's number, and its value by the wire type.
public struct MessageField: Sendable {
    public enum Value: Equatable, Sendable {
        case varint(UInt64)
        case fixed64(UInt64)
        /// Range of the bytes of a text, a list or a message.
        case bytes(Range<Int>)
        case fixed32(UInt32)
    }

    public var number: UInt32
    public var value: Value

    /// Range of the bytes; nil: it is a number.
    public var bytes: Range<Int>? { if case .bytes(let range) = value { range } else { nil } }
}

public struct MessageFields: Sendable {
    /// Where the next field begins.
    public private(set) var position: Int
    private let end: Int

    /// - Parameter range: of the message within the bytes passed to `next`.
    public init(_ range: Range<Int>) { (position, end) = (range.lowerBound, range.upperBound) }

    /// Nil at the end, and if the bytes are not a field: then `isAtEnd` is false.
    public mutating func next(in bytes: RawSpan) -> MessageField? {
        let start = position
        guard let field = read(bytes) else {
            position = start
            return nil
        }
        return field
    }

    private mutating func read(_ bytes: RawSpan) -> MessageField? {
        guard position < end, let tag = varint(in: bytes), tag >> 3 != 0, tag >> 3 < 1 << 29 else { return nil }
        let value: MessageField.Value
        switch tag & 7 {
        case 0:
            guard let number = varint(in: bytes) else { return nil }
            value = .varint(number)
        case 1:
            guard end - position >= 8 else { return nil }
            let number = bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
            value = .fixed64(UInt64(littleEndian: number))
            position += 8
        case 2:
            guard let length = varint(in: bytes), length <= UInt64(end - position) else { return nil }
            let start = position
            position += Int(length)
            value = .bytes(start..<position)
        case 5:
            guard end - position >= 4 else { return nil }
            let number = bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt32.self)
            value = .fixed32(UInt32(littleEndian: number))
            position += 4
        default: return nil
        }
        return MessageField(number: UInt32(tag >> 3), value: value)
    }

    /// Whether all fields have been read.
    public var isAtEnd: Bool { position == end }

    private mutating func varint(in bytes: RawSpan) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        var place = position
        while place < end && shift < 70 {
            // Loads check their bounds: `end` is within the bytes.
            let byte = bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self)
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                position = place
                return value
            }
            shift += 7
        }
        return nil
    }
}
