// The table of agents: exact beside the plain way of counting, and bounded.

import CallEvents
import Randomness
import Testing

@testable import Feeds

@Suite struct HEPAgentsTests {
    private struct Key: Hashable {
        var id: UInt32
        var sender: IPAddress?
    }

    @Test(arguments: Seeds.of()) func countsAreThoseOfADictionary(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (agents, plain) = (HEPAgents(), [Key: Int]())
        for step in 0..<5_000 {
            let sender = Bool.random(using: &random) ? IPAddress(v4: .random(in: 0..<8, using: &random)) : nil
            let key = Key(id: .random(in: 0..<16, using: &random), sender: sender)
            let place = agents.observe(id: key.id, from: key.sender, at: Int64(step))
            plain[key, default: 0] += 1
            #expect(agents[place].lastMicros == Int64(step), "seed \(seed)")
        }
        let counted = Dictionary(
            uniqueKeysWithValues: agents.agents.map { (Key(id: $0.id, sender: $0.sender), $0.packets) })
        #expect(counted == plain, "seed \(seed)")
        #expect(agents.others.packets == 0)
    }

    /// Invented ids fill the table; they drive no agent out, and what they sent is counted together.
    @Test func aFloodIsBounded() {
        var agents = HEPAgents()
        for id in 1...UInt32(10_000) { _ = agents.observe(id: id, from: nil, at: 1_000_000 + Int64(id)) }
        #expect(agents.agents.count == FeedLimits.agents && agents.agents.first?.id == 1)
        #expect(agents.others.packets == 10_000 - FeedLimits.agents)
        let seen = HEPFault.Place(agent: 9_999, sender: nil, arrivalMicros: 5)
        agents.note(.magic, HEPAgents.othersPlace, at: seen)
        #expect(agents.others.faults.map(\.latest) == [seen])
    }

    @Test func whoIsSilentForLongMakesRoom() {
        var agents = HEPAgents()
        let count = UInt32(FeedLimits.agents)
        for id in 1...count { _ = agents.observe(id: id, from: nil, at: Int64(id)) }
        agents.note(.magic, 1, at: .init(agent: 1, sender: nil, arrivalMicros: 1))
        let later = FeedLimits.silentAgentMicros + 2
        let place = agents.observe(id: 5_000, from: nil, at: later)
        #expect(place == 1 && agents.agents.first?.id == 5_000 && agents.agents.first?.faults.isEmpty == true)
        #expect(agents.others.packets == 1 && agents.others.faults.map(\.count) == [1])
        // Every other one is where it was; the one that went is heard as a new one.
        #expect(agents.observe(id: count, from: nil, at: later) == Int(count))
        #expect(agents.observe(id: 1, from: nil, at: later) == HEPAgents.othersPlace)
        // An error of an agent that has gone is not counted for the one in its place.
        agents.note(.length, 1, at: .init(agent: 1, sender: nil, arrivalMicros: 2))
        #expect(agents.agents.first?.faults.isEmpty == true && agents.others.faults.count == 2)
    }

    /// From an hour of silence on an agent makes room, the one that was silent for longest; one that only has errors of
    /// its connections is heard by these.
    @Test func theLongestSilence() {
        for (after, makesRoom) in [(FeedLimits.silentAgentMicros - 1, false), (FeedLimits.silentAgentMicros, true)] {
            var agents = HEPAgents()
            for id in 1...UInt32(FeedLimits.agents) { _ = agents.observe(id: id, from: nil, at: 10 + Int64(id)) }
            for id in 1...UInt32(7) { _ = agents.observe(id: id, from: nil, at: 10_000) }
            agents.note(.tlsTimeout, from: nil, at: 10_000)
            let place = agents.observe(id: 5_000, from: nil, at: 18 + after)
            #expect(place == (makesRoom ? 8 : HEPAgents.othersPlace) && agents.replacements == (makesRoom ? 1 : 0))
            #expect(agents.others.packets == 1, "of the one that went, or of the one without room")
        }
        var agents = HEPAgents()
        for id in 1..<UInt32(FeedLimits.agents) { _ = agents.observe(id: id, from: nil, at: 10_000) }
        agents.note(.tlsTimeout, from: IPAddress(v4: 9), at: 10_001)
        let place = agents.observe(id: 5_000, from: nil, at: 10_000 + FeedLimits.silentAgentMicros)
        #expect(place == 1, "the one of the error was heard later")
    }

    /// An error is noted with the agent only if id and address are its own.
    @Test func errorsOfTheAgentThatHadThePlace() {
        let (one, other) = (IPAddress(v4: 1), IPAddress(v4: 2))
        for (id, sender, isOwn) in [(UInt32(5), one, true), (5, other, false), (6, one, false), (6, other, false)] {
            var agents = HEPAgents()
            let place = agents.observe(id: 5, from: one, at: 1)
            agents.note(.sipRestMissing, place, at: .init(agent: id, sender: sender, arrivalMicros: 2))
            #expect(agents[place].faults.count == (isOwn ? 1 : 0) && agents.others.faults.count == (isOwn ? 0 : 1))
        }
    }

    /// Times may be anything: a program says when its packets came.
    @Test func anyTimes() {
        var agents = HEPAgents()
        for id in 0..<UInt32(1_000) {
            for time in [Int64.min, -1, 0, .max] { _ = agents.observe(id: id, from: nil, at: time) }
        }
        #expect(agents.agents.count == FeedLimits.agents)
    }

    /// The latest error of a name is kept, by the time of its arrival.
    @Test func theLatestOfEachError() {
        var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        feed.sender = IPAddress(v4: 9)
        var broken = PacketBuilder("INVITE sip:x@y SIP/2.0\r\nFrom: <sip:a@b>;tag=1\r\n\r\n", from: "192.0.2.77")
        broken.set(12, PacketBuilder.bigEndian(44, bytes: 4))
        for arrival in [Int64(100), 300, 200] { feed.receive(broken.bytes().span.bytes, arrivalMicros: arrival) }
        let fault = feed.agents.agents.first?.faults.first
        #expect(fault?.count == 3 && fault?.error == .sipCallID)
        #expect(fault?.latest.arrivalMicros == 300 && fault?.latest.source == IPAddress("192.0.2.77"))
        #expect(fault?.latest.agent == 44 && fault?.latest.sender == IPAddress(v4: 9))
    }

    /// The id of a packet that cannot be read is told if it is there, whatever is broken.
    @Test func theAgentOfABrokenPacket() {
        var packet = PacketBuilder("x")
        packet.set(3, [1, 2, 3])
        #expect(HEPPacket.agent(ofUnread: packet.bytes().span) == 2_001)
        #expect(HEPPacket.agent(ofUnread: packet.bytes(length: 60_000).span) == 2_001)
        // Wherever its chunk stands, and whatever follows or does not.
        for _ in packet.chunks.indices {
            packet.chunks.append(packet.chunks.removeFirst())
            #expect(HEPPacket.agent(ofUnread: packet.bytes().span) == 2_001)
            #expect(HEPPacket.agent(ofUnread: (packet.bytes() + [0, 0, 0]).span) == 2_001)
        }
        for bytes in [[], Array("HEP3".utf8), Array("HEP3\0\0\0\0\0\u{c}\0\0".utf8)] as [[UInt8]] {
            #expect(HEPPacket.agent(ofUnread: bytes.span) == 0)
        }
    }
}
