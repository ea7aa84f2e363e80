// What a batch of events has in common, and its memory: the calls of many events are prefetched together before the
// first of them is processed.

import CallEvents
import Columnar

/// What the events of a batch share, and what they add up to.
struct EventPass {
    /// What a batch needs to know of one of its parties.
    struct Sender {
        /// The customer's row as known when the batch began, or `TrackedCall.unattributed`, or `.otherLeg`.
        var customer: UInt32
        /// Nothing can be learnt from the party about our own switches, or it was learnt already.
        var isLearnt: Bool
        /// The party is known by credentials that the switch may refuse.
        var hasCredentials = false
        /// Bytes of the tech prefix that identifies the customer.
        var prefixBytes: UInt16 = 0
        /// Calls that the party began in this batch, and their newest set-up.
        var begun: Int32 = 0
        var newestSetupMicros: Int64 = 0
    }

    var summary = IngestSummary()
    var senders: [Sender]
    /// One customer's row per call that ended in order.
    var endedCustomers: [UInt32] = []
    /// The calls of a dialog, while one of its events is processed.
    var dialogCalls: [UInt32] = []
    /// The numbers that the index gave for the keys of this block of events and of the next two, when their lines were
    /// prefetched; four blocks, a power of two, so that a position is found by a mask.
    fileprivate var numbers = [UInt32](repeating: .max, count: 4 * BoardLimits.eventsAtATime)

    @inline(__always)
    fileprivate static func place(_ index: Int) -> Int { index & (4 * BoardLimits.eventsAtATime - 1) }

    /// The number of the call that an event belongs to.
    @inline(__always)
    func number(of key: CallKey, _ index: Int, _ calls: CallTable) -> UInt32? {
        let number = numbers[EventPass.place(index)]
        // It may be another call's with the same hash, or the call may have been added or removed since.
        return number != .max && calls.line(number).pointee.key == key ? number : calls.find(key)
    }

    @inline(__always)
    mutating func began(_ sender: Int, setupMicros: Int64) {
        senders[sender].begun += 1
        senders[sender].newestSetupMicros = max(senders[sender].newestSetupMicros, setupMicros)
    }
}

extension EngineState {
    /// - Parameter batch: with columns of equal length.
    func pass(_ batch: CallEventBatch) -> EventPass {
        var pass = EventPass(senders: batch.parties.indices.map { sender(batch, party: $0) })
        pass.endedCustomers.reserveCapacity(batch.count)
        return pass
    }

    @inline(__always)
    private func sender(_ batch: CallEventBatch, party: Int) -> EventPass.Sender {
        // Producers that know their customers: the rest of the party need not be read.
        if batch.parties.direction(party) != .outbound {
            // Attributed with the set-up itself: see `attributeInbound`.
            return EventPass.Sender(customer: TrackedCall.otherLeg, isLearnt: true)
        }
        let id = batch.parties.customerIDs[party]
        if id != 0, let row = customers.row(id: id) {
            let isLearnt = batch.parties.hasOnlyIDs || batch.parties[party].destination == nil
            return EventPass.Sender(customer: UInt32(row), isLearnt: isLearnt)
        }
        let party = batch.parties[party]
        let match = resolve(party, relayed: false)
        return EventPass.Sender(
            customer: match.row, isLearnt: false, hasCredentials: party.userProof == .credentials,
            prefixBytes: match.prefixBytes)
    }

    /// Brings the customers' gauges up to the observed events.
    mutating func settle(_ pass: EventPass) {
        let ahead = BoardLimits.eventsAtATime
        for (index, sender) in pass.senders.enumerated() {
            if index + ahead < pass.senders.count {
                prefetchGauges(pass.senders[index + ahead].customer, withSetup: true)
            }
            guard sender.begun != 0 else { continue }
            activeCalls += Int(sender.begun)
            customers.changeActive(Int(sender.customer), by: sender.begun)
            noteCall(sender.customer, setupMicros: sender.newestSetupMicros)
        }
        activeCalls -= pass.endedCustomers.count
        for (index, customer) in pass.endedCustomers.enumerated() {
            if index + ahead < pass.endedCustomers.count {
                prefetchGauges(pass.endedCustomers[index + ahead], withSetup: false)
            }
            customers.changeActive(Int(customer), by: -1)
        }
        late += Int64(pass.summary.late)
        future += Int64(pass.summary.future)
    }

    /// The customer of a set-up. `index` is that of a set-up whose party is one of the batch.
    @inline(__always)
    mutating func customer(ofSetup index: Int, _ batch: CallEventBatch, _ pass: inout EventPass) -> UInt32 {
        let party = Int(batch.party[index])
        var customer = pass.senders[party].customer
        // A party that was unattributed when the batch began may be a switch by now.
        if customer == TrackedCall.unattributed || batch.relayed[index] {
            let match = resolve(batch.parties[party], relayed: batch.relayed[index])
            customer = match.row
            pass.senders[party].prefixBytes = match.prefixBytes
        }
        if customer != TrackedCall.unattributed && !pass.senders[party].isLearnt {
            pass.senders[party].isLearnt = true
            learnSwitches(batch.parties[party], customer: customer)
        }
        return customer
    }
}

// MARK: - Prefetching

extension EngineState {
    /// Work on blocks is done in stages, each one block behind the stage before: one step per block of `count` events,
    /// and one less than there are stages more.
    static func steps(_ count: Int, stages: Int = 3) -> Int {
        count == 0 ? 0 : (count - 1) / BoardLimits.eventsAtATime + stages
    }

    /// The indices of a block, of `count` in all; empty for a block before the first or after the last.
    static func block(_ number: Int, of count: Int) -> Range<Int> {
        let first = max(0, number * BoardLimits.eventsAtATime)
        let end = max(0, (number + 1) * BoardLimits.eventsAtATime)
        return min(first, count)..<min(end, count)
    }

    @inline(__always)
    private func prefetchGauges(_ customer: UInt32, withSetup: Bool) {
        guard customer < TrackedCall.otherLeg else { return }
        customers.active.prefetch(row: Int(customer))
        if withSetup { customers.lastCallMicros.prefetch(row: Int(customer)) }
    }

    /// Prefetches where the index has the calls of some events.
    @inline(__always)
    func prefetchPlaces(_ batch: CallEventBatch, _ indices: Range<Int>) {
        for index in indices {
            calls.prefetchIndex(batch.key[index])
            // A call that is not tracked may have been counted long ago.
            if batch.transaction.isEmpty {
                if batch.kind[index] == .setup { seen.prefetch(batch.key[index]) }
            } else {
                prefetchTransaction(batch, index)
            }
        }
    }

    /// Prefetches where a call that is not tracked would be remembered, and the calls of a dialog.
    @inline(__always)
    private func prefetchTransaction(_ batch: CallEventBatch, _ index: Int) {
        let transaction = batch.transaction[index]
        switch batch.kind[index] {
        case .setup:
            let (key, micros) = (batch.key[index], batch.timeMicros[index])
            seen.prefetch(key.instance(branch: transaction.branch, micros: micros))
            seen.prefetch(key.instance(branch: transaction.branch, micros: micros, stepsBefore: 1))
        case .answer, .end:
            guard transaction.dialog != .none else { return }
            calls.dialogs.prefetch(transaction.dialog)
            if batch.kind[index] == .answer { calls.prefetchIndex(transaction.dialog) }
        default: break
        }
    }

    /// Prefetches the calls themselves, when their numbers are in the cache.
    @inline(__always)
    func prefetchCalls(_ batch: CallEventBatch, _ indices: Range<Int>, _ pass: inout EventPass) {
        for index in indices {
            pass.numbers[EventPass.place(index)] = calls.prefetchCall(batch.key[index]) ?? .max
        }
        if batch.transaction.isEmpty { return }
        for index in indices {
            let number = pass.numbers[EventPass.place(index)]
            if number != .max { calls.prefetchTrace(number) }
            if batch.kind[index] == .end { calls.dialogs.prefetchEntry(batch.transaction[index].dialog) }
        }
    }

    /// Prefetches the calls that events end: those of a dialog, and their details. For batches with transactions.
    @inline(__always)
    func prefetchEnds(_ batch: CallEventBatch, _ indices: Range<Int>, _ pass: borrowing EventPass) {
        for index in indices {
            switch batch.kind[index] {
            case .end:
                guard let number = calls.dialogs.candidate(batch.transaction[index].dialog) else { continue }
                calls.prefetchCall(number: number)
                calls.prefetchTrace(number)
                if !details.isEmpty { details.prefetch(number) }
            case .failure:
                let number = pass.numbers[EventPass.place(index)]
                if number != .max && !details.isEmpty { details.prefetch(number) }
            default: break
            }
        }
    }
}

extension CallEventBatch {
    /// Every column has one element per event.
    var hasEqualColumns: Bool {
        let count = count
        return key.count == count && timeMicros.count == count && party.count == count && sequence.count == count
            && code.count == count && q850.count == count && relayed.count == count
            && (transaction.isEmpty || transaction.count == count)
            && detail.count <= count
    }
}
