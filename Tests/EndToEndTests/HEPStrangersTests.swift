// Messages of strangers: who guesses user names, who floods with other methods, and whose word a From is. As captures
// of what operators have reported, and as neighbours of them made here.

import Board
import CallEvents
import Randomness
import Testing

@Suite struct HEPStrangersTests {
    private static let start: Int64 = 1_750_000_000_000_000

    private static func check(
        _ replay: HEPReplay, row: Int, _ figures: [String: Double], _ comment: Comment? = nil
    ) throws {
        for (name, expected) in figures {
            let value = try replay.value(name, row: row) ?? -1
            #expect(
                abs(value - expected) < 0.05, "\(name) of row \(row) is \(value), not \(expected), \(comment ?? "")")
        }
    }

    private static func sources(_ replay: HEPReplay) -> [String: Int64] {
        let status = replay.engine.status(now: 0)
        let sources = Dictionary(uniqueKeysWithValues: status.unattributedSources.map { ($0.source, $0.attempts) })
        #expect(status.unattributed == sources.values.reduce(0, +))
        return sources
    }

    // MARK: - Reported

    @Test func aScannerGuessesUserNames() throws {
        for seed in [0] + Seeds.of(1, 2) {
            var replay = HEPReplay(
                customers: ["Harbour", "Quay", "Bulk"], auth: [.sip("110"), .sip("120"), .ip("198.51.100.35")])
            let set = "reports/24-scanner-guesses-user-names/capture.hep"
            if seed == 0 {
                #expect(try replay.play(set).errors == 0)
                #expect(try replay.play(set).calls == 0, "counted again")
            } else {
                try replay.playDisturbed(set, places: 20, seed: seed)
            }
            try Self.check(replay, row: 0, ["attempts": 1, "answered": 1, "asr": 100, "talk": 60], "seed \(seed)")
            try Self.check(replay, row: 1, ["attempts": 0, "cps_peak": 0, "last_call": -1], "seed \(seed)")
            try Self.check(replay, row: 2, ["attempts": 1, "answered": 1], "seed \(seed)")
            #expect(Self.sources(replay) == ["203.0.113.66": 120], "seed \(seed)")
        }
    }

    @Test func floodsOfOtherMethods() throws {
        var replay = HEPReplay(customers: ["Keepalive", "alice"], auth: [.ip("198.51.100.70"), .sip("alice")])
        for round in ["once", "twice"] {
            for part in 1...2 {
                #expect(try replay.play("reports/28-floods-of-other-methods/capture.\(part).hep").errors == 0)
            }
            try Self.check(
                replay, row: 0,
                [
                    "attempts": 5, "answered": 3, "causes.busy": 2, "asr": 60, "acd": 30, "pdd": 1_000, "active": 0,
                ], "\(round)")
            try Self.check(replay, row: 1, ["attempts": 0], "\(round)")
            #expect(Self.sources(replay).isEmpty)
        }
    }

    // MARK: - Neighbours

    /// A dialog of one caller, message by message.
    private struct Caller {
        var address: String
        var user = "alice"
        var callID: String
        var isStream = false
        var packets: [[UInt8]] = []
        private var branch = 0
        private let proxy: String

        init(
            _ address: String, user: String = "alice", callID: String, isStream: Bool = false, to proxy: String? = nil
        ) {
            (self.address, self.user, self.callID, self.isStream) = (address, user, callID, isStream)
            self.proxy = proxy ?? (address.contains(":") ? "2001:db8::ffff" : "192.0.2.1")
        }

        mutating func send(_ method: String, _ sequence: Int, _ seconds: Double, digest: String? = nil) {
            // Of a failure the ACK has the INVITE's branch.
            if method != "ACK" { branch += 1 }
            let credentials = digest.map { "Proxy-Authorization: Digest username=\"\($0)\", response=\"0\"\n" } ?? ""
            let toTag = ["ACK", "BYE"].contains(method) ? ";tag=b" : ""
            add(
                "\(method) sip:4930@switch.example SIP/2.0", "\(sequence) \(method)", seconds, toTag, credentials,
                isAnswer: false)
        }

        mutating func observe(_ status: String, _ sequence: Int, _ seconds: Double, to method: String = "INVITE") {
            add("SIP/2.0 \(status)", "\(sequence) \(method)", seconds, ";tag=b", "", isAnswer: true)
        }

        private mutating func add(
            _ startLine: String, _ cseq: String, _ seconds: Double, _ toTag: String, _ lines: String, isAnswer: Bool
        ) {
            let text = """
                \(startLine)
                Via: SIP/2.0/UDP host;branch=z9hG4bK\(callID)\(branch)
                From: <sip:\(user)@switch.example>;tag=a
                To: <sip:4930@switch.example>\(toTag)
                Call-ID: \(callID)
                CSeq: \(cseq)
                \(lines)Content-Length: 0


                """
            packets.append(
                HEPPacketMaker.packet(
                    Array(text.replacing("\n", with: "\r\n").utf8),
                    micros: HEPStrangersTests.start + Int64(seconds * 1_000_000),
                    from: isAnswer ? proxy : address, to: isAnswer ? address : proxy, transport: isStream ? 6 : 17))
        }

        /// The whole cycle: challenge, credentials, and what the switch says to these.
        static func challenged(
            _ address: String, callID: String, isStream: Bool = false, final status: String
        ) -> Caller {
            var caller = Caller(address, callID: callID, isStream: isStream)
            caller.send("INVITE", 1, 0)
            caller.observe("407 Proxy Authentication Required", 1, 0.1)
            caller.send("ACK", 1, 0.12)
            caller.send("INVITE", 2, 0.3, digest: "alice")
            if status.hasPrefix("200") {
                caller.observe("180 Ringing", 2, 2)
                caller.observe(status, 2, 5)
                caller.send("BYE", 3, 25)
            } else {
                caller.observe(status, 2, 0.5)
            }
            return caller
        }
    }

    private static func replay() -> HEPReplay { HEPReplay(customer: "Alice", auth: [.sip("alice")]) }

    @Test(arguments: ["203.0.113.3", "2001:db8::3"], [false, true])
    func challengesInEveryOrder(address: String, isStream: Bool) throws {
        let good = Caller.challenged(address + "0", callID: "good", isStream: isStream, final: "200 OK")
        let wrong = Caller.challenged(address + "1", callID: "wrong", isStream: isStream, final: "403 Forbidden")
        let busy = Caller.challenged(address + "2", callID: "busy", isStream: isStream, final: "486 Busy Here")
        let packets = good.packets + wrong.packets + busy.packets
        for seed in Seeds.of(1, 2, 3, 4, 5, 6) {
            var random = SeededGenerator(seed: seed)
            var replay = Self.replay()
            let order = seed == 1 ? packets : packets.shuffled(using: &random)
            for packet in order {
                replay.play([packet])
                if Int.random(in: 0..<6, using: &random) == 0 { try replay.restart() }
            }
            for round in ["once", "twice"] {
                try Self.check(
                    replay, row: 0,
                    ["attempts": 2, "answered": 1, "asr": 50, "talk": 20, "causes.busy": 1, "active": 0],
                    "seed \(seed), \(round)")
                #expect(Self.sources(replay) == [address + "1": 1], "seed \(seed), \(round)")
                replay.play(packets)
            }
        }
    }

    /// Switches that challenge a REGISTER only: who has authenticated at an address is believed there.
    @Test func whoHasRegisteredNeedsNoCredentials() throws {
        var replay = Self.replay()
        var phone = Caller("203.0.113.40", callID: "registration")
        phone.send("REGISTER", 1, 0)
        phone.observe("401 Unauthorized", 1, 0.1, to: "REGISTER")
        phone.send("REGISTER", 2, 0.2, digest: "alice")
        phone.observe("200 OK", 2, 0.3, to: "REGISTER")
        replay.play(phone.packets)
        try replay.restart()
        var call = Caller("203.0.113.40", callID: "call")
        call.send("INVITE", 1, 60)
        call.observe("486 Busy Here", 1, 62)
        // A wrong password at an own address is a failed attempt of its own.
        var typo = Caller("203.0.113.40", callID: "typo")
        typo.send("INVITE", 1, 70, digest: "alice")
        typo.observe("403 Forbidden", 1, 71)
        var elsewhere = Caller("203.0.113.41", callID: "elsewhere")
        elsewhere.send("INVITE", 1, 80)
        elsewhere.observe("404 Not Found", 1, 81)
        var other = Caller("203.0.113.40", user: "bob", callID: "other")
        other.send("INVITE", 1, 90)
        replay.play(call.packets + typo.packets + elsewhere.packets + other.packets)
        try Self.check(replay, row: 0, ["attempts": 2, "failed": 2, "causes.busy": 1])
        #expect(Self.sources(replay) == ["203.0.113.40": 1, "203.0.113.41": 1])
    }

    /// An address of a customer proves its calls, whatever user From names.
    @Test func anotherOnesUserFromACustomersAddress() throws {
        var replay = HEPReplay(customers: ["Alice", "Bulk"], auth: [.sip("alice"), .ip("198.51.100.0/24")])
        replay.play(Caller.challenged("198.51.100.9", callID: "bulk", final: "200 OK").packets)
        try Self.check(replay, row: 0, ["attempts": 0])
        try Self.check(replay, row: 1, ["attempts": 1, "answered": 1])
        #expect(Self.sources(replay).isEmpty)
    }

    /// What a switch passes on carries the user, and is another leg.
    @Test func theSwitchPassesTheUserOn() throws {
        var replay = Self.replay()
        let packets = Caller.challenged("203.0.113.30", callID: "good", final: "200 OK").packets
        var onward = Caller("192.0.2.1", callID: "good", to: "198.51.100.200")
        onward.send("INVITE", 2, 0.4)
        replay.play(Array(packets.prefix(4)) + onward.packets + Array(packets.dropFirst(4)))
        try Self.check(replay, row: 0, ["attempts": 1, "answered": 1, "talk": 20])
        #expect(Self.sources(replay).isEmpty)
    }
}
