import Board

/// Customers as a carrier has them: a name, an address each, some with tags and contacts.
enum SampleEngine {
    static func make(customers: Int) -> Engine {
        let engine = Engine()
        let words = ["acme", "globe", "tele", "voice", "nova", "zen", "delta", "orbit", "prime", "swift"]
        let countries = ["US", "DE", "GB", "IN", "BR", "FR", "JP", "ZA", "AE", "SG"]
        for first in stride(from: 1, through: customers, by: 10_000) {
            let drafts = (first..<min(first + 10_000, customers + 1)).map { number in
                var customer = Customer()
                customer.name = "\(words[number % 10]) \(words[number / 7 % 10]) \(number)"
                customer.currency = number % 3 == 0 ? "EUR" : "USD"
                customer.country = countries[number * number % 10]
                customer.creditMicros = Int64(number * 7_919 % 1_000_003) * 10_000
                customer.debitLimitMicros = number % 4 == 0 ? 500_000_000 : 0
                customer.channels = UInt32(number % 500)
                customer.auth = [.ip("10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)")]
                if number % 5 == 0 { customer.tags = ["wholesale"] }
                return customer
            }
            let result = engine.createCustomers(
                drafts, dryRun: false, idempotencyKey: [], now: 1_760_000_000_000_000 + Int64(first) * 1_000)
            precondition(result.errors.isEmpty)
        }
        return engine
    }
}
