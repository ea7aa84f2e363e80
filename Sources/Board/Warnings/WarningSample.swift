// The measurements behind a customer's warnings.

import Columnar

struct WarningSample {
    private let status: CustomerStatus
    private let availableMicros: Int64
    private let creditMicros: Int64
    private let debitLimitMicros: Int64
    private let channels: Int64
    private let flowSpeed: Int64
    private let active: Int64
    /// Those calls among them that the customer makes.
    private let outboundActive: Int64
    private let cps: Int64
    /// Minutes since the newest call; nil: there was none.
    private let silentMinutes: Double?
    private let row: UInt32

    /// Calls with a known outcome, in the last five minutes, 15 minutes and hour.
    private let ofFive: AnswerCount
    private let ofQuarter: AnswerCount
    private let ofHour: AnswerCount

    // In 15 minutes:
    private let talked: Int64
    private let talkMilliseconds: Int64
    private let delays: Int64
    private let costMicros: Int64
    /// Calls that the cost was for: in both directions.
    private let paidTalked: Int64
    private let paidMilliseconds: Int64
    // In 1 hour:
    private let short: Int64
    private let talkedOfHour: Int64
    // In 24 hours, and without the last hour or 15 minutes:
    private let beforeHour: AnswerCount
    private let beforeQuarter: AnswerCount
    private let bidsOfDay: Int64
    /// What is known of its day beyond the windows.
    let day: DayRow

    init(_ state: borrowing EngineState, _ row: Int, _ now: Int64) {
        self.row = UInt32(row)
        status = state.customers.status(row)
        creditMicros = state.customers.creditMicros[row]
        debitLimitMicros = state.customers.debitLimitMicros[row]
        // The check of changes keeps the sum in range.
        availableMicros = creditMicros &+ debitLimitMicros
        channels = Int64(state.customers.channels[row])
        flowSpeed = Int64(state.customers.flowSpeeds[row])
        active = Int64(state.customers.active[row])
        outboundActive = active - Int64(state.customers.inboundActive[row])
        cps = state.timeline.lastSecond[row]
        let lastCall = state.customers.lastCallMicros[row]
        silentMinutes = lastCall == 0 ? nil : Double(now &- lastCall) / 60_000_000
        let quarter = state.timeline.sliding[Window.fifteenMinutes.rawValue]
        talked = quarter.count(.talked, row)
        talkMilliseconds = quarter.sum(.talkMilliseconds, row)
        paidTalked = talked + quarter.count(.inboundTalked, row)
        paidMilliseconds = talkMilliseconds + quarter.sum(.inboundTalkMilliseconds, row)
        delays = quarter.count(.pddCount, row)
        costMicros = quarter.sum(.costMicros, row)
        let hour = state.timeline.sliding[Window.oneHour.rawValue]
        short = hour.count(.short, row)
        talkedOfHour = hour.count(.talked, row)
        let oneDay = state.timeline.sliding[Window.oneDay.rawValue]
        bidsOfDay = oneDay.count(.bids, row)
        let ofDay = Self.outcomes(oneDay, row)
        beforeHour = ofDay - Self.outcomes(hour, row)
        beforeQuarter = ofDay - Self.outcomes(quarter, row)
        day = state.warnings.days[row]
        let isLive = DayTable.isLive(day, nowSecond: state.timeline.nowSecond)
        ofFive = Self.known(state.timeline.sliding[Window.fiveMinutes.rawValue], row, isLive: isLive)
        ofQuarter = Self.known(quarter, row, isLive: isLive)
        ofHour = Self.known(hour, row, isLive: isLive)
    }

    private static func outcomes(_ window: Totals<Int32>, _ row: Int) -> AnswerCount {
        AnswerCount(outcomes: window.count(.outcomes, row), answered: window.count(.answered, row))
    }

    /// Finished calls are reported when they end: failures at once, answered calls after their talk. In recent minutes
    /// most answers are then missing, so unless calls are observed live, all count when they end.
    private static func known(_ window: Totals<Int32>, _ row: Int, isLive: Bool) -> AnswerCount {
        let known = outcomes(window, row)
        if isLive { return known }
        let talked = window.count(.talked, row)
        return AnswerCount(outcomes: known.outcomes &- known.answered &+ talked, answered: talked)
    }

    /// Outgoing calls: outcomes are checked for these alone.
    var hasLiveCalls: Bool { outboundActive > 0 }

    /// For a customer that is called, channels of both directions: `10 of 10 channels (9 in, 1 out)`; else empty.
    var channelsReason: String {
        let inbound = active - outboundActive
        return inbound == 0 ? "" : "\(active) of \(channels) channels (\(inbound) in, \(outboundActive) out)"
    }

    /// The number of calls behind a value; values not counted by calls have enough.
    func size(of kind: WarningKind) -> Int64 {
        switch kind {
        case .asrLow: ofQuarter.outcomes
        case .acdLow: talked
        case .pddHigh: delays
        case .shortCallRatio: talkedOfHour
        case .goneSilent: bidsOfDay
        default: .max
        }
    }

    /// In the unit of the warning's thresholds; nil: it does not apply to this customer.
    func value(of kind: WarningKind, delays: [UInt32: DelayFigure]) -> Double? {
        switch kind {
        case .creditExhausted, .creditLow: status == .active ? Double(availableMicros) / 1e6 : nil
        case .bufferHit: debitLimitMicros < 0 && creditMicros > 0 ? Double(availableMicros) / 1e6 : nil
        case .creditRunway: runway
        case .creditOvercommitted: commitment
        case .asrLow: ratio(ofQuarter.answered, ofQuarter.outcomes)
        case .acdLow: talked == 0 ? nil : Double(talkMilliseconds) / Double(talked) / 1_000
        case .pddHigh: delays[row]?.percentile
        case .shortCallRatio: ratio(short, talkedOfHour)
        case .cpsOverLimit: ratio(cps, flowSpeed)
        case .channelsNearLimit: ratio(active, channels)
        case .goneSilent: outboundActive == 0 && status == .active ? silentMinutes : nil
        case .statusMismatch: active > 0 && status != .active ? Double(active) : nil
        case .stuckChannels: outboundActive > 0 ? silentMinutes : nil
        case .asrDrop, .noAuth, .noRouting, .allRoutesDisabled, .noContactEmail, .noContactMobile, .noLimits: nil
        }
    }

    /// Whether chance would put a figure beyond the threshold less often than the threshold's level, for a customer
    /// exactly at it. Values not counted by calls are taken as they are.
    func isProven(_ kind: WarningKind, _ threshold: WarningThreshold, delays: [UInt32: DelayFigure]) -> Bool {
        let share = threshold.raise / 100
        let chance: Double
        switch kind {
        case .asrLow:
            guard share > 0, share < 1, ofQuarter.isPossible else { return true }
            chance = Chance.atMost(ofQuarter.answered, of: ofQuarter.outcomes, share: share)
        case .shortCallRatio:
            guard share > 0, share < 1 else { return true }
            chance = Chance.atLeast(short, of: talkedOfHour, share: share)
        case .acdLow:
            guard threshold.raise > 0, talked > 0 else { return true }
            chance = Chance.meanAtMost(
                Double(talkMilliseconds) / Double(talked) / 1_000, of: talked, expected: threshold.raise)
        case .pddHigh:
            guard let figure = delays[row] else { return false }
            chance = Chance.atLeast(figure.above, of: figure.count, share: 0.05)
        default: return true
        }
        return chance < threshold.level
    }

    /// The calls of a window against those of the day before it; nil: too few. Calls of the last hour are no part of
    /// the day before if there are enough others, so that a drop that has just begun does not hide itself.
    func drop(_ window: DropWindow, sample: Int64) -> AnswerDrop? {
        let least = max(sample, 1)
        let (recent, before) =
            switch window {
            case .fiveMinutes: (ofFive, beforeHour.outcomes < least ? beforeQuarter : beforeHour)
            case .quarter: (ofQuarter, beforeHour.outcomes < least ? beforeQuarter : beforeHour)
            case .hour: (ofHour, beforeHour)
            case .twoHours: (ofHour + day.twoHours, beforeHour - day.twoHours)
            case .fourHours: (ofHour + day.fourHours, beforeHour - day.fourHours)
            }
        guard recent.outcomes >= least, before.outcomes >= least, recent.isPossible, before.isPossible else {
            return nil
        }
        return AnswerDrop(
            recent: (recent.outcomes, recent.answered), before: (before.outcomes, before.answered))
    }

    private func ratio(_ numerator: Int64, _ denominator: Int64) -> Double? {
        denominator <= 0 ? nil : 100 * Double(numerator) / Double(denominator)
    }

    /// Minutes until the available amount is used up: at the pace of the last quarter of an hour or, if faster, of the
    /// live calls at the recent cost of a minute of talk.
    private var runway: Double? {
        guard availableMicros > 0, costMicros > 0 else { return nil }
        let past = Double(costMicros) / 15
        let live = paidMilliseconds == 0 ? 0 : Double(costMicros) / Double(paidMilliseconds) * 60_000 * Double(active)
        return Double(availableMicros) / max(past, live)
    }

    /// The expected cost of the live calls, at the mean of the ended calls, in % of available.
    private var commitment: Double? {
        guard active > 0, paidTalked > 0, costMicros > 0 else { return nil }
        let cost = Double(active) * Double(costMicros) / Double(paidTalked)
        return availableMicros <= 0 ? .infinity : 100 * cost / Double(availableMicros)
    }
}
