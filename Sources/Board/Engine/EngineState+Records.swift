// Finished calls from CDRs and bulk producers: all of a call at once. A call with a key counts once, however often
// delivered.
//
// A batch is processed in blocks: each call is checked and turned into facts (`RecordBlock`), then the facts of the
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
        var money = BatchMoney(batch, senders, self)
        let latest = latestAccepted(now: now)
        // Rows with keys or costs, or that may be of a call that was heard, are looked at by themselves.
        let isBare = batch.key.isEmpty && money.isNone && batch.detail.isEmpty && !batch.isCostsOnly
        if !batch.detail.isEmpty { wantCallIDs() }
        if batch.isCostsOnly { takesCostsOnly = true }
        // Nearly always no call needs to be looked at by itself, and the batch is remembered as a whole.
        var isPlain = true
        for first in stride(from: 0, to: batch.count, by: RecordBlock.capacity) {
            let rows = first..<min(first + RecordBlock.capacity, batch.count)
            let block = recordBlock.fill(batch, rows, senders, outcomeCodes)
            let isPlainBlock =
                isBare && block.isPlain && block.latestEndMicros <= latest && !isLate(block.earliestSetupMicros)
                && senders.told.isEmpty
            if isPlainBlock {
                if configuration.clock == .events { moveClock(to: block.latestEndMicros) }
                if !isPlain { recent.append(batch, rows, customers: senders.customers) }
                file(recordBlock)
            } else {
                if isPlain { recent.append(batch, 0..<first, customers: senders.customers) }
                isPlain = false
                sift(batch, rows, latest: latest, senders, &money, &summary)
                file(recordBlock)
            }
            summary.applied += recordBlock.count
            summary.calls += recordBlock.count
        }
        if isPlain { recent.append(batch, customers: senders.customers) }
        if !money.isNone { noteBooked(&money) }
        late += Int64(summary.late)
        future += Int64(summary.future)
        return summary
    }

    /// Leaves in `recordBlock`, which holds these rows, those that count as calls of who sends them, adds calls to
    /// customers to the figures, and remembers both.
    private mutating func sift(
        _ batch: CallRecordBatch, _ rows: Range<Int>, latest: Int64, _ senders: RecordSenders,
        _ money: inout BatchMoney, _ summary: inout IngestSummary
    ) {
        var kept: [Int] = []
        for index in rows {
            let party = Int(batch.party[index])
            let told = senders.told.isEmpty ? nil : senders.told[party]
            let record = batch.record(index)
            guard record.isRight, party < senders.count else {
                summary.invalid += 1
                continue
            }
            guard record.endMicros <= latest else {
                summary.countFuture(index)
                continue
            }
            let cost = batch.cost(index)
            if told?.customer == TrackedCall.otherLeg || told?.isOthersCost == true && (cost ?? 0) < 0 {
                summary.ignored += 1
                continue
            }
            // The row's customer is not charged a cost that another one pays.
            let row = RecordRow(
                row: index, record: record, customer: senders.customers[party], isInbound: told?.isInbound ?? false,
                costMicros: told?.isOthersCost == true ? nil : cost, takesCost: index >= debits.firstRow,
                key: batch.key.isEmpty ? .none : batch.key[index])
            if !money.isNone, row.isCustomers, told?.isOthersCost != true {
                if let fault = money.fault(batch, index, party: party, micros: cost ?? 0) {
                    refuse(batch, index, customer: row.customer, fault, &summary)
                    continue
                }
                if let cost, cost < 0 {
                    fileCredit(batch, index, customer: row.customer, micros: cost, &summary)
                    continue
                }
            }
            if isCounted(row, batch, &money, &summary) { kept.append(index - rows.lowerBound) }
        }
        recordBlock.keep(kept)
    }

    /// Remembers a row's call and files its cost.
    /// - Returns: true: the row is to count as a call of who sends it. False: all is done, or there is nothing to be
    ///   done.
    private mutating func isCounted(
        _ row: RecordRow, _ batch: CallRecordBatch, _ money: inout BatchMoney, _ summary: inout IngestSummary
    ) -> Bool {
        let cost = row.costMicros ?? 0
        if isRepeated(row.key) {
            // Of a call that was heard only its cost may have been told.
            let completes = takesCostsOnly && isCostKnownAlone(row, batch) && isJoined(row, batch, &money, &summary)
            if !completes { tellAgain(row, batch, &money, &summary) }
            return false
        }
        // A credit note without a customer is no part of a call.
        if cost >= 0 {
            if batch.isCostsOnly {
                takeCost(row, batch, &money, &summary)
                return false
            }
            if !batch.detail.isEmpty && isJoined(row, batch, &money, &summary) { return false }
        }
        if cost != 0 && row.isCustomers {
            if row.takesCost && !debits.take(cost, from: row.customer, customers) {
                refuse(batch, row.row, customer: row.customer, (.overflow, 0), &summary)
                return false
            }
            money.book(cost, code: customers.currencies.codes[Int(row.customer)])
        }
        if configuration.clock == .events { moveClock(to: row.record.endMicros) }
        guard row.isCustomers else {
            // A credit note without a customer may come again when its customer is there.
            if row.key != .none && cost >= 0 { seen.insert(row.key) }
            unattributed.count(batch.parties[Int(batch.party[row.row])], micros: row.record.setupMicros)
            summary.countUnattributed(row.row)
            return false
        }
        let record = row.record
        if isLate(record.endMicros) { summary.countLate(row.row) }
        let call = batch.recent(row.row, customer: row.customer, isInbound: row.isInbound, outcomeCodes)
        let number = recent.append(batch, row.row, call, costMicros: row.costMicros)
        if row.key != .none { seen.insert(row.key, number: number) }
        if cost != 0 { timeline.addCost(customer: row.customer, second: record.endSecond, micros: cost) }
        guard row.isInbound else { return true }
        fileInbound(record, customer: row.customer, outcome: call.outcome)
        summary.applied += 1
        summary.calls += 1
        return false
    }

    /// Whether a row that is right needs nothing more: it is of a call that was heard or whose cost was told alone, or
    /// is refused.
    private mutating func isJoined(
        _ row: RecordRow, _ batch: CallRecordBatch, _ money: inout BatchMoney, _ summary: inout IngestSummary
    ) -> Bool {
        // Calls that are due by the row's time are forgotten before one of them is looked for.
        if configuration.clock == .events { moveClock(to: row.record.endMicros) }
        let outcome = join(row, batch, &money, &summary)
        switch outcome {
        case .unheard:
            let call = batch.recent(row.row, customer: row.customer, isInbound: row.isInbound, outcomeCodes)
            guard let place = costPlace(name(batch.details, batch.knownDetail(row.row)), call) else { return false }
            fill(place, row, batch, &money, &summary)
        case .refused(let owner, let reason, let limitMicros):
            refuse(batch, row.row, customer: owner, (reason, limitMicros), &summary)
        case .otherCustomer: summary.countOtherCustomer(row.row)
        case .repeated(let number):
            summary.duplicates += 1
            if row.key != .none { seen.insert(row.key, number: number) }
        case .joined(let number), .rerated(let number):
            if case .joined = outcome { summary.joined += 1 }
            summary.applied += 1
            if isLate(row.record.endMicros) { summary.countLate(row.row) }
            if row.key != .none { seen.insert(row.key, number: number) }
        }
        return true
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

/// What a batch needs of its parties, so that a call need not read their columns.
struct RecordSenders {
    // One element per party, and one more for rows that point to no party:
    /// The customer's row, or `TrackedCall.unattributed`.
    private(set) var customers: [UInt32] = []
    /// An answered call of at most this length is short.
    private(set) var shortMilliseconds: [Int32] = []
    /// Parties that give the direction of their calls, by party; nearly always empty.
    private(set) var told: [Int: ToldCall] = [:]
    /// The tech prefixes that identify customers, by party.
    private(set) var prefixes: [Int: [UInt8]] = [:]

    /// Number of parties.
    let count: Int

    init(_ parties: PartyList, _ engine: borrowing EngineState) {
        count = parties.count
        let known = UInt32(engine.customers.count)
        customers.reserveCapacity(count + 1)
        let areAllThere = engine.customers.deletedCount == 0
        for (index, id) in parties.customerIDs.enumerated() {
            // A customer's row is its id less one; id 0 wraps to above all rows.
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

    /// The row of a party that is no customer's id, or a deleted customer's.
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
        // Hardly any customer has its own limit.
        if engine.customers.shortCallSeconds.isZero {
            return Array(repeating: EngineState.defaultShortMilliseconds, count: customers.count)
        }
        return customers.map { row in
            row < TrackedCall.otherLeg ? Int32(clamping: engine.shortCallMilliseconds(row: Int(row))) : 0
        }
    }
}

extension CallRecordBatch {
    /// Every column has one element per call; those of costs and keys may be empty.
    fileprivate var hasEqualColumns: Bool {
        let count = count
        return setupMicros.count == count && ringMilliseconds.count == count && answerMilliseconds.count == count
            && endMilliseconds.count == count && talkMilliseconds.count == count && code.count == count
            && q850.count == count && (costMicros.isEmpty || costMicros.count == count)
            && (key.isEmpty || key.count == count) && detail.count <= count
            && (currencies.ofCall.isEmpty || currencies.ofCall.count == count)
    }
}
