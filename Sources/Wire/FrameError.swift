/// Why bytes are not a frame, or a message cannot be sent as one.
public enum FrameError: Error, Equatable, CustomStringConvertible {
    /// A payload of `length` bytes, where at most `limit` are accepted.
    case payloadTooLong(length: Int, limit: Int)

    public var description: String {
        switch self {
        case .payloadTooLong(let length, let limit):
            "the frame's payload has \(length) bytes, and \(limit) are allowed; send or request less at a time"
        }
    }
}
