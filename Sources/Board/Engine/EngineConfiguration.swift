import CallEvents

/// The time the engine runs by.
public enum ClockMode: String, Sendable {
    /// The caller's `now`.
    case wall
    /// The newest event's own time: for replays, tests and simulation.
    case events
}

/// The engine's settings; fixed for its lifetime.
public struct EngineConfiguration: Sendable {
    public var clock: ClockMode = .wall
    /// An answered call without an end (a lost BYE) is closed after this many seconds.
    public var longestCallSeconds: Int64 = 4 * 3_600
    /// Addresses of our own switches: their set-ups are other legs, never a customer's, never unattributed. Switches
    /// are learnt as well: an address to which a customer sends calls is a switch.
    public var switches: [IPAddress] = []

    /// Finished calls retained to be found, the newest ones: 1 to `BoardLimits.finishedCalls`. Each takes 48 bytes, or
    /// 31 in a batch, plus its details.
    public var keptCalls = BoardLimits.keptCalls
    /// How much of calling and called numbers is shown.
    public var numberMask = NumberMask.none

    /// A call that costs more is refused.
    public var costLimit = CostLimit()

    public init() {}
}
