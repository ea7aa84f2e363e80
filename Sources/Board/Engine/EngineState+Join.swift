// One call from two sources: observed live, and reported by a record with its Call-ID. It is counted once, as both
// together (`RecentCall.completed`), whichever comes first. What a call adds is a function of what is known of it, so
// the old is taken back and the new added, as with any correction.
//
// A tracked call with a record (`TrackedCall.isTold`) is over: its result is among the recent calls, with its cost, and
// changes there when more of it is observed.

import CallEvents
import Columnar

/// An observed call that a record belongs to.
struct HeardCall {
    /// Nil: it is no longer tracked.
    var number: UInt32?
    /// Its number among the recent calls; 0: it is not over.
    var recentNumber: UInt32
    var call: RecentCall
    var isTold: Bool { call.sources.contains(.told) }
}

/// What became of a record with a Call-ID.
enum JoinOutcome {
    /// No observed call has it.
    case unheard
    /// The call's number among the recent ones.
    case joined(UInt32)
    /// The call's record was there already, with another cost; the call's number.
    case rerated(UInt32)
    /// The call's record was there already; the call's number.
    case repeated(UInt32)
    /// It was heard of another customer.
    case otherCustomer
    /// The record's money cannot be booked to this customer.
    case refused(customer: UInt32, MoneyRefusal.Reason, limitMicros: Int64)
}

extension EngineState {
    // MARK: - Records

    /// - Parameters:
    ///   - row: of a key that is not known; it tells no credit note.
    ///   - money: the row's was checked where it says whose it is.
    mutating func join(
        _ row: RecordRow, _ batch: CallRecordBatch, _ money: inout BatchMoney, _ summary: inout IngestSummary
    ) -> JoinOutcome {
        let name = name(batch.details, batch.knownDetail(row.row))
        if name.isEmpty { return .unheard }
        let record = batch.recent(row.row, customer: row.customer, isInbound: row.isInbound, outcomeCodes)
        guard let heard = observedCall(name, record) else { return .unheard }
        let owner = heard.call.customer
        guard row.customer == owner || !row.isCustomers else { return .otherCustomer }
        let place = place(of: heard, name)
        let before = recent.call(place)?.costMicros
        let payment = payment(row, of: heard.call.completed(by: record, outcomes), before: before)
        // Another row of the call (another leg, another attempt): it may bring the cost, or another one.
        if heard.isTold && (payment == nil || row.costMicros == 0) { return .repeated(place) }
        if let payment, let fault = pay(payment, row, batch, money) {
            return .refused(customer: owner, fault.reason, limitMicros: fault.limitMicros)
        }
        let number = complete(heard, by: record, place: place)
        if let payment { file(payment, of: number, row, &money, &summary) }
        return heard.isTold && before != nil ? .rerated(number) : .joined(number)
    }

    /// Where a call stands among the recent ones, or its cost alone; 0: neither does.
    mutating func place(of heard: HeardCall, _ name: CallName) -> UInt32 {
        heard.recentNumber != 0 ? heard.recentNumber : costPlace(name, heard.call) ?? 0
    }

    /// The observed call that a record belongs to: among the calls with its Call-ID the one with the nearest set-up,
    /// answer or end; calls of the same customer and without a record come first.
    /// - Parameter isTimed: only calls whose set-up was observed at its own time.
    mutating func observedCall(
        _ name: CallName, _ record: RecentCall, isTimed: Bool = false
    ) -> HeardCall? {
        var found: [HeardCall] = []
        for number in trackedCalls(name) {
            let call = calls[number]
            guard call.isCustomers, call.setupMicros != 0, !customers.deleted[Int(call.customer)] else { continue }
            if call.isTold {
                guard let (told, _) = recent.call(call.recentNumber) else { continue }
                found.append(HeardCall(number: number, recentNumber: call.recentNumber, call: told))
            } else {
                found.append(HeardCall(number: number, recentNumber: call.recentNumber, call: heard(call)))
            }
        }
        for (number, call) in finishedCalls(name) where !call.sources.isDisjoint(with: [.heard, .accounted]) {
            if found.contains(where: { $0.recentNumber == number }) || customers.deleted[Int(call.customer)] {
                continue
            }
            found.append(HeardCall(number: nil, recentNumber: number, call: call))
        }
        func rank(_ heard: HeardCall) -> (Int, Int, Int, Int64) {
            (
                heard.call.customer == record.customer ? 0 : 1, heard.call.isInbound == record.isInbound ? 0 : 1,
                heard.isTold ? 1 : 0,
                heard.call.distanceMicros(to: record)
            )
        }
        return found.filter {
            $0.call.isInbound == record.isInbound
                && $0.call.distanceMicros(to: record) <= BoardLimits.joinMicros
                && (!isTimed || $0.call.sources.contains(.heard))
        }
        .min { rank($0) < rank($1) }
    }

    /// A tracked call as it was observed.
    func heard(_ call: TrackedCall) -> RecentCall {
        RecentCall(call, outcome: call.contribution(table: outcomes).outcome ?? .answered)
    }

    /// - Parameter place: see `place(of:)`.
    /// - Returns: the call's number among the recent ones.
    @discardableResult
    mutating func complete(_ heard: HeardCall, by record: RecentCall, place: UInt32) -> UInt32 {
        let completed = heard.call.completed(by: record, outcomes)
        guard let number = heard.number else {
            if heard.call.isAnswered && heard.call.endMicros == 0 { timedOut -= 1 }
            if heard.call.sources.contains(.givenUp) { noResponse -= 1 }
            recast(heard.recentNumber, from: heard.call, to: completed)
            return heard.recentNumber
        }
        if heard.isTold {
            recast(heard.recentNumber, from: heard.call, to: completed)
            return heard.recentNumber
        }
        let before = calls[number]
        if before.isLive { countLive(before, -1) }
        return replace(number, from: before, to: completed, place: place)
    }

    /// A tracked call becomes one of which a record tells.
    /// - Parameter place: of the call, its record or its cost among the recent ones; 0: it gets one.
    private mutating func replace(
        _ number: UInt32, from before: TrackedCall, to completed: RecentCall, place: UInt32
    ) -> UInt32 {
        var call = before
        if call.closedMicros != 0 { reopen(&call, wasCustomers: before.isCustomers) }
        call.isTold = true
        recount(completed, from: before.contribution(table: outcomes), to: completed.contribution)
        if place == 0 {
            call.recentNumber = recent.append(completed)
        } else {
            takePlace(place, completed)
            call.recentNumber = place
        }
        calls[number] = call
        noteDetails(number, from: before, to: call)
        if completed.isAnswered && !before.isAnswered {
            let packed = recent.packedDetails(call.recentNumber)
            if !packed.isEmpty { recent.setDetails(call.recentNumber, PackedCallDetails.withoutFailure(packed)) }
        }
        calls.schedule(number, second: nowSecond + BoardLimits.tombstoneSeconds)
        return call.recentNumber
    }

    // MARK: - Events of a call with a record

    /// More was observed of a call with a record. One that is no longer retained cannot be corrected.
    mutating func updateTold(_ number: UInt32, from before: TrackedCall, to call: TrackedCall) {
        if let (old, _) = recent.call(call.recentNumber) {
            recast(call.recentNumber, from: old, to: heard(call).completed(by: old, outcomes))
            if !call.isInbound { noteCall(call.customer, setupMicros: call.setupMicros) }
        }
        calls[number] = call
    }

    /// Looks for the record of a customer's call that was first observed now and has no details yet.
    /// - Returns: whether there is one; the call is then marked as told.
    mutating func joinRecord(_ number: UInt32, _ name: CallName, _ pass: inout EventPass) -> Bool {
        let before = calls[number]
        guard !name.isEmpty, before.isCustomers, before.setupMicros != 0, !before.isTold else { return false }
        let heard = heard(before)
        if before.isSetupTimed { takeAccounts(name, of: before, &pass) }
        let records = finishedCalls(name).filter {
            $0.call.isRecord(for: heard) && $0.call.isInbound == heard.isInbound && $0.call.customer == before.customer
                && $0.call.distanceMicros(to: heard) <= BoardLimits.joinMicros
        }
        let nearest = records.min { $0.call.distanceMicros(to: heard) < $1.call.distanceMicros(to: heard) }
        guard let (place, record) = nearest else { return false }
        let completed = heard.completed(by: record, outcomes)
        // What the record added is part of the joined call.
        recount(record, from: record.contribution, to: Contribution())
        endLive(before, &pass)
        if before.recentNumber != 0 { recent.withdraw(before.recentNumber) }
        _ = replace(number, from: before, to: completed, place: place)
        pass.summary.joined += 1
        return true
    }

    // MARK: - Corrections

    /// Moves the figures from what a call added to what it adds now; its customer and direction stay the same.
    mutating func recount(_ call: RecentCall, from old: Contribution, to new: Contribution) {
        if call.isInbound {
            correctInbound(customer: call.customer, from: old, to: new)
        } else {
            correct(customer: call.customer, from: old, to: new)
        }
    }

    /// A call with an event in this batch is no longer live. Its set-up may not be in the gauges yet (`settle`).
    mutating func endLive(_ call: TrackedCall, _ pass: inout EventPass) {
        guard call.isLive else { return }
        if call.isInbound { countLive(call, -1) } else { pass.endedCustomers.append(call.customer) }
    }

    /// Updates the figures of a finished call, and its entry among the recent ones, to what is known of it now.
    private mutating func recast(_ recentNumber: UInt32, from old: RecentCall, to new: RecentCall) {
        recount(old, from: old.contribution, to: new.contribution)
        moveCost(of: recentNumber, from: old, to: new)
        recent.correct(recentNumber, new)
    }

    /// The cost counts when the call ends.
    mutating func moveCost(of recentNumber: UInt32, from old: RecentCall, to new: RecentCall) {
        guard let micros = recent.call(recentNumber)?.costMicros, micros != 0, old.costSecond != new.costSecond,
            (0...BoardLimits.costMicros).contains(micros)
        else { return }
        timeline.addCost(customer: old.customer, second: old.costSecond, micros: -micros)
        timeline.addCost(customer: new.customer, second: new.costSecond, micros: micros)
    }
}

extension RecentCall {
    /// Whether it comes from a record, or from accounting rows where `heard` was observed with the time of its set-up.
    fileprivate func isRecord(for heard: RecentCall) -> Bool {
        if sources.contains(.heard) || isCostOnly { return false }
        return sources.contains(.accounted) ? heard.sources.contains(.heard) : sources.contains(.told)
    }

    /// The smallest distance between the set-ups, answers or ends of two reports of a call, microseconds: a record
    /// without the set-up has the answer.
    func distanceMicros(to other: RecentCall) -> Int64 {
        var distance = Int64.max
        for (mine, others) in [
            (setupMicros, other.setupMicros), (answerMicros, other.answerMicros), (endMicros, other.endMicros),
        ] where mine != 0 && others != 0 {
            distance = min(distance, Int64(clamping: (mine &- others).magnitude))
        }
        return distance
    }
}
