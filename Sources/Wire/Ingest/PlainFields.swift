// Iterates over the fields of a protobuf message that is written plainly: only length-delimited fields with numbers
// below 128, in the shortest tags. The two messages of bulk ingest have this form when they come from an ordinary
// encoder. Any other message is left to SwiftProtobuf, which knows the whole format: what is found here is right, and
// the rest is only slower.

/// The number of a field and the range of its bytes.
struct PlainField {
    var number: UInt8
    var body: Range<Int>
}

struct PlainFields {
    /// Where the next field begins.
    var position = 0

    /// The next field of the message; nil at its end, or if it is not plain: then `position` is not at the end.
    mutating func next(in message: RawSpan) -> PlainField? {
        guard position < message.byteCount else { return nil }
        let tag = message.byte(at: position)
        // Wire type 2.
        guard tag & 7 == 2, tag != 2 else { return nil }
        var start = position + 1
        var number = tag >> 3
        if tag >= 0x80 {
            // A second byte has the number's higher bits, not all of them zero.
            guard start < message.byteCount else { return nil }
            let high = message.byte(at: start)
            guard (1..<8).contains(high) else { return nil }
            number = tag >> 3 & 15 | high << 4
            start += 1
        }
        guard let length = message.varint32(at: &start), Int(length) <= message.byteCount - start else { return nil }
        position = start + Int(length)
        return PlainField(number: number, body: start..<position)
    }
}

extension RawSpan {
    /// Bounds are checked: a position outside is a bug of ours.
    func byte(at position: Int) -> UInt8 {
        unsafeLoad(fromByteOffset: position, as: UInt8.self)
    }

    /// The varint of at most five bytes and 32 bits at `position`, which moves past it; nil if there is none.
    func varint32(at position: inout Int) -> UInt32? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < byteCount && shift < 35 {
            let byte = self.byte(at: position)
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return UInt32(exactly: value) }
            shift += 7
        }
        return nil
    }
}
