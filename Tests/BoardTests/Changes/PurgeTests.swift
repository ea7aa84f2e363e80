import CallEvents
import Columnar
import Testing

@testable import Board

/// Who was deleted 30 days ago is forgotten, wherever he stood, and his id stays his.
@Suite struct PurgeTests {
    private let now: Int64 = 1_700_000_000_000_000
    private let day: Int64 = 86_400_000_000

    private func delete(_ engine: Engine, _ ids: [UInt32], at time: Int64) throws {
        _ = engine.commit(
            try engine.prepareDelete(.ids(ids), expectedVersion: 0, who: "anna", now: time), idempotencyKey: [])
    }

    private func edit(_ engine: Engine, _ ids: [UInt32], _ assignments: String...) throws {
        var edit = CustomerEdit()
        (edit.selection, edit.assignments, edit.who) = (.ids(ids), assignments, "anna")
        _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
    }

    private func engine() throws -> Engine {
        let engine = makeEngine(customers: 4, now: now) { customer in
            customer.company = "Secret"
            customer.creditMicros = 5_000_000
            customer.contacts = [Contact(name: "Ann", email: "a@x.example", mobile: "", kind: "")]
        }
        try edit(engine, [1, 2, 3], "notes=private", "channels=7")
        try delete(engine, [2, 3], at: now)
        try delete(engine, [4], at: now + 5 * day)
        engine.mark(
            WarningMark(customerID: 2, warning: .creditLow, kind: .acknowledged, who: "anna", atMicros: now))
        return engine
    }

    private func refusal(_ engine: Engine, _ customer: UInt32, _ number: UInt32) -> String {
        do throws(ChangeRefusal) {
            _ = try engine.prepareUndo(customerID: customer, number: number, who: "", now: now + 31 * day)
            return ""
        } catch {
            if case .conflict(let message) = error { return message }
            return "\(error)"
        }
    }

    @Test func afterThirtyDaysNothingOfThemIsLeft() throws {
        let engine = try engine()
        #expect(engine.duePurge(now: now + 30 * day) == nil)
        #expect(engine.duePurge(now: now + 30 * day + 60_000_000) == nil, "not looked for again within the hour")
        let due = try #require(engine.duePurge(now: now + 31 * day))
        #expect(due.rows.rows == [1, 2])
        #expect(engine.purge(due) && engine.customerCount == 1)
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        for engine in [engine, restored] {
            #expect(engine.nameEver(of: 2) == "" && engine.nameEver(of: 4) == "C4" && engine.hasHad(2))
            var row = engine.state.customers[1]
            (row.createdAtMicros, row.updatedAtMicros, row.version, row.lastCallMicros) = (0, 0, 0, 0)
            var empty = Customer()
            empty.id = 2
            #expect(row == empty)
            let edited = try #require(engine.change(2))
            #expect(edited.rows.rows == [0] && edited.fields.allSatisfy { $0.new.count == 1 && $0.old.count == 1 })
            #expect(engine.history(customerID: 2, before: 0, limit: 9).map(\.kind) == [.created])
            #expect(
                refusal(engine, 2, 0) == "customer 2 was deleted more than 30 days ago and can no longer be restored")
            #expect(refusal(engine, 0, 3) == "the customers of change 3 were deleted more than 30 days ago")
            #expect(refusal(engine, 0, 2).isEmpty, "of customer 1 it can be taken back")
            #expect(engine.warningMarkCount == 0 && engine.duePurge(now: now + 32 * day) == nil)
            #expect(engine.createCustomers([named("C2")], dryRun: false, idempotencyKey: [], now: now).ids == [5])
        }
        #expect(restored.snapshot().stateHash() == engine.snapshot().stateHash())
    }

    private func named(_ name: String) -> Customer {
        var customer = Customer()
        (customer.name, customer.currency) = (name, "EUR")
        return customer
    }

    /// A replay does the same rows, at whatever time.
    @Test func aReplayIsTheSame() throws {
        let (first, second) = (try engine(), try engine())
        let due = try #require(first.duePurge(now: now + 31 * day))
        #expect(first.purge(due))
        #expect(second.purge(due))
        #expect(first.snapshot().stateHash() == second.snapshot().stateHash())
    }

    @Test func whoIsThereIsNeverPurged() throws {
        let engine = try engine()
        let before = engine.snapshot().stateHash()
        #expect(!engine.purge(PurgedCustomers(.list([0, 1]))) && !engine.purge(PurgedCustomers(.list([9]))))
        #expect(engine.snapshot().stateHash() == before)
    }
}
