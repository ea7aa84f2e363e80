import CallEvents

/// Collects finished calls into a batch, in the order of their first rows.
///
/// The last of them may be held, so that a further row of a call can still replace it (`CDRReader+Kept`). Such a call
/// stays where its first row put it.
struct RecordCollector {
    /// Its first `start` calls were emitted, and are removed once they are as many as the others: so each is moved once
    /// or twice.
    private(set) var batch = CallRecordBatch()
    private var start = 0
    /// Where each call's first row begins in the file.
    private(set) var offsets: [Int64] = []
    /// The lines of these first rows.
    private var firstLines: [UInt32] = []
    private var partyKeys: [CallKey] = []
    private var indexOfParty = KeyTable<UInt32>()
    /// The cost limit of all batches.
    var costLimitMicros: Int64 = 0 { didSet { batch.costLimitMicros = costLimitMicros } }
    /// The currency of the previous call, which most share.
    private var lastCurrency: (own: RowCurrency, code: String?) = (.none, nil)
    /// How many of the last calls wait for further rows.
    var heldBack = 0
    /// Calls that were emitted: the number of the next one.
    private var given = 0
    /// Calls with numbers below these no longer wait, or will not at the next end of a read.
    private var released = 0
    private var nextReleased = 0

    /// Calls that are emitted next.
    private var ready: Range<Int> {
        let waiting = batch.count - start
        return start..<start + min(waiting, max(released - given, waiting - heldBack, 0))
    }

    /// The lines of their first rows.
    var lines: [UInt32] { Array(firstLines[ready]) }

    /// Offset and line of the first row that waits for further ones of its call.
    var firstHeld: (offset: Int64, line: Int)? {
        let index = ready.upperBound
        return index < batch.count ? (offsets[index], Int(firstLines[index])) : nil
    }

    /// The number of the call that comes next.
    var nextNumber: Int { given + batch.count - start }

    /// The index in the batch of the call with a number; nil: it was emitted.
    func index(of number: Int) -> Int? { number >= given && number < nextNumber ? number - given + start : nil }

    /// Nothing waits any more.
    mutating func release() { released = nextNumber }

    /// Records the end of a read: calls that have waited for two of them wait no longer.
    mutating func countPoll() {
        released = max(released, nextReleased)
        nextReleased = nextNumber
    }

    /// The party's index in this batch, if it is in it.
    func party(_ key: CallKey) -> UInt32? { indexOfParty[key] }

    mutating func add(_ party: Party, key: CallKey) -> UInt32 {
        if let known = indexOfParty[key] { return known }
        if batch.parties.count >= max(CDRLimits.parties, 2 * batch.count) { forgetUnusedParties() }
        let index = UInt32(truncatingIfNeeded: batch.parties.count)
        batch.parties.append(party)
        partyKeys.append(key)
        indexOfParty.store(index, for: key)
        return index
    }

    mutating func append(
        _ call: FinishedCall, party: UInt32, offset: Int64, line: Int, details: CallDetails? = nil
    ) {
        offsets.append(offset)
        firstLines.append(UInt32(clamping: line))
        if let cost = call.costMicros {
            beginCosts()
            batch.costMicros.append(cost)
        } else if !batch.costMicros.isEmpty {
            batch.costMicros.append(CallRecordBatch.untoldCost)
        }
        batch.currencies.append(code(of: call.currency), after: batch.count)
        batch.party.append(party)
        batch.setupMicros.append(call.setupMicros)
        batch.ringMilliseconds.append(call.ringMilliseconds)
        batch.answerMilliseconds.append(call.answerMilliseconds)
        batch.endMilliseconds.append(call.endMilliseconds)
        batch.talkMilliseconds.append(call.talkMilliseconds)
        batch.code.append(call.cause.code)
        batch.q850.append(call.cause.q850)
        batch.key.append(call.key)
        if let details { batch.describeLast(batch.details.append(details)) }
    }

    /// The details of the call that was appended last, straight from its row.
    mutating func describeLast(_ line: Span<UInt8>, _ fields: [CDRField], _ places: CDRDetailPlaces) {
        batch.describeLast(places.append(line, fields, to: &batch.details))
    }

    private mutating func code(of currency: RowCurrency) -> String? {
        if currency != lastCurrency.own { lastCurrency = (currency, currency == .none ? nil : currency.code) }
        return lastCurrency.code
    }

    /// The column begins with the first call that has a cost; earlier calls have none.
    private mutating func beginCosts() {
        if batch.costMicros.isEmpty {
            batch.costMicros = Array(repeating: CallRecordBatch.untoldCost, count: batch.count)
        }
    }

    /// Emits the calls that wait for nothing, and retains the others.
    mutating func take() -> (CallRecordBatch, offsets: [Int64]) {
        let rows = ready
        given += rows.count
        if rows.count == batch.count {
            defer { removeAll() }
            return (batch, offsets)
        }
        let taken = batch.rows(rows)
        let takenOffsets = Array(offsets[rows])
        start = rows.upperBound
        if start >= batch.count - start {
            dropGiven()
        } else if batch.details.count > 2 * batch.count {
            batch.forgetUnusedDetails()
        }
        return (taken, takenOffsets)
    }

    private mutating func removeAll() {
        batch = CallRecordBatch()
        batch.costLimitMicros = costLimitMicros
        start = 0
        offsets = []
        firstLines = []
        partyKeys.removeAll(keepingCapacity: true)
        indexOfParty.removeAll()
    }

    private mutating func dropGiven() {
        if start == batch.count { return removeAll() }
        batch.removeFirst(start)
        offsets.removeFirst(start)
        firstLines.removeFirst(start)
        start = 0
        batch.forgetUnusedDetails()
        if batch.parties.count > CDRLimits.parties { forgetUnusedParties() }
    }

    private mutating func forgetUnusedParties() {
        let (parties, keys) = (batch.parties, partyKeys)
        batch.parties = PartyList()
        partyKeys = []
        indexOfParty.removeAll()
        for row in batch.party.indices {
            let former = Int(batch.party[row])
            if let known = indexOfParty[keys[former]] {
                batch.party[row] = known
                continue
            }
            let index = UInt32(truncatingIfNeeded: batch.parties.count)
            batch.parties.append(parties[former])
            partyKeys.append(keys[former])
            indexOfParty.store(index, for: keys[former])
            batch.party[row] = index
        }
    }
}

/// Calls that wait for further rows.
extension RecordCollector {
    /// The batch's data of a call, without its party and its details.
    func call(at index: Int) -> FinishedCall {
        var call = FinishedCall(key: batch.key[index], partyKey: .none, setupMicros: batch.setupMicros[index])
        call.ringMilliseconds = batch.ringMilliseconds[index]
        call.answerMilliseconds = batch.answerMilliseconds[index]
        call.endMilliseconds = batch.endMilliseconds[index]
        call.talkMilliseconds = batch.talkMilliseconds[index]
        call.cause = HangupCause(code: batch.code[index], q850: batch.q850[index])
        call.costMicros = batch.cost(index)
        call.currency = batch.currencies.code(ofCall: index).map { RowCurrency($0) } ?? .none
        return call
    }

    /// Replaces a call by another row of it.
    mutating func replace(
        at index: Int, by call: FinishedCall, party: UInt32, _ line: Span<UInt8>, _ fields: [CDRField],
        _ places: CDRDetailPlaces
    ) {
        batch.party[index] = party
        batch.setupMicros[index] = call.setupMicros
        batch.ringMilliseconds[index] = call.ringMilliseconds
        batch.answerMilliseconds[index] = call.answerMilliseconds
        batch.endMilliseconds[index] = call.endMilliseconds
        batch.talkMilliseconds[index] = call.talkMilliseconds
        batch.code[index] = call.cause.code
        batch.q850[index] = call.cause.q850
        batch.currencies.replace(at: index, by: code(of: call.currency), of: batch.count)
        if call.costMicros != nil { beginCosts() }
        if !batch.costMicros.isEmpty { batch.costMicros[index] = call.costMicros ?? CallRecordBatch.untoldCost }
        while batch.detail.count <= index { batch.detail.append(CallDetailList.none) }
        batch.detail[index] = places.append(line, fields, to: &batch.details)
        // Millions of rows may belong to one call.
        if batch.details.count > 2 * batch.count + CDRLimits.formerDetails { batch.forgetUnusedDetails() }
    }
}
