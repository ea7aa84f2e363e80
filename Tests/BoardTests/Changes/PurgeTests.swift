import CallEvents
import Columnar
import Testing

@testable import Board

/// A customer that was deleted 30 days ago is forgotten wherever it was named, and no other gets its id.
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

    /// Of a customer that had everything nothing is left.
    @Test func everyFieldIsEmptied() throws {
        var customer = Customer()
        (customer.name, customer.currency, customer.status) = ("Whole", "CHF", .penalty)
        (customer.creditMicros, customer.debitLimitMicros) = (7_000_000, 8_000_000)
        (customer.channels, customer.flowSpeed, customer.portalAccess, customer.shortCallSeconds) = (9, 8, true, 12)
        (customer.country, customer.company, customer.accountManager) = ("CH", "Firm", "Ann")
        (customer.tags, customer.notes, customer.routes) = (["t"], "n", [Route(name: "r")])
        customer.contacts = [Contact(name: "Bob", email: "b@x.example", mobile: "+41791234567", kind: "noc")]
        customer.auth = [.ip("192.0.2.1"), .sip("s"), .account("a"), try AuthEntry(listed: "to:+41791234567")]
        let engine = makeEngine(customers: 1, now: now)
        let created = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: now)
        #expect(created.errors == [])
        for row in [0, 1] as [UInt32] { engine.state.money.credit(5, row: row, currency: "CHF", now: now) }
        try delete(engine, [2], at: now)
        let due = try #require(engine.duePurge(now: now + 31 * day))
        #expect(engine.purge(due))
        #expect(engine.state.money.customers.keys.sorted() == [0])
        let row = engine.state.customers[1]
        var empty = Customer()
        (empty.id, empty.version) = (2, row.version)
        (empty.createdAtMicros, empty.updatedAtMicros) = (row.createdAtMicros, row.updatedAtMicros)
        #expect(row == empty)
        // All of it is free for others.
        #expect(engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: now).ids == [3])
    }

    /// More than are forgotten at once: the rest follows at once, and then the next look is an hour later.
    @Test func manyAreForgottenInPortions() throws {
        let engine = Engine()
        let count = BoardLimits.purgedAtOnce + 5
        let drafts = (0..<count + 1).map { named("N\($0)") }
        #expect(engine.recreateCustomers(drafts, firstID: 1, createdAtMicros: now, idempotencyKey: []))
        try delete(engine, (1...UInt32(count)).map { $0 }, at: now)
        let then = now + 31 * day
        let first = try #require(engine.duePurge(now: then))
        #expect(first.count == BoardLimits.purgedAtOnce && engine.purge(first))
        let second = try #require(engine.duePurge(now: then))
        #expect(second.count == 5 && engine.purge(second))
        #expect(engine.duePurge(now: then) == nil && engine.customerCount == 1)
        // Who is due meanwhile waits for the next look.
        try delete(engine, [UInt32(count) + 1], at: then - 31 * day)
        #expect(engine.duePurge(now: then + BoardLimits.purgeIntervalMicros - 1) == nil)
        #expect(engine.duePurge(now: then + BoardLimits.purgeIntervalMicros)?.count == 1)
    }

    /// Thirty days, and not one microsecond more.
    @Test func theLastInstant() throws {
        let engine = makeEngine(customers: 2, now: now)
        try delete(engine, [1], at: now)
        #expect(engine.duePurge(now: now + BoardLimits.undeleteMicros) == nil)
        let undo = try engine.prepareUndo(customerID: 1, number: 0, who: "", now: now + BoardLimits.undeleteMicros)
        #expect(undo.errors == [] && undo.change.rows.rows == [0])
        #expect(throws: ChangeRefusal.self) {
            try engine.prepareUndo(customerID: 1, number: 0, who: "", now: now + BoardLimits.undeleteMicros + 1)
        }
        engine.state.nextPurgeMicros = 0
        #expect(engine.duePurge(now: now + BoardLimits.undeleteMicros + 1)?.count == 1)
    }
}
