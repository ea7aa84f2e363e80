// Finished calls, as CDRs and bulk producers give them: all of a call at once. A call with a key is counted once, whatever
// is delivered again.
//
// A batch is worked on in blocks: each of its calls is checked and turned into facts (`RecordBlock`), then the facts of the
// block go to where they belong, kind by kind. Each of these loops does one thing, with what it needs close by.

import CallEvents
import Columnar

extension EngineState {
    mutating func ingest(_ batch: CallRecordBatch, now: Int64) -> IngestSummary {
        if configuration.clock == .wall { moveClock(to: now) }
        var summary = IngestSummary()
        guard batch.hasEqualColumns else {
            summary.invalid = batch.count
            return summary
        }
        let senders = RecordSenders(batch.parties, self)
        let latest = latestAccepted(now: now)
        for first in stride(from: 0, to: batch.count, by: RecordBlock.capacity) {
            let rows = first..<min(first + RecordBlock.capacity, batch.count)
            let block = recordBlock.fill(batch, rows, senders, outcomeCodes)
            // Nearly always: nothing in the block needs to be looked at by itself.
            let isPlain =
                block.isPlain && batch.key.isEmpty && batch.costMicros.isEmpty && block.latestEndMicros <= latest
                && !isLate(block.earliestEndMicros)
            if isPlain {
                if configuration.clock == .events { moveClock(to: block.latestEndMicros) }
            } else {
                sift(batch, rows, latest: latest, senders, &summary)
            }
            summary.applied += recordBlock.count
            file(recordBlock)
        }
        summary.calls = summary.applied
        late += Int64(summary.late)
        future += Int64(summary.future)
        return summary
    }

    /// Leaves in `recordBlock`, which holds these rows, those that count.
    private mutating func sift(
        _ batch: CallRecordBatch, _ rows: Range<Int>, latest: Int64, _ senders: RecordSenders,
        _ summary: inout IngestSummary
    ) {
        var kept: [Int] = []
        for row in rows {
            let index = row - rows.lowerBound
            let party = Int(batch.party[row])
            let key = batch.key.isEmpty ? .none : batch.key[row]
            let costMicros = batch.costMicros.isEmpty ? 0 : batch.costMicros[row]
            guard recordBlock.isRight(index), party < senders.count,
                costMicros.magnitude <= BoardLimits.costMicros.magnitude
            else {
                summary.invalid += 1
                continue
            }
            let call = recordBlock.calls[index]
            guard call.endMicros <= latest else {
                summary.future += 1
                continue
            }
            if isRepeated(key) {
                summary.duplicates += 1
                continue
            }
            if costMicros != 0 && row >= debits.firstRow && call.customer < TrackedCall.otherLeg
                && !debits.take(costMicros, from: call.customer, customers)
            {
                summary.overflowed += 1
                continue
            }
            if configuration.clock == .events { moveClock(to: call.endMicros) }
            if key != .none { _ = seen.insert(key) }
            guard call.customer < TrackedCall.otherLeg else {
                unattributed.count(batch.parties[party], micros: call.setupMicros)
                summary.unattributed += 1
                continue
            }
            if isLate(call.endMicros) { summary.late += 1 }
            kept.append(index)
            if costMicros != 0 {
                timeline.addCost(
                    customer: call.customer, second: recordBlock.endSeconds[index], micros: costMicros)
            }
        }
        recordBlock.keep(kept)
    }

    /// Adds the calls of a block to the figures.
    private mutating func file(_ block: RecordBlock) {
        timeline.add(block.setups, seconds: block.setupSeconds)
        timeline.add(block.outcomes, seconds: block.outcomeSeconds)
        timeline.add(block.ends, seconds: block.endSeconds)
        customers.lastCallMicros.raise(block.customers, to: block.setupMicros)
        recent.append(block.calls)
    }

    private func isRepeated(_ key: CallKey) -> Bool {
        key != .none && (seen.contains(key) || calls.find(key) != nil)
    }
}

/// What a batch needs of its parties, so that a call does not look at their columns.
struct RecordSenders {
    // One element a party, and one more for those who point to no party:
    /// The row, or `TrackedCall.unattributed`.
    private(set) var customers: [UInt32] = []
    /// An answered call of at most this length is a short one.
    private(set) var shortMilliseconds: [Int32] = []

    /// Parties.
    let count: Int

    init(_ parties: PartyList, _ engine: borrowing EngineState) {
        count = parties.count
        customers.reserveCapacity(count + 1)
        shortMilliseconds.reserveCapacity(count + 1)
        for (index, id) in parties.customerIDs.enumerated() {
            let row =
                id == 0
                ? engine.resolve(parties[index], relayed: false)
                : engine.customers.row(id: id).map(UInt32.init) ?? TrackedCall.unattributed
            // A record is of a customer's leg: there is no other leg to take it for.
            let isCustomer = row < TrackedCall.otherLeg
            customers.append(isCustomer ? row : TrackedCall.unattributed)
            shortMilliseconds.append(
                isCustomer ? Int32(clamping: engine.shortCallMilliseconds(row: Int(row))) : 0)
        }
        customers.append(TrackedCall.unattributed)
        shortMilliseconds.append(0)
    }
}

extension CallRecordBatch {
    /// Every column has one element a call; those of costs and keys may be empty.
    fileprivate var hasEqualColumns: Bool {
        let count = count
        return setupMicros.count == count && ringMilliseconds.count == count && answerMilliseconds.count == count
            && endMilliseconds.count == count && talkMilliseconds.count == count && code.count == count
            && q850.count == count && (costMicros.isEmpty || costMicros.count == count)
            && (key.isEmpty || key.count == count)
    }
}
