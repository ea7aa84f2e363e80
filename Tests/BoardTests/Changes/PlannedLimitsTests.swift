// Edits of a time: both sides of every limit, and all of an edit through the bytes in which it waits.

import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct PlannedLimitsTests {
    private let now: Int64 = 1_000_000_000_000_000

    private func isTaken(begin: Int64, end: Int64) -> Bool {
        let engine = makeEngine(customers: 1)
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([1]), ["channels=1"])
        (edit.beginAtMicros, edit.undoAtMicros) = (begin, end)
        return (try? engine.prepare(edit, now: now)) != nil
    }

    @Test func timesHaveTwoEnds() {
        let longest = BoardLimits.scheduleMicros
        // When it begins.
        for (begin, isGood) in [
            (now - 1, false), (now, false), (now + 1, true), (now + longest - 1, true), (now + longest, true),
            (now + longest + 1, false), (.max, false), (.min, false), (-1, false),
        ] as [(Int64, Bool)] {
            #expect(isTaken(begin: begin, end: 0) == isGood, "begins \(begin - now) after now")
        }
        // When it is set back, after a beginning now and a later one.
        for begin in [0, now + 50, now + longest] as [Int64] {
            let start = begin == 0 ? now : begin
            for (end, isGood) in [
                (start - 1, false), (start, false), (start + 1, true), (start + longest - 1, true),
                (start + longest, true), (start + longest + 1, false), (.max, false), (.min, false), (-1, false),
            ] as [(Int64, Bool)] {
                #expect(isTaken(begin: begin, end: end) == isGood, "begins \(begin), ends \(end)")
            }
        }
    }

    /// How late it was is told where that is more than a minute.
    @Test(arguments: [false, true]) func lateIsMoreThanAMinute(isBegin: Bool) throws {
        let limit = BoardLimits.lateMicros
        for late in [0, 1, limit - 1, limit, limit + 1, 100 * limit] {
            let engine = makeEngine(customers: 1)
            var edit = CustomerEdit()
            (edit.selection, edit.assignments) = (.ids([1]), ["channels=1"])
            if isBegin { edit.beginAtMicros = now + 10 } else { edit.undoAtMicros = now + 10 }
            _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
            #expect(engine.prepareDue(now: now + 9) == nil)
            let due = try #require(engine.prepareDue(now: now + 10 + late))
            #expect(due.change.later.lateMicros == (late > limit ? late : 0), "\(late)")
            #expect(!due.change.later.hasFailed && due.change.rows.rows == [0])
        }
    }

    /// Whether what it was to hold for is over.
    @Test func whatIsOverIsNotDone() throws {
        for (at, isDone) in [(99, true), (100, false), (101, false)] as [(Int64, Bool)] {
            let engine = makeEngine(customers: 1)
            var edit = CustomerEdit()
            (edit.selection, edit.assignments) = (.ids([1]), ["channels=1"])
            (edit.beginAtMicros, edit.undoAtMicros) = (now + 10, now + 100)
            _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
            let due = try #require(engine.prepareDue(now: now + at))
            #expect(due.change.later.hasFailed == !isDone, "\(at)")
            #expect(due.change.undoAtMicros == (isDone ? now + 100 : 0))
        }
    }

    // MARK: - Bytes

    /// Every window, text and field comes back; cut anywhere the bytes are refused.
    @Test(arguments: Seeds.of(7)) func anEditComesBackFromItsBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var customers = RandomCustomers(seed: seed)
        for (number, window) in (Window.allCases + Window.allCases + Window.allCases).enumerated() {
            var edit = CustomerEdit()
            edit.beginAtMicros = Int64.random(in: 1 ... .max, using: &random)
            edit.undoAtMicros = Int64.random(in: 0 ... .max, using: &random)
            if number % 3 == 0 {
                edit.selection = .ids((1...9).filter { _ in Bool.random(using: &random) } + [10])
            } else {
                var query = BoardQuery()
                (query.filter, query.search, query.window) = ("asr < \(number) AND name <> 'é'", "x\(number)", window)
                query.status = number % 2 == 0 ? "Dialing" : ""
                edit.selection = .query(query)
            }
            edit.assignments = (0..<number % 4).map { "channels=\($0) * attempts" }
            edit.fields = ChangedField.allCases.filter { $0 != .deleted && Bool.random(using: &random) }
            let values = customers.customers(number..<number + 1)[0]
            for field in edit.fields {
                if field.isNumber {
                    edit.values.set(field, to: values.number(field))
                } else {
                    edit.values.set(field, to: values.value(field))
                }
            }
            let plan = PlannedEdit(edit)
            #expect(plan.beginMicros == edit.beginAtMicros)
            let again = try plan.edit()
            #expect(again.beginAtMicros == edit.beginAtMicros && again.undoAtMicros == edit.undoAtMicros)
            #expect(again.assignments == edit.assignments && again.fields == edit.fields)
            #expect(again.values == edit.values, "seed \(seed)")
            switch (edit.selection, again.selection) {
            case (.ids(let ids), .ids(let others)): #expect(ids == others)
            case (.query(let query), .query(let other)):
                #expect(query.filter == other.filter && query.search == other.search)
                #expect(query.status == other.status && query.window == other.window, "\(window)")
            default: Issue.record("seed \(seed): another selection")
            }
            for id in 0...11 as ClosedRange<UInt32> {
                let isNamed = if case .ids(let ids) = edit.selection { ids.contains(id) } else { false }
                #expect(plan.names(id) == isNamed)
            }
            for length in 0..<plan.bytes.count {
                #expect(throws: FieldFault.self) {
                    try PlannedEdit(beginMicros: 1, bytes: Array(plan.bytes.prefix(length)))
                }
            }
            #expect(throws: FieldFault.self) { try PlannedEdit(beginMicros: 1, bytes: plan.bytes + [0]) }
            #expect(throws: FieldFault.self) { try PlannedEdit(beginMicros: 0, bytes: plan.bytes) }
        }
    }
}
