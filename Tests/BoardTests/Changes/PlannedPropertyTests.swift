import Columnar
import Randomness
import Testing

@testable import Board

/// Thousands of random schedules with edits, deletes, undos, restarts and leaps of the clock between: customers and
/// what is to come are those of the obvious way.
@Suite struct PlannedPropertyTests {
    @Test(arguments: Seeds.of(1, 2, 3, 4, 5, 6))
    func everythingIsDoneOnce(seed: UInt64) throws {
        var run = Run(seed: seed)
        for step in 1...400 {
            try run.step()
            try run.check("seed \(seed), step \(step)")
        }
        #expect(run.carriedOut > 20 && run.setBack > 0, "seed \(seed)")
    }

    private struct Run {
        var random: SeededGenerator
        var engine: Engine
        var model: NaiveSchedule
        var now: Int64 = 1_700_000_000_000_000
        /// Changes since the beginning, as a journal has them.
        var journal: [(change: Change, matched: Int)] = []
        var carriedOut = 0
        var setBack = 0
        private let count = 6

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            engine = Run.fresh(count, now)
            model = NaiveSchedule((1...6).map { NaiveSchedule.Person(name: "C\($0)") })
        }

        static func fresh(_ count: Int, _ now: Int64) -> Engine { makeEngine(customers: count, now: now) }

        var next: UInt32 { (engine.history(before: 0, limit: 1).first?.number ?? 0) + 1 }

        mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

        mutating func commit(_ prepared: PreparedChange) {
            journal.append((prepared.change, prepared.matched))
            _ = engine.commit(prepared, idempotencyKey: [])
        }

        mutating func step() throws {
            // The clock goes on, sometimes by hours, seldom back.
            switch number(0...19) {
            case 0: now += Int64(number(1...90_000)) * 1_000_000
            case 1: now -= Int64(number(1...600)) * 1_000_000
            default: now += Int64(number(1...120)) * 1_000_000
            }
            switch number(0...19) {
            case 0...6: try schedule()
            case 7...10: try edit()
            case 11: try delete()
            case 12: try undelete()
            case 13: try callOff()
            case 14: try undo()
            case 15: try restart()
            default: break
            }
            if number(0...3) > 0 { tick() }
        }

        mutating func whomAndWhat() -> (NaiveSchedule.Whom, NaiveSchedule.What) {
            let n = number(0...5)
            switch number(0...5) {
            case 0: return (.ids([number(0...5)]), .name("N\(n)"))
            case 1: return (.ids([number(0...5)]), .channels(Int64(n)))
            case 2:
                return (
                    .ids(Array(Set([number(0...5), number(0...5), number(0...5)])).sorted()), .moreChannels(Int64(n))
                )
            case 3: return (.atLeast(channels: Int64(n)), .credit(Int64(n) * 1_000_000))
            case 4: return (.atLeast(channels: Int64(n)), .channels(Int64(n)))
            default: return (.atLeast(channels: 0), .tag("t\(n)"))
            }
        }

        func request(
            _ whom: NaiveSchedule.Whom, _ what: NaiveSchedule.What, from begin: Int64, until end: Int64
        ) -> CustomerEdit {
            var edit = CustomerEdit()
            (edit.beginAtMicros, edit.undoAtMicros) = (begin, end)
            switch whom {
            case .ids(let rows): edit.selection = .ids(rows.map { UInt32($0) + 1 })
            case .atLeast(let channels):
                var query = BoardQuery()
                query.filter = "channels >= \(channels)"
                edit.selection = .query(query)
            }
            switch what {
            case .name(let name): edit.assignments = ["name=\(name)"]
            case .channels(let number): edit.assignments = ["channels=\(number)"]
            case .moreChannels(let number): edit.assignments = ["channels=channels + \(number)"]
            case .credit(let micros): edit.assignments = ["credit+=\(micros / 1_000_000)"]
            case .tag(let tag): edit.assignments = ["tags+=\(tag)"]
            }
            return edit
        }

        mutating func schedule() throws {
            let (whom, what) = whomAndWhat()
            // Often at one instant.
            let begin = (now / 600_000_000 + Int64(number(1...12))) * 600_000_000
            let end = number(0...2) == 0 ? 0 : begin + Int64(number(1...36)) * 600_000_000
            let edit = request(whom, what, from: begin, until: end)
            // Who is deleted now cannot be named.
            if case .ids(let rows) = whom, rows.contains(where: { model.people[$0].isDeleted }) {
                #expect(throws: ChangeRefusal.self) { try engine.prepare(edit, now: now) }
                return
            }
            let prepared = try engine.prepare(edit, now: now)
            try #require(prepared.errorCount == 0 && prepared.matched == model.rows(whom).count)
            model.plans[next] = NaiveSchedule.Plan(whom: whom, what: what, begin: begin, end: end)
            commit(prepared)
        }

        mutating func edit() throws {
            let (whom, what) = whomAndWhat()
            let edit = request(whom, what, from: 0, until: 0)
            if case .ids(let rows) = whom, rows.contains(where: { model.people[$0].isDeleted }) { return }
            let prepared = try engine.prepare(edit, now: now)
            let changed = model.edit(whom, what, end: 0, as: next)
            try #require((changed == nil) == (prepared.errorCount > 0))
            guard let changed else { return }
            try #require(changed == prepared.change.customerCount)
            if changed > 0 { commit(prepared) }
        }

        mutating func delete() throws {
            let row = number(0...5)
            guard !model.people[row].isDeleted else { return }
            commit(try engine.prepareDelete(.ids([UInt32(row) + 1]), expectedVersion: 0, who: "", now: now))
            model.delete(row)
        }

        mutating func undelete() throws {
            guard let row = model.people.indices.first(where: { model.people[$0].isDeleted }) else { return }
            let prepared = try engine.prepareUndo(customerID: UInt32(row) + 1, number: 0, who: "", now: now)
            let isDone = model.undelete(row)
            try #require(isDone == (prepared.errorCount == 0))
            if isDone { commit(prepared) }
        }

        mutating func callOff() throws {
            guard let chosen = model.pending.randomElement(using: &random) else { return }
            commit(try engine.prepareCallOff(number: chosen.number, who: "", now: now))
            if chosen.isBegin { model.plans[chosen.number] = nil } else { model.deeds[chosen.number]?.end = 0 }
        }

        /// By the number of the change, or of the planned one that it was.
        mutating func undo() throws {
            guard let planned = model.becameOf.keys.sorted().randomElement(using: &random),
                let became = model.becameOf[planned], let deed = model.deeds[became], !deed.isUndone
            else { return }
            let prepared = try? engine.prepareUndo(
                customerID: 0, number: Bool.random(using: &random) ? planned : became, who: "", now: now)
            let isDone = model.undo(became)
            try #require(isDone == (prepared != nil && prepared?.errorCount == 0))
            if isDone, let prepared { commit(prepared) }
        }

        mutating func tick() {
            while let prepared = engine.prepareDue(now: now) {
                let number = next
                let wasBegin = prepared.change.later.of != 0
                commit(prepared)
                if wasBegin { carriedOut += 1 } else { setBack += 1 }
                let isDone = model.doDue(now, as: number)
                #expect(isDone)
            }
            #expect(model.pending.first.map { $0.micros > now } ?? true)
        }

        /// From saved tables, or from the journal alone, or from tables and the rest of the journal.
        mutating func restart() throws {
            let restored: Engine
            if Bool.random(using: &random) {
                restored = Engine()
                try restored.restore(engine.snapshot().tables())
            } else {
                restored = Run.fresh(count, 1_700_000_000_000_000)
                for entry in journal {
                    // A record has no values of before.
                    var change = entry.change
                    for field in change.fields.indices { change.fields[field].old = change.fields[field].new }
                    (change.later.carriedOutBy, change.later.calledOffBy) = (0, 0)
                    try #require(
                        restored.replay(change, created: [], matched: entry.matched, idempotencyKey: []))
                }
            }
            #expect(restored.snapshot().stateHash() == engine.snapshot().stateHash())
            #expect(restored.history(before: 0, limit: 2_000) == engine.history(before: 0, limit: 2_000))
            engine = restored
        }

        func check(_ place: String) throws {
            let people = engine.state.customers
            for (row, person) in model.people.enumerated() {
                try #require(
                    people.deleted[row] == person.isDeleted && people.names[row] == person.name
                        && Int64(people.channels[row]) == person.channels && people.creditMicros[row] == person.credit
                        && people.value(.tags, row) == .tags(person.tags) && people.versions[row] == person.version,
                    "\(place): customer \(row + 1)")
            }
            let pending = engine.scheduled(customerID: 0, limit: 1_000)
            try #require(
                pending.changes.map(\.number) == model.pending.map(\.number)
                    && pending.changes.map(\.atMicros) == model.pending.map(\.micros), "\(place)")
            try #require(engine.failedChanges(since: 0, limit: .max).count == model.failures, "\(place)")
        }
    }
}
