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
}
