import CallEvents

@testable import Board

/// A record as the tests of money tell it: of customer `C1`, ... of `makeEngine`, set up at a time and answered after 3
/// s.
struct CostRow {
    static let start: Int64 = 1_750_000_000_000_000

    /// 0: none.
    var key: UInt64 = 0
    /// 0: none.
    var customer = 1
    /// Nil: none is told.
    var cost: Int64?
    var callID = ""
    var setupMicros = CostRow.start
    var isAnswered = true
    var currency: String?

    init(
        _ key: UInt64 = 0, customer: Int = 1, cost: Int64?, callID: String = "", at setup: Int64 = CostRow.start,
        isAnswered: Bool = true, currency: String? = nil
    ) {
        (self.key, self.customer, self.cost, self.callID) = (key, customer, cost, callID)
        (setupMicros, self.isAnswered, self.currency) = (setup, isAnswered, currency)
    }

    static func batch(_ rows: [CostRow], isCostsOnly: Bool = false) -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.isCostsOnly = isCostsOnly
        batch.parties = PartyList([Party(account: "nobody")] + (1...9).map { Party(customerID: $0) })
        for row in rows {
            batch.currencies.append(row.currency, after: batch.count)
            batch.party.append(UInt32(row.customer))
            batch.setupMicros.append(row.setupMicros)
            batch.ringMilliseconds.append(1_000)
            batch.answerMilliseconds.append(row.isAnswered ? 3_000 : CallRecordBatch.never)
            batch.endMilliseconds.append(63_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(row.isAnswered ? 200 : 486)
            batch.q850.append(0)
            batch.costMicros.append(row.cost ?? CallRecordBatch.untoldCost)
            batch.key.append(row.key == 0 ? .none : CallKey(high: 9, low: row.key))
            if !row.callID.isEmpty { batch.describeLast(batch.details.append(CallDetails(callID: row.callID))) }
        }
        return batch
    }
}

extension Engine {
    /// Feeds rows some minutes after the calls were.
    @discardableResult
    func feed(_ rows: [CostRow], isCostsOnly: Bool = false, now: Int64 = CostRow.start + 300_000_000) -> IngestSummary {
        ingestAndDebit(CostRow.batch(rows, isCostsOnly: isCostsOnly), now: now, firstRow: 0, place: nil).0
    }

    /// Events of a customer's call: those of `CostRow` with its set-up, of the kinds that are wanted.
    func observe(
        _ callID: String, customer: Int = 1, key: UInt64, at setup: Int64 = CostRow.start,
        _ kinds: [CallEventKind] = [.setup, .ring, .answer, .end], now: Int64 = CostRow.start + 300_000_000
    ) {
        var batch = CallEventBatch()
        batch.parties = [Party(source: IPAddress(v4: 0x0A00_0000 | UInt32(customer)))]
        let key = CallKey(high: 7, low: key)
        for kind in kinds {
            switch kind {
            case .setup:
                batch.append(.setup, key: key, timeMicros: setup, party: 0, sequence: 1)
                batch.describeLast(batch.details.append(CallDetails(callID: callID)))
            case .ring: batch.append(.ring, key: key, timeMicros: setup + 1_000_000, sequence: 1)
            case .answer: batch.append(.answer, key: key, timeMicros: setup + 3_000_000, sequence: 1, code: 200)
            case .failure: batch.append(.failure, key: key, timeMicros: setup + 2_000_000, sequence: 1, code: 486)
            default: batch.append(.end, key: key, timeMicros: setup + 63_000_000)
            }
        }
        _ = ingest(batch, now: now)
    }

    func credit(_ customer: Int = 1) -> Int64 { self.customer(id: UInt32(customer))?.creditMicros ?? 0 }

    /// Costs of a customer's finished calls that are shown, newest first.
    func costs(_ customer: Int = 1) -> [Int64] {
        state.recent.latest(customer: UInt32(customer) - 1, count: 1_000).map(\.costMicros)
    }

    /// What the customer's history says of rerated calls, newest first.
    func remarks(_ customer: Int = 1) -> [String] {
        let id = UInt32(customer)
        return history(customerID: id, before: 0, limit: 1_000).map { $0.note.remark(customerID: id) }
            .filter { !$0.isEmpty }
    }

    /// Another engine with all that this one has, as after a restart.
    func restarted(_ configuration: EngineConfiguration = EngineConfiguration()) throws -> Engine {
        let after = Engine(configuration: configuration)
        try after.restore(snapshot().tables())
        try after.restoreStatistics(statistics(now: max(1, nowMicros)).tables())
        return after
    }
}
