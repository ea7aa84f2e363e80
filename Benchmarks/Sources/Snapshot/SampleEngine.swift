import Board
import CallEvents

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

    /// Finished calls of the last hour, each with a key; returns the time after them, microseconds since 1970.
    static func feed(_ engine: Engine, calls: Int) -> Int64 {
        let now: Int64 = 1_763_800_000_000_000
        var batch = CallRecordBatch()
        for call in 0..<calls {
            if call % 10_000 == 0 {
                _ = engine.ingest(batch, now: now)
                batch.removeAll()
                batch.parties = PartyList(
                    (0..<1_000).map { Party(customerID: UInt32((call / 10 + $0 * 97) % 100_000 + 1)) })
            }
            let isAnswered = call % 3 != 0
            batch.party.append(UInt32(call * 31 % 1_000))
            batch.setupMicros.append(now - 3_400_000_000 + Int64(call) * 3_300_000_000 / Int64(calls))
            batch.ringMilliseconds.append(UInt32(call * 7 % 3_000))
            batch.answerMilliseconds.append(isAnswered ? UInt32(3_000 + call * 11 % 5_000) : CallRecordBatch.never)
            batch.endMilliseconds.append(UInt32(8_000 + call * 13 % 80_000))
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(isAnswered ? 200 : 486)
            batch.q850.append(0)
            batch.key.append(CallKey(high: 1, low: UInt64(call) &* 0x9E37_79B9_7F4A_7C15 | 1))
        }
        _ = engine.ingest(batch, now: now)
        return now
    }
}
