// What a batch of events has in common, and its memory: the calls of many events are asked for together, before the first
// of them is looked at.

import CallEvents
import Columnar

extension EngineState {
    /// What a batch needs of one of its parties.
    struct EventParty {
        /// His row by what was known when the batch began, or `TrackedCall.unattributed`, or `.otherLeg`.
        var customer: UInt32
        /// Nothing can be learnt from him about our own switches, or it was learnt.
        var isLearnt: Bool
    }

    @inline(__always)
    func eventParty(_ batch: CallEventBatch, _ party: Int) -> EventParty {
        // Producers that know their customers: no need to look at the rest of him.
        let id = batch.parties[party].customerID
        if id != 0, let row = customers.row(id: id) {
            return EventParty(customer: UInt32(row), isLearnt: batch.parties[party].destination == nil)
        }
        return EventParty(customer: resolve(batch.parties[party], relayed: false), isLearnt: false)
    }

    /// Whose a set-up is. `index` is that of a set-up whose party is one of the batch.
    @inline(__always)
    mutating func customer(ofSetup index: Int, _ batch: CallEventBatch, _ parties: inout [EventParty]) -> UInt32 {
        let party = Int(batch.party[index])
        var customer = parties[party].customer
        // A party that was nobody's when the batch began may be a switch by now.
        if customer == TrackedCall.unattributed || batch.relayed[index] {
            customer = resolve(batch.parties[party], relayed: batch.relayed[index])
        }
        if customer != TrackedCall.unattributed && !parties[party].isLearnt {
            parties[party].isLearnt = true
            learnSwitches(batch.parties[party], customer: customer)
        }
        return customer
    }
}

// MARK: - Asking for memory in advance

extension EngineState {
    /// Work on blocks is done in three steps, each a block behind the one before: so many blocks, and two more.
    static func steps(_ count: Int) -> Int {
        count == 0 ? 0 : (count - 1) / BoardLimits.eventsAtATime + 3
    }

    /// The indices of a block, of `count` in all; none of a block before the first or behind the last.
    static func block(_ number: Int, of count: Int) -> Range<Int> {
        let first = max(0, number * BoardLimits.eventsAtATime)
        let end = max(0, (number + 1) * BoardLimits.eventsAtATime)
        return min(first, count)..<min(end, count)
    }

    /// Asks for where the index has the calls of some events.
    @inline(__always)
    func prefetchPlaces(_ batch: CallEventBatch, _ indices: Range<Int>) {
        for index in indices {
            calls.prefetchIndex(batch.key[index])
            // A call that is not tracked may have been counted long ago.
            if batch.kind[index] == .setup { seen.prefetch(batch.key[index]) }
        }
    }

    /// Asks for the calls themselves, when their places have come.
    @inline(__always)
    func prefetchCalls(_ batch: CallEventBatch, _ indices: Range<Int>) {
        for index in indices { _ = calls.prefetchCall(batch.key[index]) }
    }
}

extension CallEventBatch {
    /// Every column has one element an event.
    var hasEqualColumns: Bool {
        let count = count
        return key.count == count && timeMicros.count == count && party.count == count && sequence.count == count
            && code.count == count && q850.count == count && relayed.count == count
    }
}
