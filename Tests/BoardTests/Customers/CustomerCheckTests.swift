// What a customer must pass: both sides of every limit, and what is counted over all customers of a request.

import CallEvents
import Testing

@testable import Board

@Suite struct CustomerCheckTests {
    private let now: Int64 = 1_000_000_000_000_000

    private func draft(_ name: String = "A", edit: (inout Customer) -> Void = { _ in }) -> Customer {
        var customer = Customer()
        (customer.name, customer.currency) = (name, "USD")
        edit(&customer)
        return customer
    }

    private func errors(_ drafts: [Customer], on engine: Engine = Engine()) -> [CustomerError] {
        engine.createCustomers(drafts, dryRun: true, idempotencyKey: [], now: now).errors
    }

    /// The longest texts and lists, and those one longer.
    @Test func lengthsHaveTheirLimits() throws {
        let name = BoardLimits.nameBytes
        let texts: [(String, Int, (inout Customer, String) -> Void)] = [
            ("name", name, { $0.name = $1 }), ("company", name, { $0.company = $1 }),
            ("account_manager", name, { $0.accountManager = $1 }), ("notes", BoardLimits.notesBytes, { $0.notes = $1 }),
            ("tags", name, { $0.tags = [$1] }), ("routes", name, { $0.routes = [Route(name: $1)] }),
            ("contact_name", name, { $0.contacts = [Contact(name: $1)] }),
            ("contact_kind", name, { $0.contacts = [Contact(kind: $1)] }), ("auth", name, { $0.auth = [.sip($1)] }),
            ("auth", name, { $0.auth = [.account($1)] }),
        ]
        for (field, limit, set) in texts {
            for letter in ["x", "é"] {
                let longest = String(repeating: letter, count: limit / letter.utf8.count)
                #expect(errors([draft { set(&$0, longest) }]) == [], "\(field)")
                let found = errors([draft { set(&$0, longest + "x") }])
                #expect(found.map(\.field) == [field], "\(field)")
                #expect(found.first?.message.contains("has \(limit + 1) bytes, and \(limit) are allowed") == true)
            }
        }
        let lists: [(String, (inout Customer, Int) -> Void)] = [
            ("tags", { customer, count in customer.tags = (0..<count).map { "t\($0)" } }),
            ("routes", { customer, count in customer.routes = (0..<count).map { Route(name: "r\($0)") } }),
            ("contacts", { customer, count in customer.contacts = (0..<count).map { Contact(name: "c\($0)") } }),
            ("auth", { customer, count in customer.auth = (0..<count).map { .sip("s\($0)") } }),
        ]
        for (field, set) in lists {
            #expect(errors([draft { set(&$0, BoardLimits.listEntries) }]) == [], "\(field)")
            let found = errors([draft { set(&$0, BoardLimits.listEntries + 1) }])
            #expect(found.map(\.field) == [field], "\(field)")
        }
    }

    /// All headers that all entries of all customers ask for, of this request and of those before.
    @Test func headerNamesAreCountedTogether() throws {
        let limit = AuthLimits.headerNames
        func customer(_ name: String, _ headers: Range<Int>) throws -> Customer {
            let entries = try headers.map { try AuthEntry(listed: "header:x-\($0)=\(name)") }
            return draft(name) { $0.auth = entries }
        }
        for (first, second, third, errors) in [
            (0..<limit, 0..<limit, 0..<1, 0), (0..<limit, 0..<1, limit..<limit + 1, 1),
            (0..<limit - 1, limit - 1..<limit + 1, limit..<limit + 2, 3),
            (0..<limit / 2, limit / 2..<limit, 0..<limit, 0),
            (0..<limit + 1, 0..<1, 0..<1, 1), (0..<1, 1..<limit, limit..<limit + 1, 1),
        ] {
            let drafts = [try customer("A", first), try customer("B", second), try customer("C", third)]
            let found = self.errors(drafts)
            #expect(found.count == errors, "\(first) \(second) \(third)")
            #expect(found.allSatisfy { $0.message.contains("one header more than \(limit)") })
            // The first two are there already.
            let engine = Engine()
            let created = engine.createCustomers(Array(drafts[..<1]), dryRun: false, idempotencyKey: [], now: now)
            guard created.errorCount == 0 else { continue }
            #expect(self.errors(Array(drafts[1...]), on: engine).count == errors, "\(first) \(second) \(third)")
        }
    }

    /// A customer may keep an address that it has had since before addresses were checked; another may not take it.
    @Test func whatWasThereIsNotCheckedAgain() throws {
        for (contact, field) in [
            (Contact(email: "old and bad"), "contact_email"), (Contact(mobile: "12"), "contact_mobile"),
        ] {
            for ids in [[1, 2, 3], [3, 2, 1]] as [[UInt32]] {
                let engine = makeEngine(customers: 3, now: now)
                engine.state.customers.detailsByRow[0] = CustomerDetails(contacts: [contact])
                engine.state.customers.detailsByRow[2] = CustomerDetails(contacts: [Contact(name: "x"), contact])
                var edit = CustomerEdit()
                (edit.selection, edit.fields) = (.ids(ids), [.contacts])
                edit.values.contacts = [Contact(name: "new"), contact]
                let prepared = try engine.prepare(edit, now: now)
                #expect(prepared.errors.map(\.customerID) == [2] && prepared.errors.map(\.field) == [field])
                edit.selection = .ids([1, 3])
                #expect(try engine.prepare(edit, now: now).errors == [])
                // With other parts beside it, too.
                edit.values.contacts[1].name = "renamed"
                edit.values.contacts[1].kind = "noc"
                #expect(try engine.prepare(edit, now: now).errors == [])
                if contact.email.isEmpty {
                    edit.values.contacts[1].email = "new@x.example"
                } else {
                    edit.values.contacts[1].mobile = "+491701234567"
                }
                #expect(try engine.prepare(edit, now: now).errors == [])
            }
        }
    }

    /// An entry is given once, whether it is new or the customer's own.
    @Test(arguments: ["ip:10.0.0.1", "ip:10.9.9.9", "sip:own", "sip:new", "account:own", "account:new"])
    func anEntryIsGivenOnce(entry: String) throws {
        let engine = makeEngine(customers: 2, now: now) { customer in
            if customer.name == "C1" { customer.auth += [.sip("own"), .account("own")] }
        }
        for (list, count) in [(entry, 0), ("\(entry);\(entry)", 1), ("\(entry);sip:x;\(entry);\(entry)", 2)] {
            var edit = CustomerEdit()
            (edit.selection, edit.assignments) = (.ids([1]), ["auth=\(list)"])
            let errors = try engine.prepare(edit, now: now).errors
            #expect(errors.count == count && errors.allSatisfy { $0.message.contains("given twice") }, "\(list)")
        }
    }

    /// A value that many get is told of the first only, a name or an entry of each.
    @Test func aBadValueIsToldOnce() throws {
        let engine = makeEngine(customers: 4, now: now)
        for (assignment, customers) in [
            ("country=XX", [1]), ("company=a\u{7}", [1]), ("notes=a\u{7}", [1]), ("tags=;a\u{202E}", [1]),
            ("routes=a\u{7}", [1]), ("name=a\u{7}", [1, 2, 2, 3, 3, 4, 4]), ("auth=ip:x", [1, 2, 3, 4]),
        ] as [(String, [UInt32])] {
            var edit = CustomerEdit()
            (edit.selection, edit.assignments) = (.ids([1, 2, 3, 4]), [assignment])
            let prepared = try engine.prepare(edit, now: now)
            #expect(prepared.errors.map(\.customerID) == customers, "\(assignment.debugDescription)")
        }
    }

    /// As many errors as are told, and the number of all.
    @Test func errorsAreCountedBeyondThoseTold() {
        for more in [-1, 0, 1, 7] {
            let count = BoardLimits.reportedErrors + more
            let drafts = (0..<count).map { number in draft("N\(number)") { $0.currency = "" } }
            let result = Engine().createCustomers(drafts, dryRun: false, idempotencyKey: [], now: now)
            #expect(result.errorCount == count && result.errors.count == min(count, BoardLimits.reportedErrors))
            #expect(result.errors.map(\.index) == Array(0..<min(count, BoardLimits.reportedErrors)))
        }
    }
}
