import Columnar
import Randomness
import Testing

@testable import Board

/// What was asked for, in the history.
@Suite struct ChangeNoteTests {
    private let now: Int64 = 1_000_000_000_000_000
    private let hour: Int64 = 3_600_000_000

    private func edit(
        _ engine: Engine, _ selection: CustomerEdit.Selection, _ assignments: [String], for micros: Int64 = 0
    ) throws {
        var edit = CustomerEdit()
        (edit.selection, edit.assignments, edit.who) = (selection, assignments, "anna")
        edit.undoAtMicros = micros == 0 ? 0 : now + micros
        _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
    }

    private func query(_ filter: String) -> CustomerEdit.Selection {
        var query = BoardQuery()
        query.filter = filter
        return .query(query)
    }

    private func note(_ engine: Engine, _ number: UInt32) -> ChangeNote { engine.change(number)?.note ?? ChangeNote() }

    @Test func expressionsAndConditionsAreKept() throws {
        let engine = makeEngine(customers: 3)
        try edit(engine, query("id < 3"), ["channels=ceil(channels*1.1)+1", "tags+=gold"])
        try edit(engine, query(""), ["notes=x"])
        try edit(engine, .ids([1]), ["notes=y"])
        var plain = CustomerEdit()
        (plain.selection, plain.fields, plain.values.channels) = (.ids([1]), [.channels], 9)
        _ = engine.commit(try engine.prepare(plain, now: now), idempotencyKey: [])
        let delete = try engine.prepareDelete(query("id = 3"), expectedVersion: 0, who: "", now: now)
        _ = engine.commit(delete, idempotencyKey: [])
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        #expect(restored.snapshot().stateHash() == engine.snapshot().stateHash())
        for engine in [engine, restored] {
            #expect(note(engine, 2).assignments == ["channels=ceil(channels*1.1)+1", "tags+=gold"])
            #expect(note(engine, 2).isByCondition && note(engine, 2).filter == "id < 3")
            #expect(note(engine, 3).isByCondition && note(engine, 3).filter == "")
            #expect(note(engine, 4).assignments == ["notes=y"] && !note(engine, 4).isByCondition)
            #expect(note(engine, 5) == ChangeNote(), "the differences say it all")
            #expect(note(engine, 6).filter == "id = 3" && note(engine, 6).assignments == [])
        }
    }

    @Test func textsAreCut() throws {
        let long = String(repeating: "é", count: 3_000)
        var edit = CustomerEdit()
        edit.selection = query("name <> '\(long)'")
        edit.assignments = (0..<60).map { "notes=\($0)\(long.prefix(1_500))" }
        let note = ChangeNote(edit, customers: 2)
        #expect(note.filter.utf8.count <= BoardLimits.noteBytes && note.filter.hasSuffix("é…"))
        #expect(note.assignments.last == "…" && note.assignments.count <= 6)
        #expect(note.assignments.allSatisfy { $0.utf8.count <= BoardLimits.noteBytes })
        #expect(note.byteSize < 8_000)
    }

    @Test(arguments: Seeds.of(5)) func notesComeBackFromBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func text(_ random: inout SeededGenerator) -> String {
            ["", "a", "id < 3", "日本", String(repeating: "x", count: 1_024)].randomElement(using: &random) ?? ""
        }
        for _ in 0..<300 {
            var note = ChangeNote()
            note.assignments = (0..<Int.random(in: 0...3, using: &random)).map { _ in text(&random) }
            note.isByCondition = Bool.random(using: &random)
            (note.filter, note.search, note.status, note.file) = (
                text(&random), text(&random), text(&random), text(&random)
            )
            note.fileRows = UInt32.random(in: 0...2, using: &random)
            let rows = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt32.random(in: 0...99, using: &random)
            }
            note.leftOut = RowSet(Set(rows).sorted())
            note.leftOutFor = UInt32.random(in: 0...2, using: &random)
            var writer = FieldWriter()
            writer.append(note)
            let read = try writer.bytes.withBytes { bytes throws in
                var reader = FieldReader(bytes)
                return try ChangeNote(&reader)
            }
            #expect(read == note, "seed \(seed)")
        }
    }

    /// A set-back that comes too late for some customers is in their history, and says because of what.
    @Test func whoWasNotSetBackIsTold() throws {
        let engine = makeEngine(customers: 3)
        try edit(engine, .ids([1, 2, 3]), ["channels=61"], for: hour)
        try edit(engine, .ids([2]), ["channels=62"])
        try edit(engine, .ids([3]), ["notes=x"])
        try edit(engine, .ids([2]), ["channels=63"])
        try edit(engine, .ids([1]), ["name=D"], for: hour)
        try edit(engine, .ids([2]), ["name=C1"])
        for _ in 0..<2 {
            let prepared = try #require(engine.prepareDue(now: now + hour))
            _ = engine.commit(prepared, idempotencyKey: [])
        }
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        for engine in [engine, restored] {
            #expect(engine.customers(after: 0, limit: 9).map(\.channels) == [0, 63, 0])
            let second = engine.history(customerID: 2, before: 0, limit: 9)
            #expect(second.map(\.number) == [8, 7, 5, 3, 2, 1])
            #expect(second[0].kind == .scheduled && second[0].undoes == 2 && second[0].note.leftOutFor == 5)
            #expect(second[0].note.hasLeftOut(customerID: 2) && second[0].note.leftOutCount == 1)
            #expect(second[0].rows.rows == [0, 2])
            // Its name is another's by now.
            let first = engine.history(customerID: 1, before: 0, limit: 9)
            #expect(first.map(\.number) == [9, 8, 6, 2, 1])
            #expect(first[0].note.hasLeftOut(customerID: 1) && first[0].note.leftOutFor == 0)
            #expect(engine.customer(id: 1)?.name == "D" && engine.prepareDue(now: now + hour) == nil)
        }
    }

    /// A purge forgets what an edit asked for once none of its customers is left.
    @Test func aPurgeForgetsIt() throws {
        let day: Int64 = 86_400_000_000
        let engine = makeEngine(customers: 2, now: now)
        try edit(engine, query("name = 'C2'"), ["notes=secret"])
        try edit(engine, query(""), ["notes=open"])
        try edit(engine, .ids([2]), ["channels=5"], for: hour)
        try edit(engine, .ids([2]), ["channels=6"])
        _ = engine.commit(try #require(engine.prepareDue(now: now + hour)), idempotencyKey: [])
        let delete = try engine.prepareDelete(.ids([2]), expectedVersion: 0, who: "", now: now + hour)
        _ = engine.commit(delete, idempotencyKey: [])
        #expect(engine.change(6)?.note.leftOutCount == 1)
        let due = try #require(engine.duePurge(now: now + 31 * day))
        #expect(engine.purge(due))
        #expect(note(engine, 2) == ChangeNote() && note(engine, 3).assignments == ["notes=open"])
        #expect(engine.change(6)?.note.leftOutCount == 0)
    }
}
