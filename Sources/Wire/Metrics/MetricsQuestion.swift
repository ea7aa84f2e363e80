// A request for a customer's metrics, including its frame, read from the bytes: it arrives millions of times a second,
// many in one read. Anything not written as by an ordinary encoder is left to `FrameDecoder` and SwiftProtobuf.

public struct MetricsQuestion: Equatable, Sendable {
    public var requestID: UInt32
    public var customerID: UInt32 = 0
    /// The bytes of the window's name, the first in the lowest bits; 0: none given.
    public var window: UInt64 = 0

    /// The frame at `position`, which moves past it; nil, with `position` unchanged, if there is no such frame.
    public static func next(in bytes: RawSpan, at position: inout Int) -> MetricsQuestion? {
        guard bytes.byteCount - position >= FrameHeader.size else { return nil }
        // Both loads are within the twelve bytes that exist.
        let word = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
        let id = UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: position + 8, as: UInt32.self))
        let length = Int(word & 0xFFFF_FFFF)
        // Method and kind in one comparison; the flags are ignored.
        guard word >> 32 & 0xFF_FFFF == metricsRequest,
            length <= bytes.byteCount - position - FrameHeader.size
        else { return nil }
        var question = MetricsQuestion(requestID: id)
        let payload = position + FrameHeader.size
        guard question.read(bytes.extracting(payload..<payload + length)) else { return nil }
        position = payload + length
        return question
    }

    private static let metricsRequest =
        UInt64(Method.metrics.rawValue) | UInt64(FrameKind.request.rawValue) << 16

    /// False if the payload is not written plainly.
    private mutating func read(_ message: RawSpan) -> Bool {
        var position = 0
        while position < message.byteCount {
            let tag = message.byte(at: position)
            position += 1
            guard let number = message.varint32(at: &position) else { return false }
            switch tag {
            case Self.customerIDTag: customerID = number
            case Self.windowTag:
                guard number <= 8, Int(number) <= message.byteCount - position else { return false }
                window = 0
                for index in 0..<Int(number) {
                    window |= UInt64(message.byte(at: position + index)) << UInt64(8 * index)
                }
                position += Int(number)
            default: return false
            }
        }
        return true
    }

    private static let customerIDTag: UInt8 = 1 << 3
    private static let windowTag: UInt8 = 2 << 3 | 2
}
