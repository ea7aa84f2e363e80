// Costs that are told again, and costs that are told alone.
//
// A record is known again by its key, which leads to its finished call (`SeenCalls.number`), or by the Call-ID of a
// call that another source told of. As long as the call is kept its cost is known, too, and another one is a
// difference: it is booked once, for then the call has the new cost. Of a call that is kept no longer the key alone may
// be known, and a record of it is a repetition.
//
// A cost that is told alone is given to its call. Where that is not known, or not over, it stands among the finished
// calls as a cost without a call (`RecentSources.costOnly`), and the call takes its place, and so its number, when it
// comes.

import CallEvents
import Columnar

/// What is known of a record's row that is right, beside its columns.
struct RecordRow {
    let row: Int
    let record: FinishedRecord
    /// Whose the row says that it is, or `TrackedCall.unattributed`.
    let customer: UInt32
    /// The row says that the call came to the customer.
    let isInbound: Bool
    /// 10^-6 of the customer's currency; nil: none is told, or another customer pays it.
    let costMicros: Int64?
    /// The cost was not taken from a credit before.
    let takesCost: Bool
    let key: CallKey

    var isCustomers: Bool { customer < TrackedCall.otherLeg }
}

/// A cost that a row tells of a finished call.
struct CallPayment {
    /// Whose call it is.
    let customer: UInt32
    /// Nil: none was told before.
    let before: Int64?
    let after: Int64

    /// Both are costs of calls, so this is a number.
    var differenceMicros: Int64 { after - (before ?? 0) }
}

extension EngineState {
    /// What a row's cost changes of a call's; nil: nothing.
    func payment(_ row: RecordRow, of call: RecentCall, before: Int64?) -> CallPayment? {
        guard let after = row.costMicros, after != before, (0...BoardLimits.costMicros).contains(after),
            (0...BoardLimits.costMicros).contains(before ?? 0)
        else { return nil }
        // A row of an attempt that failed says nothing of what the call cost.
        if after == 0 && (before == nil || row.record.isAnswered != call.isAnswered) { return nil }
        return CallPayment(customer: call.customer, before: before, after: after)
    }

    /// Takes a payment from the credit.
    /// - Returns: why that cannot be; nil: it is done.
    mutating func pay(
        _ payment: CallPayment, _ row: RecordRow, _ batch: CallRecordBatch, _ money: BatchMoney
    ) -> (reason: MoneyRefusal.Reason, limitMicros: Int64)? {
        // The row of a customer was checked before.
        let code = customers.currencies.codes[Int(payment.customer)]
        if !row.isCustomers, let fault = money.fault(batch, row.row, code: code, micros: payment.after) { return fault }
        if payment.differenceMicros != 0 && row.takesCost
            && !debits.take(payment.differenceMicros, from: payment.customer, customers)
        {
            return (.overflow, 0)
        }
        return nil
    }

    /// Enters a cost that is paid: of the finished call, in the windows and in the sums of money.
    mutating func file(
        _ payment: CallPayment, of number: UInt32, _ row: RecordRow, _ money: inout BatchMoney,
        _ summary: inout IngestSummary
    ) {
        guard let (call, _) = recent.call(number) else { return }
        // Two facts, for each is an amount that a cost may have.
        for micros in [-(payment.before ?? 0), payment.after] where micros != 0 {
            timeline.addCost(customer: call.customer, second: call.costSecond, micros: micros)
        }
        recent.setCost(number, payment.after)
        let customer = payment.customer
        guard let before = payment.before else {
            if payment.after != 0 { money.book(payment.after, code: customers.currencies.codes[Int(customer)]) }
            return
        }
        summary.rerated += 1
        self.money.correct(
            by: payment.differenceMicros, row: customer, currency: customers.currencies[Int(customer)], now: nowMicros)
        if row.takesCost {
            let callID = CallName(recent.packedDetails(number)[...]).callID
            debits.noteRerated(number, row: customer, from: before, to: payment.after, callID: callID)
        }
    }

    // MARK: - A known key

    /// A record comes again: what it costs may be new.
    mutating func tellAgain(
        _ row: RecordRow, _ batch: CallRecordBatch, _ money: inout BatchMoney, _ summary: inout IngestSummary
    ) {
        let number = seen.number(row.key)
        guard number != 0, let (call, before) = recent.call(number), !customers.deleted[Int(call.customer)] else {
            summary.duplicates += 1
            return
        }
        if call.isCostOnly && !batch.isCostsOnly {
            fill(number, row, batch, &money, &summary)
        } else {
            retell(number, call, before, row, batch, &money, &summary)
        }
    }

    /// Whether nothing but the cost was told under the key of a row that tells all.
    func isCostKnownAlone(_ row: RecordRow, _ batch: CallRecordBatch) -> Bool {
        guard !batch.isCostsOnly, !batch.detail.isEmpty, row.costMicros ?? 0 >= 0,
            let (call, _) = recent.call(seen.number(row.key))
        else { return false }
        return call.isCostOnly || !call.sources.contains(.told)
    }

    /// A row of a finished call that is counted.
    private mutating func retell(
        _ number: UInt32, _ call: RecentCall, _ before: Int64?, _ row: RecordRow, _ batch: CallRecordBatch,
        _ money: inout BatchMoney, _ summary: inout IngestSummary
    ) {
        guard let payment = payment(row, of: call, before: before) else {
            summary.duplicates += 1
            return
        }
        guard !row.isCustomers || row.customer == call.customer else { return summary.countOtherCustomer(row.row) }
        if let fault = pay(payment, row, batch, money) {
            return refuse(batch, row.row, customer: call.customer, fault, &summary)
        }
        file(payment, of: number, row, &money, &summary)
        summary.applied += 1
        if payment.before == nil { summary.joined += 1 }
        if isLate(row.record.endMicros) { summary.countLate(row.row) }
    }

    // MARK: - Costs alone

    /// Takes a row's cost and nothing else; its key is not known.
    mutating func takeCost(
        _ row: RecordRow, _ batch: CallRecordBatch, _ money: inout BatchMoney, _ summary: inout IngestSummary
    ) {
        if configuration.clock == .events { moveClock(to: row.record.endMicros) }
        let told = batch.recent(row.row, customer: row.customer, isInbound: row.isInbound, outcomeCodes)
        let name = name(batch.details, batch.knownDetail(row.row))
        let heard = name.isEmpty ? nil : observedCall(name, told) ?? toldCall(name, told)
        if let heard {
            guard !row.isCustomers || row.customer == heard.call.customer else {
                return summary.countOtherCustomer(row.row)
            }
            // Of a call that is not over a cost may wait already.
            let place = place(of: heard, name)
            if let (call, before) = recent.call(place) {
                let refused = summary.refused
                retell(place, call, before, row, batch, &money, &summary)
                if summary.refused == refused && row.key != .none { seen.insert(row.key, number: place) }
                return
            }
        }
        setAside(row, told, of: heard?.call.customer ?? row.customer, batch, &money, &summary)
    }

    /// A cost waits for its call.
    /// - Parameter customer: who pays it.
    private mutating func setAside(
        _ row: RecordRow, _ told: RecentCall, of customer: UInt32, _ batch: CallRecordBatch, _ money: inout BatchMoney,
        _ summary: inout IngestSummary
    ) {
        guard let cost = row.costMicros, cost > 0 else {
            summary.ignored += 1
            return
        }
        guard customer < TrackedCall.otherLeg else {
            // It may be fed again when its customer is there.
            unattributed.count(batch.parties[Int(batch.party[row.row])], micros: row.record.setupMicros)
            return summary.countUnattributed(row.row)
        }
        let payment = CallPayment(customer: customer, before: nil, after: cost)
        if let fault = pay(payment, row, batch, money) {
            return refuse(batch, row.row, customer: customer, fault, &summary)
        }
        var call = told
        call.customer = customer
        call.sources.insert(.costOnly)
        let number = recent.append(batch, row.row, call, costMicros: nil)
        file(payment, of: number, row, &money, &summary)
        if row.key != .none { seen.insert(row.key, number: number) }
        summary.applied += 1
        summary.costs += 1
        if isLate(row.record.endMicros) { summary.countLate(row.row) }
    }

    /// The call that a record told of, or a cost without its call, by its Call-ID.
    private mutating func toldCall(_ name: CallName, _ told: RecentCall) -> HeardCall? {
        nearest(to: told, of: finishedCalls(name)) { $0.sources.contains(.told) }
            .map { HeardCall(number: nil, recentNumber: $0.number, call: $0.call) }
    }

    /// Of some calls in the same direction the one that is nearest in time; one of the same customer before all others.
    private func nearest(
        to told: RecentCall, of calls: [(number: UInt32, call: RecentCall)], where isWanted: (RecentCall) -> Bool
    ) -> (number: UInt32, call: RecentCall)? {
        func rank(_ call: RecentCall) -> (Int, Int64) {
            (call.customer == told.customer ? 0 : 1, call.distanceMicros(to: told))
        }
        return calls.filter {
            isWanted($0.call) && $0.call.isInbound == told.isInbound && !customers.deleted[Int($0.call.customer)]
                && $0.call.distanceMicros(to: told) <= BoardLimits.joinMicros
        }
        .min { rank($0.call) < rank($1.call) }
    }

    // MARK: - A call comes whose cost was told

    /// Where a customer's cost without its call waits for this call; nil: there is none.
    mutating func costPlace(_ name: CallName, _ call: RecentCall) -> UInt32? {
        guard takesCostsOnly, callIDs.isWanted, !name.isEmpty else { return nil }
        return nearest(to: call, of: finishedCalls(name)) { $0.isCostOnly && $0.customer == call.customer }?.number
    }

    /// A row that tells all of a call takes the place of its cost.
    /// - Parameter number: of the cost.
    mutating func fill(
        _ number: UInt32, _ row: RecordRow, _ batch: CallRecordBatch, _ money: inout BatchMoney,
        _ summary: inout IngestSummary
    ) {
        guard let (cost, before) = recent.call(number) else { return }
        guard !row.isCustomers || row.customer == cost.customer else { return summary.countOtherCustomer(row.row) }
        let call = batch.recent(row.row, customer: cost.customer, isInbound: cost.isInbound, outcomeCodes)
        let payment = payment(row, of: call, before: before)
        if let payment, let fault = pay(payment, row, batch, money) {
            return refuse(batch, row.row, customer: call.customer, fault, &summary)
        }
        if configuration.clock == .events { moveClock(to: row.record.endMicros) }
        recount(call, from: Contribution(), to: call.contribution)
        if !call.isInbound { noteCall(call.customer, setupMicros: call.setupMicros) }
        takePlace(number, call)
        if let detail = batch.knownDetail(row.row) {
            recent.setDetails(number, batch.details.bytes[batch.details.range(detail)])
            if callIDs.isWanted { enterFinishedCall(number) }
        }
        if row.key != .none { seen.insert(row.key, number: number) }
        if let payment { file(payment, of: number, row, &money, &summary) }
        summary.calls += 1
        summary.applied += 1
        if isLate(row.record.endMicros) { summary.countLate(row.row) }
    }

    /// A call stands where its cost stood, or what was known of it.
    mutating func takePlace(_ number: UInt32, _ call: RecentCall) {
        guard let (cost, _) = recent.call(number) else { return }
        moveCost(of: number, from: cost, to: call)
        recent.correct(number, call)
    }

    /// A tracked call is over, and its details are among the finished ones: its cost may be there already.
    mutating func takeCostBeside(_ number: UInt32) {
        let own = calls.line(number).pointee.recentNumber
        guard takesCostsOnly, let (call, before) = recent.call(own), before == nil else { return }
        let packed = recent.packedDetails(own)
        guard let place = costPlace(CallName(packed[...]), call) else { return }
        takePlace(place, call)
        recent.setDetails(place, packed)
        enterFinishedCall(place)
        recent.withdraw(own)
        calls.line(number).pointee.recentNumber = place
    }

    /// A call is not over after all, or not its customer's: its cost waits again.
    mutating func withdraw(_ number: UInt32) {
        guard takesCostsOnly, let (call, cost) = recent.call(number), cost != nil else {
            return recent.withdraw(number)
        }
        var waiting = call
        waiting.sources = [.told, .costOnly]
        recent.correct(number, waiting)
        moveCost(of: number, from: call, to: waiting)
    }
}
