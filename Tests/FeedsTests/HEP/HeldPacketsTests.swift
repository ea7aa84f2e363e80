// The first packets of an agent on a connection: of a clock that is behind, or kept back.

import CallEvents
import Testing

@testable import Feeds

@Suite struct HeldPacketsTests {
    private static let start: Int64 = 1_750_000_000_000_000
    private static let second: Int64 = 1_000_000

    private func feed(_ policy: AgentClockPolicy = .correct) -> HEPFeed {
        var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        (feed.clockPolicy, feed.mayBeLate, feed.sender) = (policy, true, IPAddress("192.0.2.50"))
        return feed
    }

    private func invite(_ number: Int, stamp: Int64) -> [UInt8] {
        PacketBuilder(
            """
            INVITE sip:1@192.0.2.1 SIP/2.0\r
            Via: SIP/2.0/TCP 192.0.2.10;branch=z9hG4bK\(number)\r
            From: <sip:a@192.0.2.10>;tag=\(number)\r
            To: <sip:1@192.0.2.1>\r
            Call-ID: \(number)\r
            CSeq: 1 INVITE\r
            \r

            """, micros: stamp
        ).bytes()
    }

    private func receive(_ feed: inout HEPFeed, _ number: Int, stamp: Int64, arrival: Int64) {
        feed.receive(invite(number, stamp: stamp).span.bytes, arrivalMicros: arrival)
    }

    /// Live packets of a clock two hours behind: held for a second, then corrected, each with its own time.
    @Test func aClockThatIsBehind() {
        var feed = feed()
        let offset = -7_200 * Self.second
        for step in 0..<5 {
            let now = Self.start + Int64(step) * 200_000
            receive(&feed, step, stamp: now + offset, arrival: now)
            feed.releaseHeld(nowMicros: now)
        }
        #expect(feed.take().count == 0 && feed.agents.agents.first?.packets == 5)
        feed.releaseHeld(nowMicros: Self.start + 1_000_000)
        #expect(feed.take().timeMicros == (0..<5).map { Self.start + $0 * 200_000 })
        #expect(feed.agents.agents.first?.clock.state == .behind)
        let now = Self.start + 2 * Self.second
        receive(&feed, 9, stamp: now + offset, arrival: now)
        #expect(feed.take().timeMicros == [now] && feed.counters.messages == 6 && feed.counters.packets == 6)
    }

    /// What an agent kept while it could not send, a hundred times as fast as it happened: it has its own times.
    @Test(arguments: [AgentClockPolicy.correct, .refuse]) func packetsThatWereKept(policy: AgentClockPolicy) {
        var feed = feed(policy)
        for step in 0..<300 {
            receive(
                &feed, step, stamp: Self.start - 300 * Self.second + Int64(step) * Self.second,
                arrival: Self.start + Int64(step) * 10_000)
        }
        #expect(feed.take().timeMicros == (0..<300).map { Self.start + ($0 - 300) * Self.second })
        #expect(feed.agents.agents.first?.clock.state == .ok && feed.counters.messages == 300)
        #expect(feed.counters.errors == 0)
    }

    /// Two packets that were kept, and then one that comes at once.
    @Test func aPacketThatComesAtOnceTells() {
        var feed = feed()
        receive(&feed, 1, stamp: Self.start - 100 * Self.second, arrival: Self.start)
        receive(&feed, 2, stamp: Self.start, arrival: Self.start + 1)
        #expect(feed.take().timeMicros == [Self.start - 100 * Self.second, Self.start])
    }

    /// At the end nothing is kept back; agents are judged each by itself; refused packets are counted.
    @Test func theEnd() {
        var feed = feed(.refuse)
        receive(&feed, 1, stamp: Self.start - 100 * Self.second, arrival: Self.start)
        feed.sender = IPAddress("192.0.2.51")
        receive(&feed, 2, stamp: Self.start - 100 * Self.second, arrival: Self.start)
        feed.releaseHeld(nowMicros: .max)
        #expect(feed.take().count == 0 && feed.counters.errorsByName == ["agent_clock": 2])
        #expect(feed.agents.agents.map(\.faults.count) == [1, 1] && feed.sender == IPAddress("192.0.2.51"))
    }

    /// However many agents and packets wait, they do not for long, nor without bounds.
    @Test func bounds() {
        var feed = feed()
        for number in 0..<2_000 {
            feed.sender = IPAddress(v4: UInt32(number))
            receive(&feed, number, stamp: Self.start - 100 * Self.second, arrival: Self.start)
        }
        #expect(feed.take().count >= 2_000 - FeedLimits.heldAgents - FeedLimits.agents)
        feed.releaseHeld(nowMicros: .max)
        #expect(feed.counters.messages == 2_000 && feed.held.isEmpty)
    }

    private static func hold(
        _ held: inout HeldPackets, _ id: UInt32 = 1, bytes: Int = 1, at arrival: Int64 = start,
        lag: Int64 = 100 * second
    ) -> HeldPackets.Agent? {
        let packet = HeldPackets.Packet(
            bytes: [UInt8](repeating: 0, count: bytes), arrivalMicros: arrival, origin: 0)
        return held.hold(packet, id: id, sender: nil, lag: lag)
    }

    /// From the first packet on for a second, by a clock of ours that may be set back.
    @Test func theTimeOfWaiting() {
        for (after, isDue) in [
            (-Self.second - 1, true), (-Self.second, true), (1 - Self.second, false), (0, false),
            (Self.second - 1, false), (Self.second, true),
        ] {
            var held = HeldPackets()
            #expect(Self.hold(&held) == nil && held.has(1, nil))
            #expect((held.takeDue(nowMicros: Self.start + after) != nil) == isDue, "\(after)")
            #expect(held.isEmpty == isDue)
            // Or by the next packet.
            var other = HeldPackets()
            _ = Self.hold(&other)
            #expect(Self.hold(&other, at: Self.start + after)?.packets.count == (isDue ? 2 : nil), "\(after)")
        }
    }

    /// They were held back if the lag has shrunk by half a second since the first.
    @Test func theLagThatShrinks() {
        for (shrunk, areLate) in [(499_999, false), (500_000, true)] as [(Int64, Bool)] {
            var held = HeldPackets()
            _ = Self.hold(&held)
            _ = Self.hold(&held, lag: 200 * Self.second)
            let due = Self.hold(&held, lag: 100 * Self.second - shrunk)
            #expect((due?.areLate == true) == areLate && held.isEmpty == areLate)
            #expect(due.map(\.lagMicros) == (areLate ? 100 * Self.second - shrunk : nil))
        }
    }

    /// So many bytes and agents wait and no more, and what has gone makes room.
    @Test func borders() {
        var held = HeldPackets()
        for _ in 0..<3 {
            // Counted before they are compared: a failure must not print the bytes.
            let waits = [
                Self.hold(&held, 1, bytes: FeedLimits.heldBytes - 1)?.packets.count,
                Self.hold(&held, 2, bytes: 1)?.packets.count, Self.hold(&held, 2, bytes: 1)?.packets.count,
            ]
            #expect(waits == [nil, nil, 2], "one byte too many")
            let rest = held.take(1, nil)?.packets.count
            #expect(rest == 1 && held.isEmpty)
        }
        for id in 1...UInt32(FeedLimits.heldAgents) { #expect(Self.hold(&held, id) == nil) }
        #expect(Self.hold(&held, 1_000)?.id == 1_000, "one agent too many")
        #expect(held.take(7, nil) != nil && Self.hold(&held, 1_000) == nil)
    }

    /// As today: what is stamped counts; and packets of files are not looked at.
    @Test(arguments: [AgentClockPolicy.trust, nil]) func stampsAreTaken(policy: AgentClockPolicy?) {
        var feed = feed()
        feed.clockPolicy = policy
        for (number, offset) in [Int64(3_600), -7_200, 0].enumerated() {
            receive(&feed, number, stamp: Self.start + offset * Self.second, arrival: Self.start)
        }
        #expect(feed.take().timeMicros == [3_600, -7_200, 0].map { Self.start + $0 * Self.second })
    }
}
