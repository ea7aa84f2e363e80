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

    /// Without a length a body is all the rest, if no message begins at once.
    @Test(arguments: [UInt8(6), 17, 22]) mutating func messagesWithoutALength(transport: UInt8) {
        let plain = { (text: String) in text.replacing("Content-Length: 0\r\n", with: "") }
        let busy = plain(Self.busy)
        #expect(observe((busy + busy + plain(Self.invite)).utf8, transport: transport) == [.failure, .failure, .setup])
        #expect(observe((busy + "v=0\r\n" + busy).utf8, transport: transport) == [.failure], "of its body")
        #expect(feed.counters.errors == 0 && feed.pieces.isEmpty)
    }

    private static let foldedInvite = invite.replacing("Via: ", with: "Via:\r\n\t").replacing(
        "Call-ID: ", with: "Subject: a\r\n b\r\n  c\r\nCall-ID:\r\n ")

    /// The keys of the events that a payload gives.
    private mutating func keys(_ payload: some Collection<UInt8>, transport: UInt8 = 6) -> [CallKey] {
        var packet = PacketBuilder("", micros: Self.start)
        packet.set(2, [transport])
        packet.set(15, Array(payload))
        feed.receive(packet.bytes().span.bytes, arrivalMicros: 7)
        return feed.take().key
    }

    /// Headers in several lines are copied to be read: the next message begins where it does in the bytes that came.
    @Test(arguments: [UInt8(6), 17, 22]) mutating func foldedMessages(transport: UInt8) {
        let plain = keys((Self.invite + Self.busy).utf8, transport: transport)
        #expect(plain.count == 2)
        #expect(keys((Self.foldedInvite + Self.busy).utf8, transport: transport) == plain)
        #expect(keys((Self.foldedInvite + Self.foldedInvite + Self.busy).utf8, transport: transport).count == 3)
        #expect(feed.counters.errors == 0 && feed.pieces.isEmpty)
    }

    /// A piece that is given up is the call that its whole message is, folded or not.
    @Test mutating func aPieceThatIsGivenUpIsItsCall() {
        let whole = keys(Self.invite.utf8)
        for invite in [Self.invite, Self.foldedInvite] {
            let cut = invite.utf8.dropLast("\r\nv=0\r\n".utf8.count)
            #expect(keys(cut) == [])
            feed.giveUpPieces()
            #expect(feed.take().key == whole)
        }
        #expect(feed.counters.errorsByName == ["sip_rest_missing": 2])
    }

    /// A body that comes in many pieces has not come to a halt.
    @Test mutating func aLongBodyGoesOn() {
        let body = String(repeating: "x", count: 100)
        let message = "INVITE sip:b@example.com SIP/2.0\r\n" + Self.headers("1 INVITE", body: body)
        let bytes = Array(message.utf8)
        #expect(observe(bytes.dropLast(90)) == [.setup])
        for rest in stride(from: 90, to: 0, by: -30) {
            feed.giveUpIdlePieces()
            #expect(observe(bytes.suffix(rest).prefix(30)) == [] && feed.counters.errors == 0, "\(rest) are missing")
        }
        #expect(feed.pieces.isEmpty && observe(Self.busy.utf8) == [.failure])
    }

    /// Pieces of one origin are given up by it alone.
    @Test mutating func idlePiecesOfAnotherOrigin() {
        let whole = Array(Self.invite.utf8)
        for origin in [UInt64(1), 2] {
            feed.origin = origin
            observe(whole[..<50])
        }
        for _ in 0..<2 { feed.giveUpIdlePieces() }
        #expect(feed.counters.errors == 2)
        for origin in [UInt64(1), 2] {
            feed.origin = origin
            observe(whole[..<50])
        }
        feed.giveUpIdlePieces(of: 2)
        feed.giveUpIdlePieces(of: 1)
        feed.giveUpIdlePieces(of: 1)
        #expect(feed.counters.errors == 3)
        #expect(observe(whole[50...]) == [.setup], "that of the other waits")
    }

    /// How long a rest is awaited, and how much of it, from both sides.
    @Test mutating func bordersOfPieces() {
        for sign in [1, -1] as [Int64] {
            #expect(!FeedLimits.isPieceOverdue(0, nowMicros: sign * FeedLimits.pieceMicros))
            #expect(FeedLimits.isPieceOverdue(0, nowMicros: sign * (FeedLimits.pieceMicros + 1)))
        }
        for rest in [FeedLimits.pieceBytes, FeedLimits.pieceBytes + 1] {
            let message = "SIP/2.0 486 Busy\r\n" + Self.headers("1 INVITE")
            #expect(observe(message.replacing("Content-Length: 0", with: "l: \(rest)").utf8) == [.failure])
            #expect(feed.pieces.isEmpty == (rest > FeedLimits.pieceBytes))
            feed.giveUpPieces()
        }
        #expect(feed.counters.errorsByName == ["sip_rest_missing": 1])
        let start = "SIP/2.0 486 Busy\r\nSubject: "
        for rest in [FeedLimits.pieceBytes, FeedLimits.pieceBytes + 1] {
            observe((start + String(repeating: "x", count: 40_000 - start.utf8.count)).utf8)
            observe(String(repeating: "y", count: rest - 40_000).utf8)
            #expect(feed.pieces.isEmpty == (rest > FeedLimits.pieceBytes))
            feed.giveUpPieces()
        }
        #expect(feed.counters.errorsByName == ["sip_rest_missing": 3])
    }

    /// Pieces are looked for once a second; one whose time is over is not continued in between.
    @Test mutating func aRestThatComesBetweenTwoSearches() {
        let whole = Array(Self.invite.utf8)
        func packet(_ payload: ArraySlice<UInt8>, port: Int, millis: Int64) -> [UInt8] {
            var packet = PacketBuilder("", micros: Self.start + millis * 1_000)
            packet.set(2, [6])
            packet.set(7, PacketBuilder.bigEndian(port, bytes: 2))
            packet.set(15, Array(payload))
            return packet.bytes()
        }
        for (restMillis, isInTime) in [(Int64(10_600), true), (10_601, false)] {
            var fresh = HEPFeed(hashSeed: HashSeed(first: 3, second: 4), authKey: nil)
            for bytes in [
                packet(whole[..<100], port: 1, millis: 600), packet(whole[..<100], port: 2, millis: 9_900),
                packet(whole[100...], port: 1, millis: restMillis),
            ] {
                fresh.receive(bytes.span.bytes, arrivalMicros: 7)
            }
            #expect(fresh.take().kind == (isInTime ? [.setup] : []))
            #expect(fresh.counters.errorsByName == (isInTime ? [:] : ["sip_rest_missing": 1, "sip_piece": 1]))
        }
    }

    /// Where there is no more room, the oldest piece makes some.
    @Test mutating func theOldestPieceMakesRoom() {
        let whole = Array(Self.invite.utf8)
        for port in 0...FeedLimits.waitingPieces {
            var packet = PacketBuilder("", micros: Self.start + Int64(port))
            packet.set(2, [6])
            packet.set(7, PacketBuilder.bigEndian(port, bytes: 2))
            packet.set(15, Array(whole[..<100]))
            feed.receive(packet.bytes().span.bytes, arrivalMicros: 7)
        }
        #expect(feed.counters.errorsByName == ["sip_rest_missing": 1])
        #expect(observe(whole[100...], port: 0) == [])
        #expect(observe(whole[100...], port: 1) == [.setup])
        #expect(observe(whole[100...], port: FeedLimits.waitingPieces) == [.setup])
    }

    @Test mutating func keepAlivesAreNoPieces() {
        for text in ["\r\n", "\r\n\r\n", "\0\0\0\0"] { #expect(observe(text.utf8) == []) }
        #expect(feed.counters.notCalls == 3 && feed.counters.errors == 0 && feed.counters.pieces == 0)
    }
}
