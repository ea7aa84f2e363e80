// The search box: each kind of text that it looks at, and none that it does not.

import Columnar
import Testing

@testable import Board

@Suite struct SearchTests {
    private static let now: Int64 = 1_750_000_000_000_000

    private func found(_ engine: Engine, _ search: String) throws -> [Cell] {
        var query = BoardQuery()
        (query.columns, query.search) = (["id"], search)
        return try engine.board(query, now: Self.now).columns[0].cells
    }

    private func engine() -> Engine {
        makeEngine(customers: 3, now: Self.now) { customer in
            guard customer.name == "C2" else { return }
            customer.name = "Nämenlos"
            customer.company = "Firma Übersee"
            customer.accountManager = "Manager"
            customer.country = "IS"
            customer.tags = ["étiquette", "second"]
            customer.contacts = [
                Contact(name: "Ansprech", email: "box@post.example", mobile: "+491701234567", kind: "noc"),
                Contact(name: "Zweite", email: "two@post.example", mobile: "+491709999999", kind: "billing"),
            ]
            customer.auth = [.sip("userzwei"), .account("konto"), .ip("192.0.2.7")]
            customer.routes = [Route(name: "strecke")]
            customer.notes = "notiz"
        }
    }

    @Test(arguments: [
        "namenlos", "NÄMEN", "firma uber", "etiquette", "cond", "ansprech", "zweite", "box@post", "TWO@", "1701234",
        "+4917099", "userzwei", "konto", "192.0.2", "2",
    ])
    func everythingThatPeopleKnowIsSearched(text: String) throws { #expect(try found(engine(), text) == [.integer(2)]) }

    @Test(arguments: [
        "manager", "strecke", "notiz", "billing", "usd", "active", "02", "002", "+2", "etiquette second",
        "namenlos firma", "\u{0}", "postexample",
    ])
    func nothingElseIs(text: String) throws { #expect(try found(engine(), text) == []) }

    /// Texts of a customer do not run into one another, nor into those of the next.
    @Test func aTextIsFoundWithinOneEntry() throws {
        let engine = makeEngine(customers: 2, now: Self.now) { customer in
            customer.auth = []
            customer.tags = customer.name == "C1" ? ["ab", "cd"] : ["ef"]
        }
        for (text, ids) in [("ab", [1]), ("bc", []), ("de", []), ("cd", [1]), ("ef", [2])] as [(String, [Int64])] {
            #expect(try found(engine, text) == ids.map { .integer($0) }, "\(text)")
        }
    }

    /// The longest lists do not fit the index, and are searched all the same; and no longer, once they are short.
    @Test func veryLongListsAreSearched() throws {
        let engine = makeEngine(customers: 3, now: Self.now)
        let long = (0..<BoardLimits.listEntries).map { number in
            let digits = String(10_000 + number)
            return "tag\(digits)" + String(repeating: "x", count: BoardLimits.nameBytes - 8)
        }
        #expect(long.reduce(0) { $0 + $1.utf8.count + 1 } > ColumnarLimits.textBytes)
        var edit = CustomerEdit()
        (edit.selection, edit.fields, edit.values.tags) = (.ids([2]), [.tags], long)
        let prepared = try engine.prepare(edit, now: Self.now)
        #expect(prepared.errors == [])
        #expect(try found(engine, "tag10000x") == [])
        _ = engine.commit(prepared, idempotencyKey: [])
        for text in ["tag10000x", "tag11023xx", "C2", "10.0.0.2"] {
            #expect(try found(engine, text) == [.integer(2)], "\(text)")
        }
        edit.values.tags = ["short"]
        _ = engine.commit(try engine.prepare(edit, now: Self.now), idempotencyKey: [])
        #expect(try found(engine, "tag10000x") == [] && found(engine, "short") == [.integer(2)])
    }
}
