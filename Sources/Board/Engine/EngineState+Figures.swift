// The counters and sums of one customer, for programs that read the same ones all the time. No plan, no columns, no
// allocation: some thirty loads.

import CallEvents
import Columnar

/// The stored values and counts of one customer. Counts are 0 or more; times are microseconds since 1970 (UTC).
public struct CustomerFigures: Equatable, Sendable, BitwiseCopyable {
    public var asOfMicros: Int64 = 0

    // Stored values, in 10^-6 of the customer's currency, and limits (0: none):
    public var creditMicros: Int64 = 0
    public var debitLimitMicros: Int64 = 0
    public var channels: UInt32 = 0
    public var flowSpeed: UInt32 = 0

    /// Live calls now.
    public var active: Int64 = 0
    /// Set-ups in the last full second.
    public var cps: Int64 = 0

    // In one window:
    public var bids: Int64 = 0
    public var attempts: Int64 = 0
    /// Outcomes that count in the denominator of ASR and NER.
    public var outcomes: Int64 = 0
    /// Outcomes that count in the numerator of NER.
    public var effective: Int64 = 0
    public var pddCount: Int64 = 0
    public var pddMilliseconds: Int64 = 0
    /// Calls that ended, answered or not; the answered ones among them; the short ones among those.
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

    // Calls to the customer: live ones now (`active` has them too), and of the window set-ups, answers and outcomes
    // that count in the denominator of their ASR.
    public var inboundActive: Int64 = 0
    public var inboundAttempts: Int64 = 0
    public var inboundAnswered: Int64 = 0
    public var inboundOutcomes: Int64 = 0

    public init() {}
}

extension EngineState {
    /// To be called after `advance`. (Mutating, so that the closures do not copy the state, though nothing changes.)
    mutating func figures(
        now: Int64, of next: () -> (customerID: UInt32, window: Window)?, to take: (borrowing CustomerFigures) -> Void
    ) {
        timeline.countLastSecond()
        var figures = CustomerFigures()
        while let (id, window) = next(), read(&figures, customerID: id, window: window, now: now) { take(figures) }
    }

    /// Fills in every figure; false: there is no such customer. To be called after `advance` and `countLastSecond`.
    func read(_ figures: inout CustomerFigures, customerID: UInt32, window: Window, now: Int64) -> Bool {
        guard let row = customers.row(id: customerID) else { return false }
        figures.asOfMicros = asOfMicros == 0 ? now : asOfMicros
        figures.creditMicros = customers.creditMicros[row]
        figures.debitLimitMicros = customers.debitLimitMicros[row]
        figures.channels = customers.channels[row]
        figures.flowSpeed = customers.flowSpeeds[row]
        figures.active = Int64(customers.active[row])
        figures.inboundActive = Int64(customers.inboundActive[row])
        figures.cps = timeline.lastSecond[row]
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
        inboundAttempts = totals.count(.inboundSetups, row)
        inboundAnswered = totals.count(.inboundAnswered, row)
        inboundOutcomes = totals.count(.inboundOutcomes, row)
    }
}
