// Payloads that are not one message: several of them, a piece of one, and pieces that fit nothing.

import CallEvents
import Randomness
import Testing

@testable import Feeds

@Suite struct HEPPayloadTests {
    private var feed = HEPFeed(hashSeed: HashSeed(first: 3, second: 4), authKey: nil)
    private static let start: Int64 = 1_750_000_000_000_000
    private static let invite = "INVITE sip:b@example.com SIP/2.0\r\n" + headers("1 INVITE", body: "v=0\r\n")
    private static let busy = "SIP/2.0 486 Busy Here\r\n" + headers("1 INVITE")

    private static func headers(_ cseq: String, body: String = "") -> String {
        """
        Via: SIP/2.0/TCP 192.0.2.10;branch=z9hG4bKa
        From: <sip:a@example.com>;tag=f
        To: <sip:b@example.com>
        Call-ID: payload
        CSeq: \(cseq)
        Content-Length: \(body.utf8.count)


        """.replacing("\n", with: "\r\n") + body
    }

    /// The kinds of the events that a payload gives.
    @discardableResult
    private mutating func observe(
        _ payload: some Collection<UInt8>, transport: UInt8 = 6, port: Int = 5_060, after seconds: Int64 = 0
    ) -> [CallEventKind] {
        var packet = PacketBuilder("", micros: Self.start + seconds * 1_000_000)
        packet.set(2, [transport])
        packet.set(7, PacketBuilder.bigEndian(port, bytes: 2))
        packet.set(15, Array(payload))
        feed.receive(packet.bytes().span.bytes, arrivalMicros: 7)
        return feed.take().kind
    }

    @Test(arguments: [UInt8(6), 17, 22]) mutating func severalMessages(transport: UInt8) {
        #expect(observe((Self.invite + "\r\n\r\n" + Self.busy).utf8, transport: transport) == [.setup, .failure])
        #expect(feed.counters.messages == 2 && feed.counters.further == 1 && feed.counters.errors == 0)
    }

    /// RFC 3261 18.3: what a datagram has behind its message is to be discarded.
    @Test mutating func whatADatagramHasBehindItsMessageIsNobodys() {
        #expect(observe((Self.busy + "rest of a buffer").utf8, transport: 17) == [.failure])
        #expect(feed.counters.errors == 0)
        #expect(observe((Self.busy + "rest of a buffer").utf8) == [.failure])
        #expect(feed.counters.errorsByName == [:], "it may go on")
        #expect(observe(Self.busy.utf8) == [.failure])
        #expect(feed.counters.errorsByName == ["sip_rest_missing": 1])
    }

    @Test mutating func cutAnywhere() {
        let all = Array((Self.invite + Self.busy).utf8)
        for cut in 1..<all.count {
            var cutFeed = self
            let kinds = cutFeed.observe(all[..<cut]) + cutFeed.observe(all[cut...])
            #expect(kinds == [.setup, .failure] && cutFeed.feed.counters.errors == 0, "cut at \(cut)")
        }
    }

    @Test mutating func cutIntoManyPieces() {
        for size in 1...9 {
            var kinds: [CallEventKind] = []
            let all = Array((Self.invite + Self.busy).utf8)
            for start in stride(from: 0, to: all.count, by: size) {
                kinds += observe(all[start..<min(start + size, all.count)], port: size)
            }
            #expect(kinds == [.setup, .failure] && feed.counters.errors == 0, "pieces of \(size)")
        }
    }

    /// Pieces of two connections, or of two directions, are not of one message; nor are datagrams put together.
    @Test mutating func piecesOfOthersDoNotFit() {
        let invite = Array(Self.invite.utf8)
        #expect(observe(invite[..<100], port: 1) == [])
        #expect(observe(invite[100...], port: 2) == [] && feed.counters.errorsByName == ["sip_piece": 1])
        #expect(observe(invite[100...], port: 1) == [.setup])
        #expect(observe(invite[..<100], transport: 17, port: 3) == [])
        #expect(observe(invite[100...], transport: 17, port: 3) == [] && feed.counters.pieces == 1)
    }

    @Test mutating func aRestThatDoesNotComeIsAnError() {
        let busy = Array(Self.busy.utf8)
        #expect(observe(busy[..<100]) == [] && feed.counters.errors == 0)
        #expect(observe(busy) == [.failure], "the next message begins")
        #expect(feed.counters.errorsByName == ["sip_rest_missing": 1])
        #expect(observe(busy[..<100], port: 1) == [])
        #expect(observe(busy[100...], port: 1, after: 11) == [], "eleven seconds later")
        #expect(feed.counters.errorsByName == ["sip_rest_missing": 2, "sip_piece": 1])
    }

    /// What a piece tells is told when its rest is given up: agents cut long messages short.
    @Test mutating func whatIsKnownOfAPieceIsTold() {
        let whole = Array(Self.invite.utf8)
        #expect(observe(whole.dropLast(8)) == [], "the empty line is not there")
        #expect(observe(Self.busy.utf8, after: 1) == [.setup, .failure])
    }

    /// No packet comes any more that could tell the time.
    @Test mutating func theLastMessageIsCut() {
        let whole = Array(Self.invite.utf8)
        observe(whole[..<100], port: 1)
        observe(whole.dropLast(9), port: 2)
        feed.giveUpPieces()
        #expect(feed.counters.errorsByName == ["sip_rest_missing": 2] && feed.take().kind == [.setup])
        feed.giveUpPieces()
        #expect(feed.counters.errors == 2 && feed.pieces.isEmpty)
    }

    /// Looked for by a clock: what has waited since the last time is given up, what has come since is not.
    @Test mutating func piecesThatWaitWhileNothingComes() {
        let whole = Array(Self.invite.utf8)
        observe(whole[..<50], port: 1)
        feed.giveUpIdlePieces()
        observe(whole[..<50], port: 2)
        observe(whole[50..<90], port: 1)
        feed.giveUpIdlePieces()
        #expect(feed.counters.errors == 0, "one has gone on, one is new")
        #expect(observe(whole[50...], port: 2) == [.setup])
        feed.giveUpIdlePieces()
        #expect(feed.counters.errorsByName == ["sip_rest_missing": 1] && feed.pieces.isEmpty)
    }

    /// Two programs that send captures of the same connection.
    @Test mutating func piecesOfAnotherOriginDoNotFit() {
        let whole = Array(Self.invite.utf8)
        observe(whole[..<100])
        feed.origin = 1
        #expect(observe(whole[100...]) == [] && feed.counters.errorsByName == ["sip_piece": 1])
        observe(whole[..<100])
        feed.giveUpPieces()
        #expect(feed.counters.errorsByName == ["sip_piece": 1, "sip_rest_missing": 1])
        feed.origin = 0
        #expect(observe(whole[100...]) == [.setup], "that of the other waits")
    }

    /// What waited when the feed was ended is lost, and its rest is no silence.
    @Test mutating func aRestartBetweenTwoPieces() throws {
        let whole = Array(Self.invite.utf8)
        observe(whole[..<100])
        let memory = try #require(HEPFeedMemory(feed.memory.columns))
        feed = HEPFeed(hashSeed: HashSeed(first: 3, second: 4), authKey: nil)
        feed.memory = memory
        #expect(observe(whole[100...]) == [] && feed.counters.errorsByName == ["sip_piece": 1])
        #expect(observe(whole) == [.setup])
    }

    @Test mutating func piecesAreBounded() {
        let busy = Array(Self.busy.utf8)
        for port in 0..<FeedLimits.waitingPieces + 10 { observe(busy[..<100], port: port) }
        #expect(feed.counters.errorsByName == ["sip_rest_missing": 10])
        let endless = "INVITE sip:b@example.com SIP/2.0\r\nSubject: " + String(repeating: "x", count: 40_000)
        observe(endless.utf8, port: 1)
        observe(String(repeating: "y", count: 40_000).utf8, port: 1)
        #expect(feed.counters.errors > 10)
    }

    @Test mutating func keepAlivesAreNoPieces() {
        for text in ["\r\n", "\r\n\r\n", "\0\0\0\0"] { #expect(observe(text.utf8) == []) }
        #expect(feed.counters.notCalls == 3 && feed.counters.errors == 0 && feed.counters.pieces == 0)
    }
}
