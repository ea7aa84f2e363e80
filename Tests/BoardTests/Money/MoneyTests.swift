import CallEvents
import Testing

@testable import Board

@Suite struct MoneyTests {
    private let now: Int64 = 1_750_000_000_000_000

    private func calls(_ costs: [Int64], currency: String? = nil, keys: [UInt64] = []) -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = PartyList([Party(customerID: 1)])
        for micros in costs {
            batch.currencies.append(currency, after: batch.count)
            batch.party.append(0)
            batch.setupMicros.append(now - 60_000_000)
            batch.ringMilliseconds.append(CallRecordBatch.never)
            batch.answerMilliseconds.append(1_000)
            batch.endMilliseconds.append(11_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(200)
            batch.q850.append(0)
            batch.costMicros.append(micros)
        }
        batch.key = keys.map { CallKey(high: 1, low: $0) }
        return batch
    }

    /// A row in rupees for a customer in dollars is neither a call nor money, and names both; mended, it counts.
    @Test func anotherCurrencyIsRefusedAndMayComeAgain() throws {
        let engine = makeEngine(customers: 1, now: now)
        let rows = calls([5, 0], currency: "INR", keys: [1, 2])
        let (summary, debits) = engine.ingestAndDebit(rows, now: now, firstRow: 0, place: nil)
        #expect(summary.otherCurrency == 2 && summary.calls == 0 && debits.customerIDs.isEmpty)
        #expect(
            summary.refusals.first
                == MoneyRefusal(row: 0, reason: .currency, customerID: 1, micros: 5, currency: "INR"))
        #expect(engine.customer(id: 1)?.creditMicros == 0)
        #expect(try engine.figures("bids", .all, now: now) == [0])
        let mended = calls([5, 0], currency: "USD", keys: [1, 2])
        #expect(engine.ingestAndDebit(mended, now: now, firstRow: 0, place: nil).0.calls == 2)
        #expect(engine.customer(id: 1)?.creditMicros == -5)
        let money = try #require(engine.money(customerID: 1, now: now))
        #expect(money.sums.map(\.currency) == ["USD", "INR"])
        #expect(money.sums.map(\.sums.refused) == [MoneyAmount(), MoneyAmount(count: 2, micros: 5)])
        #expect(money.sums[0].sums.booked.micros == 5)
    }

    /// It raises the credit once, is no call and is in no figure of calls.
    @Test func aCreditNoteIsNoCall() throws {
        let engine = makeEngine(customers: 1, now: now)
        let batch = calls([10, -4, -4, -3], keys: [1, 2, 2, 3])
        let (summary, debits) = engine.ingestAndDebit(batch, now: now, firstRow: 0, place: nil)
        #expect(summary.calls == 1 && summary.credits == 2 && summary.duplicates == 1)
        #expect(debits.micros == [3] && engine.customer(id: 1)?.creditMicros == -3)
        #expect(try engine.figures("bids", .all, now: now) == [1])
        #expect(try engine.value("cost", .all, now: now) == 10)
        // Nothing is taken from credits where the server is told so; the sums are told all the same.
        let plain = makeEngine(customers: 1, now: now)
        #expect(plain.ingest(batch, now: now).credits == 2 && plain.customer(id: 1)?.creditMicros == 0)
        #expect(plain.moneyTotals == engine.moneyTotals && plain.moneyTotals[0].sums.credited.micros == 7)
    }

    @Test func costsAboveTheLimitAreNamed() {
        var configuration = EngineConfiguration()
        configuration.costLimit = CostLimit(micros: 100, microsByCurrency: ["USD": 50])
        let engine = Engine(configuration: configuration)
        var customer = Customer()
        (customer.name, customer.currency) = ("a", "USD")
        _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: now)
        var batch = calls([50, 51, 101])
        #expect(engine.ingest(batch, now: now).refusals.map(\.limitMicros) == [50, 50])
        // That of a feed counts where it is lower.
        batch.costLimitMicros = 20
        #expect(engine.ingest(batch, now: now).aboveLimit == 3)
        batch.costLimitMicros = 200
        #expect(engine.ingest(batch, now: now).aboveLimit == 2)
    }

    /// Purged customers leave nothing behind; statistics without sums are those of a release before.
    @Test func whatIsKeptIsBounded() throws {
        var book = MoneyBook()
        for row in 0...UInt32(BoardLimits.foreignCurrencies) {
            book.refuse(1, row: row, currency: "INR", isOwn: false, now: now)
        }
        #expect(book.customers.count == BoardLimits.foreignCurrencies)
        #expect(book.totals["INR"]?.refused.count == Int64(BoardLimits.foreignCurrencies) + 1)
        // A purged customer leaves its room to others, but only for what is not of its own currency.
        book.credit(1, row: 5, currency: "CHF", now: now)
        book.forget(row: 5, currency: "CHF")
        #expect(book.customers[5] == nil && book.sinceMicros == now)
        #expect(book.foreignPairs == BoardLimits.foreignCurrencies - 1)
        for row in [200_000, 200_001] as [UInt32] {
            book.refuse(1, row: row, currency: "INR", isOwn: false, now: now)
        }
        #expect(book.customers[200_000] != nil && book.customers[200_001] == nil)
        book.credit(.max, row: 1, currency: "EUR", now: now)
        book.credit(.max, row: 1, currency: "EUR", now: now)
        #expect(book.totals["EUR"]?.credited == MoneyAmount(count: 2, micros: .max))

        let engine = makeEngine(customers: 1, now: now)
        _ = engine.ingest(calls([7]), now: now)
        let after = Engine(configuration: engine.configuration)
        try after.restore(engine.snapshot().tables())
        try after.restoreStatistics(engine.statistics(now: now).tables().filter { $0.name != "money" })
        #expect(after.moneyTotals.isEmpty && after.money(customerID: 1, now: now)?.sums[0].sums.booked.micros == 7)
    }

    @Test func currenciesOfABatchAreAsShortAsCanBe() {
        var one = RecordCurrencies()
        for row in 0..<3 { one.append("EUR", after: row) }
        #expect(one == RecordCurrencies(all: "EUR") && one.code(ofCall: 2) == "EUR")
        var none = RecordCurrencies()
        for row in 0..<3 { none.append(nil, after: row) }
        #expect(none.isEmpty && none.ofCall.isEmpty && none.code(ofCall: 1) == nil)
        var mixed = none
        for (row, code) in ["EUR", nil, "USD", "EUR"].enumerated() { mixed.append(code, after: 3 + row) }
        #expect(mixed.ofCall == [0, 0, 0, 1, 0, 2, 1] && mixed.codes == ["EUR", "USD"])
        #expect(mixed[4..<6].ofCall == [0, 2])
        #expect(RecordCurrencies(codes: ["EUR"], ofCall: [2]) == nil)
        #expect(RecordCurrencies(codes: Array(repeating: "EUR", count: 256), ofCall: []) == nil)
    }
}
