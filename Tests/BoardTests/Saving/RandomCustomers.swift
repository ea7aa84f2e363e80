import Randomness

@testable import Board

/// Customers with anything in any field that a request may have.
struct RandomCustomers {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func customers(_ numbers: Range<Int>) -> [Customer] { numbers.map { customer($0) } }

    mutating func customer(_ number: Int) -> Customer {
        var customer = Customer()
        customer.name = pick(["Acme", "Käse", "Straße", "漢字", "\u{37E}x", "İstanbul"]) + " \(number)"
        customer.currency = pick(["USD", "EUR", "JPY"])
        customer.status = pick(CustomerStatus.allCases)
        customer.creditMicros = pick([0, .min / 2, .max / 2, Int64(number) * 1_000_000])
        customer.debitLimitMicros = pick([0, -5, 1_000_000_000])
        customer.channels = pick([0, 10, .max])
        customer.flowSpeed = pick([0, 7])
        customer.portalAccess = pick([true, false])
        customer.country = pick(["", "DE", "US"])
        customer.company = pick(["", "Holding \(number)", "Group"])
        customer.accountManager = pick(["", "Ann", "Bob"])
        customer.shortCallSeconds = pick([0, 10])
        if chance(4) { customer.tags = (0..<Int.random(in: 1...5, using: &generator)).map { "tag \($0)" } }
        if chance(4) {
            customer.contacts = [
                Contact(
                    name: "N\(number)", email: "n@example.com", mobile: "+4915550100", kind: pick(["", "billing"])),
                Contact(),
            ]
        }
        if chance(2) {
            customer.auth = [
                .ip("10.\(number / 250).\(number % 250).1"), .sip("user\(number)"), .account("A\(number)"),
                .ip("2001:db8:\(number)::/48"),
                try! AuthEntry(listed: "ip:198.51.100.20&prefix:\(number)#&header:X-A=\(number);a"),
            ]
        }
        if chance(4) { customer.routes = [Route(name: "primary", enabled: false), Route(name: "backup")] }
        if chance(8) { customer.notes = "line\nline \(number)" }
        return customer
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &generator)]
    }
    private mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &generator) == 0 }
}
