// A customer's proxy fails over from another address of its own: the same Call-ID, From tag, CSeq and called number are
// one attempt where both addresses are the customer's, and never where they are not.

import Board
import CallEvents
import Testing

@Suite struct FailOverTests {
    private static let start: Int64 = 1_750_000_000_000_000
    private static let addresses = ["198.51.100.10", "2001:db8:5::10", "198.51.100.11"]
    private static let stranger = "203.0.113.66"

    /// Which of the addresses above sends, or whose answer it is.
    private struct Leg {
        var address: String
        var branch: String
        var number = "4420"
        var sequence = 1

        var isIPv6: Bool { address.contains(":") }
        var host: String { isIPv6 ? "2001:db8:f::1" : "192.0.2.1" }

        func invite(_ seconds: Double) -> [UInt8] {
            message("INVITE sip:\(number)@switch SIP/2.0", "INVITE", seconds, fromCaller: true, toTag: "")
        }

        func answer(_ code: Int, _ seconds: Double) -> [UInt8] {
            message("SIP/2.0 \(code) Reason", "INVITE", seconds, fromCaller: false, toTag: ";tag=t\(code)")
        }

        func bye(_ seconds: Double) -> [UInt8] {
            var bye = self
            (bye.branch, bye.sequence) = (branch + "bye", sequence + 1)
            return bye.message("BYE sip:x@switch SIP/2.0", "BYE", seconds, fromCaller: true, toTag: ";tag=t200")
        }

        private func message(
            _ startLine: String, _ method: String, _ seconds: Double, fromCaller: Bool, toTag: String
        ) -> [UInt8] {
            let text = """
                \(startLine)
                Via: SIP/2.0/UDP host;branch=z9hG4bK\(branch)
                From: <sip:1000@example.net>;tag=constant
                To: <sip:\(number)@example.com>\(toTag)
                Call-ID: 17@gateway
                CSeq: \(sequence) \(method)
                Content-Length: 0


                """
            return HEPPacketMaker.packet(
                Array(text.replacing("\n", with: "\r\n").utf8),
                micros: FailOverTests.start + Int64(seconds * 1_000_000),
                from: fromCaller ? address : host, to: fromCaller ? host : address)
        }
    }

    private func replay(_ auth: [String] = Self.addresses) -> HEPReplay {
        HEPReplay(customer: "customer", auth: auth.map { .ip($0) })
    }

    private func expect(
        _ replay: HEPReplay, attempts: Int, answered: Int, talk: Double? = nil, codes: [Int: Int],
        _ comment: String = ""
    ) throws {
        #expect(try replay.value("attempts", row: 0) == Double(attempts), "\(comment)")
        #expect(try replay.value("answered", row: 0) == Double(answered), "\(comment)")
        #expect(try replay.value("active", row: 0) == 0, "\(comment)")
        if let talk { #expect(try replay.value("talk", row: 0) == talk, "\(comment)") }
        let explanation = try #require(
            try replay.engine.explain(metric: "asr", customerID: 1, window: .all, now: 0))
        #expect(Dictionary(uniqueKeysWithValues: explanation.codes.map { (Int($0.code), Int($0.count)) }) == codes)
    }

    /// The second address is tried when the first branch failed, or while it rings; then a third.
    @Test func anotherAddressOfTheCustomer() throws {
        let legs = Self.addresses.enumerated().map { Leg(address: $1, branch: "b\($0)") }
        for isParallel in [false, true] {
            var packets = [legs[0].invite(0), legs[0].answer(isParallel ? 180 : 503, 1)]
            packets += [legs[1].invite(2), legs[1].answer(480, 4), legs[2].invite(5)]
            if isParallel { packets.append(legs[0].answer(503, 5.5)) }
            packets += [legs[2].answer(180, 6), legs[2].answer(200, 8), legs[2].bye(38)]
            var replay = replay()
            replay.play(packets)
            try expect(replay, attempts: 1, answered: 1, talk: 30, codes: [200: 1], "\(isParallel)")
            #expect(try replay.value("pdd", row: 0) == (isParallel ? 1_000 : 6_000))
            replay.play(packets)
            try expect(replay, attempts: 1, answered: 1, talk: 30, codes: [200: 1], "twice")
            // When the call is forgotten its branches are known all the same.
            replay.play([other(3_000).invite(3_000), other(3_000).answer(486, 3_001)])
            replay.play(packets)
            try expect(replay, attempts: 2, answered: 1, talk: 30, codes: [200: 1, 486: 1], "an hour later")
        }
    }

    private func other(_ number: Int) -> Leg {
        Leg(address: Self.addresses[0], branch: "x\(number)", number: "\(number)")
    }

    /// All fail: the outcome is the best of the answers, whatever address it went to.
    @Test func everyBranchFails() throws {
        let legs = Self.addresses.enumerated().map { Leg(address: $1, branch: "b\($0)") }
        var replay = replay()
        for (index, leg) in legs.enumerated() {
            replay.play([leg.invite(Double(index)), leg.answer([503, 486, 500][index], Double(index) + 0.5)])
        }
        try expect(replay, attempts: 1, answered: 0, codes: [486: 1])
    }

    /// What is known of an attempt's addresses outlives a restart.
    @Test func aRestartWhileTheSecondBranchRings() throws {
        let legs = Self.addresses.enumerated().map { Leg(address: $1, branch: "b\($0)") }
        var replay = replay()
        replay.play([legs[0].invite(0), legs[0].answer(503, 1), legs[1].invite(2), legs[1].answer(180, 3)])
        try replay.restart()
        replay.play([legs[1].answer(200, 5)])
        try replay.restart()
        replay.play([legs[1].bye(15)])
        try expect(replay, attempts: 1, answered: 1, talk: 10, codes: [200: 1])
    }

    /// The call comes back later, from the address that was the second one.
    @Test func aCallIDThatReturnsFromThere() throws {
        let (first, second) = (
            Leg(address: Self.addresses[0], branch: "a"), Leg(address: Self.addresses[2], branch: "b")
        )
        var again = second
        again.branch = "c"
        var replay = replay()
        replay.play([first.invite(0), first.answer(503, 1), second.invite(2), second.answer(486, 3)])
        replay.play([again.invite(63), again.answer(200, 65), again.bye(75)])
        try expect(replay, attempts: 2, answered: 1, talk: 10, codes: [486: 1, 200: 1])
    }

    @Test func whatIsAnotherAttempt() throws {
        let first = Leg(address: Self.addresses[0], branch: "a")
        var number = Leg(address: Self.addresses[2], branch: "b")
        var sequence = number
        let late = number
        number.number = "4421"
        sequence.sequence = 2
        for (leg, seconds, comment) in [(number, 2.0, "number"), (sequence, 2, "sequence"), (late, 40, "time")] {
            var replay = replay()
            replay.play([first.invite(0), first.answer(503, 1), leg.invite(seconds), leg.answer(486, seconds + 1)])
            try expect(replay, attempts: 2, answered: 0, codes: [503: 1, 486: 1], comment)
        }
    }

    /// Another customer's call with everything equal, and a stranger who knows all of it.
    @Test func othersStayApart() throws {
        let (first, second) = (Leg(address: Self.addresses[0], branch: "a"), Leg(address: Self.stranger, branch: "b"))
        for names in [["one", "two"], ["one"]] {
            var replay = HEPReplay(
                customers: names, auth: [.ip(first.address), .ip(second.address)].prefix(names.count).map { $0 })
            replay.play([first.invite(0), first.answer(180, 1), second.invite(2), second.answer(486, 3)])
            replay.play([first.answer(200, 4), first.bye(14)])
            #expect(try replay.value("attempts", row: 0) == 1)
            #expect(try replay.value("answered", row: 0) == 1)
            guard names.count > 1 else { continue }
            #expect(try replay.value("attempts", row: 1) == 1)
            #expect(try replay.value("failed", row: 1) == 1)
        }
    }
}
