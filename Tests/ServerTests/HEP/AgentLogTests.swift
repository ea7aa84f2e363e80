import CallEvents
import Feeds
import Logging
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
        #expect(log.lines(feed.reportedAgents, .correct, now: .uptimeNanoseconds(0)).count == 2)
        #expect(log.lines(feed.reportedAgents, .correct, now: .uptimeNanoseconds(1)).isEmpty)
        feed.receive([2, 0, 0, 0].span.bytes, arrivalMicros: 2_000_000)
        let lines = log.lines(feed.reportedAgents, .correct, now: .uptimeNanoseconds(2))
        #expect(lines.count == 1 && lines[0].text.hasPrefix("HEP at 0.0.0.2: hep_version: "))
        feed.receive([2, 0, 0, 0].span.bytes, arrivalMicros: 3_000_000)
        #expect(log.lines(feed.reportedAgents, .correct, now: .uptimeNanoseconds(3)).isEmpty)
    }

    @Test func aFloodIsAFewLines() {
        var log = AgentLog()
        let many = feed(1..<200)
        #expect(log.lines(many.reportedAgents, .correct, now: .uptimeNanoseconds(0)).count == Limits.agentLogLines)
        let later = NIODeadline.uptimeNanoseconds(0) + Limits.agentLogInterval
        let lines = log.lines(many.reportedAgents, .correct, now: later)
        #expect(lines.count == 1 && lines[0].text.hasPrefix("\(199 - Limits.agentLogLines) further lines"))
    }

    /// A clock that is off is told once, and that it is right again.
    @Test func clocks() {
        let second: Int64 = 1_000_000
        var log = AgentLog()
        var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        (feed.clockPolicy, feed.sender) = (.correct, IPAddress("198.51.100.7"))
        func observe(_ number: Int64, offset: Int64) -> [AgentLog.Line] {
            let arrival = 1_800_000_000 * second + number * 40 * second
            var packet = HEPPacket.invite("a", seconds: UInt32(arrival / second + offset))
            packet.agent = 2_002
            feed.receive(packet.bytes.span.bytes, arrivalMicros: arrival)
            return log.lines(feed.reportedAgents, .correct, now: .uptimeNanoseconds(UInt64(number)))
        }
        let lines = observe(1, offset: 3_600)
        #expect(
            lines.map(\.text) == [
                "HEP agent 2002 at 198.51.100.7: its clock is 3600.0 s ahead of this server's; its times are corrected; "
                    + "set it by NTP, and let it stamp in UTC"
            ])
        #expect(observe(2, offset: 3_600).isEmpty)
        let right = observe(3, offset: 0)
        #expect(right.map(\.level) == [.notice] && right[0].text.hasSuffix("its clock is right (0.0 s off)"))
        #expect(observe(4, offset: 0).isEmpty)
        // Set three times more within minutes.
        #expect(observe(5, offset: -7_200).isEmpty && observe(6, offset: 0).isEmpty)
        #expect(observe(7, offset: 3_600).isEmpty)
        #expect(observe(8, offset: 0).isEmpty)
        #expect(
            observe(9, offset: 3_600).first?.text.contains("its clock jumps; the times of arrival are taken") == true)
    }
}
