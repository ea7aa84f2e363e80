// Live events. Each changes what is known of its call; the difference between what the call added to the figures before
// and what it adds now goes into the timeline. Events of calls whose set-up was not observed are held for a while: the
// set-up may come by another way.

import CallEvents
import Columnar

extension EngineState {
    mutating func ingest(_ batch: CallEventBatch, now: Int64) -> IngestSummary {
        if configuration.clock == .wall { moveClock(to: now) }
        guard batch.hasEqualColumns else {
            var summary = IngestSummary()
            summary.invalid = batch.count
            return summary
        }
        var pass = pass(batch)
        let latest = latestAccepted(now: now)
        let stages = batch.transaction.isEmpty ? 3 : 4
        for step in 0..<EngineState.steps(batch.count, stages: stages) {
            prefetchPlaces(batch, EngineState.block(step, of: batch.count))
            prefetchCalls(batch, EngineState.block(step - 1, of: batch.count), &pass)
            if stages == 4 { prefetchEnds(batch, EngineState.block(step - 2, of: batch.count), pass) }
            let due = EngineState.block(step - stages + 1, of: batch.count)
            for index in due { observe(batch, index, latest: latest, &pass) }
            if !batch.detail.isEmpty { describe(batch, due, &pass) }
        }
        settle(pass)
        return pass.summary
    }

    @inline(__always)
    private mutating func observe(_ batch: CallEventBatch, _ index: Int, latest: Int64, _ pass: inout EventPass) {
        let micros = batch.timeMicros[index]
        let key = batch.key[index]
        let kind = batch.kind[index]
        let isSetup = kind == .setup || kind == .setupUntimed
        // Seconds are stored in 32 bits (until 2106), and 0 means "not observed".
        guard micros > 0, micros < Int64(1 << 32) * 1_000_000, key != .none,
            !isSetup || Int(batch.party[index]) < pass.senders.count
        else {
            pass.summary.invalid += 1
            return
        }
        guard micros <= latest else {
            pass.summary.countFuture(index)
            return
        }
        if configuration.clock == .events { moveClock(to: micros) }
        if isLate(micros) { pass.summary.countLate(index) }
        let number = pass.number(of: key, index, calls)
        if batch.transaction.isEmpty {
            observe(batch, index, number, isSetup: isSetup, &pass)
        } else {
            observeTransaction(batch, index, number, isSetup: isSetup, &pass)
        }
    }

    /// - Parameter number: of the call that the event belongs to; nil: it is not tracked.
    @inline(__always)
    mutating func observe(
        _ batch: CallEventBatch, _ index: Int, _ number: UInt32?, isSetup: Bool, _ pass: inout EventPass
    ) {
        if isSetup {
            if batch.kind[index] == .setupUntimed && observeAccount(batch, index, number, &pass) { return }
            let customer = customer(ofSetup: index, batch, &pass)
            let sender = pass.senders[Int(batch.party[index])]
            if number == nil && customer < TrackedCall.otherLeg && customer == sender.customer && !sender.hasCredentials
            {
                begin(batch, index, customer, &pass)
            } else {
                observeSetup(batch, index, number, customer, hasCredentials: sender.hasCredentials, &pass.summary)
            }
        } else if batch.kind[index] == .refresh {
            observeRefresh(batch, index, number, &pass)
        } else {
            if let number, observeInOrder(batch, index, number, &pass) { return }
            observeProgress(batch, index, number, &pass.summary)
        }
    }

    @inline(__always)
    func isLate(_ micros: Int64) -> Bool {
        // Nearly nothing is hours old; newer times need not be compared with a slot's border.
        nowMicros - micros > 3_600_000_000
            && Timeline.isLate(second: micros / 1_000_000, nowSecond: nowSecond)
    }

    private mutating func observeSetup(
        _ batch: CallEventBatch, _ index: Int, _ known: UInt32?, _ customer: UInt32, hasCredentials: Bool,
        _ summary: inout IngestSummary
    ) {
        let micros = batch.timeMicros[index]
        guard let number = known ?? track(batch, index, &summary) else { return }
        let before = calls[number]
        var call = before
        attribute(&call, number, to: customer, hasCredentials: hasCredentials, batch, index)
        call.observeSetup(
            at: micros, sequence: batch.sequence[index], isTimed: batch.kind[index] == .setup,
            // What comes back from a host to which we sent it is no longer a target.
            branch: batch.relayed[index] ? 0 : batch.branch(index))
        judge(number, &call)
        if call.customer != before.customer {
            let party = batch.parties[Int(batch.party[index])]
            noteMove(from: before.customer, to: call.customer, party, micros: micros, index, &summary)
        }
        record(number, from: before, to: call, &summary)
        // A repeated INVITE shows that the caller is still waiting.
        if !call.isOver { scheduleNextLook(number, call) }
    }

    mutating func observeProgress(
        _ batch: CallEventBatch, _ index: Int, _ known: UInt32?, _ summary: inout IngestSummary
    ) {
        let micros = batch.timeMicros[index]
        guard let number = known ?? track(batch, index, &summary) else { return }
        let before = calls[number]
        var call = before
        switch batch.kind[index] {
        case .ring: call.observeRing(at: micros)
        case .answer: call.observeAnswer(at: micros, code: batch.code[index])
        case .failure:
            call.observeFailure(
                at: micros, sequence: batch.sequence[index], code: batch.code[index], cause: batch.q850[index],
                branch: batch.branch(index))
        case .progress: call.observeProgress(at: micros)
        case .end: call.observeEnd(at: micros, cause: batch.q850[index])
        case .setup, .setupUntimed, .refresh: return
        }
        if batch.kind[index] == .answer, var session = calls.session(number) {
            session.observeAnswer(at: micros)
            calls.setSession(number, session)
        }
        if let claim = calls.claim(number) {
            judge(number, &call)
            noteMove(
                from: before.customer, to: call.customer, Party(source: claim.source), micros: call.setupMicros, index,
                &summary)
        }
        record(number, from: before, to: call, &summary)
    }

    /// A new entry for an unknown call, or nil (counted) when it was over long ago or there is no room.
    private mutating func track(_ batch: CallEventBatch, _ index: Int, _ summary: inout IngestSummary) -> UInt32? {
        guard hasRoom(batch, index, &summary) else { return nil }
        return calls.insert(CallLine(key: batch.key[index], customer: TrackedCall.unknown))
    }

    /// Whether an untracked call may be tracked; if not, it is counted as over long ago or as one too many.
    /// Transactions were checked for being seen before.
    @inline(__always)
    mutating func hasRoom(_ batch: CallEventBatch, _ index: Int, _ summary: inout IngestSummary) -> Bool {
        if batch.transaction.isEmpty && seen.contains(batch.key[index]) {
            summary.duplicates += 1
            return false
        }
        if calls.isFull { forgetEndedCalls() }
        guard !calls.isFull else {
            summary.ignored += 1
            return false
        }
        return true
    }

    /// Stores what became of a call, counts the event, and schedules the next check of the call.
    @inline(__always)
    private mutating func record(
        _ number: UInt32, from before: TrackedCall, to call: TrackedCall, _ summary: inout IngestSummary
    ) {
        if call == before {
            summary.duplicates += 1
            return
        }
        if call.isCustomers || call.isAccount { summary.applied += 1 } else { summary.ignored += 1 }
        var call = call
        if before.closedMicros != 0 {
            reopen(&call, wasCustomers: before.isCustomers)
            // A late correction of a call that was given up is no sign of life now.
            if hasExpired(number, call) { giveUp(number, &call) }
        }
        update(number, from: before, to: call)
        scheduleNextLook(number, call)
        if call.isAccount { completeByAccount(number, call) }
    }

    /// A call that was given up for silence was observed again: what was assumed is taken back.
    mutating func reopen(_ call: inout TrackedCall, wasCustomers: Bool) {
        call.closedMicros = 0
        guard wasCustomers else { return }
        // It was closed as what it was before this event: an answer that comes now was not known then.
        if call.wasClosedAnswered { timedOut -= 1 } else { noResponse -= 1 }
        call.wasClosedAnswered = false
    }

    @inline(__always)
    mutating func scheduleNextLook(_ number: UInt32, _ call: TrackedCall) {
        if call.isAnswered, !call.isOver, calls.session(number) != nil {
            return calls.schedule(number, second: expirySecond(number, answerMicros: call.answerMicros))
        }
        let patience: Int64 =
            if call.setupMicros == 0 { BoardLimits.orphanSeconds } else if call.isOver {
                call.closedMicros == 0 ? BoardLimits.tombstoneSeconds : memorySeconds(number)
            } else { patienceSeconds(call) }
        calls.schedule(number, second: nowSecond + patience)
    }

    /// How long a call that is not over may be silent.
    @inline(__always)
    func patienceSeconds(_ call: TrackedCall) -> Int64 {
        if call.isAnswered { return configuration.longestCallSeconds }
        let isWorkedAt = call.ringMicros != 0 || call.provisionalMicros != 0
        return isWorkedAt ? BoardLimits.silentRingingSeconds : BoardLimits.silentSetupSeconds
    }

    mutating func forgetEndedCalls() {
        for number in calls.numbers {
            let call = calls[number]
            guard call.isOver else { continue }
            if call.setupMicros != 0 { _ = seen.insert(calls.seenKey(number)) }
            forget(number)
        }
    }

    /// Stores a call and brings the figures from what it added before to what it adds now.
    mutating func update(_ number: UInt32, from before: TrackedCall, to call: TrackedCall) {
        if call.isTold { return updateTold(number, from: before, to: call) }
        var (before, call) = (before, call)
        if before.isCustomers && before.customer != call.customer {
            before = takeBack(number, before)
            call.recentNumber = 0
        }
        if call.isCustomers {
            let old = before.contribution(table: outcomes)
            let new = call.contribution(table: outcomes)
            if old != new && call.isInbound {
                correctInbound(customer: call.customer, from: old, to: new)
            } else if old != new {
                correct(customer: call.customer, from: old, to: new)
            }
            let wasLive = before.isCustomers && before.isLive
            if call.isLive != wasLive { countLive(call, call.isLive ? 1 : -1) }
            // A claim that may still be taken back sets no last call yet, for that cannot be taken back.
            if !call.isInbound && (call.isOver || calls.claim(number) == nil) {
                noteCall(call.customer, setupMicros: call.setupMicros)
            }
            call.recentNumber = noteRecent(call, outcome: new.outcome)
        }
        calls[number] = call
        if call.isCustomers { noteDetails(number, from: before, to: call) }
    }

    @inline(__always)
    mutating func countLive(_ call: TrackedCall, _ change: Int) {
        activeCalls += change
        customers.changeActive(Int(call.customer), by: Int32(truncatingIfNeeded: change))
        guard call.isInbound else { return }
        customers.changeInboundActive(Int(call.customer), by: Int32(truncatingIfNeeded: change))
    }

    @inline(__always)
    mutating func noteCall(_ customer: UInt32, setupMicros: Int64) {
        let row = Int(customer)
        if setupMicros > customers.lastCallMicros[row] { customers.lastCallMicros[row] = setupMicros }
    }

    /// Enters a call into the recent ones, corrects it there, or removes it: a challenge that the caller follows is no
    /// end. Returns its number among them.
    private mutating func noteRecent(_ call: TrackedCall, outcome: OutcomeClass?) -> UInt32 {
        guard call.isOver && call.setupMicros != 0 else {
            withdraw(call.recentNumber)
            return 0
        }
        let entry = RecentCall(call, outcome: outcome ?? .answered)
        guard call.recentNumber == 0 else {
            if takesCostsOnly { takePlace(call.recentNumber, entry) } else { recent.correct(call.recentNumber, entry) }
            return call.recentNumber
        }
        return recent.append(entry)
    }

    mutating func correct(customer: UInt32, from old: Contribution, to new: Contribution) {
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

    /// Whether an answered call is short by its customer's limit (6 s unless it has its own).
    @inline(__always)
    func isShort(_ talkMilliseconds: Int32, row: Int) -> Bool {
        Int64(talkMilliseconds) <= shortCallMilliseconds(row: row)
    }

    static let defaultShortMilliseconds: Int32 = 6_000

    @inline(__always)
    func shortCallMilliseconds(row: Int) -> Int64 {
        let seconds = customers.shortCallSeconds[row]
        return seconds == 0 ? Int64(EngineState.defaultShortMilliseconds) : Int64(seconds) * 1_000
    }

    /// The second of a time that was checked to be within 32 bits of seconds; a correction of clocks may clamp it.
    @inline(__always)
    static func second(_ micros: Int64) -> UInt32 { UInt32(clamping: micros / 1_000_000) }
}
