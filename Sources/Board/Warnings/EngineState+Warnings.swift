// Checks customers and raises or clears their warnings: all once a second, some in each call, and changed ones
// at once. That also detects silence.

import Columnar

extension EngineState {
    /// To be called a hundred times a second. Cost: about 0.15 us per customer looked at.
    /// - Parameter portion: how much is done in this turn. Whatever it is, the same warnings are raised in the end.
    mutating func watch(now: Int64, _ portion: WatchPortion = .standard) {
        if isBeingRead { return }
        guard now > 0, customers.count > 0 else { return }
        warnings.expire(now)
        warnings.grow(to: customers.count)
        // Rounds follow the machine's clock; measurements follow the board's clock.
        let second = now / 1_000_000
        let now = configuration.clock == .events ? max(nowMicros, 1) : now
        watchDelays(second: second, portion.delays)
        watchDays(portion.slotBytes)
        guard warnings.nextRow > 0 || second > warnings.roundSecond else { return }
        if warnings.nextRow == 0 {
            warnings.roundSecond = second
            advance(now: now)
            warnings.beginDispersionRound(second: timeline.nowSecond)
        }
        timeline.countLastSecond()
        let last = min(customers.count, warnings.nextRow + portion.rows(of: customers.count))
        for row in warnings.nextRow..<last {
            evaluate(UInt32(row), now, measuresDispersion: warnings.measuresDispersion)
        }
        warnings.nextRow = last == customers.count ? 0 : last
        if warnings.nextRow == 0 {
            warnings.forgetCleared()
            warnings.endDispersionRound(second: timeline.nowSecond)
        }
    }

    /// Checks all customers when a server starts: earlier warnings are raised again before the first request.
    mutating func watchAll(now: Int64) {
        advance(now: now)
        warnings.grow(to: customers.count)
        timeline.countLastSecond()
        watchAllDelays()
        let now = configuration.clock == .events ? max(nowMicros, 1) : now
        for row in 0..<customers.count { evaluate(UInt32(row), now) }
    }

    /// Checks some customers at once, because they have changed.
    mutating func watch(_ rows: [UInt32], now: Int64) {
        warnings.grow(to: customers.count)
        let now = configuration.clock == .events ? max(nowMicros, 1) : now
        timeline.countLastSecond()
        for row in rows.prefix(BoardLimits.watchedAtOnce) { evaluate(row, now) }
    }

    private mutating func evaluate(_ row: UInt32, _ now: Int64, measuresDispersion: Bool = false) {
        if customers.deletedCount > 0 && customers.deleted[Int(row)] { return warnings.set(row, to: 0, atMicros: now) }
        let old = warnings.bits[Int(row)]
        let sample = WarningSample(self, Int(row), now)
        if sample.hasLiveCalls { noteLive(row) }
        if measuresDispersion { measureDispersion(sample) }
        var new: UInt32 = 0
        for kind in WarningKind.measured where kind != .asrDrop {
            guard let value = sample.value(of: kind, delays: warnings.delays) else { continue }
            let threshold = warnings.threshold(kind, row)
            let isRaised = old & kind.bit != 0
            guard threshold.isOn, sample.size(of: kind) >= threshold.sample else { continue }
            let limit = isRaised ? threshold.clear : threshold.raise
            let holds =
                switch kind {
                case .statusMismatch: true
                case .creditExhausted, .bufferHit: value <= threshold.raise
                default: kind.isRaisedBelow ? value < limit : value > limit
                }
            if holds && (isRaised || sample.isProven(kind, threshold, delays: warnings.delays)) { new |= kind.bit }
        }
        if hasDropped(sample, row, isRaised: old & WarningKind.asrDrop.bit != 0) { new |= WarningKind.asrDrop.bit }
        if old != new { warnings.set(row, to: new, atMicros: now) }
    }

    /// Goes on with the delays of the last quarter of an hour, which are gone through now and then.
    mutating func watchDelays(second: Int64, _ portion: DelayPortion) {
        if warnings.delayWatch == nil {
            guard second >= warnings.nextDelaySecond else { return }
            warnings.nextDelaySecond = second + BoardLimits.delayWatchSeconds
            warnings.delayWatch = delayWatch
        }
        guard let done = warnings.delayWatch?.step(timeline, portion) else { return }
        warnings.delays = done
        warnings.delayWatch = nil
    }

    /// Goes on with the days' slots, which are gone through when another one is older than an hour.
    mutating func watchDays(_ budget: Int) {
        if warnings.dayWatch == nil {
            guard timeline.nowSecond > 0 else { return }
            let slot = Timeline.floor(timeline.nowSecond - Window.oneHour.seconds, Window.oneDay.slotSeconds)
            guard slot != warnings.daySlot else { return }
            warnings.daySlot = slot
            warnings.dayWatch = DayWatch(pooled: warnings.slotDispersion)
        }
        guard let pooled = warnings.dayWatch?.step(timeline, &warnings.days, budget: budget) else { return }
        warnings.slotDispersion = pooled
        warnings.dayWatch = nil
    }

    /// A source that reports calls as they begin has live ones now and then.
    private mutating func noteLive(_ row: UInt32) {
        guard let second = UInt32(exactly: timeline.nowSecond) else { return }
        warnings.days.update(Int(row)) { $0.liveSecond = second }
    }

    /// Computes all delays at once.
    private mutating func watchAllDelays() {
        var watch = delayWatch
        while true {
            if let done = watch.step(timeline, .all) {
                warnings.delays = done
                return
            }
        }
    }

    private var delayWatch: DelayWatch {
        var own: [UInt32: Double] = [:]
        for (key, threshold) in warnings.overrides where key.kind == .pddHigh { own[key.row] = threshold.raise }
        return DelayWatch(warnings.thresholds[.pddHigh] ?? WarningKind.pddHigh.standard, ownRaise: own)
    }

    private var isBeingRead: Bool { readers > 0 }

    // MARK: - Shown warnings

    /// The configuration warnings that follow from stored fields.
    func configurationWarnings(_ row: Int) -> UInt32 {
        let details = customers.detailsByRow[row]
        var bits: UInt32 = 0
        if details?.auth.isEmpty ?? true { bits |= WarningKind.noAuth.bit }
        let routes = details?.routes ?? []
        if !routes.contains(where: \.enabled) {
            bits |= WarningKind.noRouting.bit
            if !routes.isEmpty { bits |= WarningKind.allRoutesDisabled.bit }
        }
        guard bits != 0 || hasInfos else { return bits }
        if !(details?.contacts.contains { !$0.email.isEmpty } ?? false) { bits |= WarningKind.noContactEmail.bit }
        if !(details?.contacts.contains { !$0.mobile.isEmpty } ?? false) { bits |= WarningKind.noContactMobile.bit }
        if customers.channels[row] == 0 || customers.flowSpeeds[row] == 0 { bits |= WarningKind.noLimits.bit }
        for kind in WarningKind.configured where bits & kind.bit != 0 && !warnings.threshold(kind, UInt32(row)).isOn {
            bits &= ~kind.bit
        }
        return bits
    }

    /// Whether any warning that is off by default is on.
    private var hasInfos: Bool { !warnings.overrides.isEmpty || !warnings.thresholds.isEmpty }
}

extension WarningKind {
    /// The kinds with a bit in the column.
    static let measured = allCases.filter { !$0.isConfiguration }
    static let configured = allCases.filter(\.isConfiguration)
}
