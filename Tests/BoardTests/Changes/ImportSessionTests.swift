import Testing

@testable import Board

/// Files of customers: created, updated, unchanged, refused; all or nothing; the same again changes nothing.
@Suite struct ImportSessionTests {
    private let now: Int64 = 1_000_000_000_000_000
    private let key = [UInt8](repeating: 7, count: 16)

    private func row(
        _ number: Int, _ name: String, id: UInt32 = 0, _ fields: ChangedField...,
        set: (inout Customer) -> Void = { _ in }
    )
        -> ImportRow
    {
        var customer = Customer()
        (customer.id, customer.name, customer.currency) = (id, name, "USD")
        set(&customer)
        return ImportRow(
            number: number, customer: customer,
            fields: fields.reduce(1 << 1) { $0 | 1 << UInt32($1.rawValue) })
    }

    private func take(_ engine: Engine, _ rows: [ImportRow]) throws -> [CustomerError] {
        try engine.takeImport(rows, unreadable: 0, of: key, now: now).errors
    }

    private func finish(_ engine: Engine) throws -> ChangeResult {
        let prepared = try engine.prepareImport(key, who: "anna", now: now + 1)
        #expect(prepared.errorCount == 0)
        return engine.commit(prepared, idempotencyKey: key)
    }

    @Test func rowsCreateUpdateAndLeave() throws {
        let engine = makeEngine(customers: 3) { $0.channels = 5 }
        let rows = [
            row(2, "New", .channels) { $0.channels = 9 }, row(3, "c1", .channels) { $0.channels = 7 },
            row(4, "C2", .channels) { $0.channels = 5 }, row(5, "Renamed", id: 3),
        ]
        #expect(try take(engine, Array(rows[..<2])) == [])
        #expect(try take(engine, Array(rows[2...])) == [])
        #expect(engine.importProgress(key)?.counts.created == 1 && engine.importProgress(key)?.counts.updated == 2)
        #expect(engine.importProgress(key)?.counts.unchanged == 1)
        #expect(engine.customerCount == 3 && engine.customer(id: 1)?.channels == 5, "nothing is done yet")
        let result = try finish(engine)
        #expect(result.changed == 3 && result.matched == 4)
        // The name is written as the file has it.
        #expect(engine.customer(id: 1)?.channels == 7 && engine.customer(id: 1)?.name == "c1")
        #expect(engine.customer(id: 2)?.version == 1 && engine.customer(named: "renamed")?.id == 3)
        #expect(engine.customer(named: "New")?.id == 4 && engine.customer(named: "New")?.channels == 9)
        // The same again.
        var again = rows
        again[3].customer.id = 0
        #expect(try take(engine, again) == [])
        #expect(engine.importProgress(key)?.counts.unchanged == 4)
        #expect(try finish(engine).changed == 0)
    }

    @Test func everyErrorHasItsRowAndNothingIsDone() throws {
        let engine = makeEngine(customers: 2)
        let errors = try take(
            engine,
            [
                row(2, "A"), row(3, "a"), row(4, "C1"), row(5, "c1"), row(6, "C2") { $0.currency = "EUR" },
                row(7, "B", .auth) { $0.auth = [.ip("10.0.0.1")] }, row(8, "D", .country) { $0.country = "XX" },
                row(9, "C2", id: 1), row(10, "E") { $0.currency = "" }, row(11, "F", .auth) { $0.auth = [.sip("x")] },
                row(12, "G", .auth) { $0.auth = [.sip("x")] },
            ])
        #expect(errors.map(\.index) == [3, 5, 6, 7, 8, 9, 10, 12], "\(errors)")
        #expect(errors[0].message.contains("also that of row 2") && errors[1].message.contains("also in row 4"))
        #expect(
            errors[2].message.contains("has USD, which is fixed") && errors[3].message.contains("belongs to customer 1")
        )
        #expect(errors[7].message.contains("also that of row 11"))
        #expect(engine.importProgress(key)?.counts.failed == 8 && engine.importProgress(key)?.errorCount == 8)
        let more = try take(engine, [row(13, "H"), row(14, "H")])
        #expect(more.map(\.index) == [14])
        let prepared = try engine.prepareImport(key, who: "", now: now)
        #expect(prepared.errorCount == 9 && prepared.isEmpty && engine.customerCount == 2)
    }

    @Test func othersChangesStandInTheWay() throws {
        let engine = makeEngine(customers: 2)
        _ = try take(engine, [row(2, "A")])
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([1]), ["channels=1"])
        _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
        #expect(throws: ChangeRefusal.self) { try take(engine, [row(3, "B")]) }
        #expect(engine.importCount == 0 && engine.customerCount == 2)
        _ = try take(engine, [row(2, "A")])
        engine.forgetImports(before: now + 1)
        #expect(throws: ChangeRefusal.self) { try engine.prepareImport(key, who: "", now: now) }
    }

    @Test func partsOfTheFirstContactLeaveTheRest() throws {
        let engine = makeEngine(customers: 1) {
            $0.contacts = [Contact(name: "Ann", email: "a@x.example"), Contact(name: "Bob")]
        }
        var only = row(2, "C1") { $0.contacts = [Contact(email: "new@x.example")] }
        only.fields |= 1 << 20
        _ = try take(engine, [only])
        _ = try finish(engine)
        #expect(
            engine.customer(id: 1)?.contacts == [Contact(name: "Ann", email: "new@x.example"), Contact(name: "Bob")])
    }

    @Test func anImportIsUndoneAsAWhole() throws {
        let engine = makeEngine(customers: 2)
        _ = try take(engine, [row(2, "A"), row(3, "B"), row(4, "C2", .channels) { $0.channels = 4 }])
        let created = try finish(engine)
        let undone = engine.commit(
            try engine.prepareUndo(customerID: 0, number: created.number, who: "", now: now), idempotencyKey: [])
        #expect(
            engine.customers(after: 0, limit: 9).map(\.name) == ["C1", "C2"] && engine.customer(id: 2)?.channels == 0)
        // The other way round, and back.
        let redone = engine.commit(
            try engine.prepareUndo(customerID: 0, number: undone.number, who: "", now: now), idempotencyKey: [])
        #expect(engine.customers(after: 0, limit: 9).map(\.name) == ["C1", "C2", "A", "B"])
        #expect(engine.customer(id: 2)?.channels == 4 && engine.customer(named: "B")?.id == 4)
        _ = engine.commit(
            try engine.prepareUndo(customerID: 0, number: redone.number, who: "", now: now), idempotencyKey: [])
        #expect(
            engine.customers(after: 0, limit: 9).map(\.name) == ["C1", "C2"] && engine.customer(id: 2)?.channels == 0)
        // And again: the names are free.
        let other = [UInt8](repeating: 8, count: 16)
        #expect(try engine.takeImport([row(2, "A")], unreadable: 0, of: other, now: now).errors == [])
    }

    /// Each column of the first contact by itself, of a customer that has contacts and of one that has none.
    @Test(arguments: [0, 1]) func everyPartOfTheFirstContact(count: Int) throws {
        let parts: [(UInt32, WritableKeyPath<Contact, String>, String)] = [
            (19, \.name, "Zoë"), (20, \.email, "z@x.example"), (21, \.mobile, "+491709999999"), (22, \.kind, "noc"),
        ]
        let before = Array(repeating: Contact(name: "Ann", email: "a@x.example"), count: count) + [Contact(name: "Bob")]
        for mask in 1..<16 {
            let engine = makeEngine(customers: 1) { $0.contacts = count == 0 ? [] : before }
            var given = Contact()
            for (_, part, value) in parts { given[keyPath: part] = value }
            var only = row(2, "C1") { $0.contacts = [given] }
            var expected = count == 0 ? [Contact()] : before
            for (place, (bit, part, value)) in parts.enumerated() where mask >> place & 1 == 1 {
                only.fields |= 1 << bit
                expected[0][keyPath: part] = value
            }
            #expect(try take(engine, [only]) == [])
            _ = try finish(engine)
            #expect(engine.customer(id: 1)?.contacts == expected, "\(mask)")
        }
    }

    /// A file may have one of both amounts: the other one is that of the customer.
    @Test func amountsAreCheckedWithThoseThereAre() throws {
        let half = Int64.max / 2 + 1
        for (credit, limit, given, isCredit, isGood) in [
            (0, half, half - 1, true, true), (0, half, half, true, false), (half, 0, half - 1, false, true),
            (half, 0, half, false, false), (-half, -half, -1, true, true), (.min, 0, -1, false, false),
            (.min, 0, 0, false, true), (.max, 0, 1, false, false), (.max, .min, .max, false, false),
        ] as [(Int64, Int64, Int64, Bool, Bool)] {
            let engine = makeEngine(customers: 1) { ($0.creditMicros, $0.debitLimitMicros) = (credit, limit) }
            let only = row(2, "C1", isCredit ? .credit : .debitLimit) {
                if isCredit { $0.creditMicros = given } else { $0.debitLimitMicros = given }
            }
            let errors = try take(engine, [only])
            #expect(errors.isEmpty == isGood, "\(credit) \(limit) \(given)")
            // Both given: what was there counts no more.
            let other = makeEngine(customers: 1) { ($0.creditMicros, $0.debitLimitMicros) = (credit, limit) }
            let both = row(2, "C1", .credit, .debitLimit) { ($0.creditMicros, $0.debitLimitMicros) = (given, 0) }
            #expect(try take(other, [both]) == [])
        }
    }

    /// What the reader could not read, and a row that the client refuses, end the import as an error does.
    @Test(arguments: [0, 1, 3], [false, true]) func whatNobodyCouldReadCounts(unreadable: Int, isRefused: Bool) throws {
        let engine = makeEngine(customers: 1)
        var rows = [row(2, "A"), row(3, "B")]
        if isRefused { rows[1].fields |= ImportRow.isRefused }
        let taken = try engine.takeImport(rows, unreadable: unreadable, of: key, now: now)
        let isGood = unreadable == 0 && !isRefused
        #expect(taken.errors == [] && taken.created.count == (isGood ? 2 : 0))
        let progress = try #require(engine.importProgress(key))
        #expect(progress.errorCount == unreadable && progress.isRefused == isRefused)
        #expect(progress.counts.created == (isRefused ? 1 : 2) && progress.counts.failed == (isRefused ? 1 : 0))
        // Later parts are only counted then.
        let more = try engine.takeImport([row(4, "C")], unreadable: 0, of: key, now: now)
        #expect(more.errors == [] && more.created.count == (isGood ? 1 : 0))
        let prepared = try engine.prepareImport(key, who: "", now: now)
        #expect(prepared.errorCount == unreadable && prepared.isEmpty == !isGood)
        #expect(prepared.created.map(\.name) == (isGood ? ["A", "B", "C"] : []))
    }

    /// The rows of all parts together.
    @Test(arguments: [0, 1, 2, 3]) func theLimitIsThatOfTheFile(left: Int) throws {
        let engine = makeEngine(customers: 1)
        _ = try take(engine, [row(2, "A")])
        engine.state.imports[key]?.counts.unchanged = BoardLimits.importRows - 1 - left
        let rows = [row(3, "B"), row(4, "C")]
        guard left < 2 else {
            #expect(try take(engine, rows) == [])
            return
        }
        let refusal = #expect(throws: ChangeRefusal.self) { try take(engine, rows) }
        #expect(refusal == .conflict("more than \(BoardLimits.importRows) rows at a time; split the file"))
    }

    /// A part that comes at the last moment keeps the import.
    @Test func whoWaitsTooLongBeginsAgain() throws {
        let engine = makeEngine(customers: 1)
        _ = try take(engine, [row(2, "A")])
        engine.forgetImports(before: now)
        #expect(engine.importCount == 1)
        _ = try engine.takeImport([row(3, "B")], unreadable: 0, of: key, now: now + 5)
        engine.forgetImports(before: now + 5)
        #expect(engine.importCount == 1)
        engine.forgetImports(before: now + 6)
        #expect(engine.importCount == 0)
    }
}
