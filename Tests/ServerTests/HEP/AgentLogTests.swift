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

    /// The limit is one of all calls within a minute; those left out are told when the next begins.
    @Test func aFloodInManyCallsIsAFewLines() {
        var log = AgentLog()
        var feed = feed(0..<0)
        var lines = 0
        for sender in 1...UInt32(2 * Limits.agentLogLines) {
            feed.sender = IPAddress(v4: sender)
            feed.receive([UInt8](repeating: 9, count: 8).span.bytes, arrivalMicros: 1_000_000)
            let now = NIODeadline.uptimeNanoseconds(UInt64(sender))
            let new = log.lines(feed.reportedAgents, .correct, now: now).count
            #expect(new == (Int(sender) <= Limits.agentLogLines ? 1 : 0), "agent \(sender)")
            lines += new
        }
        #expect(lines == Limits.agentLogLines)
        // The interval began with the first call. Just before its end there is silence, and then there is room.
        let end = NIODeadline.uptimeNanoseconds(1) + Limits.agentLogInterval
        #expect(log.lines(feed.reportedAgents, .correct, now: end - .nanoseconds(1)).isEmpty)
        let told = log.lines(feed.reportedAgents, .correct, now: end)
        #expect(told.map { $0.text.prefix { $0.isNumber } } == ["\(Limits.agentLogLines)"])
        #expect(log.lines(feed.reportedAgents, .correct, now: end + Limits.agentLogInterval).isEmpty)
    }

    /// An agent in the place of another is another, though its errors have the same names.
    @Test func anotherAgentInItsPlaceIsNews() {
        var log = AgentLog()
        for sender in 1...3 as ClosedRange<UInt32> {
            let one = feed(sender..<sender + 1)
            let now = NIODeadline.uptimeNanoseconds(UInt64(sender))
            let lines = log.lines(one.reportedAgents, .correct, now: now)
            #expect(lines.map { $0.text.contains("at 0.0.0.\(sender): ") } == [true])
            #expect(log.lines(one.reportedAgents, .correct, now: now).isEmpty)
        }
    }
}
