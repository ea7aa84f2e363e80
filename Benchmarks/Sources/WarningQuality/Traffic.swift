import Board
import CallEvents
import Foundation

/// A fall of a customer's ASR.
struct Fall {
    var customerID: UInt32
    /// What is left of the usual ASR, 0 to 1.
    var left: Double
    /// Seconds of the day.
    var start: Int
    var end: Int
}

/// A day of finished calls: customers by a power law, few calls at night, and an ASR of each customer that differs from one
/// quarter of an hour to the next.
struct Traffic {
    let customers: Int
    let callsOfDay: Int
    /// Standard deviation of a customer's ASR from quarter to quarter, as a part of 1.
    let spread: Double
    var falls: [UInt32: Fall] = [:]
    private var state: UInt64
    private let cumulative: [Double]

    init(customers: Int, callsOfDay: Int, spread: Double, seed: UInt64) {
        (self.customers, self.callsOfDay, self.spread, state) = (customers, callsOfDay, spread, seed)
        var sum = 0.0
        cumulative = (1...customers).map { rank in
            sum += pow(Double(rank), -0.8)
            return sum
        }
    }

    /// Calls in a day of a customer, as expected.
    func calls(of id: UInt32) -> Double { Double(callsOfDay) * pow(Double(id), -0.8) / (cumulative.last ?? 1) }

    /// SplitMix64.
    private static func mix(_ number: UInt64) -> UInt64 {
        var bits = number &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    private static func unit(_ bits: UInt64) -> Double { Double(bits >> 11) / 9_007_199_254_740_992 }

    private mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.unit(Self.mix(state))
    }

    private mutating func exponential(_ mean: Double) -> Double { -log(max(1e-12, unit())) * mean }

    private mutating func customer() -> UInt32 {
        let wanted = unit() * (cumulative.last ?? 0)
        var (low, high) = (0, cumulative.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return UInt32(low + 1)
    }

    /// A normal number that belongs to a customer and a quarter of an hour.
    private static func normal(_ id: UInt32, _ quarter: Int) -> Double {
        let first = mix(UInt64(id) << 20 | UInt64(quarter))
        return sqrt(-2 * log(max(1e-12, unit(first)))) * cos(2 * .pi * unit(mix(first)))
    }

    /// The share of a customer's calls that is answered at a second of the day.
    private func answered(_ id: UInt32, _ second: Int) -> Double {
        let usual = 0.45 + 0.25 * Self.unit(Self.mix(UInt64(id)))
        let daily = 0.02 * sin(2 * .pi * Double(second) / 86_400)
        var share = usual + daily + spread * Self.normal(id, second / 900)
        if let fall = falls[id], (fall.start..<fall.end).contains(second) { share *= fall.left }
        return min(max(share, 0), 1)
    }

    /// The calls that end in some seconds of the day.
    mutating func records(_ seconds: Range<Int>, start: Int64) -> CallRecordBatch {
        // Five times as many at noon as at midnight.
        let pace = 1 - 2.0 / 3 * cos(2 * .pi * Double(seconds.lowerBound) / 86_400)
        let count = Int((Double(callsOfDay) * pace * Double(seconds.count) / 86_400).rounded())
        var batch = CallRecordBatch()
        for number in 0..<count {
            let second = seconds.lowerBound + number * seconds.count / max(1, count)
            let id = customer()
            let isAnswered = unit() < answered(id, second)
            let ring = UInt32(exponential(1_000) + exponential(1_000))
            let talk = isAnswered ? UInt32(min(7_200_000, exponential(150_000))) : 0
            let end = ring + talk + (isAnswered ? 3_000 : 0)
            batch.party.append(UInt32(batch.parties.count))
            batch.parties.append(Party(customerID: id))
            batch.setupMicros.append(start + Int64(second) * 1_000_000 - Int64(end) * 1_000)
            batch.ringMilliseconds.append(ring)
            batch.answerMilliseconds.append(isAnswered ? ring + 3_000 : CallRecordBatch.never)
            batch.endMilliseconds.append(end)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(isAnswered ? 200 : 486)
            batch.q850.append(0)
        }
        return batch
    }
}
