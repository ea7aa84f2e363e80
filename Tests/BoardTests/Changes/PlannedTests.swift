import Columnar
import Testing

@testable import Board

/// Edits that begin later: checked when they are asked for, carried out once, and called off.
@Suite struct PlannedTests {
    private let now: Int64 = 1_000_000_000_000_000
    private let hour: Int64 = 3_600_000_000

    @discardableResult
    private func plan(
        _ engine: Engine, _ selection: CustomerEdit.Selection, _ assignments: [String], from begin: Int64,
        until end: Int64 = 0, at time: Int64? = nil, key: [UInt8] = []
    ) throws -> UInt32 {
        var edit = CustomerEdit()
        (edit.selection, edit.assignments, edit.who) = (selection, assignments, "anna")
        (edit.beginAtMicros, edit.undoAtMicros) = (begin, end)
        return engine.commit(try engine.prepare(edit, now: time ?? now), idempotencyKey: key).number
    }

    private func filter(_ text: String) -> CustomerEdit.Selection {
        var query = BoardQuery()
        query.filter = text
        return .query(query)
    }

    private func edit(_ engine: Engine, _ ids: [UInt32], _ assignment: String, at time: Int64) throws {
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids(ids), [assignment])
        _ = engine.commit(try engine.prepare(edit, now: time), idempotencyKey: [])
    }

    @discardableResult
    private func tick(_ engine: Engine, _ time: Int64) -> Int {
        var done = 0
        while let prepared = engine.prepareDue(now: time) {
            #expect(prepared.errorCount == 0)
            _ = engine.commit(prepared, idempotencyKey: [])
            done += 1
        }
        return done
    }

    private func channels(_ engine: Engine) -> [UInt32] { engine.customers(after: 0, limit: 99).map(\.channels) }

    private func refusal(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch let error as ChangeRefusal {
            return error.message
        } catch {
            return "\(error)"
        }
    }

    // Change 1 is always the creation.

    @Test func itBeginsAtItsTimeAndIsSetBack() throws {
        let engine = makeEngine(customers: 3) { $0.channels = 10 }
        let number = try plan(
            engine, .ids([1, 3]), ["channels=ceil(channels*1.5)"], from: now + hour, until: now + 2 * hour)
        #expect(number == 2 && channels(engine) == [10, 10, 10])
        // What is to come is saved as customers are.
        let version = engine.customersVersion
        try plan(engine, .ids([2]), ["notes=x"], from: now + 9 * hour)
        #expect(engine.customersVersion > version)
        _ = engine.commit(try engine.prepareCallOff(number: 3, who: "", now: now), idempotencyKey: [])
        #expect(tick(engine, now + hour - 1) == 0)
        // What the customer has then counts, not what it has now.
        try edit(engine, [3], "channels=21", at: now + 1)
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        #expect(restored.snapshot().stateHash() == engine.snapshot().stateHash())
        for engine in [engine, restored] {
            #expect(tick(engine, now + hour) == 1 && channels(engine) == [15, 10, 32])
            #expect(tick(engine, now + hour) == 0)
            let change = try #require(engine.change(6))
            #expect(change.kind == .scheduled && change.later.of == 2 && change.who == "anna")
            #expect(change.later.lateMicros == 0 && !change.later.hasFailed && change.later.remark.isEmpty)
            #expect(change.undoAtMicros == now + 2 * hour && engine.change(2)?.later.carriedOutBy == 6)
            #expect(tick(engine, now + 2 * hour) == 1 && channels(engine) == [10, 10, 21])
            #expect(tick(engine, .max) == 0)
            #expect(engine.scheduledSummary.count == 0)
        }
    }

    /// Whom a condition finds is decided then.
    @Test func theConditionIsThatOfThen() throws {
        let engine = makeEngine(customers: 3) { $0.channels = 10 }
        try plan(engine, filter("tags HAS 'gold'"), ["channels=99"], from: now + hour)
        try edit(engine, [2, 3], "tags+=gold", at: now + 1)
        #expect(tick(engine, now + hour) == 1 && channels(engine) == [10, 99, 99])
        // No customer is found: that is no failure, and nothing is to be set back.
        try plan(engine, filter("channels = 5"), ["channels=6"], from: now + 2 * hour, until: now + 3 * hour)
        #expect(tick(engine, now + 2 * hour) == 1 && engine.scheduledSummary.count == 0)
        #expect(engine.failedChanges(since: 0, limit: 9).isEmpty)
    }

    @Test func whatIsWrongIsToldAtOnce() throws {
        let engine = makeEngine(customers: 2)
        let later = now + hour
        #expect(refusal { try plan(engine, .ids([1]), ["channels=x"], from: later) }?.contains("'x'") == true)
        #expect(refusal { try plan(engine, .ids([1]), ["colour=red"], from: later) }?.contains("colour") == true)
        #expect(refusal { try plan(engine, filter("asr <"), ["channels=1"], from: later) } != nil)
        #expect(refusal { try plan(engine, .ids([3]), ["channels=1"], from: later) } == "no customer with id 3")
        #expect(refusal { try plan(engine, .ids([1]), ["channels=1"], from: now) }?.contains("has passed") == true)
        let far = now + 367 * 24 * hour
        #expect(refusal { try plan(engine, .ids([1]), ["channels=1"], from: far) }?.contains("within 366 days") == true)
        #expect(
            refusal { try plan(engine, .ids([1]), ["channels=1"], from: later, until: later) }?.contains(
                "set back before it begins") == true)
        #expect(
            refusal { try plan(engine, .ids([1]), ["channels=1"], from: later, until: far + hour) }?.contains(
                "within 366 days after") == true)
        #expect(refusal { try plan(engine, .ids([1]), ["channels=1"], from: .min, until: .max) } != nil)
        var versioned = CustomerEdit()
        (versioned.selection, versioned.assignments, versioned.expectedVersion) = (.ids([1]), ["channels=1"], 1)
        versioned.beginAtMicros = later
        #expect(refusal { _ = try engine.prepare(versioned, now: now) }?.contains("leave --version out") == true)
        // A value that a rule refuses.
        var edit = CustomerEdit()
        (edit.selection, edit.assignments, edit.beginAtMicros) = (.ids([1]), ["country=XX"], later)
        #expect(try engine.prepare(edit, now: now).errors.first?.message.contains("ISO 3166") == true)
        #expect(engine.scheduledSummary.count == 0 && engine.history(before: 0, limit: 9).count == 1)
    }

    /// What is another customer's now may be free by then: it is told, and allowed.
    @Test func anAddressMayMoveAtMidnight() throws {
        let engine = makeEngine(customers: 2)
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([2]), ["auth+=ip:10.0.0.1"])
        edit.beginAtMicros = now + hour
        let prepared = try engine.prepare(edit, now: now)
        #expect(prepared.errorCount == 0 && prepared.notices.count == 1 && prepared.notices[0].contains("customer 1"))
        try plan(engine, .ids([1]), ["auth-=ip:10.0.0.1"], from: now + hour)
        try plan(engine, .ids([2]), ["auth+=ip:10.0.0.1"], from: now + hour)
        #expect(tick(engine, now + hour) == 2)
        #expect(engine.customer(id: 2)?.auth.count == 2 && engine.customer(id: 1)?.auth == [])
        // Where it is not free then, nothing is changed, and the history says why.
        try plan(engine, .ids([1]), ["auth=ip:10.0.0.2"], from: now + 2 * hour)
        #expect(tick(engine, now + 2 * hour) == 1 && engine.customer(id: 1)?.auth == [])
        let failed = engine.failedChanges(since: 0, limit: 9)
        #expect(failed.count == 1 && failed[0].later.remark.hasPrefix("customer 1: ip:10.0.0.2 belongs to customer 2"))
    }

    @Test func deletedCustomersAreLeftOut() throws {
        let engine = makeEngine(customers: 3) { $0.channels = 1 }
        let one = try plan(engine, .ids([3]), ["channels=7"], from: now + hour)
        try plan(engine, .ids([1, 2, 3]), ["channels=8"], from: now + hour)
        // By name: the customer that has it now.
        try plan(engine, .name("C2"), ["flow_speed=9"], from: now + hour)
        try edit(engine, [2], "name=Renamed", at: now)
        let delete = try engine.prepareDelete(.ids([3]), expectedVersion: 0, who: "", now: now)
        _ = engine.commit(delete, idempotencyKey: [])
        #expect(tick(engine, now + hour) == 3)
        #expect(channels(engine) == [8, 8] && engine.customer(id: 2)?.flowSpeed == 9)
        let failed = engine.failedChanges(since: now, limit: 9)
        #expect(failed.map(\.later.of) == [one] && failed[0].later.remark.contains("customer 3 'C3' is deleted"))
        #expect(engine.change(failed[0].number + 1)?.later.remark == "left out: customer 3, deleted")
        #expect(engine.failedChanges(since: now + hour + 1, limit: 9).isEmpty)
        // The history of the customer tells it, deleted or not.
        #expect(engine.history(customerID: 3, before: 0, limit: 99).map(\.number).contains(failed[0].number))
        #expect(engine.history(customerID: 2, before: 0, limit: 99).allSatisfy { $0.number != failed[0].number })
    }

    /// The server was down: what is still to hold is done late and says so; what was over by then is not done at all.
    @Test func whatCameTooLate() throws {
        let engine = makeEngine(customers: 1) { $0.channels = 1 }
        try plan(engine, .ids([1]), ["channels=2"], from: now + hour, until: now + 2 * hour)
        try plan(engine, .ids([1]), ["flow_speed=3"], from: now + hour, until: now + 9 * hour)
        #expect(tick(engine, now + 3 * hour) == 2)
        #expect(channels(engine) == [1] && engine.customer(id: 1)?.flowSpeed == 3)
        #expect(engine.change(4)?.later.hasFailed == true && engine.change(4)?.later.lateMicros == 2 * hour)
        #expect(engine.change(5)?.later.hasFailed == false && engine.change(5)?.later.lateMicros == 2 * hour)
    }

    /// At one instant what ends comes before what begins, and what begins in the order of asking.
    @Test func oneAfterTheOther() throws {
        let engine = makeEngine(customers: 1) { $0.channels = 1 }
        try plan(engine, .ids([1]), ["channels=2"], from: now + hour, until: now + 2 * hour)
        try plan(engine, .ids([1]), ["channels=5"], from: now + 2 * hour, until: now + 3 * hour)
        try plan(engine, .ids([1]), ["channels=channels*3"], from: now + 2 * hour)
        #expect(tick(engine, now + hour) == 1)
        #expect(tick(engine, now + 2 * hour) == 3)
        #expect(channels(engine) == [15])
        let names = engine.history(before: 0, limit: 3).map { [$0.later.of, $0.undoes] }
        #expect(names == [[4, 0], [3, 0], [0, 5]])
        // The third one stays, for it was made since.
        #expect(tick(engine, now + 3 * hour) == 1 && channels(engine) == [15])
    }

    @Test func calledOffAndUndone() throws {
        let engine = makeEngine(customers: 2) { $0.channels = 1 }
        let first = try plan(engine, .ids([1]), ["channels=2"], from: now + hour)
        let second = try plan(engine, .ids([1]), ["channels=3"], from: now + hour, until: now + 2 * hour)
        let third = try plan(engine, .ids([2]), ["channels=4"], from: now + hour, until: now + 2 * hour)
        #expect(engine.scheduled(customerID: 0, limit: 9).changes.map(\.number) == [first, second, third])
        #expect(engine.scheduled(customerID: 1, limit: 1).total == 2)
        #expect(engine.scheduled(customerID: 2, limit: 9).changes.map(\.number) == [third])
        // To undo what has not begun is to call it off.
        let undo = try engine.prepareUndo(customerID: 0, number: first, who: "ben", now: now)
        #expect(!undo.isEmpty && engine.commit(undo, idempotencyKey: []).number == 5)
        let change = try #require(engine.change(5))
        #expect(change.kind == .calledOff && change.later.of == first && change.who == "ben")
        #expect(engine.change(first)?.later.calledOffBy == 5)
        for number in [first, 5] {
            #expect(refusal { _ = try engine.prepareUndo(customerID: 0, number: number, who: "", now: now) } != nil)
            #expect(refusal { _ = try engine.prepareCallOff(number: number, who: "", now: now) } != nil)
        }
        #expect(refusal { _ = try engine.prepareUndo(customerID: 2, number: second, who: "", now: now) } != nil)
        #expect(tick(engine, now + hour) == 2 && channels(engine) == [3, 4])
        // A set-back that is called off: what was changed stays.
        let done = try #require(engine.change(third)?.later.carriedOutBy)
        let off = try engine.prepareCallOff(number: done, who: "", now: now + hour)
        _ = engine.commit(off, idempotencyKey: [])
        // One that has begun is undone as the change that it became.
        #expect(
            refusal { _ = try engine.prepareCallOff(number: second, who: "", now: now) }?.contains("is done by") == true
        )
        let back = try engine.prepareUndo(customerID: 0, number: second, who: "", now: now + hour)
        _ = engine.commit(back, idempotencyKey: [])
        #expect(channels(engine) == [1, 4] && engine.scheduledSummary.count == 0)
        #expect(tick(engine, .max) == 0 && channels(engine) == [1, 4])
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        #expect(restored.snapshot().stateHash() == engine.snapshot().stateHash())
        #expect(restored.history(before: 0, limit: 99) == engine.history(before: 0, limit: 99))
        #expect(refusal { _ = try engine.prepareCallOff(number: 99, who: "", now: now) } == "there is no change 99")
    }

    @Test func repeatedWithOneKeyItIsOneEdit() throws {
        let engine = makeEngine(customers: 1)
        let key = [UInt8](1...16)
        try plan(engine, .ids([1]), ["channels=2"], from: now + hour, key: key)
        #expect(engine.result(ofKey: key) == ChangeResult(number: 2, matched: 1, changed: 0))
    }

    /// What the journal never takes is not in the way of what comes after it.
    @Test func whatCannotBeKeptIsGivenUp() throws {
        let engine = makeEngine(customers: 1) { $0.channels = 1 }
        try plan(engine, .ids([1]), ["channels=2"], from: now + hour)
        try plan(engine, .ids([1]), ["flow_speed=3"], from: now + hour)
        let given = try #require(engine.prepareDue(refusal: "too long", now: now + hour))
        _ = engine.commit(given, idempotencyKey: [])
        #expect(tick(engine, now + hour) == 1)
        #expect(channels(engine) == [1] && engine.customer(id: 1)?.flowSpeed == 3)
        #expect(engine.failedChanges(since: 0, limit: 9).map(\.later.remark) == ["too long"])
    }

    @Test func thereIsABoundToWhatWaits() throws {
        let engine = makeEngine(customers: 1)
        for number in 0..<BoardLimits.plannedEdits {
            try plan(engine, .ids([1]), ["channels=\(number)"], from: now + hour - Int64(number))
        }
        #expect(
            refusal { try plan(engine, .ids([1]), ["channels=2"], from: now + hour) }?.contains("call some off") == true
        )
        #expect(engine.scheduled(customerID: 0, limit: 1).changes.first?.number == UInt32(BoardLimits.plannedEdits) + 1)
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        #expect(restored.state.changes.pending == engine.state.changes.pending)
        #expect(engine.state.changes.pending.byteSize > BoardLimits.plannedEdits * 128)
        let long = String(repeating: "x", count: 5_000)
        let texts = (0..<300).map { "notes=\($0)\(long)" }
        #expect(refusal { try plan(engine, .ids([1]), texts, from: now + 2 * hour) } != nil)
        let list = (0..<60_000).map { "sip:u\($0)\(long.prefix(20))" }.joined(separator: ";")
        #expect(refusal { try plan(engine, .ids([1]), ["auth=\(list)"], from: now + 2 * hour) } != nil)
    }
}
