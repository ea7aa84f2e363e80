import CallEvents
import Feeds
import NIOCore
import Testing

@testable import Server

/// Each error of each agent is told once, and a flood of agents does not fill the log.
@Suite struct AgentLogTests {
    private func feed(_ senders: Range<UInt32>) -> HEPFeed {
        var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        for sender in senders {
            feed.sender = IPAddress(v4: sender)
            feed.receive([UInt8](repeating: 9, count: 8).span.bytes, arrivalMicros: 1_000_000)
        }
        return feed
    }

    @Test func onceEach() {
        var log = AgentLog()
        var feed = feed(1..<3)
        #expect(log.lines(feed.agents, now: .uptimeNanoseconds(0)).count == 2)
        #expect(log.lines(feed.agents, now: .uptimeNanoseconds(1)).isEmpty)
        feed.receive([2, 0, 0, 0].span.bytes, arrivalMicros: 2_000_000)
        let lines = log.lines(feed.agents, now: .uptimeNanoseconds(2))
        #expect(lines.count == 1 && lines[0].hasPrefix("HEP at 0.0.0.2: hep_version: "))
        feed.receive([2, 0, 0, 0].span.bytes, arrivalMicros: 3_000_000)
        #expect(log.lines(feed.agents, now: .uptimeNanoseconds(3)).isEmpty)
    }

    @Test func aFloodIsAFewLines() {
        var log = AgentLog()
        let many = feed(1..<200)
        #expect(log.lines(many.agents, now: .uptimeNanoseconds(0)).count == Limits.agentLogLines)
        let later = NIODeadline.uptimeNanoseconds(0) + Limits.agentLogInterval
        let lines = log.lines(many.agents, now: later)
        #expect(lines.count == 1 && lines[0].hasPrefix("\(199 - Limits.agentLogLines) further lines"))
    }
}
