/// Whether the machine's clock is behind the board's, which never goes back by itself: the machine's clock ran ahead
/// once and was corrected.
///
/// The board then stands still. After `BoardLimits.clockSteadyMicros` of a clock that advances evenly, or at a restart,
/// the board goes back to the machine's time (`EngineState.goBack`).
public struct ClockWatch: Equatable, Sendable {
    /// Microseconds from the machine's time to the board's, at the last check; 0: they agree.
    public internal(set) var behindMicros: Int64 = 0
    /// When the board goes back if the clock advances evenly, by the machine's clock.
    public internal(set) var healsAtMicros: Int64 = 0
    /// Calls observed since the clock fell behind; they are in the figures and show when the board moves again.
    public internal(set) var callsMeanwhile: Int64 = 0
    /// How often the board went back since the start.
    public internal(set) var healedCount = 0
    /// The result of the last time.
    public internal(set) var lastHealing = ClockHealing()

    private var lastNow: Int64 = 0

    public var isBehind: Bool { behindMicros > 0 }

    /// - Returns: whether the board may go back now.
    mutating func check(now: Int64, board: Int64) -> Bool {
        let behind = board.subtractingReportingOverflow(now).partialValue
        guard board > 0, behind > BoardLimits.clockBehindMicros else {
            behindMicros = 0
            return false
        }
        // A clock that moves to and fro, or in jumps, is still being set.
        let step = now.subtractingReportingOverflow(lastNow).partialValue
        if !isBehind || step < -BoardLimits.clockBehindMicros || step > BoardLimits.clockStepMicros {
            if !isBehind { callsMeanwhile = 0 }
            healsAtMicros = now.addingReportingOverflow(BoardLimits.clockSteadyMicros).partialValue
        }
        lastNow = now
        behindMicros = behind
        return now >= healsAtMicros
    }
}

/// The result of going back.
public struct ClockHealing: Equatable, Sendable {
    /// How far the board went back.
    public var micros: Int64 = 0
    /// Calls observed while the clock was behind.
    public var callsMeanwhile: Int64 = 0
    /// Facts of calls (set-ups, outcomes, ends) with times still in the future; they stay in the window `all` only.
    public var misplacedFacts = 0
    /// Live calls that were forgotten because some of their times are still in the future.
    public var forgottenCalls = 0
    /// From this time on the windows show what they would show without the jump, microseconds since 1970. Some windows
    /// lack part of what is older, and they say so. 0: nothing is missing.
    public var wholeFromMicros: Int64 = 0
}
