// What a customer's warnings are measured by.

import Columnar

struct WarningSample {
    private let status: CustomerStatus
    private let availableMicros: Int64
    private let creditMicros: Int64
    private let debitLimitMicros: Int64
    private let channels: Int64
    private let flowSpeed: Int64
    private let active: Int64
    private let cps: Int64
    /// Minutes since the newest call; nil: there was none.
    private let silentMinutes: Double?
    private let row: UInt32

    // Of 15 minutes:
    private let outcomes: Int64
    private let answered: Int64
    private let talked: Int64
    private let talkMilliseconds: Int64
    private let delays: Int64
    private let costMicros: Int64
    // Of 1 hour:
    private let short: Int64
    private let talkedOfHour: Int64
    private let outcomesOfHour: Int64
    private let answeredOfHour: Int64
    // Of 24 hours:
    private let outcomesOfDay: Int64
    private let answeredOfDay: Int64
    private let bidsOfDay: Int64

    init(_ state: borrowing EngineState, _ row: Int, _ now: Int64) {
        self.row = UInt32(row)
        status = state.customers.status(row)
        creditMicros = state.customers.creditMicros[row]
        debitLimitMicros = state.customers.debitLimitMicros[row]
        // The check of changes keeps the sum within range.
        availableMicros = creditMicros &+ debitLimitMicros
        channels = Int64(state.customers.channels[row])
        flowSpeed = Int64(state.customers.flowSpeeds[row])
        active = Int64(state.customers.active[row])
        cps = state.timeline.lastSecond[row]
        let lastCall = state.customers.lastCallMicros[row]
        silentMinutes = lastCall == 0 ? nil : Double(now &- lastCall) / 60_000_000
        let quarter = state.timeline.sliding[Window.fifteenMinutes.rawValue]
        outcomes = quarter.count(.outcomes, row)
        answered = quarter.count(.answered, row)
        talked = quarter.count(.talked, row)
        talkMilliseconds = quarter.sum(.talkMilliseconds, row)
        delays = quarter.count(.pddCount, row)
        costMicros = quarter.sum(.costMicros, row)
        let hour = state.timeline.sliding[Window.oneHour.rawValue]
        short = hour.count(.short, row)
        talkedOfHour = hour.count(.talked, row)
        outcomesOfHour = hour.count(.outcomes, row)
        answeredOfHour = hour.count(.answered, row)
        let day = state.timeline.sliding[Window.oneDay.rawValue]
        outcomesOfDay = day.count(.outcomes, row)
        answeredOfDay = day.count(.answered, row)
        bidsOfDay = day.count(.bids, row)
    }

    /// Calls that a value is made of; what is counted without calls has enough.
    func size(of kind: WarningKind) -> Int64 {
        switch kind {
        case .asrLow: outcomes
        case .acdLow: talked
        case .pddHigh: delays
        case .shortCallRatio: talkedOfHour
        case .goneSilent: bidsOfDay
        default: .max
        }
    }

    /// In the unit of the warning's thresholds; nil: it says nothing of this customer.
    func value(of kind: WarningKind, delays: [UInt32: Double]) -> Double? {
        switch kind {
        case .creditExhausted, .creditLow: status == .active ? Double(availableMicros) / 1e6 : nil
        case .bufferHit: debitLimitMicros < 0 && creditMicros > 0 ? Double(availableMicros) / 1e6 : nil
        case .creditRunway: runway
        case .creditOvercommitted: commitment
        case .asrLow: ratio(answered, outcomes)
        case .asrDrop:
            [DropWindow.quarter, .hour].compactMap { drop($0, sample: 1)?.points }.max()
        case .acdLow: talked == 0 ? nil : Double(talkMilliseconds) / Double(talked) / 1_000
        case .pddHigh: delays[row]
        case .shortCallRatio: ratio(short, talkedOfHour)
        case .cpsOverLimit: ratio(cps, flowSpeed)
        case .channelsNearLimit: ratio(active, channels)
        case .goneSilent: active == 0 && status == .active ? silentMinutes : nil
        case .statusMismatch: active > 0 && status != .active ? Double(active) : nil
        case .stuckChannels: active > 0 ? silentMinutes : nil
        case .noAuth, .noRouting, .allRoutesDisabled, .noContactEmail, .noContactMobile, .noLimits: nil
        }
    }

    /// The calls of a window against those of the day before it; nil: too few. What the hour has is no part of the day before as
    /// long as there is enough else, so that a fall which has just begun does not hide itself.
    func drop(_ window: DropWindow, sample: Int64) -> AnswerDrop? {
        let recent = window == .quarter ? (outcomes, answered) : (outcomesOfHour, answeredOfHour)
        guard recent.0 >= max(sample, 1) else { return nil }
        var before = (outcomesOfDay - outcomesOfHour, answeredOfDay - answeredOfHour)
        if before.0 < sample && window == .quarter { before = (outcomesOfDay - outcomes, answeredOfDay - answered) }
        // Late corrections may have come to one window and not yet to another.
        guard before.0 >= max(sample, 1), (0...before.0).contains(before.1), (0...recent.0).contains(recent.1) else {
            return nil
        }
        return AnswerDrop(recent: recent, before: before)
    }

    private func ratio(_ numerator: Int64, _ denominator: Int64) -> Double? {
        denominator <= 0 ? nil : 100 * Double(numerator) / Double(denominator)
    }

    /// Minutes until available is used up: at the pace of the last quarter of an hour or, if that is faster, of the live calls at
    /// what a minute of talk has cost.
    private var runway: Double? {
        guard availableMicros > 0, costMicros > 0 else { return nil }
        let past = Double(costMicros) / 15
        let live = talkMilliseconds == 0 ? 0 : Double(costMicros) / Double(talkMilliseconds) * 60_000 * Double(active)
        return Double(availableMicros) / max(past, live)
    }

    /// What the live calls will cost at the mean of the calls that ended, in % of available.
    private var commitment: Double? {
        guard active > 0, talked > 0, costMicros > 0 else { return nil }
        let cost = Double(active) * Double(costMicros) / Double(talked)
        return availableMicros <= 0 ? .infinity : 100 * cost / Double(availableMicros)
    }
}
