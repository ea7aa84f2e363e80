// Appends fields of a protobuf message to memory, for answers that are requested millions of times a second.
// Written in the order of their numbers, the bytes are the same as SwiftProtobuf's. Bounds are checked: memory that is
// too short is our own bug.

extension OutputRawSpan {
    /// Bytes of a field at most: two of tag, ten of varint.
    static var longestField: Int { 12 }

    /// Appends a field of type `uint32` or `uint64`; nothing for 0. Field numbers are below 2,048.
    @inline(__always)
    mutating func append(field number: UInt16, varint value: UInt64) {
        if value == 0 { return }
        append(tag: number << 3)
        append(varint: value)
    }

    /// Appends a field of type `sfixed64`; nothing for 0. Field numbers are below 2,048.
    @inline(__always)
    mutating func append(field number: UInt16, fixed64 value: Int64) {
        if value == 0 { return }
        append(tag: number << 3 | 1)
        append(value.littleEndian, as: Int64.self)
    }

    @inline(__always)
    private mutating func append(tag: UInt16) {
        if tag < 0x80 {
            append(UInt8(truncatingIfNeeded: tag), as: UInt8.self)
        } else {
            // Two bytes of varint as one number: the low seven bits with the mark that more follows, then the rest.
            append((tag & 0x7F | 0x80 | (tag >> 7) << 8).littleEndian, as: UInt16.self)
        }
    }

    @inline(__always)
    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest), as: UInt8.self)
    }
}
