// What a journal may have applied again, and what the history shows of a change.

import Columnar
import Testing

@testable import Board

@Suite struct ReplayTests {
    private let now: Int64 = 1_000_000_000_000_000

    /// Three customers, one edit: the next change has number 3, the next customer id 4.
    private func engine() throws -> Engine {
        let engine = makeEngine(customers: 3, now: now)
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([1]), ["notes=x"])
        _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
        return engine
    }

    private func change(_ number: UInt32, rows: [UInt32], created: UInt32 = 0, firstID: UInt32 = 0) -> Change {
        var change = Change()
        (change.number, change.rows, change.createdCount) = (number, RowSet(rows), created)
        (change.createdFirstID, change.kind, change.atMicros) = (firstID, created > 0 ? .imported : .edited, now + 5)
        let values = FieldValues(rows.map { _ in 7 as Int64 })
        if !rows.isEmpty { change.fields = [FieldChange(field: .channels, old: values, new: values)] }
        return change
    }

    private func expect(
        _ change: Change, created: [Customer] = [], isGood: Bool, _ place: Comment
    ) throws {
        let engine = try engine()
        let before = engine.snapshot().stateHash()
        let isDone = engine.replay(change, created: created, matched: 1, idempotencyKey: [1])
        #expect(isDone == isGood, place)
        #expect((engine.snapshot().stateHash() == before) == !isGood, place)
        #expect(engine.result(ofKey: [1])?.number == (isGood ? 3 : nil), place)
        guard isGood else { return }
        for row in change.rows.rows { #expect(engine.customer(id: row + 1)?.channels == 7, place) }
        // The values before are those of the customers, not those of the file.
        let old = FieldValues(change.rows.rows.map { _ in 0 as Int64 })
        #expect(engine.change(3)?.fields.allSatisfy { $0.old == old } == true, place)
        #expect(engine.customerCount == 3 + created.count, place)
    }

    @Test func theNextChangeOfCustomersThatAreThere() throws {
        for number in 0...5 as ClosedRange<UInt32> {
            try expect(change(number, rows: [0]), isGood: number == 3, "number \(number)")
        }
        for rows in [[], [0], [2], [0, 1, 2], [3], [0, 3], [9_999]] as [[UInt32]] {
            try expect(change(3, rows: rows), isGood: (rows.last ?? 0) < 3, "\(rows)")
            var leftOut = change(3, rows: [0])
            leftOut.note.leftOut = RowSet(rows)
            try expect(leftOut, isGood: (rows.last ?? 0) < 3, "left out \(rows)")
        }
    }

    @Test func asManyAreCreatedAsItSays() throws {
        var customer = Customer()
        (customer.name, customer.currency) = ("New", "EUR")
        for count in 0...2 as ClosedRange<UInt32> {
            for given in 0...2 {
                for firstID in 3...5 as ClosedRange<UInt32> {
                    let created = (0..<given).map { number in
                        var created = customer
                        created.name += " \(number)"
                        return created
                    }
                    let isGood = Int(count) == given && (given == 0 || firstID == 4)
                    try expect(
                        change(3, rows: [1], created: count, firstID: firstID), created: created, isGood: isGood,
                        "\(given) for \(count) from \(firstID)")
                }
            }
        }
    }

    // MARK: - What the history shows

    /// The first differences, customer by customer, up to a limit; and those of one.
    @Test func differencesAreShown() throws {
        let engine = makeEngine(customers: 4, now: now) { customer in
            (customer.channels, customer.creditMicros) = (customer.name == "C2" ? 9 : 5, -500_000)
        }
        var edit = CustomerEdit()
        edit.selection = .ids([1, 2, 3, 4])
        edit.assignments = ["channels=9", "credit+=1", "tags=a;b", "country=de"]
        let prepared = try engine.prepare(edit, now: now)
        _ = engine.commit(prepared, idempotencyKey: [])
        let change = try #require(engine.change(2))
        func expected(_ id: UInt32) -> [ShownChange] {
            let channels = ShownChange(customerID: id, field: "channels", old: "5", new: "9")
            return (id == 2 ? [] : [channels]) + [
                ShownChange(customerID: id, field: "credit", old: "-0.5", new: "0.5"),
                ShownChange(customerID: id, field: "tags", old: "", new: "a;b"),
                ShownChange(customerID: id, field: "country", old: "", new: "DE"),
            ]
        }
        let all = (1...4).flatMap { expected($0) }
        for limit in 0...all.count + 1 { #expect(change.shown(limit: limit) == Array(all.prefix(limit)), "\(limit)") }
        for id in 0...5 as ClosedRange<UInt32> {
            #expect(change.shown(customerID: id) == ((1...4).contains(id) ? expected(id) : []), "\(id)")
        }
        #expect(change.countByField.map(\.field) == ["channels", "credit", "tags", "country"])
        #expect(change.countByField.map(\.count) == [3, 4, 4, 4])
    }

    @Test func valuesAreShownAsTheyAreWritten() {
        let cases: [(ChangedField, Int64, String)] = [
            (.status, 0, "Active"), (.status, 3, "Pending Approval"), (.credit, -1, "-0.000001"),
            (.debitLimit, 2_500_000, "2.5"), (.portalAccess, 0, "false"), (.portalAccess, 1, "true"),
            (.deleted, 0, "false"), (.deleted, now, "true"), (.channels, 7, "7"), (.flowSpeed, 0, "0"),
            (.shortCallSeconds, 6, "6"),
        ]
        for (field, number, text) in cases { #expect(field.shown(number) == text, "\(field)") }
        let contacts = [Contact(name: "Ann", mobile: "+1", kind: "noc"), Contact(email: "b@x"), Contact(name: "a;b")]
        let values: [(FieldValue, String)] = [
            (.text("a;b"), "a;b"), (.tags(["a", "b;c"]), "a;b;;c"), (.routes([Route(name: "r", enabled: false)]), "!r"),
            (.auth([.sip("s"), .ip("10.0.0.1")]), "sip:s;ip:10.0.0.1"), (.contacts(contacts), "Ann, +1, noc;b@x;a;;b"),
        ]
        for (value, text) in values { #expect(value.shown == text) }
    }

    /// A text of exactly the longest length is whole; a longer one is cut between two characters.
    @Test func longTextsAreCut() {
        let limit = BoardLimits.noteBytes
        for letter in ["x", "é", "日", "👩‍👧"] {
            let bytes = letter.utf8.count
            for count in limit / bytes - 2...limit / bytes + 2 {
                var query = BoardQuery()
                query.filter = String(repeating: letter, count: count)
                let filter = ChangeNote(.query(query)).filter
                if count * bytes <= limit {
                    #expect(filter == query.filter, "\(count) of \(letter)")
                } else {
                    let kept = String(repeating: letter, count: (limit - 3) / bytes)
                    #expect(filter == kept + "…", "\(count) of \(letter)")
                }
            }
        }
    }
}
