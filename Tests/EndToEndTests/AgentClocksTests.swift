// Switches whose clocks are off: their calls are on the board, at their time and with their durations, and no other
// customer's figures change.

import CallEvents
import Feeds
import Randomness
import Testing

@testable import Board

@Suite struct AgentClocksTests {
    private static let start: Int64 = 1_795_000_000_000_000
    private static let second: Int64 = 1_000_000

    /// Two calls of each of four switches, as they happen: one ends, one goes on.
    private static func fourSwitches() -> (customers: [String], packets: [LiveAgents.Packet]) {
        var packets: [LiveAgents.Packet] = []
        let offsets: [Int64] = [0, 8, 3_600, -7_200]
        let customers = offsets.indices.map { "198.51.100.9\($0)" }
        for (index, offset) in offsets.enumerated() {
            for (number, end) in [Int64(3_000_000), nil].enumerated() {
                let call = SpokenCall(caller: customers[index], callID: "clk\(index)\(number)")
                packets += call.packets(
                    call.answered(ring: 500_000, answer: 1_000_000, end: end), at: start + Int64(number) * 200_000,
                    agent: 2_001 + index, offset: offset * second)
            }
        }
        return (customers, packets)
    }

    @Test(arguments: [false, true]) func callsOfClocksThatAreOff(byConnection: Bool) throws {
        let (customers, packets) = Self.fourSwitches()
        var live = LiveAgents(customers: customers, from: Self.start)
        live.play(packets, mayBeLate: byConnection)
        for window in [Window.fifteenMinutes, .all] {
            for row in customers.indices {
                let value = { try live.value($0, row: row, window) }
                #expect(try value("attempts") == 2 && value("active") == 1 && value("asr") == 100, "\(row)")
                let (acd, pdd) = (try value("acd") ?? 0, try value("pdd") ?? 0)
                #expect(try abs(acd - 2) < 0.001 && value("acd_n") == 1, "\(row)")
                #expect(abs(pdd - 500) < 1, "\(row)")
            }
        }
        let agents = live.feed.reportedAgents.agents
        #expect(agents.map(\.clock.state) == [.ok, .ahead, .ahead, .behind])
        #expect(agents.map(\.clock.offsetMicros) == [0, 8, 3_600, -7_200].map { $0 * Self.second })
        let corrections: [Int64?] = [nil, -8_000_000, -3_600_000_000, 7_200_000_000]
        #expect(agents.map(\.clock.correctionMicros) == corrections)
        #expect(live.engine.status(now: live.nowMicros).future == 0)
    }

    /// As they were before: the two that are ahead are not on the board, the one behind is where its clock says.
    @Test func trusted() throws {
        let (customers, packets) = Self.fourSwitches()
        var live = LiveAgents(customers: customers, from: Self.start, .trust)
        live.play(packets)
        let attempts = try customers.indices.map { try live.value("attempts", row: $0, .fifteenMinutes) }
        #expect(attempts == [2, 0, 0, 0])
        #expect(try live.value("attempts", row: 3) == 2)
        #expect(live.engine.status(now: live.nowMicros).future > 0)
        #expect(live.feed.reportedAgents.agents.map(\.clock.state) == [.ok, .ahead, .ahead, .behind])
    }

    @Test func refused() throws {
        let (customers, packets) = Self.fourSwitches()
        var live = LiveAgents(customers: customers, from: Self.start, .refuse)
        live.play(packets)
        #expect(try customers.indices.map { try live.value("attempts", row: $0) } == [2, 0, 0, 0])
        #expect(live.feed.counters.errorsByName == ["agent_clock": packets.count * 3 / 4])
        #expect(live.feed.reportedAgents.agents.map { $0.faults.first?.count ?? 0 } == [0, 12, 12, 12])
        #expect(live.engine.status(now: live.nowMicros).future == 0)
    }

    /// Whatever the offsets and the jitter: the figures are those of right clocks, to what packets are delayed by.
    @Test(arguments: Seeds.of(1, 2)) func anyOffsetsGiveTheSameFigures(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let customers = (0..<6).map { "198.51.100.\(10 + $0)" }
        var offsets = customers.map { _ in Int64.random(in: -90_000...90_000, using: &random) * Self.second / 3 }
        offsets[0] = 0
        var right: [LiveAgents.Packet] = []
        var wrong: [LiveAgents.Packet] = []
        for number in 0..<200 {
            let row = Int.random(in: 0..<customers.count, using: &random)
            let call = SpokenCall(caller: customers[row], callID: "c\(number)")
            let ring = Int64.random(in: 200...5_000, using: &random) * 1_000
            let answer = ring + .random(in: 1_000...20_000, using: &random) * 1_000
            let end = answer + .random(in: 1_000...600_000, using: &random) * 1_000
            let lines =
                Int.random(in: 0..<4, using: &random) == 0
                ? call.busy(after: ring) : call.answered(ring: ring, answer: answer, end: end)
            let setup = Self.start + Int64.random(in: 0...1_200_000, using: &random) * 1_000
            right += call.packets(lines, at: setup, agent: row, offset: 0)
            wrong += call.packets(lines, at: setup, agent: row, offset: offsets[row]) {
                .random(in: 0...80_000, using: &random)
            }
        }
        var (first, second) = (
            LiveAgents(customers: customers, from: Self.start), LiveAgents(customers: customers, from: Self.start)
        )
        first.play(right)
        second.play(wrong)
        for row in customers.indices {
            for name in ["attempts", "answered", "failed", "acd_n", "pdd_n", "active", "causes.busy"] {
                #expect(
                    try first.value(name, row: row) == second.value(name, row: row), "seed \(seed): \(name), \(row)")
            }
            // Each packet says when its message was: the correction is the same for all.
            for (name, tolerance) in [("talk", 0.001), ("pdd", 0.01)] {
                let (a, b) = (try first.value(name, row: row) ?? 0, try second.value(name, row: row) ?? 0)
                #expect(abs(a - b) < tolerance, "seed \(seed): \(name) of \(row): \(a), \(b)")
            }
        }
        #expect(second.engine.status(now: second.nowMicros).future == 0)
    }

    /// A clock that jumps back and forth: each call is there once, and no figure is negative or absurd.
    @Test(arguments: Seeds.of()) func aClockThatJumps(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var packets: [LiveAgents.Packet] = []
        for number in 0..<300 {
            let call = SpokenCall(caller: "198.51.100.10", callID: "j\(number)")
            let lines = call.answered(ring: 500_000, answer: 2_000_000, end: 12_000_000)
            packets += call.packets(lines, at: Self.start + Int64(number) * 3 * Self.second, agent: 7, offset: 0)
        }
        for index in packets.indices where Bool.random(using: &random) {
            let jump: Int64 = [3_600, -7_200, 30, -600].randomElement(using: &random) ?? 0
            packets[index].stampMicros += jump * Self.second
        }
        var live = LiveAgents(customers: ["198.51.100.10"], from: Self.start)
        live.play(packets)
        #expect(try live.value("attempts", row: 0) == 300 && live.value("answered", row: 0) == 300, "seed \(seed)")
        #expect(try live.value("active", row: 0) == 0, "seed \(seed)")
        #expect((5...15).contains(try live.value("acd", row: 0) ?? -1), "seed \(seed)")
        #expect((0...3_000).contains(try live.value("pdd", row: 0) ?? -1), "seed \(seed)")
        #expect(live.feed.reportedAgents.agents.first?.clock.state == .unsteady)
    }
}
