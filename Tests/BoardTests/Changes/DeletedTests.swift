import Randomness
import Testing

@testable import Board

/// Who was deleted can be found: by name, and in a list with the change that did it.
@Suite struct DeletedTests {
    private let now: Int64 = 1_000_000_000_000_000
    private let day: Int64 = 86_400_000_000

    /// Against a plain list of what was done.
    @Test(arguments: Seeds.of(6)) func deletedCustomersAreListed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let engine = makeEngine(customers: 200, now: now)
        var deletedBy: [UInt32: UInt32] = [:]
        for step in 0..<60 as Range<Int64> {
            if Int.random(in: 0..<3, using: &random) == 0, let id = deletedBy.keys.randomElement(using: &random) {
                let undo = try engine.prepareUndo(customerID: id, number: 0, who: "", now: now + step)
                _ = engine.commit(undo, idempotencyKey: [])
                deletedBy[id] = nil
                continue
            }
            let count = Int.random(in: 1...4, using: &random)
            let ids = (0..<count).map { _ in UInt32.random(in: 1...200, using: &random) }
            let there = Set(ids).filter { deletedBy[$0] == nil }
            if there.isEmpty { continue }
            let delete = try engine.prepareDelete(.ids(Array(there)), expectedVersion: 0, who: "a", now: now + step)
            let number = engine.commit(delete, idempotencyKey: []).number
            for id in there { deletedBy[id] = number }
        }
        var listed: [UInt32: UInt32] = [:]
        var last: UInt32 = 0
        while true {
            let (page, total) = engine.deletedCustomers(after: last, limit: 7, now: now + 90)
            #expect(total == deletedBy.count, "seed \(seed)")
            for customer in page {
                #expect(customer.id > last && customer.name == "C\(customer.id)", "seed \(seed)")
                #expect(customer.untilMicros == customer.deletedAtMicros + 30 * day)
                listed[customer.id] = customer.change?.number
                last = customer.id
            }
            if page.isEmpty { break }
        }
        #expect(listed == deletedBy, "seed \(seed)")
        #expect(engine.deletedCustomers(after: 0, limit: 9, now: now + 31 * day).total == 0)
    }

    @Test func namesOfDeletedCustomersAreKnown() throws {
        let engine = makeEngine(customers: 3) { $0.name = $0.name == "C3" ? "Schröder AG" : $0.name }
        func delete(_ id: UInt32) throws {
            let delete = try engine.prepareDelete(.ids([id]), expectedVersion: 0, who: "", now: now)
            _ = engine.commit(delete, idempotencyKey: [])
        }
        #expect(engine.deletedCustomers(named: "Schröder AG") == [])
        try delete(3)
        #expect(engine.deletedCustomers(named: "SCHRO\u{308}DER ag") == [3])
        var again = Customer()
        (again.name, again.currency) = ("schröder ag", "EUR")
        #expect(engine.createCustomers([again], dryRun: false, idempotencyKey: [], now: now).ids == [4])
        try delete(4)
        #expect(engine.deletedCustomers(named: "Schröder AG") == [3, 4])
        let due = try #require(engine.duePurge(now: now + 31 * day))
        #expect(engine.purge(due) && engine.deletedCustomers(named: "Schröder AG") == [])
        #expect(engine.deletedCustomers(named: "") == [])
    }

    /// A user that confirms a delete has seen which customers it would hit; no other one is deleted.
    @Test func othersMatchMeanwhile() throws {
        let engine = makeEngine(customers: 3, now: now)
        var query = BoardQuery()
        query.filter = "credit = 0"
        func prepare(_ selection: UInt64) throws -> PreparedChange {
            try engine.prepareDelete(
                .query(query), expectedVersion: 0, expectedSelection: selection, who: "", now: now)
        }
        let seen = try prepare(0)
        #expect(seen.matched == 3 && seen.selectionHash != 0)
        var edit = CustomerEdit()
        (edit.selection, edit.fields, edit.values.creditMicros) = (.ids([2]), [.credit], 1)
        _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
        let text = "other customers match now than before, 2; check the selection and try again"
        #expect(throws: ChangeRefusal.conflict(text)) { try prepare(seen.selectionHash) }
        let again = try prepare(0)
        #expect(try prepare(again.selectionHash).matched == 2)
    }
}
