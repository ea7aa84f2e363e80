import CallEvents

/// What time the engine goes by.
public enum ClockMode: String, Sendable {
    /// The caller's `now`.
    case wall
    /// The newest event's own time: for replays, tests and simulation.
    case events
}

/// How one engine behaves; fixed for its life.
public struct EngineConfiguration: Sendable {
    public var clock: ClockMode = .wall
    /// An answered call without an end is closed after this long (a lost BYE); seconds.
    public var longestCallSeconds: Int64 = 4 * 3_600
    /// Addresses of our own switches: their set-ups are other legs, never a customer's, never unattributed. They are
    /// learnt as well: an address that a customer sends calls to is a switch.
    public var switches: [IPAddress] = []

    /// Finished calls kept to be found, the newest ones: 1 to `BoardLimits.finishedCalls`. Each takes 48 bytes, or 31 in a
    /// batch, and its details beside.
    public var keptCalls = BoardLimits.keptCalls
    /// How much of calling and called numbers is shown.
    public var numberMask = NumberMask.none

    /// A call that costs more is refused.
    public var costLimit = CostLimit()

    public init() {}
}
