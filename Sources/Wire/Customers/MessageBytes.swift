// Writes the fields of a protobuf message one by one, for messages that are sent by the million.

public struct MessageBytes: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    public mutating func truncate(to count: Int) { bytes.removeLast(bytes.count - count) }

    public mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    /// Appends fields that are already encoded.
    public mutating func append(serialized fields: [UInt8]) { bytes += fields }

    public mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// As in proto3, 0 is omitted.
    public mutating func append(_ number: UInt32, varint value: UInt64) {
        if value == 0 { return }
        append(varint: UInt64(number) << 3)
        append(varint: value)
    }

    /// As in proto3, 0 is omitted.
    public mutating func append(_ number: UInt32, fixed64 value: Int64) {
        if value == 0 { return }
        append(varint: UInt64(number) << 3 | 1)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// As in proto3, an empty text is omitted.
    public mutating func append(_ number: UInt32, text: String) {
        if text.isEmpty { return }
        element(number, text: text)
    }

    public mutating func append(_ number: UInt32, text: Span<UInt8>) {
        if text.isEmpty { return }
        element(number, text: text)
    }

    /// An element of a list; it may be empty.
    public mutating func element(_ number: UInt32, text: String) {
        var text = text
        text.withUTF8 { text in
            append(varint: UInt64(number) << 3 | 2)
            append(varint: UInt64(text.count))
            bytes.append(contentsOf: text)
        }
    }

    public mutating func element(_ number: UInt32, text: Span<UInt8>) {
        append(varint: UInt64(number) << 3 | 2)
        append(varint: UInt64(text.count))
        text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    /// A message, whose fields `body` appends.
    public mutating func element<E: Error>(
        _ number: UInt32, _ body: (inout MessageBytes) throws(E) -> Void
    ) throws(E) {
        append(varint: UInt64(number) << 3 | 2)
        let start = bytes.count
        // Most are short: their length takes one byte.
        bytes.append(0)
        try body(&self)
        var length = bytes.count - start - 1
        bytes[start] = UInt8(length & 0x7F) | (length >= 0x80 ? 0x80 : 0)
        var place = start + 1
        length >>= 7
        while length > 0 {
            bytes.insert(UInt8(length & 0x7F) | (length >= 0x80 ? 0x80 : 0), at: place)
            place += 1
            length >>= 7
        }
    }
}
