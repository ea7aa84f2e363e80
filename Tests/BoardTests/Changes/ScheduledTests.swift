import Columnar
import Testing

@testable import Board

/// Changes that hold for a time, across restarts and whatever happens meanwhile.
@Suite struct ScheduledTests {
    private let now: Int64 = 1_000_000_000_000_000
    private let hour: Int64 = 3_600_000_000

    private func edit(
        _ engine: Engine, _ ids: [UInt32], _ assignment: String, for micros: Int64 = 0, at time: Int64
    ) throws {
        var edit = CustomerEdit()
        (edit.selection, edit.assignments, edit.who) = (.ids(ids), [assignment], "anna")
        edit.undoAtMicros = micros == 0 ? 0 : time + micros
        _ = engine.commit(try engine.prepare(edit, now: time), idempotencyKey: [])
    }

    private func tick(_ engine: Engine, _ time: Int64) -> Int {
        var done = 0
        while let prepared = engine.prepareDue(now: time) {
            _ = engine.commit(prepared, idempotencyKey: [])
            done += 1
        }
        return done
    }

    @Test func aPenaltyEndsByItself() throws {
        let engine = makeEngine(customers: 2)
        try edit(engine, [1], "status=Penalty", for: hour, at: now)
        try edit(engine, [2], "status=Penalty", for: 2 * hour, at: now)
        #expect(tick(engine, now + hour - 1) == 0 && engine.customer(id: 1)?.status == .penalty)
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        for engine in [engine, restored] {
            #expect(tick(engine, now + hour) == 1)
            #expect(engine.customer(id: 1)?.status == .active && engine.customer(id: 2)?.status == .penalty)
            let change = try #require(engine.history(customerID: 1, before: 0, limit: 1).first)
            #expect(change.kind == .scheduled && change.who == "anna" && change.undoes == 2)
            #expect(tick(engine, now + 5 * hour) == 1 && engine.customer(id: 2)?.status == .active)
            #expect(tick(engine, now + 9 * hour) == 0)
        }
        #expect(restored.snapshot().stateHash() == engine.snapshot().stateHash())
    }

    @Test func whatOthersHaveChangedStays() throws {
        let engine = makeEngine(customers: 3) { $0.creditMicros = 100_000_000 }
        try edit(engine, [1, 2, 3], "credit+=25", for: hour, at: now)
        try edit(engine, [2], "credit=7", at: now + 1)
        try edit(engine, [3], "channels=7", at: now + 2)
        // As calls that are paid.
        engine.state.customers.creditMicros[2] -= 1_000_000
        #expect(tick(engine, now + hour) == 1)
        #expect(engine.customers(after: 0, limit: 9).map(\.creditMicros) == [100_000_000, 7_000_000, 99_000_000])
        try edit(engine, [1], "notes=x", for: hour, at: now)
        try edit(engine, [1], "notes=y", at: now)
        #expect(tick(engine, now + hour) == 1 && engine.customer(id: 1)?.notes == "y")
        #expect(engine.history(before: 0, limit: 1).first?.customerCount == 0)
        #expect(tick(engine, now + 9 * hour) == 0)
        // An undo by hand ends the wait.
        try edit(engine, [1], "notes=z", for: hour, at: now)
        _ = engine.commit(try engine.prepareUndo(customerID: 1, number: 0, who: "", now: now), idempotencyKey: [])
        #expect(tick(engine, now + hour) == 0 && engine.customer(id: 1)?.notes == "y")
        #expect(throws: ChangeRefusal.self) { try edit(engine, [1], "notes=q", for: -1, at: now) }
    }

    @Test func aChangeThatWaitsIsKeptHoweverOld() throws {
        var log = ChangeLog()
        for number in UInt32(1)...900 {
            var change = Change()
            (change.number, change.rows) = (number, .list([number]))
            change.who = String(repeating: "x", count: 500_000)
            if number == 3 || number == 200 { change.undoAtMicros = Int64(number) }
            log.append(change)
        }
        #expect(log[3]?.number == 3 && log[200]?.number == 200 && log[4] == nil)
        let restored = ChangeLog(log.changes, lastNumber: 900)
        #expect(restored.changes == log.changes && restored.byteSize == log.byteSize)
        for var log in [log, restored] {
            #expect(log.due(2) == nil && log.due(3) == 3)
            var undo = Change()
            (undo.number, undo.undoes, undo.kind, undo.rows) = (901, 3, .scheduled, .list([3]))
            log.append(undo)
            #expect(log[3] == nil && log.due(.max) == 200)
        }
    }
}
