/// Why a server could not start, in one line that says how to fix it.
public struct ServerError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The configuration is wrong: exit code 2.
        case usage
        /// The machine does not allow it: exit code 1.
        case environment
    }

    public var message: String
    public var kind: Kind

    public init(_ message: String, kind: Kind) {
        self.message = message
        self.kind = kind
    }

    public var description: String { message }
}
