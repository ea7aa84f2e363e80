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
        let batch =
            senders.prefixes.isEmpty || batch.detail.isEmpty ? batch : batch.withoutTechPrefixes(senders.prefixes)
        let latest = latestAccepted(now: now)
        // Nearly always no call needs to be looked at by itself, and the batch is remembered as a whole.
        var isPlain = true
        for first in stride(from: 0, to: batch.count, by: RecordBlock.capacity) {
            let rows = first..<min(first + RecordBlock.capacity, batch.count)
            let block = recordBlock.fill(batch, rows, senders, outcomeCodes)
            let isPlainBlock =
                block.isPlain && batch.key.isEmpty && batch.costMicros.isEmpty && block.latestEndMicros <= latest
                && !isLate(block.earliestSetupMicros) && senders.told.isEmpty
            if isPlainBlock {
                if configuration.clock == .events { moveClock(to: block.latestEndMicros) }
                if !isPlain { recent.append(batch, rows, customers: senders.customers) }
                file(recordBlock)
            } else {
                if isPlain { recent.append(batch, 0..<first, customers: senders.customers) }
                isPlain = false
                let kept = sift(batch, rows, latest: latest, senders, &summary)
                recent.append(batch, kept, customers: senders.customers, told: senders.told)
                file(recordBlock)
            }
            summary.applied += recordBlock.count
        }
        if isPlain { recent.append(batch, customers: senders.customers) }
        summary.calls = summary.applied
        late += Int64(summary.late)
        future += Int64(summary.future)
        return summary
    }

    /// Leaves in `recordBlock`, which holds these rows, those that count as calls of who sends them, adds calls to customers to
    /// the figures, and returns the rows of both.
    private mutating func sift(
        _ batch: CallRecordBatch, _ rows: Range<Int>, latest: Int64, _ senders: RecordSenders,
        _ summary: inout IngestSummary
    ) -> [Int] {
        var kept: [Int] = []
        var taken: [Int] = []
        for row in rows {
            let index = row - rows.lowerBound
            let party = Int(batch.party[row])
            let key = batch.key.isEmpty ? .none : batch.key[row]
            let told = senders.told.isEmpty ? nil : senders.told[party]
            let hasCost = !batch.costMicros.isEmpty && told?.isOthersCost != true
            let costMicros = hasCost ? batch.costMicros[row] : 0
            let record = batch.record(row)
            guard record.isRight, party < senders.count,
                costMicros.magnitude <= BoardLimits.costMicros.magnitude
            else {
                summary.invalid += 1
                continue
            }
            guard record.endMicros <= latest else {
                summary.countFuture(row)
                continue
            }
            if told?.customer == TrackedCall.otherLeg {
                summary.ignored += 1
                continue
            }
            if isRepeated(key) {
                summary.duplicates += 1
                continue
            }
            let customer = senders.customers[party]
            if costMicros != 0 && row >= debits.firstRow && customer < TrackedCall.otherLeg
                && !debits.take(costMicros, from: customer, customers)
            {
                summary.overflowed += 1
                continue
            }
            if configuration.clock == .events { moveClock(to: record.endMicros) }
            if key != .none { _ = seen.insert(key) }
            guard customer < TrackedCall.otherLeg else {
                unattributed.count(batch.parties[party], micros: record.setupMicros)
                summary.countUnattributed(row)
                continue
            }
            if isLate(record.endMicros) { summary.countLate(row) }
            taken.append(row)
            if told?.isInbound == true {
                let failed = outcomeCodes.outcome(code: record.code, q850: record.q850, rang: record.rang)
                fileInbound(record, customer: customer, outcome: record.isAnswered ? .answered : failed)
                summary.applied += 1
            } else {
                kept.append(index)
            }
            if costMicros != 0 {
                timeline.addCost(customer: customer, second: record.endSecond, micros: costMicros)
            }
        }
        recordBlock.keep(kept)
        return taken
    }

    /// Adds the calls of a block to the figures.
    private mutating func file(_ block: RecordBlock) {
        guard let seconds = block.seconds else { return }
        timeline.add(block.setups, seconds: block.setupSeconds, in: seconds)
        timeline.add(block.outcomes, seconds: block.outcomeSeconds, in: seconds)
        timeline.add(block.ends, seconds: block.endSeconds, in: seconds)
        customers.lastCallMicros.raise(block.customers, to: block.setupMicros)
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
    /// The tech prefixes of parties by which their customers are told.
    private(set) var prefixes: [Int: [UInt8]] = [:]
    /// Of those who tell the direction of their calls, by party; nearly always empty.
    private(set) var told: [Int: ToldCall] = [:]

    /// Parties.
    let count: Int

    init(_ parties: PartyList, _ engine: borrowing EngineState) {
        count = parties.count
        let known = UInt32(engine.customers.count)
        customers.reserveCapacity(count + 1)
        let areAllThere = engine.customers.deletedCount == 0
        for (index, id) in parties.customerIDs.enumerated() {
            // The row of a customer is below his id by one; id 0 comes out above all.
            let isThere = id &- 1 < known && (areAllThere || !engine.customers.deleted[Int(id &- 1)])
            customers.append(isThere ? id &- 1 : row(parties, index, engine))
        }
        customers.append(TrackedCall.unattributed)
        if !parties.hasOnlyIDs { takeDirections(parties, engine) }
        shortMilliseconds = RecordSenders.shortMilliseconds(customers, engine)
        // For `file`, some thousand calls later.
        customers.withUnsafeBufferPointer { engine.customers.lastCallMicros.prefetch(rows: $0) }
    }

    private mutating func takeDirections(_ parties: PartyList, _ engine: borrowing EngineState) {
        for (index, party) in parties.enumerated() where party.direction != .outbound {
            let call = engine.customer(told: party)
            told[index] = call
            customers[index] = call.customer
        }
    }

    /// Of a party that is no customer's id, or one of a deleted customer.
    @inline(never)
    private mutating func row(_ parties: PartyList, _ index: Int, _ engine: borrowing EngineState) -> UInt32 {
        if parties.customerIDs[index] != 0 { return TrackedCall.unattributed }
        let match = engine.resolve(parties[index], relayed: false)
        let row = match.row
        if match.prefixBytes > 0 { prefixes[index] = parties[index].calledStart(match.prefixBytes) }
        // A record is of a customer's leg: there is no other leg to take it for.
        return row < TrackedCall.otherLeg ? row : TrackedCall.unattributed
    }

    private static func shortMilliseconds(_ customers: [UInt32], _ engine: borrowing EngineState) -> [Int32] {
        // Hardly anybody has a limit of his own.
        if engine.customers.shortCallSeconds.isZero {
            return Array(repeating: EngineState.defaultShortMilliseconds, count: customers.count)
        }
        return customers.map { row in
            row < TrackedCall.otherLeg ? Int32(clamping: engine.shortCallMilliseconds(row: Int(row))) : 0
        }
    }
}

extension CallRecordBatch {
    /// Every column has one element a call; those of costs and keys may be empty.
    fileprivate var hasEqualColumns: Bool {
        let count = count
        return setupMicros.count == count && ringMilliseconds.count == count && answerMilliseconds.count == count
            && endMilliseconds.count == count && talkMilliseconds.count == count && code.count == count
            && q850.count == count && (costMicros.isEmpty || costMicros.count == count)
            && (key.isEmpty || key.count == count) && detail.count <= count
    }
}
