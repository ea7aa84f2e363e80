import CallEvents
import Testing

@testable import Board

@Suite struct CustomerCreationTests {
    private func draft(_ name: String, edit: (inout Customer) -> Void = { _ in }) -> Customer {
        var customer = Customer()
        customer.name = name
        customer.currency = "USD"
        edit(&customer)
        return customer
    }

    private func create(_ engine: Engine, _ drafts: [Customer], dryRun: Bool = false, key: [UInt8] = []) -> CreateResult
    {
        engine.createCustomers(drafts, dryRun: dryRun, idempotencyKey: key, now: 1_000_000)
    }

    @Test func allOrNothing() {
        let engine = Engine()
        let result = create(engine, [draft("A"), draft("B") { $0.currency = "usd" }, draft(" ")])
        #expect(result.ids.isEmpty && result.errorCount == 2 && engine.customerCount == 0)
        #expect(result.errors.map(\.index) == [1, 2] && result.errors.map(\.field) == ["currency", "name"])
        #expect(create(engine, [draft("A")], dryRun: true).ids.isEmpty)
        #expect(create(engine, [draft("A"), draft("B")]).ids == [1, 2])
    }

    @Test func anAddressMayEndInColons() {
        let engine = Engine()
        #expect(create(engine, [draft("A") { $0.auth = [.ip("2001:db8::")] }]).ids == [1])
        #expect(create(engine, [draft("B") { $0.auth = [.sip("")] }]).errors.first?.field == "auth")
        #expect(create(engine, [draft("C") { $0.auth = [.ip("2001:db8:0::")] }]).errorCount == 1)
    }

    @Test func namesAreUniqueByFormAndCase() {
        let engine = Engine()
        #expect(create(engine, [draft("Caf\u{E9} Stra\u{DF}e")]).ids == [1])
        for same in ["CAFE\u{301} STRASSE", "caf\u{E9} stra\u{DF}e"] {
            #expect(create(engine, [draft(same)]).errors.first?.field == "name", "\(same)")
        }
        #expect(create(engine, [draft("x"), draft("X")]).errorCount == 1)
        #expect(engine.customer(named: "cafe\u{301} strasse")?.id == 1)
    }

    @Test(arguments: ["a\u{202E}b", "a\u{200B}b", "a\u{7}b", "a\nb", "\u{FEFF}a", "a\u{2028}b"])
    func hiddenCharactersAreRefused(name: String) {
        #expect(create(Engine(), [draft(name)]).errors.first?.field == "name")
    }

    @Test func authSetsBelongToOne() {
        let engine = Engine()
        #expect(
            create(engine, [draft("A") { $0.auth = [.ip("10.0.0.0/8"), .sip("alice"), .account("1")] }]).errorCount == 0
        )
        for taken: AuthEntry in [.ip("10.1.2.3/8"), .sip("alice"), .account("1")] {
            #expect(
                create(engine, [draft("B") { $0.auth = [taken] }]).errors.first?.message.contains("customer 1") == true)
        }
        for bad: AuthEntry in [.ip("10.0.0.0/33"), .ip("nonsense"), .ip("10.0.0.1/"), .sip(""), .ip("::1/129")] {
            #expect(create(engine, [draft("B") { $0.auth = [bad] }]).errorCount == 1, "\(bad)")
        }
        #expect(create(engine, [draft("B") { $0.auth = [.ip("10.9.0.0/16")] }]).errorCount == 0)
    }

    @Test func theLongestPrefixWins() {
        var index = AuthIndex()
        index.insert(.ip("10.0.0.0/8"), row: 1)
        index.insert(.ip("10.9.0.0/16"), row: 2)
        index.insert(.ip("10.9.9.9"), row: 3)
        index.insert(.ip("2001:db8::/32"), row: 4)
        index.insert(.ip("0.0.0.0/0"), row: 5)
        for (text, row) in [
            ("10.1.1.1", 1), ("10.9.1.1", 2), ("10.9.9.9", 3), ("2001:db8::5", 4), ("192.0.2.1", 5),
            ("::ffff:10.9.9.9", 3),
        ] {
            #expect(index.match(bySource: Party(source: IPAddress(text)))?.row == UInt32(row), "\(text)")
        }
        #expect(index.match(bySource: Party(source: IPAddress("2001:db9::"))) == nil)
    }

    @Test func aRepeatedRequestGetsTheFirstAnswer() {
        let engine = Engine()
        let key = [UInt8](repeating: 7, count: 16)
        #expect(create(engine, [draft("A")], key: key).ids == [1])
        #expect(create(engine, [draft("A")], key: key).ids == [1])
        #expect(engine.customerCount == 1)
    }

    @Test func moneyThatWouldOverflowIsRefused() {
        let result = create(
            Engine(),
            [
                draft("A") {
                    $0.creditMicros = .max
                    $0.debitLimitMicros = 1
                }
            ])
        #expect(result.errors.first?.field == "credit")
    }
}
