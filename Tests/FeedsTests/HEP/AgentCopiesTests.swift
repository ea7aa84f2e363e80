// Copies of messages by two agents: how much their clocks differ is learnt from them, and from nothing else.

import Testing

@testable import Feeds

@Suite struct AgentCopiesTests {
    private static let second: Int64 = 1_000_000

    /// The later agent is moved to the time of the one before, by two copies; copies have the right time from the first
    /// one on.
    @Test(arguments: [1_700_000, -1_700_000, 3_600_000_000]) func twoCopiesTell(offset: Int64) {
        var copies = AgentCopies()
        #expect(copies.observe(76, agent: 1, timeMicros: 99 * Self.second, arrivalMicros: 0) == 99 * Self.second)
        #expect(
            copies.observe(76, agent: 2, timeMicros: 99 * Self.second + offset, arrivalMicros: 0) == 99 * Self.second)
        #expect(copies.move(of: 2) == 0)
        #expect(copies.observe(77, agent: 1, timeMicros: 100 * Self.second, arrivalMicros: 0) == 100 * Self.second)
        let copy = copies.observe(77, agent: 2, timeMicros: 100 * Self.second + offset, arrivalMicros: 4_000)
        #expect(copy == 100 * Self.second && copies.move(of: 2) == -offset && copies.move(of: 1) == 0)
        // Its own copy comes first: it is moved all the same.
        let moved = 103 * Self.second + offset + copies.move(of: 2)
        #expect(copies.observe(78, agent: 2, timeMicros: moved, arrivalMicros: 5_000) == 103 * Self.second)
        #expect(copies.observe(78, agent: 1, timeMicros: 103 * Self.second, arrivalMicros: 6_000) == 103 * Self.second)
        #expect(copies.move(of: 2) == -offset)
    }

    /// What is sent again, what comes much later and what two hosts see a little later is no clock's.
    @Test func whatIsNoCopy() {
        var copies = AgentCopies()
        _ = copies.observe(77, agent: 1, timeMicros: 0, arrivalMicros: 0)
        #expect(copies.observe(77, agent: 1, timeMicros: 500_000, arrivalMicros: 500_000) == 500_000)
        #expect(copies.observe(77, agent: 2, timeMicros: 500_000, arrivalMicros: 501_000) == 500_000)
        #expect(copies.move(of: 2) == 0)
        #expect(copies.observe(77, agent: 2, timeMicros: 20_000, arrivalMicros: 1_000) == 20_000)
        #expect(copies.move(of: 2) == 0)
    }

    /// One copy that says something else is not believed, three that agree are.
    @Test func anotherClock() {
        var copies = AgentCopies()
        func copy(_ message: UInt64, missing: Int64) -> Int64 {
            let time = Int64(message) * Self.second
            _ = copies.observe(message, agent: 1, timeMicros: time, arrivalMicros: time)
            return copies.observe(
                message, agent: 2, timeMicros: time - missing + copies.move(of: 2), arrivalMicros: time) - time
        }
        #expect(copy(1, missing: 1_700_000) == 0 && copies.move(of: 2) == 0)
        #expect(copy(9, missing: 1_700_000) == 0 && copies.move(of: 2) == 1_700_000)
        #expect(copy(2, missing: 900_000) == 0 && copies.move(of: 2) == 1_700_000)
        #expect(copy(3, missing: 1_700_000) == 0)
        for message in UInt64(4)..<7 { #expect(copy(message, missing: 500_000) == 0) }
        #expect(copies.move(of: 2) == 500_000)
    }

    /// Its place is another agent's now, of which nothing is known.
    @Test func anAgentThatMadeRoom() {
        var copies = AgentCopies()
        _ = copies.observe(1, agent: 1, timeMicros: 0, arrivalMicros: 0)
        _ = copies.observe(1, agent: 2, timeMicros: 2_000_000, arrivalMicros: 0)
        copies.forget(2)
        copies.forget(900)
        #expect(copies.move(of: 2) == 0)
    }

    /// What the copy of a message says of two clocks, from both sides of every border.
    @Test func borders() {
        /// By how much agent 2 is moved after two copies that are apart by this, the second by `more`.
        func move(_ difference: Int64, more: Int64 = 0, gap: Int64 = 1_000) -> Int64 {
            var copies = AgentCopies()
            for (message, difference) in [(UInt64(70), difference), (71, difference + more)] {
                let time = Int64(message) * Self.second
                _ = copies.observe(message, agent: 1, timeMicros: time, arrivalMicros: time)
                _ = copies.observe(message, agent: 2, timeMicros: time - difference, arrivalMicros: time + gap)
            }
            return copies.move(of: 2)
        }
        for sign in [1, -1] as [Int64] {
            #expect(move(sign * FeedLimits.copyToleranceMicros) == 0)
            #expect(move(sign * (FeedLimits.copyToleranceMicros + 1)) == sign * (FeedLimits.copyToleranceMicros + 1))
            let agreement = sign * FeedLimits.copyAgreementMicros
            #expect(move(3_000_000, more: agreement) == 3_000_000 + agreement)
            #expect(move(3_000_000, more: agreement + sign) == 0, "two copies that say different things prove nothing")
            #expect(move(-3_000_000, more: agreement + sign) == 0)
            #expect(move(3_000_000, gap: sign * FeedLimits.copyGapMicros) == 3_000_000)
            #expect(move(3_000_000, gap: sign * (FeedLimits.copyGapMicros + 1)) == 0)
        }
    }

    /// A copy without a difference is one that says something else, too.
    @Test func aCopyThatAgreesInBetween() {
        var copies = AgentCopies()
        for (message, difference) in [(UInt64(1), Int64(3_000_000)), (2, 0), (3, 3_000_000)] {
            let time = Int64(message) * Self.second
            _ = copies.observe(message, agent: 1, timeMicros: time, arrivalMicros: time)
            _ = copies.observe(message, agent: 2, timeMicros: time - difference, arrivalMicros: time)
        }
        #expect(copies.move(of: 2) == 0)
    }

    /// Messages of the agent that had the place before are not the new one's.
    @Test func messagesOfTheAgentThatHadThePlace() {
        for isForgotten in [false, true] {
            var copies = AgentCopies()
            _ = copies.observe(1, agent: 1, timeMicros: 0, arrivalMicros: 0)
            _ = copies.observe(5, agent: 2, timeMicros: 7 * Self.second, arrivalMicros: 0)
            if isForgotten { copies.forget(2) }
            let time = copies.observe(5, agent: 1, timeMicros: 9 * Self.second, arrivalMicros: 0)
            #expect(time == (isForgotten ? 9 : 7) * Self.second)
        }
    }

    /// Any number of messages, agents and times.
    @Test func anything() {
        var copies = AgentCopies()
        for step in 0..<50_000 {
            let extremes: [Int64] = [.min, .max, 0, Int64(step)]
            _ = copies.observe(
                UInt64(step % 97 + 1) << 40 | 1, agent: step % 256 + 1, timeMicros: extremes[step % 4],
                arrivalMicros: extremes[step / 4 % 4])
        }
    }
}
