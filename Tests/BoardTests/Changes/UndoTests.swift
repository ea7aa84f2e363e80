import Columnar
import Testing

@testable import Board

/// Changes taken back, and what stands in the way of that.
@Suite struct UndoTests {
    private let now: Int64 = 1_000_000_000_000_000

    private func edit(_ engine: Engine, _ ids: [UInt32], _ assignments: String..., who: String = "anna") throws {
        var edit = CustomerEdit()
        edit.selection = .ids(ids)
        edit.assignments = assignments
        edit.who = who
        _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
    }

    private func undo(_ engine: Engine, _ customer: UInt32 = 0, _ number: UInt32 = 0) throws -> PreparedChange {
        let prepared = try engine.prepareUndo(customerID: customer, number: number, who: "ben", now: now + 1)
        if prepared.errorCount == 0 { _ = engine.commit(prepared, idempotencyKey: []) }
        return prepared
    }

    private func conflict(_ engine: Engine, _ customer: UInt32, _ number: UInt32) -> String? {
        do throws(ChangeRefusal) {
            _ = try engine.prepareUndo(customerID: customer, number: number, who: "", now: now)
            return nil
        } catch {
            if case .conflict(let message) = error { return message }
            return nil
        }
    }

    // Change 1 is always the creation.

    @Test func stepByStepBackToTheBeginning() throws {
        let engine = makeEngine(customers: 2)
        for channels in 1...3 { try edit(engine, [1], "channels=\(channels)") }
        for channels in [2, 1, 0] {
            _ = try undo(engine, 1)
            #expect(engine.customer(id: 1)?.channels == UInt32(channels))
        }
        #expect(conflict(engine, 1, 0)?.contains("changed 2 customers") == true)
        #expect(engine.customer(id: 1)?.version == 7)
        // The undo of an undo is the change again.
        _ = try undo(engine, 1, 7)
        #expect(engine.customer(id: 1)?.channels == 1)
        #expect(engine.change(2)?.undoneBy == 0 && engine.change(7)?.undoneBy == 8 && engine.change(8)?.undoes == 7)
        _ = try undo(engine, 0, 8)
        #expect(
            engine.customer(id: 1)?.channels == 0 && engine.change(7)?.undoneBy == 0 && engine.change(2)?.undoneBy == 7)
        #expect(conflict(engine, 1, 2) == "change 2 is undone already, by change 7")
    }

    @Test func laterChangesOfTheSameFieldStandInTheWay() throws {
        let engine = makeEngine(customers: 3)
        try edit(engine, [1, 2, 3], "channels=10", "flow_speed=1")
        try edit(engine, [2], "channels=20", who: "carl")
        try edit(engine, [1], "notes=x")
        #expect(
            conflict(engine, 0, 2)?.contains("change 3 by carl has since changed channels of customer 2 'C2'") == true)
        _ = try undo(engine, 0, 3)
        let all = try undo(engine, 0, 2)
        #expect(all.change.customerCount == 3)
        #expect(engine.customers(after: 0, limit: 9).allSatisfy { $0.channels == 0 && $0.flowSpeed == 0 })
        #expect(engine.customer(id: 1)?.notes == "x")
        #expect(conflict(engine, 0, 99) == nil)
    }

    @Test func creditGoesBackByTheDifference() throws {
        let engine = makeEngine(customers: 1) { $0.creditMicros = 70_000_000 }
        try edit(engine, [1], "credit=120")
        // As calls that are paid.
        engine.state.customers.creditMicros[0] -= 5_000_000
        _ = try undo(engine, 1)
        #expect(engine.customer(id: 1)?.creditMicros == 65_000_000)
    }

    @Test func aDeletedCustomerIsLeftAlone() throws {
        let engine = makeEngine(customers: 2)
        try edit(engine, [1, 2], "channels=10")
        _ = engine.commit(
            try engine.prepareDelete(.ids([1]), expectedVersion: 0, who: "", now: now), idempotencyKey: [])
        #expect(conflict(engine, 0, 2)?.contains("deleted customer 1") == true)
        _ = try undo(engine, 0, 3)
        #expect(engine.customer(id: 1)?.channels == 10)
        _ = try undo(engine, 0, 2)
        #expect(engine.customer(id: 1)?.channels == 0)
    }

    /// What took a delete back is known for it whatever the clock did between, and does not stand in the way of older
    /// changes.
    @Test func broughtBackAfterTheClockWasPutBack() throws {
        let engine = makeEngine(customers: 2)
        try edit(engine, [1], "channels=10")
        let delete = try engine.prepareDelete(.ids([1]), expectedVersion: 0, who: "", now: now + 9_000_000)
        _ = engine.commit(delete, idempotencyKey: [])
        try edit(engine, [2], "notes=x")
        #expect(try undo(engine, 1).change.undoes == 3)
        _ = try undo(engine, 0, 2)
        #expect(engine.customer(id: 1)?.channels == 0)
    }

    @Test func aNameThatIsAnothersByNowStaysWithHim() throws {
        let engine = makeEngine(customers: 2)
        try edit(engine, [1], "name=New")
        try edit(engine, [2], "name=C1")
        let prepared = try undo(engine, 1, 2)
        #expect(prepared.errors.map(\.field) == ["name"])
        #expect(engine.customer(named: "c1")?.id == 2)
    }

    @Test func theLogForgetsTheOldestAndKnowsTheNewest() throws {
        var log = ChangeLog()
        for number in UInt32(1)...1_000 {
            var change = Change()
            change.number = number
            change.who = String(repeating: "x", count: 500_000)
            change.rows = .list([number % 7])
            log.append(change)
            #expect(log.byteSize <= BoardLimits.changeLogBytes)
            #expect(log[number]?.number == number && log.lastNumber == number)
        }
        #expect(
            log.firstNumber > 800 && log[log.firstNumber - 1] == nil && log[log.firstNumber]?.number == log.firstNumber)
        #expect(log.changes.map(\.number) == Array(log.firstNumber...1_000))
        #expect(ChangeLog(log.changes, lastNumber: 1_000).changes == log.changes)
        #expect(log.newest(of: 3)?.number == 997)
    }
}
