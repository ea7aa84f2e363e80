// Live events. Each changes what is known of its call; the difference between what the call added to the figures before
// and what it adds now goes into the timeline. Events of calls whose set-up was not heard are kept for a while: the set-up
// may come by another way.

import CallEvents
import Columnar

extension EngineState {
    mutating func ingest(_ batch: CallEventBatch, now: Int64) -> IngestSummary {
        if configuration.clock == .wall { moveClock(to: now) }
        var summary = IngestSummary()
        guard batch.hasEqualColumns else {
            summary.invalid = batch.count
            return summary
        }
        var parties = batch.parties.map { ResolvedParty(direct: resolve($0, relayed: false)) }
        for first in stride(from: 0, to: batch.count, by: BoardLimits.eventsAtATime) {
            let indices = first..<min(first + BoardLimits.eventsAtATime, batch.count)
            prefetch(batch, indices, parties)
            for index in indices { ingest(batch, index, &parties, now: now, &summary) }
        }
        late += Int64(summary.late)
        future += Int64(summary.future)
        return summary
    }

    /// Asks for the memory that some events will touch: index, then calls, then the customers' gauges. Each step needs what
    /// the one before asked for, so all events take a step together.
    private func prefetch(_ batch: CallEventBatch, _ indices: Range<Int>, _ parties: [ResolvedParty]) {
        for index in indices {
            calls.prefetchIndex(batch.key[index])
            // A call that is not tracked may have been counted long ago.
            if batch.kind[index] == .setup { seen.prefetch(batch.key[index]) }
        }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: indices.count) { numbers in
            for (place, index) in indices.enumerated() { numbers[place] = calls.prefetchCall(batch.key[index]) ?? .max }
            for (place, index) in indices.enumerated() {
                let party = Int(batch.party[index])
                let row =
                    numbers[place] != .max
                    ? calls[numbers[place]].customer : party < parties.count ? parties[party].direct : .max
                guard row < TrackedCall.otherLeg else { continue }
                customers.active.prefetch(row: Int(row))
                customers.lastCallMicros.prefetch(row: Int(row))
            }
        }
    }

    private struct ResolvedParty {
        var direct: UInt32
        var isLearnt = false
    }

    @inline(__always)
    private mutating func ingest(
        _ batch: CallEventBatch, _ index: Int, _ parties: inout [ResolvedParty], now: Int64,
        _ summary: inout IngestSummary
    ) {
        let micros = batch.timeMicros[index]
        let party = batch.party[index]
        let isSetup = batch.kind[index] == .setup || batch.kind[index] == .setupUntimed
        // Seconds are kept in 32 bits (until 2106), and 0 stands for "not heard".
        guard micros > 0, micros / 1_000_000 <= Int64(UInt32.max), batch.key[index] != .none,
            !isSetup || Int(party) < parties.count
        else {
            summary.invalid += 1
            return
        }
        guard micros <= latestAccepted(now: now) else {
            summary.future += 1
            return
        }
        if configuration.clock == .events { moveClock(to: micros) }
        if Timeline.isLate(second: micros / 1_000_000, nowSecond: nowSecond) { summary.late += 1 }
        if isSetup {
            // A party that was nobody's when the batch began may be a switch by now.
            var customer = parties[Int(party)].direct
            if customer == TrackedCall.unattributed || batch.relayed[index] {
                customer = resolve(batch.parties[Int(party)], relayed: batch.relayed[index])
            }
            if customer != TrackedCall.unattributed && !parties[Int(party)].isLearnt {
                parties[Int(party)].isLearnt = true
                learnSwitches(batch.parties[Int(party)], customer: customer)
            }
            hearSetup(batch, index, customer, &summary)
        } else {
            hearProgress(batch, index, &summary)
        }
    }

    private mutating func hearSetup(
        _ batch: CallEventBatch, _ index: Int, _ customer: UInt32, _ summary: inout IngestSummary
    ) {
        let key = batch.key[index]
        let micros = batch.timeMicros[index]
        guard let number = calls.find(key) ?? track(key, TrackedCall.unknown, &summary) else { return }
        let before = calls[number]
        var call = before
        if call.customer == TrackedCall.unknown {
            call.customer = customer
            if customer == TrackedCall.unattributed {
                unattributed.count(batch.parties[Int(batch.party[index])], micros: micros)
                summary.unattributed += 1
            }
        } else if call.customer == TrackedCall.unattributed && customer < TrackedCall.otherLeg {
            // The INVITE after a challenge carries the credentials that tell whose the call is.
            unattributed.count(batch.parties[Int(batch.party[index])], micros: micros, attempts: -1)
            call.customer = customer
        }
        call.hearSetup(
            at: micros, sequence: batch.sequence[index], isTimed: batch.kind[index] == .setup)
        record(number, from: before, to: call, &summary)
        if call.isCustomers && !before.isCustomers { summary.calls += 1 }
        // A repeated INVITE shows that the caller still waits.
        if !call.isOver { scheduleNextLook(number, call) }
    }

    private mutating func hearProgress(_ batch: CallEventBatch, _ index: Int, _ summary: inout IngestSummary) {
        let key = batch.key[index]
        let micros = batch.timeMicros[index]
        guard let number = calls.find(key) ?? track(key, TrackedCall.unknown, &summary) else { return }
        let before = calls[number]
        var call = before
        switch batch.kind[index] {
        case .ring: call.hearRing(at: micros)
        case .answer: call.hearAnswer(at: micros, code: batch.code[index])
        case .failure:
            call.hearFailure(
                at: micros, sequence: batch.sequence[index], code: batch.code[index], cause: batch.q850[index])
        case .end: call.hearEnd(at: micros, cause: batch.q850[index])
        case .setup, .setupUntimed: return
        }
        record(number, from: before, to: call, &summary)
    }

    /// A new entry for a call, or nil (counted) when it was over long ago or there is no room.
    private mutating func track(_ key: CallKey, _ customer: UInt32, _ summary: inout IngestSummary) -> UInt32? {
        if seen.contains(key) {
            summary.duplicates += 1
            return nil
        }
        if calls.count >= BoardLimits.trackedCalls { forgetEndedCalls() }
        guard calls.count < BoardLimits.trackedCalls else {
            summary.ignored += 1
            return nil
        }
        let number = calls.insert(TrackedCall(key: key, customer: customer))
        calls.schedule(number, second: nowSecond + BoardLimits.orphanSeconds)
        return number
    }

    /// Stores what became of a call, counts the event, and sees to the next look at it.
    @inline(__always)
    private mutating func record(
        _ number: UInt32, from before: TrackedCall, to call: TrackedCall, _ summary: inout IngestSummary
    ) {
        if call == before {
            summary.duplicates += 1
            return
        }
        if call.isCustomers { summary.applied += 1 } else { summary.ignored += 1 }
        var call = call
        if before.closedMicros != 0 { reopen(&call) }
        update(number, from: before, to: call)
        scheduleNextLook(number, call)
    }

    /// A call that was given up for silence was heard of again: what was assumed is taken back.
    private mutating func reopen(_ call: inout TrackedCall) {
        call.closedMicros = 0
        guard call.isCustomers else { return }
        // It was closed as what it was before this event: an answer that comes now was not known then.
        if call.wasClosedAnswered { timedOut -= 1 } else { noResponse -= 1 }
        call.wasClosedAnswered = false
    }

    @inline(__always)
    private mutating func scheduleNextLook(_ number: UInt32, _ call: TrackedCall) {
        let patience: Int64 =
            if call.setupMicros == 0 { BoardLimits.orphanSeconds } else if call.isOver {
                BoardLimits.tombstoneSeconds
            } else if call.isAnswered { configuration.longestCallSeconds } else if call.ringMicros != 0 {
                BoardLimits.silentRingingSeconds
            } else { BoardLimits.silentSetupSeconds }
        calls.schedule(number, second: nowSecond + patience)
    }

    private mutating func forgetEndedCalls() {
        for number in calls.calls.indices where calls.calls[number].key != .none && calls.calls[number].isOver {
            if calls.calls[number].setupMicros != 0 { _ = seen.insert(calls.calls[number].key) }
            calls.remove(UInt32(number))
        }
    }

    /// Stores a call and brings the figures from what it added before to what it adds now.
    mutating func update(_ number: UInt32, from before: TrackedCall, to call: TrackedCall) {
        calls[number] = call
        guard call.isCustomers else { return }
        let old = before.contribution(table: outcomes)
        let new = call.contribution(table: outcomes)
        if old != new { correct(customer: call.customer, from: old, to: new) }
        let row = Int(call.customer)
        let wasLive = before.isCustomers && before.isLive
        if call.isLive != wasLive {
            activeCalls += call.isLive ? 1 : -1
            customers.active[row] += call.isLive ? 1 : -1
        }
        if call.setupMicros > customers.lastCallMicros[row] { customers.lastCallMicros[row] = call.setupMicros }
        if call.isOver && call.setupMicros != 0 && !(before.isOver && before.setupMicros != 0) {
            recent.append(RecentCall(call, outcome: new.outcome ?? .answered))
        }
    }

    private mutating func correct(customer: UInt32, from old: Contribution, to new: Contribution) {
        let oldBlocked = old.outcome == .blocked
        let newBlocked = new.outcome == .blocked
        if old.setupMicros != new.setupMicros || oldBlocked != newBlocked {
            fileSetup(customer, old, count: -1)
            fileSetup(customer, new, count: 1)
        }
        if old.outcome != new.outcome || old.outcomeMicros != new.outcomeMicros || old.code != new.code
            || old.pddMilliseconds != new.pddMilliseconds
        {
            fileOutcome(customer, old, count: -1)
            fileOutcome(customer, new, count: 1)
        }
        if old.endMicros != new.endMicros || old.talkMilliseconds != new.talkMilliseconds {
            fileEnd(customer, old, count: -1)
            fileEnd(customer, new, count: 1)
        }
    }
}

// MARK: - A contribution as facts

extension EngineState {
    private mutating func fileSetup(_ customer: UInt32, _ part: Contribution, count: Int32) {
        guard part.setupMicros != 0 else { return }
        timeline.addSetup(
            customer: customer, second: EngineState.second(part.setupMicros), isBlocked: part.outcome == .blocked,
            sign: count)
    }

    private mutating func fileOutcome(_ customer: UInt32, _ part: Contribution, count: Int32) {
        guard let outcome = part.outcome else { return }
        timeline.addOutcome(
            customer: customer, second: EngineState.second(part.outcomeMicros), outcome: outcome, code: part.code,
            pddMilliseconds: part.pddMilliseconds, sign: count)
    }

    private mutating func fileEnd(_ customer: UInt32, _ part: Contribution, count: Int32) {
        guard part.endMicros != 0 else { return }
        let talked = part.talkMilliseconds >= 0
        timeline.addEnd(
            customer: customer, second: EngineState.second(part.endMicros), talkMilliseconds: part.talkMilliseconds,
            talked: talked, short: talked && isShort(part.talkMilliseconds, row: Int(customer)), sign: count)
    }

    /// Whether an answered call is a short one by its customer's limit (6 s unless he has his own).
    @inline(__always)
    func isShort(_ talkMilliseconds: Int32, row: Int) -> Bool {
        Int64(talkMilliseconds) <= shortCallMilliseconds(row: row)
    }

    @inline(__always)
    func shortCallMilliseconds(row: Int) -> Int64 {
        let seconds = customers.shortCallSeconds[row]
        return Int64(seconds == 0 ? 6 : seconds) * 1_000
    }

    /// The second of a time that was checked to be within 32 bits of seconds; a correction of clocks may clamp it.
    @inline(__always)
    static func second(_ micros: Int64) -> UInt32 { UInt32(clamping: micros / 1_000_000) }
}

extension CallEventBatch {
    /// Every column has one element an event.
    fileprivate var hasEqualColumns: Bool {
        let count = count
        return key.count == count && timeMicros.count == count && party.count == count && sequence.count == count
            && code.count == count && q850.count == count && relayed.count == count
    }
}
