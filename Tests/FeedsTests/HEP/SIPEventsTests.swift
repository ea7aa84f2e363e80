import CallEvents
import Feeds
import Randomness
import Testing

@Suite struct SIPEventsTests {
    private static let caller = "192.0.2.10"
    private static let proxy = "198.51.100.1"
    private static let carrier = "203.0.113.5"
    private var feed = HEPFeed(hashSeed: HashSeed(first: 3, second: 4), authKey: nil)

    /// The events of a message from one address to another.
    private mutating func observe(
        _ message: MessageBuilder, from source: String = caller, to destination: String = proxy
    ) -> CallEventBatch {
        feed.receive(PacketBuilder(message.text, from: source, to: destination).bytes().span.bytes, arrivalMicros: 7)
        return feed.take()
    }

    private mutating func answer(_ message: MessageBuilder) -> CallEventBatch {
        observe(message, from: Self.proxy, to: Self.caller)
    }

    @Test mutating func setup() throws {
        let batch = observe(MessageBuilder())
        #expect(batch.kind == [.setup] && batch.sequence == [314_159] && batch.relayed == [false])
        #expect(batch.timeMicros == [1_750_000_000_250_000])
        let party = try #require(batch.parties.first)
        #expect(party.source == IPAddress(Self.caller) && party.destination == IPAddress(Self.proxy))
        #expect(party.sipUser == "alice" && batch.party == [0])
        #expect(observe(MessageBuilder(toTag: "")).key == batch.key, "an empty tag is none")
        #expect(observe(MessageBuilder(cseq: "314160")).key == batch.key, "the CSeq is not part of the key")
        let user = observe(MessageBuilder().adding("Proxy-Authorization: Digest username=\"carol\"")).parties.first?
            .sipUser
        #expect(user == "carol")
    }

    @Test mutating func everyInviteHasItsParty() {
        let callers = ["192.0.2.1", "192.0.2.2", "192.0.2.1"]
        for caller in callers {
            feed.receive(PacketBuilder(MessageBuilder().text, from: caller).bytes().span.bytes, arrivalMicros: 7)
        }
        let batch = feed.take()
        #expect(batch.party.map { batch.parties[Int($0)].source } == callers.map { IPAddress($0) })
        #expect(feed.take().count == 0)
    }

    /// Of one attempt at many hosts: every address gives another key, in both of its words.
    @Test(arguments: Seeds.of()) mutating func keysOfAddresses(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var addresses: Set<String> = ["::", "::1", "10.0.0.1", "10.0.1.0", "10.1.0.0", "11.0.0.0"]
        for _ in 0..<300 {
            let part = { (range: ClosedRange<Int>) in Int.random(in: range, using: &generator) }
            addresses.insert("10.\(part(0...3)).\(part(0...3)).\(part(0...3))")
            let hexadecimal = { String(part(0...9), radix: 16) }
            addresses.insert("2001:db8:\(hexadecimal()):\(hexadecimal())::\(hexadecimal()):\(hexadecimal())")
        }
        for address in addresses {
            feed.receive(PacketBuilder(MessageBuilder().text, from: address).bytes().span.bytes, arrivalMicros: 7)
        }
        let keys = feed.take().key
        #expect(keys.count == addresses.count)
        #expect(Set(keys.map(\.high)).count == keys.count && Set(keys.map(\.low)).count == keys.count, "seed \(seed)")
    }

    @Test mutating func arrivalWhereThePacketHasNoTime() {
        var packet = PacketBuilder(MessageBuilder().text)
        packet.set(9, nil)
        packet.set(10, nil)
        feed.receive(packet.bytes().span.bytes, arrivalMicros: 77)
        #expect(feed.take().timeMicros == [77])
    }

    @Test mutating func responsesGoToTheCallersKey() {
        let key = observe(MessageBuilder()).key
        for (status, kind, code) in [
            ("101 x", CallEventKind.progress, 0), ("179 x", .progress, 0), ("199 x", .progress, 0),
            ("180 Ringing", .ring, 0), ("183 Session Progress", .ring, 0), ("189 x", .ring, 0),
            ("200 OK", .answer, 200), ("204 x", .answer, 204), ("299 x", .answer, 299), ("300 x", .failure, 300),
            ("407 x", .failure, 407), ("486 Busy Here", .failure, 486), ("699 x", .failure, 699),
        ] {
            let batch = answer(.response(status, cseq: "5"))
            #expect(batch.kind == [kind] && batch.key == key, "\(status)")
            #expect(batch.code == [UInt16(code)] && batch.sequence == [5] && batch.party == [CallEventBatch.noParty])
        }
        let failed = answer(.response("503 x").adding("Reason: SIP;cause=1, Q.850;cause=34"))
        #expect(failed.q850 == [34])
    }

    @Test mutating func whatTellsNothing() {
        for message in [
            MessageBuilder(toTag: "8321"), .init("ACK"), .init("CANCEL"), .init("OPTIONS"), .init("REGISTER"),
            .init("invite"),
            .response("100 Trying"),
            .response("200 OK", to: "CANCEL"), .response("200 OK", to: "OPTIONS"), .response("401 x", to: "REGISTER"),
            .response("100 x", to: "BYE"), .response("486 x", to: "ACK"),
        ] {
            #expect(observe(message).count == 0, "\(message.startLine)")
        }
        #expect(feed.counters.notCalls == 12 && feed.counters.packets == 12)
    }

    /// A BYE is told by its dialog: the Call-ID and both tags, whichever side sends it, from whatever address.
    @Test mutating func byeOfEitherSide() {
        let answered = answer(.response("200 OK"))
        let dialog = answered.transaction[0].dialog
        #expect(dialog != .none && answered.key != [dialog])
        let ofCaller = observe(MessageBuilder("BYE", toTag: "8321").adding("Reason: Q.850;cause=16"))
        #expect(ofCaller.kind == [.end] && ofCaller.transaction[0].dialog == dialog && ofCaller.q850 == [16])
        let ofCallee = answer(MessageBuilder("BYE", fromTag: "8321", toTag: "1928"))
        #expect(ofCallee.kind == [.end] && ofCallee.transaction[0].dialog == dialog)
        for status in ["200 OK", "408 Request Timeout", "481 Call/Transaction Does Not Exist"] {
            let toBye = observe(.response(status, to: "BYE"), from: Self.carrier, to: "2001:db8::1")
            #expect(toBye.kind == [.end] && toBye.transaction[0].dialog == dialog)
        }
        let other = observe(MessageBuilder("BYE", toTag: "8322"))
        #expect(other.transaction[0].dialog != dialog, "another tag is another dialog")
        let swapped = observe(MessageBuilder("BYE", fromTag: "83211", toTag: "928"))
        #expect(swapped.transaction[0].dialog != dialog)
    }

    /// Callers of RFC 2543 have no tags: either side of a BYE may be the caller, so it is told for both readings.
    @Test mutating func byeWithoutATag() {
        let key = observe(MessageBuilder(fromTag: nil)).key[0]
        let ofCaller = observe(MessageBuilder("BYE", fromTag: nil, toTag: "8321"))
        #expect(ofCaller.kind == [.end, .end] && ofCaller.key[0] == key)
        let ofCallee = answer(MessageBuilder("BYE", fromTag: "8321", toTag: ""))
        #expect(ofCallee.kind == [.end, .end] && ofCallee.key[1] == key)
    }

    /// The answer's ACK may come from another address than the INVITE, if it goes to the same switch.
    @Test mutating func ackFromElsewhere() {
        let via = { (name: String) in "Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK\(name)" }
        let key = observe(MessageBuilder(cseq: "1").replacing("Via", by: via("a"))).key
        let ack = MessageBuilder("ACK", toTag: "8321", cseq: "1")
        #expect(observe(ack.replacing("Via", by: via("b")), from: "192.0.2.99", to: Self.carrier).count == 0)
        #expect(observe(ack.replacing("Via", by: via("a")), from: "192.0.2.99").count == 0, "a failure's")
        let told = observe(ack.replacing("Via", by: via("b")), from: "192.0.2.99")
        #expect(told.kind == [.answer] && told.key == key && told.transaction[0].dialog != .none)
        // The key comes back with the same CSeq, after an answer that was heard.
        _ = answer(.response("200 OK", cseq: "1").replacing("Via", by: via("a")))
        #expect(observe(ack.replacing("Via", by: via("b"))).count == 0, "the answer was heard")
        _ = observe(MessageBuilder(cseq: "1").replacing("Via", by: via("c")))
        #expect(observe(ack.replacing("Via", by: via("d"))).kind == [.answer])
    }

    /// The ACK to a 2xx has a branch of its own, the one to a failure that of the INVITE.
    @Test mutating func ackOfALostAnswer() {
        let branch = { (name: String) in "Via: SIP/2.0/UDP 192.0.2.10;rport;branch=\(name), SIP/2.0/UDP 10.0.0.1" }
        let ack = { (name: String, cseq: String) in
            MessageBuilder("ACK", toTag: "8321", cseq: cseq).replacing("Via", by: branch(name))
        }
        let invite = { (name: String, cseq: String) in MessageBuilder(cseq: cseq).replacing("Via", by: branch(name)) }
        #expect(observe(ack("z9hG4bKb", "1")).count == 0, "the INVITE was not heard")
        let key = observe(invite("z9hG4bKa", "1")).key
        #expect(observe(ack("z9hG4bKa", "1")).count == 0, "a failure, of which nothing is known")
        let told = observe(ack("z9hG4bKb", "1"))
        #expect(told.kind == [.answer] && told.key == key && told.code == [200] && told.sequence == [1])
        #expect(observe(ack("z9hG4bKb", "2")).count == 0, "of a re-INVITE")
        #expect(observe(ack("z9hG4bKb", "1").replacing("To", by: "To: <sip:bob@example.com>")).count == 0, "no To tag")
        #expect(observe(ack("z9hG4bKb", "1"), from: Self.proxy, to: Self.carrier).count == 0, "another leg")
        for final in ["200 OK", "486 Busy Here"] {
            _ = observe(invite("z9hG4bKc", "3"))
            _ = answer(.response(final, cseq: "3").replacing("Via", by: branch("z9hG4bKc")))
            #expect(observe(invite("z9hG4bKc", "3")).count == 1, "sent again")
            #expect(observe(ack("z9hG4bKd", "3")).count == 0, "the answer was heard")
        }
        _ = observe(invite("1", "4"))
        #expect(observe(ack("2", "4")).count == 0, "branches of RFC 2543 are not unique")
    }

    /// An ACK that answers nothing: of every INVITE that had its final answer, sent again since or not, from wherever.
    @Test mutating func ackOfAnAnsweredInvite() {
        let via = { (name: String) in "Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK\(name)" }
        var cseq = 10
        for final in [nil, "200 OK", "486 Busy Here"] {
            for isSentAgain in [false, true] {
                for source in [Self.caller, "192.0.2.99"] {
                    cseq += 1
                    let invite = MessageBuilder(cseq: "\(cseq)").replacing("Via", by: via("i\(cseq)"))
                    _ = observe(invite)
                    if let final {
                        _ = answer(.response(final, cseq: "\(cseq)").replacing("Via", by: via("i\(cseq)")))
                    }
                    if isSentAgain { _ = observe(invite) }
                    let ack = MessageBuilder("ACK", toTag: "8321", cseq: "\(cseq)").replacing("Via", by: via("a"))
                    let told = observe(ack, from: source).count
                    #expect(told == (final == nil ? 1 : 0), "\(final ?? "no answer"), \(isSentAgain), \(source)")
                }
            }
        }
    }

    /// The caller's first host failed, and its INVITE came again by a second one: the ACK answers that.
    @Test mutating func ackOfTheSecondHost() {
        let via = { (name: String) in "Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK\(name)" }
        for first in ["503 Service Unavailable", nil] {
            let cseq = first == nil ? "7" : "6"
            let invite = MessageBuilder(cseq: cseq)
            _ = observe(invite.replacing("Via", by: via("a\(cseq)")))
            if let first { _ = answer(.response(first, cseq: cseq).replacing("Via", by: via("a\(cseq)"))) }
            let key = observe(invite.replacing("Via", by: via("b\(cseq)")), from: "192.0.2.11").key
            let ack = MessageBuilder("ACK", toTag: "8321", cseq: cseq).replacing("Via", by: via("c"))
            let told = observe(ack, from: "192.0.2.99")
            #expect(told.kind == [.answer] && told.key == key)
        }
    }

    /// INVITEs of RFC 2543 have no branch, and all of them have the same one.
    @Test mutating func invitesWithoutABranch() {
        for via in [nil, "Via: SIP/2.0/UDP 192.0.2.10", "Via: SIP/2.0/UDP 192.0.2.10;branch"] {
            #expect(observe(MessageBuilder().replacing("Via", by: via)).transaction.map(\.branch) == [1])
        }
        let old = observe(MessageBuilder().replacing("Via", by: "Via: SIP/2.0/UDP 192.0.2.10;branch=7"))
        let unique = observe(MessageBuilder())
        #expect(old.transaction[0].branch > 1 && unique.transaction[0].branch > 1)
        #expect(old.transaction[0].branch != unique.transaction[0].branch)
    }

    @Test mutating func escapedUser() {
        let batch = observe(MessageBuilder().replacing("From", by: "From: <sip:b%6Fb%2@example.com>;tag=1928"))
        #expect(batch.parties.first?.sipUser == "bob%2")
    }

    @Test mutating func keys() {
        var keys: Set<CallKey> = []
        var messages = [MessageBuilder(), .init(fromTag: nil), .init(fromTag: "1929"), .init(callID: "a84b4c76e6671")]
        messages += [.init(callID: "a84b4c76e667101", fromTag: "928"), .init(callID: "A84B4C76E66710")]
        for message in messages { keys.formUnion(observe(message).key) }
        keys.formUnion(observe(MessageBuilder(), from: "192.0.2.11").key)
        #expect(keys.count == 7 && !keys.contains(.none))
        #expect(observe(MessageBuilder(fromTag: "")).key == observe(MessageBuilder(fromTag: nil)).key)
        var other = HEPFeed(hashSeed: HashSeed(first: 3, second: 5), authKey: nil)
        other.receive(PacketBuilder(MessageBuilder().text).bytes().span.bytes, arrivalMicros: 7)
        #expect(!keys.contains(other.take().key[0]), "another seed, other keys")
    }

    /// A host that sends on an INVITE that was sent to it passes calls on, from then on all of them.
    @Test mutating func relays() {
        #expect(observe(MessageBuilder(callID: "early"), from: Self.proxy, to: Self.carrier).relayed == [false])
        #expect(observe(MessageBuilder()).relayed == [false])
        #expect(observe(MessageBuilder()).relayed == [false], "sent again")
        #expect(observe(MessageBuilder(), from: Self.proxy, to: Self.carrier).relayed == [true])
        #expect(observe(MessageBuilder(callID: "other"), from: Self.proxy, to: Self.carrier).relayed == [true])
        #expect(observe(MessageBuilder()).relayed == [false])
        #expect(observe(MessageBuilder(fromTag: "1929"), from: Self.carrier).relayed == [false], "another call")
        // A customer on the switch itself.
        #expect(observe(MessageBuilder(callID: "local"), from: "::1", to: "::1").relayed == [false])
        #expect(observe(MessageBuilder(callID: "local"), from: "::1", to: "::1").relayed == [false])
    }
}
