// Every kind of change against every kind of later change: which of them stand in the way of undoing the earlier one,
// and of setting it back by itself.

import Columnar
import Testing

@testable import Board

@Suite struct ObstacleTests {
    private static let now: Int64 = 1_000_000_000_000_000
    private static let hour: Int64 = 3_600_000_000

    /// The change that is to be undone. All are of customer 1 of 3.
    enum Earlier: CaseIterable { case creation, edit, takenBack, deletion }

    /// What comes after it.
    enum Later: CaseIterable {
        case nothing, sameField, otherField, sameFieldOfAnother, sameFieldUndone, sameFieldRedone, deletion
        case deletionUndone, deletionOfAnother, costs, planned, plannedCalledOff

        /// What it cannot do to a customer that is deleted.
        var needsCustomer: Bool {
            switch self {
            case .sameField, .otherField, .sameFieldUndone, .sameFieldRedone, .deletion, .deletionUndone, .planned,
                .plannedCalledOff:
                true
            case .nothing, .sameFieldOfAnother, .deletionOfAnother, .costs: false
            }
        }
    }

    private static func edit(
        _ engine: Engine, _ id: UInt32, _ assignment: String, from begin: Int64 = 0, until end: Int64 = 0
    ) throws -> UInt32 {
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([id]), [assignment])
        (edit.beginAtMicros, edit.undoAtMicros) = (begin, end)
        return engine.commit(try engine.prepare(edit, now: now), idempotencyKey: []).number
    }

    private static func undo(_ engine: Engine, _ number: UInt32) throws -> UInt32 {
        let prepared = try engine.prepareUndo(customerID: 0, number: number, who: "", now: now)
        #expect(prepared.errors == [])
        return engine.commit(prepared, idempotencyKey: []).number
    }

    private static func delete(_ engine: Engine, _ id: UInt32) throws -> UInt32 {
        let prepared = try engine.prepareDelete(.ids([id]), expectedVersion: 0, who: "", now: now)
        return engine.commit(prepared, idempotencyKey: []).number
    }

    private static func make(_ earlier: Earlier, _ engine: Engine) throws -> UInt32 {
        switch earlier {
        case .creation: return 1
        case .edit: return try edit(engine, 1, "channels=10")
        case .takenBack: return try undo(engine, edit(engine, 1, "channels=10"))
        case .deletion: return try delete(engine, 1)
        }
    }

    private static func make(_ later: Later, _ engine: Engine) throws {
        switch later {
        case .nothing: break
        case .sameField: _ = try edit(engine, 1, "channels=20")
        case .otherField: _ = try edit(engine, 1, "notes=x")
        case .sameFieldOfAnother: _ = try edit(engine, 2, "channels=20")
        case .sameFieldUndone: _ = try undo(engine, edit(engine, 1, "channels=20"))
        case .sameFieldRedone: _ = try undo(engine, undo(engine, edit(engine, 1, "channels=20")))
        case .deletion: _ = try delete(engine, 1)
        case .deletionUndone: _ = try undo(engine, delete(engine, 1))
        case .deletionOfAnother: _ = try delete(engine, 2)
        case .costs:
            var change = engine.state.next(.rerated, who: "", now: now)
            change.rows = .list([0])
            change.note.reratings = [Rerating(customerID: 1, beforeMicros: 5, afterMicros: 3)]
            engine.state.changes.append(change)
        case .planned: _ = try edit(engine, 1, "channels=20", from: now + hour)
        case .plannedCalledOff: _ = try undo(engine, edit(engine, 1, "channels=20", from: now + hour))
        }
    }

    private static func isInTheWay(_ later: Later, of earlier: Earlier) -> Bool {
        switch (later, earlier) {
        case (.nothing, _), (.sameFieldUndone, _), (.deletionUndone, _), (.costs, _), (.planned, _),
            (.plannedCalledOff, _):
            false
        case (.sameField, _), (.sameFieldRedone, _), (.deletion, _): true
        // A creation is of all fields of all three.
        case (.otherField, .creation), (.sameFieldOfAnother, .creation), (.deletionOfAnother, .creation): true
        case (.otherField, _), (.sameFieldOfAnother, _), (.deletionOfAnother, _): false
        }
    }

    @Test(arguments: Earlier.allCases, Later.allCases) func undoing(earlier: Earlier, later: Later) throws {
        if earlier == .deletion && later.needsCustomer { return }
        let engine = makeEngine(customers: 3, now: Self.now)
        let number = try Self.make(earlier, engine)
        try Self.make(later, engine)
        if Self.isInTheWay(later, of: earlier) {
            let refusal = #expect(throws: ChangeRefusal.self) { try Self.undo(engine, number) }
            guard case .conflict(let message)? = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
            #expect(message.hasPrefix("change \(number) cannot be undone: change "), "\(message)")
            return
        }
        let undone = try Self.undo(engine, number)
        #expect(engine.change(number)?.undoneBy == undone && engine.change(undone)?.undoes == number)
        let customer = engine.customer(id: 1)
        switch earlier {
        case .creation: #expect(engine.customerCount == 0)
        case .edit: #expect(customer?.channels == 0)
        case .takenBack: #expect(customer?.channels == 10)
        case .deletion: #expect(customer?.name == "C1" && engine.customer(named: "C1")?.id == 1)
        }
        #expect(earlier == .creation || customer?.notes == (later == .otherField ? "x" : ""))
    }

    /// A change of a time leaves out whom a later change in force has changed since, and names that change.
    @Test(arguments: Later.allCases) func settingBack(later: Later) throws {
        let engine = makeEngine(customers: 3, now: Self.now)
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([1, 2, 3]), ["channels=10"])
        edit.undoAtMicros = Self.now + Self.hour / 2
        let number = engine.commit(try engine.prepare(edit, now: Self.now), idempotencyKey: []).number
        try Self.make(later, engine)
        let newest = engine.state.changes.lastNumber
        let due = try #require(engine.prepareDue(now: edit.undoAtMicros))
        let back = engine.commit(due, idempotencyKey: []).number
        let leftOut: [UInt32] =
            switch later {
            case .sameField, .sameFieldRedone, .deletion: [0]
            case .sameFieldOfAnother, .deletionOfAnother: [1]
            default: []
            }
        let change = try #require(engine.change(back))
        #expect(change.kind == .scheduled && change.undoes == number && !change.later.hasFailed)
        #expect(change.note.leftOut.rows == leftOut)
        #expect(change.rows.rows == [0, 1, 2].filter { !leftOut.contains($0) })
        // An edit that was taken back twice is in force by its own number.
        let prevented = later == .sameFieldRedone ? newest - 2 : newest
        #expect(change.note.leftOutFor == (leftOut.isEmpty ? 0 : prevented))
        for row in [0, 1, 2] as [UInt32] where !leftOut.contains(row) {
            #expect(engine.customer(id: row + 1)?.channels == 0, "row \(row)")
        }
        #expect(engine.prepareDue(now: edit.undoAtMicros) == nil)
    }

    /// Who was deleted with others comes back alone, and the others stay deleted by that change.
    @Test func oneOfManyComesBack() throws {
        let engine = makeEngine(customers: 4, now: Self.now)
        let prepared = try engine.prepareDelete(.ids([1, 2, 3]), expectedVersion: 0, who: "", now: Self.now)
        let number = engine.commit(prepared, idempotencyKey: []).number
        let one = try engine.prepareUndo(customerID: 2, number: 0, who: "", now: Self.now)
        #expect(one.change.undoes == 0 && one.change.rows.rows == [1])
        _ = engine.commit(one, idempotencyKey: [])
        #expect(engine.change(number)?.undoneBy == 0)
        #expect(engine.customers(after: 0, limit: 9).map(\.id) == [2, 4])
        let deleted = engine.deletedCustomers(after: 0, limit: 9, now: Self.now)
        #expect(deleted.customers.map(\.id) == [1, 3])
        #expect(deleted.customers.allSatisfy { $0.change?.number == number })
        // Deleted alone, it takes its own deletion back.
        let again = try Self.delete(engine, 2)
        let other = try engine.prepareUndo(customerID: 2, number: 0, who: "", now: Self.now)
        #expect(other.change.undoes == again)
        _ = engine.commit(other, idempotencyKey: [])
        #expect(engine.change(again)?.undoneBy == other.change.number && engine.change(number)?.undoneBy == 0)
        for id in [1, 3] as [UInt32] {
            let back = try engine.prepareUndo(customerID: id, number: 0, who: "", now: Self.now)
            _ = engine.commit(back, idempotencyKey: [])
        }
        #expect(engine.customerCount == 4)
    }
}
