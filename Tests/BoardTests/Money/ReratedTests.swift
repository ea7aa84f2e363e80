// A row of a known call with another cost: the difference is booked once, wherever the call's cost stands.

import CallEvents
import Testing

@testable import Board

@Suite struct ReratedTests {
    private let now = CostRow.start + 300_000_000

    @Test func theDifferenceIsBookedOnce() throws {
        let engine = makeEngine(customers: 2, now: now) { $0.creditMicros = 100_000_000 }
        engine.feed([CostRow(1, cost: 5_000_000, callID: "a@b"), CostRow(2, cost: 1_000_000)])
        let summary = engine.feed([CostRow(1, cost: 4_200_000), CostRow(2, cost: 1_000_000)])
        #expect(summary.rerated == 1 && summary.applied == 1 && summary.duplicates == 1)
        #expect(summary.calls == 0 && summary.joined == 0)
        for _ in 0..<2 {
            #expect(engine.credit() == 94_800_000 && engine.credit(2) == 100_000_000)
            #expect(engine.costs() == [1_000_000, 4_200_000])
            for window in [Window.oneHour, .oneDay, .all] {
                #expect(try engine.value("cost", window, now: now) == 5_200_000, "\(window)")
                #expect(try engine.value("attempts", window, now: now) == 2)
            }
            let money = try #require(engine.money(customerID: 1, now: now)).sums[0].sums
            #expect(money.corrected == MoneyAmount(count: 1, micros: -800_000) && money.booked.micros == 5_200_000)
            #expect(engine.remarks() == ["cost of call a@b rerated: 5.00 -> 4.20, credit +0.80"])
            #expect(engine.remarks(2).isEmpty)
            // The id is known with the new amount.
            #expect(engine.feed([CostRow(1, cost: 4_200_000)]).duplicates == 1)
        }
        #expect(engine.feed([CostRow(1, cost: 6_000_000)]).rerated == 1)
        #expect(engine.credit() == 93_000_000)
        #expect(engine.remarks()[0] == "cost of call a@b rerated: 4.20 -> 6.00, credit -1.80")
        #expect(engine.history(before: 0, limit: 1)[0].note.remark == engine.remarks()[0])
    }

    /// However often: what the history says is what became of the batch.
    @Test func severalInOneBatch() {
        let engine = makeEngine(customers: 2, now: now)
        engine.feed([CostRow(1, cost: 5_000_000), CostRow(2, cost: 3_000_000), CostRow(3, customer: 2, cost: 1)])
        let again = engine.feed([
            CostRow(1, cost: 4_000_000), CostRow(4, cost: 7), CostRow(1, cost: 4_500_000), CostRow(2, cost: 2_000_000),
            CostRow(3, customer: 2, cost: 1_000_001), CostRow(4, cost: 8),
        ])
        #expect(again.rerated == 5 && again.calls == 1 && again.applied == 6)
        #expect(engine.credit() == -6_500_008 && engine.credit(2) == -1_000_001)
        #expect(engine.remarks() == ["cost of 3 calls rerated: 8.000007 -> 6.500008, credit +1.499999"])
        #expect(engine.remarks(2) == ["cost of a call rerated: 0.000001 -> 1.000001, credit -1.00"])
        #expect(engine.history(before: 0, limit: 1)[0].note.remark == "cost of 4 calls of 2 customers rerated")
    }

    /// A cost of 0 is one; a cost that was not told is none.
    @Test func nothingAndZero() throws {
        let engine = makeEngine(customers: 1, now: now)
        engine.feed([CostRow(1, cost: nil), CostRow(2, cost: 0), CostRow(3, cost: 9)])
        // What was not known is completed, and is no correction.
        let first = engine.feed([CostRow(1, cost: 5), CostRow(2, cost: 6), CostRow(3, cost: nil)])
        #expect(first.rerated == 1 && first.joined == 1 && first.duplicates == 1 && engine.credit() == -20)
        #expect(engine.remarks() == ["cost of a call rerated: 0.00 -> 0.000006, credit -0.000006"])
        // An attempt that failed says nothing of what the call cost.
        #expect(engine.feed([CostRow(3, cost: 0, isAnswered: false)]).duplicates == 1)
        #expect(engine.feed([CostRow(3, cost: 0), CostRow(1, cost: 0)]).rerated == 2)
        #expect(engine.credit() == -6 && engine.costs() == [0, 6, 0])
        #expect(try engine.value("cost", .all, now: now) == 6)
        let total = try #require(engine.moneyTotals.first).sums
        #expect(total.booked.micros == 6 && total.corrected.micros == 6 - 9 - 5)
    }

    @Test func whatCannotBeBookedIsNamed() throws {
        var configuration = EngineConfiguration()
        configuration.costLimit = CostLimit(micros: 10_000_000)
        let engine = Engine(configuration: configuration)
        let drafts = (1...2).map { number in
            var customer = Customer()
            (customer.name, customer.currency, customer.creditMicros) = ("C\(number)", "EUR", .min + 5_000_000)
            return customer
        }
        _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: now)
        engine.feed([CostRow(1, cost: 2_000_000)])
        let refused = engine.feed([
            CostRow(1, cost: 3_000_000, currency: "USD"), CostRow(1, cost: 10_000_001), CostRow(1, cost: 9_000_000),
            CostRow(1, customer: 2, cost: 1_000_000), CostRow(1, customer: 0, cost: 1_000_000, currency: "INR"),
        ])
        #expect(refused.otherCurrency == 2 && refused.aboveLimit == 1 && refused.overflowed == 1)
        #expect(refused.otherCustomers == 1 && refused.otherCustomerRows == [3] && refused.applied == 0)
        #expect(
            refused.refusals.last
                == MoneyRefusal(row: 4, reason: .currency, customerID: 1, micros: 1_000_000, currency: "INR"))
        #expect(engine.costs() == [2_000_000] && engine.remarks().isEmpty)
        // A row that says whose call it is by its id alone.
        #expect(engine.feed([CostRow(1, customer: 0, cost: 1_000_000, currency: "EUR")]).rerated == 1)
        #expect(engine.costs() == [1_000_000] && engine.credit() == .min + 4_000_000)
        // A negative amount is a credit note, and no cost of the call.
        #expect(engine.feed([CostRow(2, cost: -1_000_000)]).credits == 1)
        #expect(engine.costs() == [1_000_000] && engine.credit() == .min + 5_000_000)
    }

    @Test func aCallThatIsKeptNoLongerIsARepetition() throws {
        var configuration = EngineConfiguration()
        configuration.keptCalls = 4
        let engine = Engine(configuration: configuration)
        var customer = Customer()
        (customer.name, customer.currency) = ("C1", "EUR")
        _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: now)
        // They go by the chunk.
        let keys = 1...UInt64(2 * BoardLimits.chunkCalls + 10)
        engine.feed(keys.map { CostRow($0, cost: 1_000) })
        let summary = engine.feed([1, 2, keys.upperBound].map { CostRow($0, cost: 2_000) })
        #expect(summary.duplicates == 2 && summary.rerated == 1)
        #expect(engine.credit() == -1_000 * Int64(keys.count) - 1_000)
    }

    /// The windows that the call has left keep what they had: nothing.
    @Test func windowsThatTheCallHasLeft() throws {
        let engine = makeEngine(customers: 1, now: now)
        let old = CostRow.start - 2 * 3_600_000_000
        let ancient = CostRow.start - 30 * 3_600_000_000
        engine.feed([CostRow(1, cost: 100, at: old), CostRow(2, cost: 1_000, at: ancient), CostRow(3, cost: 10)])
        let summary = engine.feed([
            CostRow(1, cost: 70, at: old), CostRow(2, cost: 700, at: ancient), CostRow(3, cost: 7),
        ])
        #expect(summary.rerated == 3 && summary.late == 1)
        #expect(try engine.value("cost", .oneHour, now: now) == 7 && engine.value("cost", .oneDay, now: now) == 77)
        #expect(try engine.value("cost", .all, now: now) == 777)
        // They fall to nothing.
        let later = now + 25 * 3_600_000_000
        #expect(try engine.value("cost", .oneHour, now: later) == 0 && engine.value("cost", .oneDay, now: later) == 0)
        #expect(try engine.value("cost", .all, now: later) == 777)
    }

    @Test func restartsInBetween() throws {
        var engine = makeEngine(customers: 1, now: now)
        engine.feed([CostRow(1, cost: 50, callID: "a"), CostRow(2, cost: nil), CostRow(3, cost: 0)])
        engine = try engine.restarted()
        #expect(engine.feed([CostRow(1, cost: 40), CostRow(2, cost: 5), CostRow(3, cost: 3)]).rerated == 2)
        engine = try engine.restarted()
        #expect(engine.feed([CostRow(1, cost: 40), CostRow(2, cost: 5), CostRow(3, cost: 3)]).duplicates == 3)
        #expect(engine.credit() == -48 && engine.costs() == [3, 5, 40])
        #expect(engine.remarks() == ["cost of 2 calls rerated: 0.00005 -> 0.000043, credit +0.000007"])
        #expect(engine.feed([CostRow(1, cost: 41)]).rerated == 1 && engine.credit() == -49)
    }

    /// The journal is ahead of the statistics after a crash: what is fed again is counted again, and paid and told no
    /// second time.
    @Test func whatAJournalHasIsDoneOnce() throws {
        let engine = makeEngine(customers: 1, now: now)
        let tables = engine.snapshot().tables()
        let statistics = engine.statistics(now: now).tables()
        let (first, firstDebits) = engine.ingestAndDebit(
            CostRow.batch([CostRow(1, cost: 50, callID: "a")]), now: now, firstRow: 0, place: nil)
        let rerated = CostRow.batch([CostRow(1, cost: 40)])
        let (second, secondDebits) = engine.ingestAndDebit(rerated, now: now, firstRow: 0, place: nil)
        #expect(first.calls == 1 && second.rerated == 1)
        #expect(
            secondDebits.reratings
                == [Rerating(customerID: 1, beforeMicros: 50, afterMicros: 40, callID: "a")])

        let restored = Engine(configuration: EngineConfiguration())
        try restored.restore(tables)
        #expect(restored.debitAgain(firstDebits) && restored.debitAgain(secondDebits))
        try restored.restoreStatistics(statistics)
        #expect(restored.credit() == -40 && restored.remarks() == engine.remarks())
        #expect(restored.history(before: 0, limit: 9) == engine.history(before: 0, limit: 9))
        let again = CostRow.batch([CostRow(1, cost: 50, callID: "a"), CostRow(1, cost: 40)])
        let (summary, debits) = restored.ingestAndDebit(again, now: now, firstRow: 2, place: nil)
        #expect(summary.calls == 1 && summary.rerated == 1 && debits.customerIDs.isEmpty && debits.reratings.isEmpty)
        #expect(restored.credit() == -40 && restored.costs() == [40] && restored.remarks().count == 1)
        #expect(try restored.value("cost", .all, now: now) == 40)
    }

    // MARK: - Changes of customers

    /// Edits are undone as ever, and what calls cost is none.
    @Test func undo() throws {
        let engine = makeEngine(customers: 1, now: now)
        engine.feed([CostRow(1, cost: 50)])
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([1]), ["credit=credit+1"])
        _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [1])
        #expect(engine.credit() == 999_950)
        engine.feed([CostRow(1, cost: 30)])
        let newest = try #require(engine.history(customerID: 1, before: 0, limit: 1).first)
        #expect(newest.kind == .rerated && newest.customerCount == 1)
        #expect(throws: ChangeRefusal.self) {
            try engine.prepareUndo(customerID: 0, number: newest.number, who: "", now: now)
        }
        let undo = try engine.prepareUndo(customerID: 1, number: 0, who: "", now: now)
        #expect(undo.change.undoes == newest.number - 1)
        _ = engine.commit(undo, idempotencyKey: [2])
        #expect(engine.credit() == -30)
    }

    /// An import that calls are rerated beside goes on, and can be taken back after calls of its customers were.
    @Test func imports() throws {
        let engine = makeEngine(customers: 1, now: now)
        engine.feed([CostRow(1, cost: 50)])
        func row(_ number: Int) -> ImportRow {
            var customer = Customer()
            (customer.name, customer.currency) = ("New \(number)", "EUR")
            return ImportRow(number: number, customer: customer, fields: 1 << 1)
        }
        let key: [UInt8] = [9]
        #expect(try engine.takeImport([row(1)], unreadable: 0, of: key, now: now).errors.isEmpty)
        engine.feed([CostRow(1, cost: 30)])
        #expect(try engine.takeImport([row(2)], unreadable: 0, of: key, now: now).errors.isEmpty)
        engine.feed([CostRow(1, cost: 20)])
        let imported = engine.commit(try engine.prepareImport(key, who: "", now: now), idempotencyKey: key)
        #expect(imported.changed == 2)
        engine.feed([CostRow(2, customer: 2, cost: 5)])
        engine.feed([CostRow(2, customer: 2, cost: 4)])
        let undo = try engine.prepareUndo(customerID: 0, number: imported.number, who: "", now: now)
        #expect(engine.commit(undo, idempotencyKey: [8]).changed == 2 && engine.customer(id: 2) == nil)
    }

    /// A deleted customer pays nothing, and gets nothing back.
    @Test func whoWasDeleted() throws {
        let engine = makeEngine(customers: 2, now: now)
        engine.feed([CostRow(1, cost: 50, callID: "a")])
        engine.observe("b", key: 1)
        let delete = try engine.prepareDelete(.ids([1]), expectedVersion: 0, who: "", now: now)
        _ = engine.commit(delete, idempotencyKey: [])
        let summary = engine.feed([
            CostRow(1, cost: 30), CostRow(1, customer: 0, cost: 40), CostRow(2, customer: 0, cost: 40, callID: "b"),
        ])
        #expect(summary.duplicates == 2 && summary.unattributed == 1)
        #expect(engine.feed([CostRow(3, customer: 0, cost: 1, callID: "b")], isCostsOnly: true).unattributed == 1)
    }
}
