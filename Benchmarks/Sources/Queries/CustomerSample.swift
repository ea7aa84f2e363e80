import Board
import CallEvents
import Foundation

/// Customers as a carrier has them: names of few words, countries by Zipf's law, twenty currencies, most of them
/// active, calls by a power law with a mean of about ten. The same seed gives the same table.
struct CustomerSample {
    static let now: Int64 = 1_763_800_000_000_000
    private static let words = [
        "acme", "globe", "tele", "voice", "nova", "zen", "delta", "orbit", "prime", "swift", "terra", "luna", "vox",
        "link", "net", "call", "star", "blue", "apex", "core",
    ]
    private static let currencies = [
        "USD", "EUR", "GBP", "INR", "BRL", "AUD", "CAD", "JPY", "ZAR", "AED", "SGD", "CHF", "SEK", "NOK", "PLN", "MXN",
        "TRY", "NGN", "KES", "PHP",
    ]
    private static let countries = [
        "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB",
        "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY",
        "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX",
        "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK",
        "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS",
        "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR",
        "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA",
        "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
        "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE",
        "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM",
        "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG",
        "SH", "SI",
    ]

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// An engine with `count` customers, the calls of their last hour, and one in thirteen on the phone.
    mutating func engine(_ count: Int) -> Engine {
        var configuration = EngineConfiguration()
        configuration.clock = .events
        let engine = Engine(configuration: configuration)
        let weights = cumulative((1...200).map { 1 / pow(Double($0), 0.9) })
        for first in stride(from: 1, through: count, by: 10_000) {
            let drafts = (first..<min(first + 10_000, count + 1)).map { draft($0, weights) }
            _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: CustomerSample.now)
        }
        for first in stride(from: 1, through: count, by: 4_096) {
            let batch = calls(of: first..<min(first + 4_096, count + 1))
            _ = engine.ingest(batch, now: CustomerSample.now)
        }
        _ = engine.ingest(liveCalls(count), now: CustomerSample.now)
        engine.advance(now: CustomerSample.now)
        return engine
    }

    private mutating func draft(_ number: Int, _ weights: [Double]) -> Customer {
        var customer = Customer()
        let words = CustomerSample.words
        customer.name = "\(words[number % 20]) \(words[(number / 7) % 20]) \(number)"
        customer.currency = CustomerSample.currencies[Int(next() % 20)]
        customer.country = CustomerSample.countries[pick(weights)]
        let share = unit()
        customer.status =
            share < 0.75
            ? .active : share < 0.9 ? .inactive : share < 0.95 ? .pending : share < 0.98 ? .pendingApproval : .penalty
        // A normal distribution with mean 50 and deviation 90.
        let normal = (-2 * log(max(1e-12, unit()))).squareRoot() * cos(2 * .pi * unit())
        customer.creditMicros = Int64((50 + 90 * normal) * 10_000) * 100
        customer.channels = UInt32(1 + next() % 499)
        return customer
    }

    private mutating func calls(of ids: Range<Int>) -> CallRecordBatch {
        var batch = CallRecordBatch()
        for id in ids {
            // Pareto, exponent 1.2, times 2.5, at most 2,000.
            let count = min(2_000, Int((pow(max(1e-9, unit()), -1 / 1.2) - 1) * 2.5))
            let answerShare = 0.2 + 0.6 * unit()
            let meanTalk = 5_000 + 295_000 * unit()
            batch.parties.append(Party(customerID: UInt32(id)))
            for _ in 0..<count {
                let answered = unit() < answerShare
                let ring = UInt32(200 + next() % 8_800)
                let end = ring + (answered ? UInt32(meanTalk * (0.5 + unit())) : 0)
                let ended = CustomerSample.now - Int64(next() % 3_000_000_000) - 1_000_000
                batch.party.append(UInt32(batch.parties.count - 1))
                batch.setupMicros.append(ended - Int64(end) * 1_000)
                batch.ringMilliseconds.append(ring)
                batch.answerMilliseconds.append(answered ? ring : CallRecordBatch.never)
                batch.endMilliseconds.append(end)
                batch.talkMilliseconds.append(CallRecordBatch.never)
                batch.code.append(answered ? 200 : 486)
                batch.q850.append(0)
            }
        }
        return batch
    }

    private mutating func liveCalls(_ count: Int) -> CallEventBatch {
        var batch = CallEventBatch()
        for id in stride(from: 1, through: count, by: 13) {
            batch.parties.append(Party(customerID: UInt32(id)))
            batch.append(
                .setup, key: CallKey(high: 7, low: UInt64(id)), timeMicros: CustomerSample.now,
                party: UInt32(batch.parties.count - 1), sequence: 1)
        }
        return batch
    }

    private func cumulative(_ weights: [Double]) -> [Double] {
        var sum = 0.0
        return weights.map { weight in
            sum += weight
            return sum
        }
    }

    private mutating func pick(_ cumulative: [Double]) -> Int {
        let wanted = unit() * (cumulative.last ?? 0)
        return cumulative.firstIndex { $0 >= wanted } ?? 0
    }

    private mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

    /// SplitMix64.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
