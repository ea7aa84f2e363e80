public import Board
public import CallEvents
import Foundation

/// The work of the design's first rows: 100,000 customers, calls spread over them by a power law, one hour of events.
public struct Workload {
    public static let customers = 100_000
    public static let start: Int64 = 1_763_800_000_000_000
    public static let now = start + 3_600_000_000

    private var state: UInt64
    private let cumulative: [Double]

    public init(seed: UInt64) {
        state = seed
        var sum = 0.0
        cumulative = (1...Workload.customers).map { rank in
            sum += pow(Double(rank), -0.8)
            return sum
        }
    }

    public static func drafts(_ count: Int = customers) -> [Customer] {
        let countries = ["US", "DE", "FR", "GB", "IN", "BR", "ZA", "AE", "SG", "NG"]
        return (1...count).map { number in
            var customer = Customer()
            customer.name = "customer number \(number)"
            customer.currency = "USD"
            customer.country = countries[number % countries.count]
            return customer
        }
    }

    /// SplitMix64.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    private mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

    private mutating func exponential(_ mean: Double) -> Double { -log(max(1e-12, unit())) * mean }

    private mutating func customer() -> UInt32 {
        let wanted = unit() * (cumulative.last ?? 0)
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return UInt32(low + 1)
    }

    /// Finished calls in batches, ending evenly over the hour.
    public mutating func records(_ count: Int, batch size: Int) -> [CallRecordBatch] {
        stride(from: 0, to: count, by: size).map { first in
            var batch = CallRecordBatch()
            var indices: [UInt32: UInt32] = [:]
            for number in first..<min(first + size, count) {
                let id = customer()
                if indices[id] == nil {
                    indices[id] = UInt32(batch.parties.count)
                    batch.parties.append(Party(customerID: id))
                }
                let answered = unit() < 0.45
                let ring = UInt32(exponential(1_500) + exponential(1_500))
                let talk = answered ? UInt32(min(7_200_000, exponential(180_000))) : 0
                let end = ring + talk + (answered ? 3_000 : 0)
                let ended = Workload.start + Int64(number) * 3_600_000_000 / Int64(count)
                batch.party.append(indices[id] ?? 0)
                batch.setupMicros.append(ended - Int64(end) * 1_000)
                batch.ringMilliseconds.append(ring)
                batch.answerMilliseconds.append(answered ? ring + 3_000 : CallRecordBatch.never)
                batch.endMilliseconds.append(end)
                batch.talkMilliseconds.append(CallRecordBatch.never)
                batch.code.append(answered ? 200 : [486, 404, 503][Int(next() % 3)])
                batch.q850.append(0)
            }
            return batch
        }
    }

    /// Live events of calls that are set up evenly over the hour: set-up, ring, answer or failure, end; by time.
    public mutating func events(calls count: Int, batch size: Int) -> [CallEventBatch] {
        struct Event {
            var kind: CallEventKind
            var call: Int
            var micros: Int64
            var customer: UInt32
        }
        var events: [Event] = []
        for call in 1...count {
            let setup = Workload.start + Int64(call) * 3_600_000_000 / Int64(count)
            let id = customer()
            let ring = setup + Int64(exponential(1_500_000))
            let outcome = ring + Int64(exponential(5_000_000))
            events.append(Event(kind: .setup, call: call, micros: setup, customer: id))
            events.append(Event(kind: .ring, call: call, micros: ring, customer: id))
            let answered = unit() < 0.45
            events.append(Event(kind: answered ? .answer : .failure, call: call, micros: outcome, customer: id))
            if answered {
                events.append(
                    Event(kind: .end, call: call, micros: outcome + Int64(exponential(180_000_000)), customer: id))
            }
        }
        events.sort { $0.micros < $1.micros }
        return stride(from: 0, to: events.count, by: size).map { first in
            var batch = CallEventBatch()
            var indices: [UInt32: UInt32] = [:]
            for event in events[first..<min(first + size, events.count)] {
                var party = CallEventBatch.noParty
                if event.kind == .setup {
                    if indices[event.customer] == nil {
                        indices[event.customer] = UInt32(batch.parties.count)
                        batch.parties.append(Party(customerID: event.customer))
                    }
                    party = indices[event.customer] ?? 0
                }
                batch.append(
                    event.kind, key: CallKey(high: 7, low: UInt64(event.call)), timeMicros: event.micros, party: party,
                    sequence: 1, code: event.kind == .answer ? 200 : event.kind == .failure ? 486 : 0)
            }
            return batch
        }
    }
}
