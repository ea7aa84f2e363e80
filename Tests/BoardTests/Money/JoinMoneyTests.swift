// Rows of calls that were heard, in other currencies, and calls that come to customers, heard and told.

import CallEvents
import Testing

@testable import Board

@Suite struct JoinMoneyTests {
    private let start = CostRow.start
    private let now = CostRow.start + 300_000_000

    /// A row must be in the currency of the customer that was heard to make the call, whatever customer the row names.
    @Test func aJoinedCallInAnotherCurrency() throws {
        let engine = makeEngine(customers: 2, now: start) { $0.currency = $0.name == "C2" ? "EUR" : "USD" }
        engine.observe("a", customer: 2, key: 1)
        let refused = engine.feed([
            CostRow(1, customer: 2, cost: 50, callID: "a", currency: "USD"),
            CostRow(1, customer: 0, cost: 50, callID: "a", currency: "USD"),
        ])
        #expect(refused.otherCurrency == 2 && refused.joined == 0 && refused.applied == 0)
        for (place, refusal) in refused.refusals.enumerated() {
            #expect(
                refusal
                    == MoneyRefusal(row: place, reason: .currency, customerID: 2, micros: 50, currency: "USD"))
        }
        #expect(engine.credit(2) == 0 && engine.costs(2) == [0])
        // Neither changed the call nor is remembered.
        let joined = engine.feed([CostRow(1, customer: 0, cost: 50, callID: "a", currency: "EUR")])
        #expect(joined.joined == 1 && engine.credit(2) == -50 && engine.costs(2) == [50])
        #expect(engine.moneyTotals.map(\.currency) == ["EUR", "USD"])
        #expect(engine.moneyTotals.map(\.sums.booked.micros) == [50, 0])
        #expect(engine.moneyTotals.map(\.sums.refused.count) == [0, 2])
        // Nor is another amount taken in it.
        let again = engine.feed([
            CostRow(1, cost: 40, callID: "a", currency: "USD"),
            CostRow(2, customer: 0, cost: 30, callID: "a", currency: "USD"),
            CostRow(2, customer: 2, cost: 30, callID: "a"),
        ])
        #expect(again.otherCustomers == 1 && again.otherCurrency == 1 && again.rerated == 1)
        #expect(engine.credit(2) == -30 && engine.remarks(2).count == 1 && engine.credit(1) == 0)
    }

    /// The leg that our switch sends to a customer is one call with the row that says so, and costs it once; the call
    /// of who calls is another.
    @Test(arguments: [false, true]) func aCallToACustomer(_ isToldFirst: Bool) throws {
        let engine = Inbound.makeEngine(customers: 2, now: start)
        try engine.setInbound("10.1.0.1", customer: 1)
        func observe() {
            for kind in [CallEventKind.setup, .answer, .end] {
                let seconds: Int64 = kind == .setup ? 0 : kind == .answer ? 3 : 63
                var batch = CallEventBatch(
                    kind, key: 1, start + seconds * 1_000_000, from: Inbound.switchHost, to: Inbound.trunk(1),
                    code: kind == .answer ? 200 : 0)
                if kind == .setup { batch.describeLast(batch.details.append(CallDetails(callID: "a"))) }
                _ = engine.ingest(batch, now: now)
            }
        }
        func feed(_ key: UInt64, _ direction: CallDirection, cost: Int64?, isCostsOnly: Bool = false) -> IngestSummary {
            var batch = CostRow.batch([CostRow(key, cost: cost, callID: "a")], isCostsOnly: isCostsOnly)
            batch.parties = [Party(account: "a1", direction: direction)]
            batch.party = [0]
            return engine.ingestAndDebit(batch, now: now, firstRow: 0, place: nil).0
        }
        if !isToldFirst { observe() }
        #expect(feed(1, .inbound, cost: 50).applied == 1)
        if isToldFirst { observe() }
        // A row of a call that the customer makes is not of it, whatever its Call-ID.
        #expect(feed(2, .outbound, cost: 7).calls == 1)
        for _ in 0..<2 {
            for (name, count) in [("inbound_attempts", 1), ("attempts", 1), ("active", 0), ("inbound_active", 0)] {
                #expect(try engine.count(name, now: now) == count, "\(name)")
            }
            #expect(engine.credit() == -57 && engine.costs().sorted() == [7, 50])
            #expect(try engine.value("cost", .oneHour, now: now) == 57)
            #expect(feed(1, .inbound, cost: 50).duplicates == 1)
        }
        #expect(feed(1, .inbound, cost: 40).rerated == 1)
        #expect(feed(3, .inbound, cost: 30, isCostsOnly: true).rerated == 1)
        #expect(feed(4, .outbound, cost: 6, isCostsOnly: true).rerated == 1)
        #expect(engine.credit() == -36 && engine.costs().sorted() == [6, 30])
        #expect(try engine.value("cost", .all, now: now) == 36 && engine.count("inbound_attempts", now: now) == 1)
    }
}
