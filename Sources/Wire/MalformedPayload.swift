/// A payload is not the expected message: truncated, or written by something else.
public struct MalformedPayload: Error, Equatable, CustomStringConvertible {
    /// Full name of the message, such as `busyhour.v1.IngestCallsRequest`.
    public var messageName: String

    public init(messageName: String) {
        self.messageName = messageName
    }

    public var description: String { "the payload is not a \(messageName); see proto/busyhour.proto" }
}
