import Testing

@testable import Board

/// What edits set, refuse and leave alone.
@Suite struct CustomerEditTests {
    private let now: Int64 = 1_000_000_000_000_000

    private func edit(_ ids: [UInt32], _ assignments: String...) -> CustomerEdit {
        var edit = CustomerEdit()
        edit.selection = .ids(ids)
        edit.assignments = assignments
        edit.who = "anna"
        return edit
    }

    private func edit(where filter: String, _ assignments: String...) -> CustomerEdit {
        var edit = CustomerEdit()
        var query = BoardQuery()
        query.filter = filter
        edit.selection = .query(query)
        edit.assignments = assignments
        return edit
    }

    @discardableResult
    private func done(_ engine: Engine, _ edit: CustomerEdit) throws -> ChangeResult {
        let prepared = try engine.prepare(edit, now: now + 1)
        #expect(prepared.errors == [])
        return engine.commit(prepared, idempotencyKey: [])
    }

    private func refusal(_ engine: Engine, _ edit: CustomerEdit) -> ChangeRefusal? {
        do throws(ChangeRefusal) {
            _ = try engine.prepare(edit, now: now + 1)
            return nil
        } catch {
            return error
        }
    }

    @Test func everyFieldCanBeSet() throws {
        let engine = makeEngine(customers: 2)
        try done(
            engine,
            edit(
                [1], "name=Acme", "status=penalty", "credit=-12.345678", "debit_limit=20", "channels=30",
                "flow_speed=3",
                "portal_access=yes", "country=DE", "company='O''Neill'", "account_manager=Ann", "tags=a;b;;c",
                "auth=ip:10.9.0.0/16;sip:bob", "routes=one;!two", "short_call_seconds=10", "notes=a = b",
                "contact_name=Zoë", "contact_email=z@example.net"))
        let customer = try #require(engine.customer(id: 1))
        #expect(customer.name == "Acme" && customer.status == .penalty && customer.creditMicros == -12_345_678)
        #expect(customer.debitLimitMicros == 20_000_000 && customer.channels == 30 && customer.flowSpeed == 3)
        #expect(customer.portalAccess && customer.country == "DE" && customer.company == "O'Neill")
        #expect(customer.accountManager == "Ann" && customer.tags == ["a", "b;c"] && customer.shortCallSeconds == 10)
        #expect(customer.auth == [.ip("10.9.0.0/16"), .sip("bob")] && customer.notes == "a = b")
        #expect(customer.routes == [Route(name: "one"), Route(name: "two", enabled: false)])
        #expect(customer.contacts == [Contact(name: "Zoë", email: "z@example.net")])
        #expect(customer.version == 2 && customer.updatedAtMicros == now + 1 && customer.createdAtMicros == now)
        #expect(engine.customer(named: "acme")?.id == 1 && engine.customer(named: "C1") == nil)
        #expect(engine.customer(id: 2)?.version == 1)
    }

    @Test func numbersComeFromWhatWasThere() throws {
        let engine = makeEngine(customers: 3) { customer in
            customer.channels = 15
            customer.creditMicros = 100_000_000
        }
        try done(engine, edit([1, 2], "credit=credit+50", "channels=channels*1.1", "flow_speed=channels"))
        #expect(engine.customer(id: 1)?.creditMicros == 150_000_000 && engine.customer(id: 1)?.channels == 17)
        #expect(engine.customer(id: 2)?.flowSpeed == 15 && engine.customer(id: 3)?.channels == 15)
        try done(engine, edit([1], "credit-=0.000001", "channels+=2*3", "tags+=x;y", "tags-=x", "auth+=sip:al"))
        let customer = try #require(engine.customer(id: 1))
        #expect(customer.creditMicros == 149_999_999 && customer.channels == 23 && customer.tags == ["y"])
        #expect(customer.auth == [.ip("10.0.0.1"), .sip("al")])
        try done(engine, edit([1], "company=(upper(name))", "portal_access=(channels > 20)", "status=(status)"))
        #expect(engine.customer(id: 1)?.company == "C1" && engine.customer(id: 1)?.portalAccess == true)
    }

    @Test func whatDoesNotChangeIsLeftAlone() throws {
        let engine = makeEngine(customers: 4) { $0.channels = 7 }
        try done(engine, edit([2], "channels=9"))
        let result = try done(engine, edit(where: "channels >= 7", "channels=9", "tags-=none"))
        #expect(result == ChangeResult(number: 3, matched: 4, changed: 3))
        #expect(engine.customer(id: 2)?.version == 2 && engine.customer(id: 1)?.version == 2)
        #expect(try done(engine, edit(where: "channels >= 7", "channels=9")).number == 0)
        #expect(try done(engine, edit(where: "channels > 9", "channels=1")) == ChangeResult())
    }

    @Test func allOrNothingWithEveryError() throws {
        let engine = makeEngine(customers: 5)
        try done(engine, edit([2, 4], "channels=4"))
        let prepared = try engine.prepare(
            edit(where: "id > 0", "channels=channels - 3", "flow_speed=1/0"), now: now + 2)
        #expect(prepared.errorCount == 8 && prepared.errors.count == 8)
        #expect(Set(prepared.errors.filter { $0.field == "channels" }.map(\.customerID)) == [1, 3, 5])
        #expect(prepared.errors.first { $0.field == "channels" }?.message.contains("would be -3") == true)
        #expect(engine.customer(id: 2)?.channels == 4)
        for bad in [
            "credit=9223372036854.7758079", "credit=1.2345678", "channels=status", "channels='5'", "status=Dialing",
            "currency=EUR", "version=3", "nonsense=1", "name+=x", "portal_access=perhaps", "auth=10.0.0.1", "channels",
            "=5", "channels=", "contacts=x", "country=(1)", "channels=null", "company='a' b",
        ] {
            guard case .invalid? = refusal(engine, edit([1], bad)) else {
                Issue.record("\(bad) was taken")
                continue
            }
        }
        guard case .invalid? = refusal(engine, edit([1], "channels=1", "channels=2")) else {
            Issue.record("two values were taken")
            return
        }
        for bad in [
            "name= ", "country=XX", "credit=9223372036854.775807", "tags=a\u{202E}b", "auth=ip:10.0.0.2", "auth=ip:x",
            "name=c2", "notes=\u{0}", "routes=!", "routes=!!x", "auth=sip:a;sip:a",
        ] {
            let prepared = try engine.prepare(edit([1], bad, "debit_limit=1"), now: now)
            #expect(prepared.errorCount > 0, "\(bad)")
        }
        let taken = try engine.prepare(edit([1], "auth+=ip:10.0.0.2/32"), now: now)
        #expect(taken.errors.first?.message.contains("belongs to customer 2 'C2'") == true)
        let twins = try engine.prepare(edit([1, 2], "name=Twin"), now: now)
        #expect(twins.errorCount == 1)
    }

    @Test func aStaleEditIsRefusedAndShowsBothValues() throws {
        let engine = makeEngine(customers: 1)
        try done(engine, edit([1], "channels=40"))
        var stale = edit([1], "channels=50")
        stale.expectedVersion = 1
        guard case .conflict(let message)? = refusal(engine, stale) else {
            Issue.record("a stale edit was taken")
            return
        }
        #expect(
            message.contains("version 2, by anna, not 1") && message.contains("channels is 40 now, you set channels=50")
        )
        stale.expectedVersion = 2
        try done(engine, stale)
        #expect(engine.customer(id: 1)?.channels == 50)
        #expect(refusal(engine, edit([7], "channels=1")) == .notFound("no customer with id 7"))
    }

    @Test func typedValuesAreTakenAsTheyAre() throws {
        let engine = makeEngine(customers: 1)
        var typed = edit([1])
        typed.values.creditMicros = 5
        typed.values.contacts = [Contact(name: "a"), Contact(name: "b")]
        typed.fields = [.credit, .contacts]
        try done(engine, typed)
        #expect(engine.customer(id: 1)?.contacts.count == 2 && engine.customer(id: 1)?.creditMicros == 5)
        typed.assignments = ["credit=3"]
        guard case .invalid? = refusal(engine, typed) else {
            Issue.record("two values were taken")
            return
        }
    }

    @Test func aRepeatedRequestIsAnsweredAsTheFirstTime() throws {
        let engine = makeEngine(customers: 1)
        let key = [UInt8](1...16)
        let prepared = try engine.prepare(edit([1], "credit+=5"), now: now)
        let result = engine.commit(prepared, idempotencyKey: key)
        #expect(engine.result(ofKey: key) == result && result.number == 2)
        #expect(engine.result(ofKey: [UInt8](2...17)) == nil)
    }

    @Test func deletedCustomersAreGoneAndComeBack() throws {
        let engine = makeEngine(customers: 3) { $0.tags = ["t"] }
        let prepared = try engine.prepareDelete(.ids([2]), expectedVersion: 0, who: "ben", now: now + 5)
        _ = engine.commit(prepared, idempotencyKey: [])
        #expect(engine.customerCount == 2 && engine.customer(id: 2) == nil && engine.customer(named: "C2") == nil)
        #expect(engine.customers(after: 0, limit: 10).map(\.id) == [1, 3])
        #expect(refusal(engine, edit([2], "channels=1")).map { "\($0)" }?.contains("deleted") == true)
        for filter in ["", "id > 0", "tags HAS 't'", "name LIKE 'c%'"] {
            var query = BoardQuery()
            query.filter = filter
            query.columns = ["id"]
            let answer = try engine.board(query, now: now + 6)
            #expect(answer.matched == 2 && answer.columns[0].values == .integers([1, 3]), "\(filter)")
            query.groupBy = ["currency"]
            query.columns = ["count"]
            #expect(try engine.board(query, now: now + 6).matched == 2)
        }
        var query = BoardQuery()
        query.search = "10.0.0.2"
        #expect(try engine.board(query, now: now).matched == 0)
        // The deleted customer's name and address are free; once another has them, it cannot come back.
        var other = Customer()
        (other.name, other.currency, other.auth) = ("c2", "EUR", [.ip("10.0.0.2")])
        #expect(engine.createCustomers([other], dryRun: false, idempotencyKey: [], now: now + 7).ids == [4])
        let taken = try engine.prepareUndo(customerID: 2, number: 0, who: "", now: now + 8)
        #expect(Set(taken.errors.map(\.field)) == ["name", "auth"])
        let away = try engine.prepareDelete(.name("c2"), expectedVersion: 1, who: "", now: now + 9)
        _ = engine.commit(away, idempotencyKey: [])
        let late = now + BoardLimits.undeleteMicros + 6
        #expect(throws: ChangeRefusal.self) { try engine.prepareUndo(customerID: 2, number: 0, who: "", now: late) }
        _ = engine.commit(try engine.prepareUndo(customerID: 2, number: 0, who: "", now: now + 10), idempotencyKey: [])
        #expect(engine.customer(named: "C2")?.tags == ["t"] && engine.customerCount == 3)
        #expect(try engine.board(query, now: now).matched == 1)
    }
}
