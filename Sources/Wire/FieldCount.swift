// Counts the fields of a protobuf message without decoding it. An element of a list may take two bytes on the wire and
// hundreds in memory: a server counts them before it creates any.

public enum FieldCount {
    /// How often the field of this number occurs in the message, and how many fields of any number occur inside: for a
    /// list of messages its elements and their fields. Nil: the bytes are not a message, or not written as by an
    /// ordinary encoder (varints of lengths and tags no longer than five bytes).
    public static func elements(ofField number: UInt32, in message: RawSpan) -> (elements: Int, fields: Int)? {
        var (elements, fields, isInnerWhole) = (0, 0, true)
        let isWhole = walk(message) { field, body in
            guard field == number else { return }
            elements += 1
            if let body, !walk(message.extracting(body), { _, _ in fields += 1 }) { isInnerWhole = false }
        }
        return isWhole && isInnerWhole ? (elements, fields) : nil
    }

    /// True if the walk reached the end of the message.
    /// - Parameter take: receives each field's number, and the range of its bytes if it is length-delimited.
    private static func walk(_ message: RawSpan, _ take: (UInt32, Range<Int>?) -> Void) -> Bool {
        var position = 0
        while position < message.byteCount {
            guard let tag = message.varint32(at: &position) else { return false }
            var body: Range<Int>?
            switch tag & 7 {
            case 0:
                // The last byte lacks the bit that announces more.
                while position < message.byteCount, message.byte(at: position) >= 0x80 { position += 1 }
                position += 1
            case 1: position += 8
            case 2:
                guard let length = message.varint32(at: &position), Int(length) <= message.byteCount - position else {
                    return false
                }
                body = position..<position + Int(length)
                position += Int(length)
            case 5: position += 4
            // Groups begin and end by a tag; their fields are counted with the surrounding ones.
            case 3, 4: break
            default: return false
            }
            take(tag >> 3, body)
        }
        return position == message.byteCount
    }
}
