// What the time of a message is, by policy and by how far its stamp is from its arrival: the whole table, and both
// sides of every border.

import CallEvents
import Testing

@testable import Feeds

@Suite struct HEPFeedClocksTests {
    private static let arrival: Int64 = 1_750_000_000_000_000
    private static let ahead = -FeedLimits.agentAheadMicros
    private static let behind = FeedLimits.agentBehindMicros

    private static func feed(_ policy: AgentClockPolicy?) -> HEPFeed {
        var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        feed.clockPolicy = policy
        return feed
    }

    /// The time of an INVITE that comes so long after its stamp, less the arrival, and the correction that it tells.
    private static func observe(
        _ feed: inout HEPFeed, lag: Int64, call: Int = 1, at arrival: Int64 = arrival
    ) -> (offset: Int64, correctedMillis: Int32)? {
        let message = MessageBuilder(callID: "call \(call)").text
        let bytes = PacketBuilder(message, micros: arrival - lag).bytes()
        feed.receive(bytes.span.bytes, arrivalMicros: arrival)
        let batch = feed.take()
        guard batch.count == 1 else { return nil }
        return (batch.timeMicros[0] - arrival, batch.details[Int(batch.detail[0])].clockCorrectedMillis)
    }

    /// The first packet of an agent: its clock is right from 5 s ahead to 60 s behind, and no further.
    @Test(arguments: AgentClockPolicy.allCases)
    func theFirstStamp(policy: AgentClockPolicy) {
        let (ahead, behind) = (Self.ahead, Self.behind)
        for lag in [ahead - 1, ahead, ahead + 1, -1, 0, 1, behind - 1, behind, behind + 1] {
            var feed = Self.feed(policy)
            let seen = Self.observe(&feed, lag: lag)
            let isRight = lag >= Self.ahead && lag <= Self.behind
            switch policy {
            case .trust: #expect(seen?.offset == -lag && seen?.correctedMillis == 0, "\(lag)")
            case .refuse:
                #expect((seen == nil) == !isRight && feed.counters.errorsByName == (isRight ? [:] : ["agent_clock": 1]))
                if isRight { #expect(seen?.offset == -lag && seen?.correctedMillis == 0, "\(lag)") }
            case .correct:
                #expect(seen?.offset == (isRight ? -lag : 0), "\(lag)")
                #expect(seen?.correctedMillis == (isRight ? 0 : Int32(lag / 1_000)), "\(lag)")
            }
        }
    }

    /// A clock that is barely right jitters beyond what the board accepts: its stamp is cut to that. A call says so
    /// from 100 ms on.
    @Test(arguments: AgentClockPolicy.allCases)
    func jitterOfABarelyRightClock(policy: AgentClockPolicy) {
        for beyond in [0, 1, 99_999, 100_000, 900_000] as [Int64] {
            var feed = Self.feed(policy)
            _ = Self.observe(&feed, lag: Self.ahead)
            let seen = Self.observe(&feed, lag: Self.ahead - beyond, call: 2, at: Self.arrival + 1_000_000)
            let cut = policy == .trust ? 0 : beyond
            #expect(seen?.offset == -Self.ahead + beyond - cut, "\(beyond)")
            #expect(seen?.correctedMillis == (cut < 100_000 ? 0 : Int32(-cut / 1_000)), "\(beyond)")
            #expect(feed.counters.errors == 0)
        }
    }

    /// One wrong stamp of a right clock: it has the time of its arrival, or is refused.
    @Test(arguments: AgentClockPolicy.allCases)
    func oneWrongStamp(policy: AgentClockPolicy) {
        for lag in [-86_400_000_000, 86_400_000_000] as [Int64] {
            var feed = Self.feed(policy)
            _ = Self.observe(&feed, lag: 0)
            let seen = Self.observe(&feed, lag: lag, call: 2, at: Self.arrival + 1_000_000)
            switch policy {
            case .trust: #expect(seen?.offset == -lag && seen?.correctedMillis == 0)
            case .correct: #expect(seen?.offset == 0 && seen?.correctedMillis == Int32(lag / 1_000))
            case .refuse: #expect(seen == nil && feed.counters.errorsByName == ["agent_clock": 1])
            }
        }
    }

    /// Without a policy, as of files, stamps are taken as they are; without a stamp the arrival counts.
    @Test func filesAndPacketsWithoutStamps() {
        for lag in [-86_400_000_000, 86_400_000_000] as [Int64] {
            var feed = Self.feed(nil)
            #expect(Self.observe(&feed, lag: lag)?.offset == -lag)
        }
        for policy in AgentClockPolicy.allCases {
            var feed = Self.feed(policy)
            var packet = PacketBuilder(MessageBuilder().text)
            packet.set(9, nil)
            feed.receive(packet.bytes().span.bytes, arrivalMicros: Self.arrival)
            let batch = feed.take()
            #expect(batch.timeMicros == [Self.arrival] && feed.agents.agents.first?.clock.isHeard == false)
            #expect(batch.details[Int(batch.detail[0])].clockCorrectedMillis == 0)
        }
    }

    /// Copies of two agents show that their clocks, both of them right, differ by two seconds: from then on the second
    /// one's times are moved, whatever the policy.
    @Test(arguments: [nil] + AgentClockPolicy.allCases.map(Optional.some))
    func timesOfASecondAgent(policy: AgentClockPolicy?) {
        var feed = Self.feed(policy)
        func observe(agent: Int, call: Int, ahead: Int64) -> Int64? {
            var packet = PacketBuilder(MessageBuilder(callID: "call \(call)").text, micros: Self.arrival + ahead)
            packet.set(12, PacketBuilder.bigEndian(agent, bytes: 4))
            feed.receive(packet.bytes().span.bytes, arrivalMicros: Self.arrival)
            return feed.take().timeMicros.first.map { $0 - Self.arrival }
        }
        for call in 0..<2 {
            #expect(observe(agent: 1, call: call, ahead: 0) == 0)
            #expect(observe(agent: 2, call: call, ahead: 2_000_000) == 0, "a copy has the time of the first")
        }
        #expect(observe(agent: 2, call: 5, ahead: 2_000_000) == 0 && observe(agent: 1, call: 6, ahead: 0) == 0)
        #expect(feed.reportedAgents.agents.map(\.moveMicros) == [0, -2_000_000])
    }
}
