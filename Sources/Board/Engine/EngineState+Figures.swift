// The counters and sums of one customer, for programs that ask for the same ones all the time. No plan, no columns, no
// allocation: some thirty loads.

import CallEvents
import Columnar

/// What is stored and counted of one customer. Counts are 0 or more; times are microseconds since 1970 (UTC).
public struct CustomerFigures: Equatable, Sendable, BitwiseCopyable {
    public var asOfMicros: Int64 = 0

    // As stored; 10^-6 of the customer's currency, and limits (0: none):
    public var creditMicros: Int64 = 0
    public var debitLimitMicros: Int64 = 0
    public var channels: UInt32 = 0
    public var flowSpeed: UInt32 = 0

    /// Live calls now.
    public var active: Int64 = 0
    /// Set-ups in the last full second; those that came in less than 100 ms ago may be missing.
    public var cps: Int64 = 0

    // Of one window:
    public var bids: Int64 = 0
    public var attempts: Int64 = 0
    /// Outcomes that count in the denominator of ASR and NER.
    public var outcomes: Int64 = 0
    /// Outcomes that count in the numerator of NER.
    public var effective: Int64 = 0
    public var pddCount: Int64 = 0
    public var pddMilliseconds: Int64 = 0
    /// Calls that ended, answered or not; of these the answered ones; of these the short ones.
    public var ended: Int64 = 0
    public var talked: Int64 = 0
    public var short: Int64 = 0
    public var talkMilliseconds: Int64 = 0
    public var costMicros: Int64 = 0

    // Outcomes by class:
    public var answered: Int64 = 0
    public var busy: Int64 = 0
    public var noAnswer: Int64 = 0
    public var rejected: Int64 = 0
    public var abandoned: Int64 = 0
    public var badNumber: Int64 = 0
    public var network: Int64 = 0
    public var refused: Int64 = 0
    public var blocked: Int64 = 0

    public init() {}
}

/// Set-ups by row in the last full second, kept between questions: to count them takes a look at each.
struct LastSetups: Sendable {
    private(set) var counts: [UInt32: Int64] = [:]
    private var second = Int64.min
    private var atMicros = Int64.min
    /// Of the facts that were counted.
    private var versions: [UInt64] = []

    /// Counts anew where facts have come since, but within a second of the wall's clock no more than ten times.
    mutating func refresh(_ timeline: Timeline, nowMicros: Int64, clock: ClockMode) {
        let isSameSecond = timeline.nowSecond == second
        if isSameSecond && clock == .wall && nowMicros < atMicros + 100_000 { return }
        let versions = timeline.sliding[Window.oneMinute.rawValue].chunkVersions
        if isSameSecond && versions == self.versions { return }
        (second, atMicros, self.versions) = (timeline.nowSecond, nowMicros, versions)
        counts = timeline.setupsInLastSecond()
    }
}

extension EngineState {
    /// Brings everything that `read` reads up to date.
    mutating func prepareFigures(now: Int64) {
        advance(now: now)
        lastSetups.refresh(timeline, nowMicros: nowMicros, clock: configuration.clock)
    }

    /// To be called after `prepareFigures`. (Mutating, though it changes nothing: so the state is not copied for the closures.)
    mutating func figures(
        now: Int64, of next: () -> (customerID: UInt32, window: Window)?, to take: (borrowing CustomerFigures) -> Void
    ) {
        var figures = CustomerFigures()
        while let (id, window) = next(), read(&figures, customerID: id, window: window, now: now) { take(figures) }
    }

    /// Fills in every figure; false: there is no such customer. To be called after `prepareFigures`.
    func read(_ figures: inout CustomerFigures, customerID: UInt32, window: Window, now: Int64) -> Bool {
        guard let row = customers.row(id: customerID) else { return false }
        figures.asOfMicros = nowMicros == 0 ? now : nowMicros
        figures.creditMicros = customers.creditMicros[row]
        figures.debitLimitMicros = customers.debitLimitMicros[row]
        figures.channels = customers.channels[row]
        figures.flowSpeed = customers.flowSpeeds[row]
        figures.active = Int64(customers.active[row])
        figures.cps = lastSetups.counts[UInt32(truncatingIfNeeded: row)] ?? 0
        if window == .all {
            figures.take(timeline.all, row)
        } else {
            figures.take(timeline.sliding[window.rawValue], row)
        }
        return true
    }
}

extension CustomerFigures {
    @inline(__always)
    fileprivate mutating func take<Count>(_ totals: Totals<Count>, _ row: Int) {
        bids = totals.count(.bids, row)
        attempts = bids - totals.count(.blockedSetups, row)
        outcomes = totals.count(.outcomes, row)
        effective = totals.count(.effective, row)
        pddCount = totals.count(.pddCount, row)
        pddMilliseconds = totals.sum(.pddMilliseconds, row)
        ended = totals.count(.ended, row)
        talked = totals.count(.talked, row)
        short = totals.count(.short, row)
        talkMilliseconds = totals.sum(.talkMilliseconds, row)
        costMicros = totals.sum(.costMicros, row)
        answered = totals.count(.answered, row)
        busy = totals.count(.busy, row)
        noAnswer = totals.count(.noAnswer, row)
        rejected = totals.count(.rejected, row)
        abandoned = totals.count(.abandoned, row)
        badNumber = totals.count(.badNumber, row)
        network = totals.count(.network, row)
        refused = totals.count(.refused, row)
        blocked = totals.count(.blocked, row)
    }
}
