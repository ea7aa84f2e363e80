import CallEvents

/// A call as one row tells it, or several rows together: one element of a `CallRecordBatch`.
struct FinishedCall {
    var key: CallKey
    /// Tells the party from others without making its strings.
    var partyKey: CallKey
    var setupMicros: Int64
    var ringMilliseconds = CallRecordBatch.never
    var answerMilliseconds = CallRecordBatch.never
    var endMilliseconds: UInt32 = 0
    var talkMilliseconds = CallRecordBatch.never
    var cause = HangupCause()
    /// Nil when the row tells no cost.
    var costMicros: Int64?
    /// Of the cost.
    var currency = RowCurrency.none
    /// What finds it on the switch.
    var details = CallDetails()

    var isAnswered: Bool { answerMilliseconds != CallRecordBatch.never }
}

/// Collects finished calls into a batch.
struct RecordCollector {
    private(set) var batch = CallRecordBatch()
    /// Where each call's first row begins in the file.
    private(set) var offsets: [Int64] = []
    /// The lines of these.
    private(set) var lines: [UInt32] = []
    private var indexOfParty: [CallKey: UInt32] = [:]
    /// Of all batches.
    var costLimitMicros: Int64 = 0 { didSet { batch.costLimitMicros = costLimitMicros } }
    /// The currency of the call before, which most have.
    private var lastCurrency: (own: RowCurrency, code: String?) = (.none, nil)

    /// The party's index in this batch, if it is in it.
    func party(_ key: CallKey) -> UInt32? { indexOfParty[key] }

    mutating func add(_ party: Party, key: CallKey) -> UInt32 {
        if let known = indexOfParty[key] { return known }
        let index = UInt32(truncatingIfNeeded: batch.parties.count)
        batch.parties.append(party)
        indexOfParty[key] = index
        return index
    }

    mutating func append(_ call: FinishedCall, party: UInt32, offset: Int64, line: Int) {
        offsets.append(offset)
        lines.append(UInt32(clamping: line))
        if let cost = call.costMicros {
            // The column begins with the first call that has a cost; the calls before it have none.
            if batch.costMicros.isEmpty { batch.costMicros = Array(repeating: 0, count: batch.count) }
            batch.costMicros.append(cost)
        } else if !batch.costMicros.isEmpty {
            batch.costMicros.append(0)
        }
        if call.currency != lastCurrency.own {
            lastCurrency = (call.currency, call.currency == .none ? nil : call.currency.code)
        }
        batch.currencies.append(lastCurrency.code, after: batch.count)
        batch.party.append(party)
        batch.setupMicros.append(call.setupMicros)
        batch.ringMilliseconds.append(call.ringMilliseconds)
        batch.answerMilliseconds.append(call.answerMilliseconds)
        batch.endMilliseconds.append(call.endMilliseconds)
        batch.talkMilliseconds.append(call.talkMilliseconds)
        batch.code.append(call.cause.code)
        batch.q850.append(call.cause.q850)
        batch.key.append(call.key)
        if !call.details.isEmpty { batch.describeLast(batch.details.append(call.details)) }
    }

    /// Gives out what was collected and begins anew.
    mutating func take() -> (CallRecordBatch, offsets: [Int64]) {
        defer {
            batch = CallRecordBatch()
            batch.costLimitMicros = costLimitMicros
            offsets = []
            lines = []
            indexOfParty.removeAll(keepingCapacity: true)
        }
        return (batch, offsets)
    }
}
