import Board
import CallEvents
import Foundation

/// Finished calls of customers as carriers have them: sizes by a power law, few calls at night, an ASR of each that
/// drifts, failed attempts that are dialled again, and diallers' campaigns.
struct Traffic {
    var profiles: [Profile]
    let callsOfDay: Int
    private var state: UInt64
    private let cumulative: [Double]
    /// By parts of the sum, the first customer that may be meant.
    private var guide: [Int32] = []
    /// Calls that have begun, by the second in which they end.
    private var ending = [[Call]](repeating: [], count: Self.longestSeconds)

    private static let longestSeconds = 16_384
    private static let busiestPace = 1.667

    private struct Call {
        var customer: UInt32
        var setup: Int32
        var ring: UInt32
        /// Milliseconds; nil: it failed.
        var talk: UInt32?
    }

    init(customers: Int, callsOfDay: Int, spread: Double, seed: UInt64) {
        (self.callsOfDay, state) = (callsOfDay, Hash.mix(seed))
        profiles = (1...customers).map { Profile($0, seed: seed, spread: spread) }
        var sum = 0.0
        cumulative = (1...customers).map { rank in
            sum += pow(Double(rank), -0.8)
            return sum
        }
        var row = 0
        let parts = 1 << 16
        guide = (0..<parts).map { part in
            while cumulative[row] < sum * Double(part) / Double(parts) { row += 1 }
            return Int32(row)
        }
    }

    var customers: Int { profiles.count }

    /// Calls in a day of a customer, as expected, without those that are dialled again.
    func calls(of id: Int) -> Double { Double(callsOfDay) * pow(Double(id), -0.8) / (cumulative.last ?? 1) }

    private mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Hash.unit(Hash.mix(state))
    }

    private mutating func exponential(_ mean: Double) -> Double { -log(max(1e-12, unit())) * mean }

    private mutating func row() -> Int {
        let part = unit()
        let wanted = part * (cumulative.last ?? 0)
        var row = Int(guide[Int(part * Double(guide.count))])
        while cumulative[row] < wanted && row + 1 < cumulative.count { row += 1 }
        return row
    }

    /// The calls that end in some seconds.
    mutating func records(_ seconds: Range<Int>, start: Int64) -> CallRecordBatch {
        let draws = Double(callsOfDay) * Self.busiestPace * Double(seconds.count) / 86_400
        for _ in 0..<Int(draws + unit()) {
            let second = seconds.lowerBound + Int(unit() * Double(seconds.count))
            let row = row()
            guard unit() * Self.busiestPace < profiles[row].pace(second) else { continue }
            for _ in 0..<(profiles[row].isInCampaign(second) ? Profile.campaignCalls : 1) { begin(row, second) }
        }
        var batch = CallRecordBatch()
        for second in seconds {
            for call in ending[second % Self.longestSeconds] { append(call, end: second, start: start, to: &batch) }
            ending[second % Self.longestSeconds].removeAll(keepingCapacity: true)
        }
        return batch
    }

    /// One attempt, and those that follow if it fails.
    private mutating func begin(_ row: Int, _ first: Int) {
        var second = first
        var isAgain = false
        repeat {
            let share = profiles[row].answered(second) * (isAgain ? Profile.redialledAnswered : 1)
            let isAnswered = unit() < share
            let half = profiles[row].delayMilliseconds / 2
            let ring = UInt32(exponential(half) + exponential(half))
            let talk = isAnswered ? UInt32(min(7_200_000, exponential(profiles[row].talkSeconds) * 1_000)) : nil
            let end = second + Int(ring + (talk.map { $0 + 3_000 } ?? 0)) / 1_000
            ending[end % Self.longestSeconds].append(
                Call(customer: UInt32(row + 1), setup: Int32(second), ring: ring, talk: talk))
            if isAnswered { return }
            isAgain = true
            second += 5 + Int(unit() * 35)
        } while unit() < Profile.redialled
    }

    private func append(_ call: Call, end: Int, start: Int64, to batch: inout CallRecordBatch) {
        batch.party.append(UInt32(batch.parties.count))
        batch.parties.append(Party(customerID: call.customer))
        batch.setupMicros.append(start + Int64(call.setup) * 1_000_000)
        batch.ringMilliseconds.append(call.ring)
        batch.answerMilliseconds.append(call.talk == nil ? CallRecordBatch.never : call.ring + 3_000)
        batch.endMilliseconds.append(call.ring + (call.talk.map { $0 + 3_000 } ?? 0))
        batch.talkMilliseconds.append(CallRecordBatch.never)
        batch.code.append(call.talk == nil ? 486 : 200)
        batch.q850.append(0)
    }

    /// Whether a customer is beyond the standard threshold of a warning just now, whatever its calls say; of `asr_drop`
    /// whether its ASR has fallen within the four hours that it looks at.
    func isBeyond(_ kind: WarningKind, _ id: UInt32, _ second: Int) -> Bool {
        let profile = profiles[Int(id) - 1]
        switch kind {
        case .asrLow:
            let points = stride(from: max(0, second - 885), to: second, by: 30)
            let sum = points.reduce(0.0) { $0 + Profile.withRedials(profile.answered($1)).share }
            return sum / Double(max(1, points.underestimatedCount)) < kind.standard.raise / 100
        case .asrDrop: return profile.fall.map { $0.start <= second && second < $0.end + 14_400 } ?? false
        case .acdLow: return profile.talkSeconds < kind.standard.raise
        // Of the sum of two exponential delays.
        case .pddHigh: return profile.delayMilliseconds * 2.372 > kind.standard.raise
        case .shortCallRatio: return 1 - exp(-6.0 / profile.talkSeconds) > kind.standard.raise / 100
        default: return false
        }
    }
}
