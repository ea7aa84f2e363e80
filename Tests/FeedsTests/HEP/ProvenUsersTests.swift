// Whose word a user name is: From's, that of credentials, or that of an address at which the user has authenticated.

import CallEvents
import Randomness
import Testing

@testable import Feeds

@Suite struct ProvenUsersTests {
    private static let phone = "192.0.2.10"
    private static let registrar = "198.51.100.1"
    private static let start: Int64 = 1_750_000_000_000_000
    private var feed = HEPFeed(hashSeed: HashSeed(first: 3, second: 4), authKey: nil)

    private mutating func observe(
        _ message: MessageBuilder, from source: String = phone, to destination: String = registrar, minutes: Int64 = 0
    ) -> Party? {
        let packet = PacketBuilder(
            message.text, from: source, to: destination, micros: Self.start + minutes * 60_000_000)
        feed.receive(packet.bytes().span.bytes, arrivalMicros: 7)
        return feed.take().parties.first
    }

    private static func digest(_ user: String = "alice") -> String {
        "Authorization: Digest username=\"\(user)\", realm=\"x\", response=\"00\""
    }

    private mutating func answer(_ status: String, to method: String, cseq: String, minutes: Int64 = 0) {
        _ = observe(.response(status, to: method, cseq: cseq), from: Self.registrar, to: Self.phone, minutes: minutes)
    }

    private mutating func register(_ status: String = "200 OK", minutes: Int64 = 0) {
        _ = observe(MessageBuilder("REGISTER", cseq: "1"), minutes: minutes)
        answer("401 Unauthorized", to: "REGISTER", cseq: "1", minutes: minutes)
        _ = observe(MessageBuilder("REGISTER", cseq: "2").adding(Self.digest()), minutes: minutes)
        answer(status, to: "REGISTER", cseq: "2", minutes: minutes)
    }

    @Test mutating func whoseWordItIs() throws {
        let claimed = try #require(observe(MessageBuilder()))
        #expect(claimed.sipUser == "alice" && claimed.userProof == .claimed && !claimed.hasCredentials)
        let digest = try #require(observe(MessageBuilder(cseq: "2").adding(Self.digest("carol"))))
        #expect(digest.sipUser == "carol" && digest.userProof == .credentials && digest.hasCredentials)
        let empty = try #require(observe(MessageBuilder(cseq: "3").adding(Self.digest(""))))
        #expect(empty.sipUser == "alice" && empty.userProof == .claimed)
        let long = String(repeating: "x", count: FeedLimits.userBytes + 1)
        let party = try #require(observe(MessageBuilder(cseq: "4").adding(Self.digest(long))))
        #expect(party.sipUser == "alice" && !party.hasCredentials)
    }

    /// The longest name is one, of credentials and of From, and a longer one is none.
    @Test mutating func borders() throws {
        for length in [FeedLimits.userBytes, FeedLimits.userBytes + 1] {
            let name = String(repeating: "x", count: length)
            let isRead = length == FeedLimits.userBytes
            let digest = try #require(observe(MessageBuilder(cseq: "\(length)").adding(Self.digest(name))))
            #expect(digest.sipUser == (isRead ? name : "alice") && digest.hasCredentials == isRead)
            let from = MessageBuilder(callID: "f").replacing("From", by: "From: <sip:\(name)@example.com>;tag=1")
            #expect(observe(from)?.sipUser == (isRead ? name : nil))
        }
    }

    @Test mutating func whoHasRegistered() throws {
        register()
        #expect(feed.counters.errors == 0 && feed.counters.notCalls == 4)
        #expect(observe(MessageBuilder(callID: "b"))?.userProof == .told)
        let digest = try #require(observe(MessageBuilder(callID: "c").adding(Self.digest())))
        #expect(digest.userProof == .told && digest.hasCredentials, "its wrong password is its own")
        #expect(observe(MessageBuilder(callID: "d"), from: "192.0.2.11")?.userProof == .claimed, "elsewhere")
        #expect(observe(MessageBuilder(callID: "d"), from: "2001:db8::1")?.userProof == .claimed)
        let other = MessageBuilder(callID: "e").replacing("From", by: "From: <sip:bob@example.com>;tag=1")
        #expect(observe(other)?.userProof == .claimed, "another user there")
    }

    /// Guesses prove nothing, nor does a 200 without credentials.
    @Test(arguments: ["401 x", "403 Forbidden", "404 x", "500 x", "302 x", "100 x"])
    mutating func whoWasRefused(status: String) {
        register(status)
        #expect(observe(MessageBuilder(callID: "b"))?.userProof == .claimed)
        _ = observe(MessageBuilder("REGISTER", cseq: "7"))
        answer("200 OK", to: "REGISTER", cseq: "7")
        answer("200 OK", to: "REGISTER", cseq: "8")
        #expect(observe(MessageBuilder(callID: "b"))?.userProof == .claimed)
    }

    @Test mutating func anInviteProvesToo() {
        _ = observe(MessageBuilder(cseq: "2").adding(Self.digest()))
        answer("180 Ringing", to: "INVITE", cseq: "2")
        #expect(observe(MessageBuilder(callID: "b"))?.userProof == .claimed)
        answer("200 OK", to: "INVITE", cseq: "2")
        #expect(observe(MessageBuilder(callID: "b"))?.userProof == .told)
    }

    @Test mutating func itIsNotBelievedForEver() {
        register()
        let last = Int64(FeedLimits.provenMinutes)
        #expect(observe(MessageBuilder(callID: "b"), minutes: last)?.userProof == .told)
        #expect(observe(MessageBuilder(callID: "b"), minutes: -60)?.userProof == .told, "heard late")
        #expect(observe(MessageBuilder(callID: "b"), minutes: last + 1)?.userProof == .claimed)
        register(minutes: last)
        #expect(observe(MessageBuilder(callID: "b"), minutes: 2 * last)?.userProof == .told)
    }

    @Test mutating func itOutlivesARestart() throws {
        _ = observe(MessageBuilder("REGISTER", cseq: "2").adding(Self.digest()))
        try restart()
        answer("200 OK", to: "REGISTER", cseq: "2")
        try restart()
        #expect(observe(MessageBuilder(callID: "b"))?.userProof == .told)
    }

    private mutating func restart() throws {
        let memory = try #require(HEPFeedMemory(feed.memory.columns))
        #expect(memory.columns == feed.memory.columns)
        feed = HEPFeed(hashSeed: HashSeed(first: 3, second: 4), authKey: nil)
        feed.memory = memory
    }

    @Test mutating func whatIsNoMemoryIsRefused() {
        var columns = feed.memory.columns
        columns.provenUsers = [[-1], [1]]
        #expect(HEPFeedMemory(columns) == nil)
        columns.provenUsers = [[Int64(FeedLimits.provenUsers)], [1]]
        #expect(HEPFeedMemory(columns) == nil)
        columns = feed.memory.columns
        columns.credentials = [[Int64(FeedLimits.openCredentials)], [1], [1]]
        #expect(HEPFeedMemory(columns) == nil)
        columns.credentials = [[1], [1]]
        #expect(HEPFeedMemory(columns) == nil)
    }

    /// Three users of one place, in any order: the oldest proof makes room.
    @Test func theOldestProofMakesRoom() {
        let pairs = (1...3).map { UInt64($0) << 40 | 6 << 20 | 12 }
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            var users = ProvenUsers()
            // The last one to come has a place, however old it is.
            for number in order {
                users.take([ProvenUser(pair: pairs[number], micros: Self.start + Int64(number) * 60_000_000)])
            }
            let last = order[2]
            let gone = order[0] < order[1] ? order[0] : order[1]
            for number in 0..<3 {
                let isProven = users.isProven(pairs[number], micros: Self.start + 600_000_000)
                #expect(isProven == (number != gone || number == last), "\(order), \(number)")
            }
        }
    }

    /// Against a dictionary, where few pairs share places.
    @Test(arguments: Seeds.of()) func likeADictionary(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var users = ProvenUsers()
        var known: [UInt64: Int64] = [:]
        let pairs = (0..<200).map { _ in UInt64.random(in: 1...(.max), using: &random) }
        for step in 0..<5_000 {
            let pair = pairs.randomElement(using: &random)!
            let micros = Self.start + Int64.random(in: 0...100, using: &random) * 3_600_000_000
            let key = CallKey(high: random.next(), low: random.next())
            users.asked(key, sequence: 5, pair: pair)
            if Bool.random(using: &random) {
                users.accepted(key, sequence: Bool.random(using: &random) ? 5 : 6, micros: micros)
                users.accepted(key, sequence: 5, micros: micros)
                known[pair] = max(known[pair] ?? 0, micros)
            }
            let (asked, at) = (pairs.randomElement(using: &random)!, Self.start + Int64(step) * 60_000_000)
            let expected = known[asked].map { at / 60_000_000 - $0 / 60_000_000 <= FeedLimits.provenMinutes } ?? false
            #expect(users.isProven(asked, micros: at) == expected, "seed \(seed), step \(step)")
        }
    }
}
