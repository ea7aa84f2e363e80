// A source of calls that belong to no customer, as `status` shows it.

/// Attempts from one source since the statistics began.
public struct UnattributedSource: Equatable, Sendable {
    /// An address, or `sip:user`, or `account:code`.
    public var source: String
    public var attempts: Int64
    public var lastSeenMicros: Int64
}
