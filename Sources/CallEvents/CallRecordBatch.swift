/// Finished calls as columns, as delivered by CDRs and bulk producers.
///
/// Times other than the set-up are milliseconds after it (`CallRecordBatch.never` if it did not happen), so that a call
/// takes 30 to 55 bytes in memory and on the wire.
public struct CallRecordBatch: Sendable {
    /// In `ringMilliseconds` and `answerMilliseconds`: it did not happen. In `talkMilliseconds`: to be computed.
    public static let never = UInt32.max
    /// In `ringMilliseconds`: the record does not show whether and when it rang, so there is no post-dial delay either.
    public static let unknown = UInt32.max - 1
    /// In `costMicros`: the record tells no cost. (0: it cost nothing.)
    public static let untoldCost = Int64.min

    /// The parties that `party` points into; one may occur several times.
    public var parties = PartyList()

    // One element per call in each of these:
    /// Index into `parties`.
    public var party: [UInt32] = []
    /// When the call was set up, microseconds since 1970 (UTC).
    public var setupMicros: [Int64] = []
    /// First ringing (180...189) after the setup, or `never`, or `unknown`.
    public var ringMilliseconds: [UInt32] = []
    /// Answer after the setup, or `never`: an unanswered call.
    public var answerMilliseconds: [UInt32] = []
    /// End of the call (or its final failure) after the setup.
    public var endMilliseconds: [UInt32] = []
    /// Talk time as stated in the record; `never`: end minus answer.
    public var talkMilliseconds: [UInt32] = []
    /// Final SIP code; 0 when unknown.
    public var code: [UInt16] = []
    /// Q.850 cause; 0 when unknown.
    public var q850: [UInt8] = []
    /// Cost to the customer, 10^-6 of the customer's currency, or `untoldCost`; empty when no record of the batch tells
    /// one. Below 0: the row is a credit note and no call.
    public var costMicros: [Int64] = []
    /// Identities, for records that may be delivered twice; empty if no record has one.
    public var key: [CallKey] = []

    /// What identifies the calls on the switch, if the source reports it.
    public var details = CallDetailList()
    /// Index into `details`, or `CallDetailList.none`. May be shorter than the other columns: calls beyond its end have
    /// no details.
    public var detail: [UInt32] = []

    /// The currencies of the costs, if the source reports them.
    public var currencies = RecordCurrencies()
    /// A call that costs more is refused; 0: no limit but the board's own.
    public var costLimitMicros: Int64 = 0

    /// Costs alone are taken from these records: none of them counts as an attempt.
    public var isCostsOnly = false

    public init() {}

    public var count: Int { party.count }

    /// What a record tells of its call's cost, 10^-6 of the customer's currency; nil: nothing.
    @inline(__always)
    public func cost(_ row: Int) -> Int64? {
        costMicros.isEmpty || costMicros[row] == CallRecordBatch.untoldCost ? nil : costMicros[row]
    }

    /// Forgets the calls and the parties and keeps the memory.
    public mutating func removeAll() {
        parties.removeAll(keepingCapacity: true)
        party.removeAll(keepingCapacity: true)
        setupMicros.removeAll(keepingCapacity: true)
        ringMilliseconds.removeAll(keepingCapacity: true)
        answerMilliseconds.removeAll(keepingCapacity: true)
        endMilliseconds.removeAll(keepingCapacity: true)
        talkMilliseconds.removeAll(keepingCapacity: true)
        code.removeAll(keepingCapacity: true)
        q850.removeAll(keepingCapacity: true)
        costMicros.removeAll(keepingCapacity: true)
        key.removeAll(keepingCapacity: true)
        details.removeAll(keepingCapacity: true)
        detail.removeAll(keepingCapacity: true)
        currencies.removeAll()
        costLimitMicros = 0
        isCostsOnly = false
    }
}

extension CallRecordBatch {
    /// Removes the first calls; the parties stay.
    public mutating func removeFirst(_ count: Int) {
        if count == 0 { return }
        party.removeFirst(min(count, party.count))
        setupMicros.removeFirst(min(count, setupMicros.count))
        ringMilliseconds.removeFirst(min(count, ringMilliseconds.count))
        answerMilliseconds.removeFirst(min(count, answerMilliseconds.count))
        endMilliseconds.removeFirst(min(count, endMilliseconds.count))
        talkMilliseconds.removeFirst(min(count, talkMilliseconds.count))
        code.removeFirst(min(count, code.count))
        q850.removeFirst(min(count, q850.count))
        costMicros.removeFirst(min(count, costMicros.count))
        key.removeFirst(min(count, key.count))
        detail.removeFirst(min(count, detail.count))
        currencies.removeFirst(count)
    }

    /// Some of the calls, with all parties and with their own details.
    public func rows(_ range: Range<Int>) -> CallRecordBatch {
        var rows = CallRecordBatch()
        rows.parties = parties
        rows.party = Array(party[range])
        rows.setupMicros = Array(setupMicros[range])
        rows.ringMilliseconds = Array(ringMilliseconds[range])
        rows.answerMilliseconds = Array(answerMilliseconds[range])
        rows.endMilliseconds = Array(endMilliseconds[range])
        rows.talkMilliseconds = Array(talkMilliseconds[range])
        rows.code = Array(code[range])
        rows.q850 = Array(q850[range])
        if !costMicros.isEmpty { rows.costMicros = Array(costMicros[range]) }
        if !key.isEmpty { rows.key = Array(key[range]) }
        (rows.details, rows.detail) = details.part(detail[range.clamped(to: 0..<detail.count)])
        (rows.currencies, rows.costLimitMicros) = (currencies[range], costLimitMicros)
        rows.isCostsOnly = isCostsOnly
        return rows
    }

    /// Drops details that belong to no call.
    public mutating func forgetUnusedDetails() { (details, detail) = details.part(detail[...]) }

    /// Sets the details of the call appended last (to `party`).
    public mutating func describeLast(_ index: UInt32) {
        guard index != CallDetailList.none, count > 0 else { return }
        if detail.count < count - 1 {
            detail.append(contentsOf: repeatElement(CallDetailList.none, count: count - 1 - detail.count))
        }
        if detail.count == count { detail[count - 1] = index } else { detail.append(index) }
    }
}
