// Two agents that tell of the same calls by clocks that differ, and lose some of it: the figures are those of one right
// clock.

import CallEvents
import Feeds
import Randomness
import Testing

@Suite struct TwoAgentsTests {
    private static let start: Int64 = 1_795_000_000_000_000

    private struct Truth {
        var attempts = 0.0, answered = 0.0, talk = 0.0, delay = 0.0
    }

    /// Calls by two agents; each message comes by one of them at least, those of the first call by both.
    private static func calls(
        _ count: Int, offset: Int64, firstAgent: Int, _ random: inout SeededGenerator
    ) -> (packets: [LiveAgents.Packet], truth: Truth) {
        var (packets, truth) = ([LiveAgents.Packet](), Truth())
        for number in 0..<count {
            let call = SpokenCall(caller: "198.51.100.94", callID: "two\(number)")
            let ring = Int64.random(in: 500...4_000, using: &random) * 1_000
            let answer = ring + .random(in: 1_000...20_000, using: &random) * 1_000
            let end = answer + .random(in: 2_000...100_000, using: &random) * 1_000
            let isBusy = Int.random(in: 0..<4, using: &random) == 0
            let lines = isBusy ? call.busy(after: ring) : call.answered(ring: ring, answer: answer, end: end)
            truth.attempts += 1
            if !isBusy {
                truth.answered += 1
                truth.talk += Double(end - answer) / 1_000_000
                truth.delay += Double(ring) / 1_000
            }
            let setup = start + Int64(number) * 7_300_000
            let first = call.packets(lines, at: setup, agent: firstAgent, offset: 0)
            let second = call.packets(lines, at: setup, agent: 3 - firstAgent, offset: offset) {
                .random(in: 1_000...9_000, using: &random)
            }
            for (one, other) in zip(first, second) {
                let loss = number == 0 ? 9 : Int.random(in: 0..<5, using: &random)
                if loss != 0 { packets.append(one) }
                if loss != 1 { packets.append(other) }
            }
        }
        return (packets, truth)
    }

    /// - Parameter policy: nil: a capture.
    private func check(_ offset: Int64, _ policy: AgentClockPolicy?, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for firstAgent in 1...2 {
            let (packets, truth) = Self.calls(80, offset: offset, firstAgent: firstAgent, &random)
            var live = LiveAgents(customers: ["198.51.100.94"], from: Self.start, policy)
            live.play(packets)
            let comment = "seed \(seed), \(offset), \(String(describing: policy))"
            let value = { try live.value($0, row: 0) ?? -1 }
            #expect(try value("attempts") == truth.attempts && value("answered") == truth.answered, "\(comment)")
            #expect(try value("acd_n") == truth.answered && value("active") == 0, "\(comment)")
            #expect(abs(try value("talk") - truth.talk) < 0.03 * truth.answered, "\(comment)")
            #expect(abs(try value("pdd") * value("pdd_n") - truth.delay) < 30 * truth.attempts, "\(comment)")
        }
    }

    @Test(arguments: [0, 20_000, 1_700_000, -1_700_000, 30_000_000, -30_000_000, 3_600_000_000], Seeds.of())
    func capturesOfTwoAgents(offset: Int64, seed: UInt64) throws { try check(offset, nil, seed: seed) }

    @Test(arguments: [0, 1_700_000, -1_700_000, 4_000_000, -45_000_000, 3_600_000_000, -7_200_000_000], Seeds.of())
    func twoAgentsLive(offset: Int64, seed: UInt64) throws { try check(offset, .correct, seed: seed) }
}
