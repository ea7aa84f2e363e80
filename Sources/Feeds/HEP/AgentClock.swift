// The clock of a capture agent against ours, derived from the arrival times of its packets.
//
// A packet's lag is its arrival less its stamp: how far the agent's clock is behind ours, plus the packet's transit
// time, which is never negative. So the smallest lag over a while shows how far the clock is off, however bursts and
// jitter delay the others. If a clock is off by too much, that lag is added to every stamp: its calls are at their true
// time, and durations stay as they are. The lag in use changes only when it was wrong by more than a second, so that no
// call is torn apart.

/// How times of agents whose clocks are off are treated.
public enum AgentClockPolicy: String, CaseIterable, Sendable {
    /// They are corrected by what was measured.
    case correct
    /// They are taken as is.
    case trust
    /// Packets with such times are refused.
    case refuse
}

/// What is known of one agent's clock, and how its stamps are to be used.
public struct AgentClock: Equatable, Sendable {
    public enum State: String, Sendable {
        case ok, ahead, behind
        /// It jumps: its next stamp cannot be trusted.
        case unsteady
    }

    /// The time to use for a message.
    enum Reading: Equatable {
        case stamp
        /// The stamp and the lag in use.
        case corrected
        case arrival
    }

    /// A stamp was observed.
    private(set) var isHeard = false
    public private(set) var state = State.ok
    /// The lag in use.
    private var lagMicros: Int64 = 0
    /// The smallest lag in this period and in the one before.
    private var smallest = Int64.max
    private var smallestBefore = Int64.max
    private var periodEndMicros = Int64.min
    private var stray = StrayLags()
    /// Arrivals of the latest stamps that were far from their predecessors; the slot of the oldest.
    private var jumps = SIMD4<Int64>(repeating: .min)
    private var oldestJump = 0

    /// The agent's clock less ours; nil: no stamp was observed.
    public var offsetMicros: Int64? { isHeard ? 0 &- min(smallest, smallestBefore) : nil }

    /// What is added to stamps when they are corrected; nil: nothing is, or the arrival is used.
    public var correctionMicros: Int64? { state == .ahead || state == .behind ? lagMicros : nil }

    /// Observes the stamp of a packet.
    /// - Parameter mayBeLate: it may have been held back for long before it came: agents hold packets while they cannot
    /// send.
    @inline(__always)
    mutating func observe(stampMicros: Int64, arrivalMicros: Int64, mayBeLate: Bool) -> Reading {
        let lag = arrivalMicros &- stampMicros
        let tolerance = FeedLimits.clockToleranceMicros
        let range = tolerance + (mayBeLate ? FeedLimits.streamDelayMicros : FeedLimits.datagramDelayMicros)
        let isUsual = UInt64(bitPattern: lag &- lagMicros &+ tolerance) <= UInt64(range)
        guard isUsual, arrivalMicros < periodEndMicros else {
            return observeUnusual(lag, arrivalMicros, isUsual: isUsual, mayBeLate: mayBeLate)
        }
        if lag < smallest { smallest = lag }
        if stray.count != 0 { stray.count = 0 }
        return reading
    }

    /// The first packets of the agent were late, and nothing more is known of its clock: it is assumed to be right.
    mutating func begin(asRightAt arrivalMicros: Int64) { use(0, arrivalMicros) }

    /// The first packets of the agent had this lag.
    mutating func begin(lagMicros: Int64, at arrivalMicros: Int64) { use(lagMicros, arrivalMicros) }

    static func isRight(_ lagMicros: Int64) -> Bool {
        lagMicros >= -FeedLimits.agentAheadMicros && lagMicros <= FeedLimits.agentBehindMicros
    }

    private var reading: Reading {
        switch state {
        case .ok: .stamp
        case .ahead, .behind: .corrected
        case .unsteady: .arrival
        }
    }

    private mutating func observeUnusual(_ lag: Int64, _ now: Int64, isUsual: Bool, mayBeLate: Bool) -> Reading {
        guard isHeard else {
            use(lag, now)
            return reading
        }
        if isUsual {
            smallest = min(smallest, lag)
            stray.count = 0
            endPeriod(now)
            return reading
        }
        let isLate = lag > lagMicros
        // A stamp that is right needs no proof; nor does one that shows that earlier packets had longer transit times.
        let isPlain = AgentClock.isRight(lag) && !(isLate && mayBeLate)
        let isBetter = !isLate && lagMicros &- lag <= FeedLimits.streamDelayMicros && !AgentClock.isRight(lagMicros)
        if isPlain || isBetter {
            let isJump = AgentClock.isRight(lag) != AgentClock.isRight(lagMicros)
            if isJump { noteJump(now) }
            use(lag, now)
            return reading
        }
        if stray.count == 0 { noteJump(now) }
        if let confirmed = stray.observe(lag, at: now, needsTime: isLate && mayBeLate) { use(confirmed, now) }
        if stray.count == 0 { return reading }
        // If held back on a connection, it has the time that it always would have had; else its stamp is worthless.
        return isLate && mayBeLate ? reading : .arrival
    }

    private mutating func use(_ lag: Int64, _ now: Int64) {
        isHeard = true
        lagMicros = lag
        (smallest, smallestBefore) = (lag, .max)
        periodEndMicros = now.addingReportingOverflow(FeedLimits.clockPeriodMicros).partialValue
        stray.count = 0
        judge(now)
    }

    private mutating func endPeriod(_ now: Int64) {
        let measured = min(smallest, smallestBefore)
        if (measured &- lagMicros).magnitude > UInt64(FeedLimits.clockToleranceMicros) { lagMicros = measured }
        (smallestBefore, smallest) = (smallest, .max)
        periodEndMicros = now.addingReportingOverflow(FeedLimits.clockPeriodMicros).partialValue
        judge(now)
    }

    private mutating func noteJump(_ now: Int64) {
        jumps[oldestJump] = now
        oldestJump = (oldestJump + 1) % jumps.scalarCount
        judge(now)
    }

    private mutating func judge(_ now: Int64) {
        let (age, overflow) = now.subtractingReportingOverflow(jumps[oldestJump])
        if !overflow && age < FeedLimits.jumpMemoryMicros && jumps[oldestJump] != .min {
            state = .unsteady
        } else if AgentClock.isRight(lagMicros) {
            state = .ok
        } else {
            state = lagMicros < 0 ? .ahead : .behind
        }
    }
}

/// Consecutive lags that are far from the one in use, and near each other: the clock was set.
private struct StrayLags: Equatable {
    /// 0: none.
    var count = 0
    private var first: Int64 = 0
    private var smallest: Int64 = 0
    private var sinceMicros: Int64 = 0

    /// - Parameter needsTime: packets may also be late, and their lags shrink then.
    /// - Returns: the lag to use from now on, if enough of them agree.
    mutating func observe(_ lag: Int64, at now: Int64, needsTime: Bool) -> Int64? {
        let tolerance = UInt64(FeedLimits.clockToleranceMicros)
        let agrees = (lag &- first).magnitude <= tolerance && (lag &- smallest).magnitude <= tolerance
        guard count > 0, agrees else {
            (count, first, smallest, sinceMicros) = (1, lag, lag, now)
            return nil
        }
        count += 1
        smallest = min(smallest, lag)
        let isEnough = count >= FeedLimits.agreeingStamps
        return isEnough && (!needsTime || now &- sinceMicros >= FeedLimits.agreeingMicros) ? smallest : nil
    }
}
