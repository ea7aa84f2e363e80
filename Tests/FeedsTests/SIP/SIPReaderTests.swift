import Testing

@testable import Feeds

/// What was read of a message, as texts.
struct ReadMessage: Equatable {
    var method: SIPMethod
    var status: Int
    var callID: String
    var fromTag: String
    var toTag: String
    var user: String
    var sequence: UInt32
    var q850: UInt8

    init(_ bytes: [UInt8]) throws(SIPError) {
        var reader = SIPReader()
        let (message, source) = try reader.read(bytes.span)
        let held = source == .original ? bytes : reader.unfolded
        let text = { (range: Range<Int>) in String(decoding: held[range], as: UTF8.self) }
        method = message.method
        status = Int(message.status)
        callID = text(message.callID)
        fromTag = text(message.fromTag)
        toTag = text(message.toTag)
        user = text(message.digestUser.isEmpty ? SIPAddress.user(held.span, message.fromURI) : message.digestUser)
        sequence = message.sequence
        q850 = message.q850
    }

    init(_ message: MessageBuilder) throws(SIPError) { try self.init(Array(message.text.utf8)) }
}

@Suite struct SIPReaderTests {
    @Test func request() throws {
        let read = try ReadMessage(MessageBuilder(toTag: "8321"))
        #expect(read.method == .invite && read.status == 0)
        #expect(read.callID == "a84b4c76e66710")
        #expect(read.fromTag == "1928" && read.toTag == "8321")
        #expect(read.user == "alice" && read.sequence == 314_159)
    }

    @Test(arguments: [
        ("200 OK", 200), ("200 ", 200), ("200", 200), ("180\tRinging", 180), ("699 x", 699), ("100 t", 100),
    ])
    func status(line: String, code: Int) throws {
        #expect(try ReadMessage(.response(line)).status == code)
    }

    @Test(arguments: ["099 x", "700 x", "999 x", "20 OK", "2000 OK", "2x0 OK", "20", "-20 OK", "٢٠٠ OK"])
    func statusThatIsNone(line: String) {
        #expect(throws: (any Error).self) { try ReadMessage(.response(line)) }
    }

    @Test(arguments: [
        "INVITE sip:bob@example.com SIP/3.0", "INVITE sip:bob@example.com", "INVITE", "SIP/2.1 200 OK", "sip/2.0",
        "INVITEsip:bob@example.comSIP/2.0", "INVITE SIP/2.0",
    ])
    func startLineThatIsNone(line: String) {
        #expect(throws: SIPError.startLine) { try ReadMessage(MessageBuilder(startLine: line)) }
    }

    /// The version has no case (RFC 3261 7.1), and blanks at the end of the line are no part of it.
    @Test(arguments: ["INVITE sip:bob@example.com sip/2.0", "INVITE sip:bob@example.com SIP/2.0 \t"])
    func startLineSpeltOtherwise(line: String) throws {
        #expect(try ReadMessage(MessageBuilder(startLine: line)) == ReadMessage(MessageBuilder()))
        #expect(try ReadMessage(.response("200 OK \t")) == ReadMessage(.response("200 OK")))
        let lowerCase = MessageBuilder(startLine: "sip/2.0 200 OK", toTag: "8321")
        #expect(try ReadMessage(lowerCase) == ReadMessage(.response("200 OK")))
    }

    @Test func methodsHaveCase() throws {
        #expect(try ReadMessage(MessageBuilder("invite")).method == .other)
        for (name, method) in [
            ("INVITE", SIPMethod.invite), ("ACK", .ack), ("BYE", .bye), ("CANCEL", .cancel), ("REGISTER", .register),
            ("UPDATE", .update),
        ] {
            #expect(try ReadMessage(MessageBuilder(name)).method == method)
            #expect(try ReadMessage(.response("200 OK", to: name)).method == method)
        }
        for name in ["INVITES", "REINVITE", "OPTIONS", "REGISTERS", "UPDATES", "PRACK", "X"] {
            #expect(try ReadMessage(MessageBuilder(name)).method == .other)
        }
    }

    @Test(arguments: ["\r\n\r\n", "\0\0\0\0", "", "\u{1}\u{1}\0\u{8}!\u{12}\u{A4}B", "\n"])
    func keepAlive(payload: String) {
        #expect(throws: SIPError.notSIP) { try ReadMessage(Array(payload.utf8)) }
    }

    @Test(arguments: ["\r\n\r\n\n", " \r\n", "\0\0\0\0"]) func keepAliveBeforeTheMessage(bytes: String) throws {
        #expect(try ReadMessage(Array((bytes + MessageBuilder().text).utf8)) == ReadMessage(MessageBuilder()))
    }

    @Test func bareLineFeeds() throws {
        var message = MessageBuilder()
        message.lineEnd = "\n"
        #expect(try ReadMessage(message) == ReadMessage(MessageBuilder()))
    }

    @Test func compactFormsCaseAndBlanks() throws {
        let plain = MessageBuilder()
        let compact = plain.replacing("From", by: "f:\"Alice\" <sip:alice@example.com>;TAG=1928")
            .replacing("To", by: "T \t:<sip:bob@example.com>").replacing("Call-ID", by: "I  :\ta84b4c76e66710  ")
            .replacing("CSeq", by: "cSeQ:000314159\t INVITE ").replacing("Via", by: "v:SIP/2.0/UDP a,SIP/2.0/UDP b")
        #expect(try ReadMessage(compact) == ReadMessage(plain))
        let loud = plain.replacing("Call-ID", by: "CALL-ID:a84b4c76e66710").replacing(
            "From", by: "FROM : <sip:alice@x>;tag=1928")
        #expect(try ReadMessage(loud) == ReadMessage(plain))
    }

    @Test func foldsInEveryHeader() throws {
        for end in ["\r\n ", "\n\t", "\r\n \r\n \t"] {
            let folded = MessageBuilder()
                .replacing("Via", by: "Via: SIP/2.0/UDP\(end)192.0.2.10;branch=z9hG4bK1")
                .replacing("From", by: "From:\(end)\"Alice\"\(end)<sip:alice@example.com>\(end);tag\(end)=\(end)1928")
                .replacing("To", by: "To:\(end)<sip:bob@example.com>;\(end)tag=8321")
                .replacing("Call-ID", by: "Call-ID\(end):\(end)a84b4c76e66710")
                .replacing("CSeq", by: "CSeq: 314159\(end)INVITE")
            #expect(try ReadMessage(folded) == ReadMessage(MessageBuilder(toTag: "8321")))
        }
    }

    @Test func bodyIsNotRead() throws {
        var message = MessageBuilder().replacing("Call-ID", by: nil)
        message.body = "Call-ID: of-the-body\r\n"
        #expect(throws: SIPError.callID) { try ReadMessage(message) }
        message = MessageBuilder().replacing("Subject", by: nil)
        message.body = "\r\n folded?\r\nTo: x;tag=1\r\n"
        #expect(try ReadMessage(message) == ReadMessage(MessageBuilder()))
    }

    @Test func firstOfARepeatedHeader() throws {
        let read = try ReadMessage(
            MessageBuilder().adding("Call-ID: b").adding("CSeq: 9 INVITE").adding("From: <sip:x@y>"))
        #expect(try read == ReadMessage(MessageBuilder()))
    }

    @Test(arguments: [
        ("Call-ID", SIPError.callID), ("From", .from), ("To", .to), ("CSeq", .cseq),
    ])
    func missingHeader(name: String, error: SIPError) {
        #expect(throws: error) { try ReadMessage(MessageBuilder().replacing(name, by: nil)) }
    }

    @Test(arguments: [
        "CSeq: 4294967296 INVITE", "CSeq: 99999999999999999999 INVITE", "CSeq: INVITE", "CSeq: 1", "CSeq: -1 INVITE",
        "CSeq: 1INVITE", "CSeq:", "CSeq: 1 OPTIONS", "CSeq: 1 invite", "CSeq: 0x1 INVITE",
    ])
    func cseqThatIsNone(line: String) {
        #expect(throws: SIPError.cseq) { try ReadMessage(MessageBuilder().replacing("CSeq", by: line)) }
    }

    @Test func largestCSeq() throws {
        #expect(try ReadMessage(MessageBuilder(cseq: "4294967295")).sequence == UInt32.max)
        #expect(try ReadMessage(MessageBuilder(cseq: "00000000000000000000000004294967295")).sequence == UInt32.max)
    }

    @Test func emptyCallID() {
        #expect(throws: SIPError.callID) { try ReadMessage(MessageBuilder(callID: " ")) }
    }

    @Test func linesThatAreNoHeaders() throws {
        let message = MessageBuilder().adding("no colon here").adding(": no name").adding("\u{FF}\u{FE}: x")
            .adding("Fromage: <sip:x@y>;tag=cheese").adding("Call-ID2: x").adding("To-Tag: y")
        #expect(try ReadMessage(message) == ReadMessage(MessageBuilder()))
    }

    /// A message that was cut is either read as the whole one or not at all: a value is never half a value.
    @Test func cutAtEveryByte() throws {
        let whole = try ReadMessage(MessageBuilder(toTag: "8321"))
        let bytes = Array(MessageBuilder(toTag: "8321").text.utf8)
        var read = 0
        for count in 0...bytes.count {
            guard let message = try? ReadMessage(Array(bytes.prefix(count))) else { continue }
            #expect(message == whole, "cut to \(count)")
            read += 1
        }
        #expect(read > 0 && read < 40)
    }

    @Test(arguments: [
        ("Reason: Q.850;cause=16;text=\"Terminated\"", 16), ("Reason: q.850 ; cause = 17", 17),
        ("Reason: SIP;cause=200;text=\"Q.850;cause=3\", Q.850;cause=31", 31), ("Reason: Q.850;cause=128", 0),
        ("Reason: SIP;cause=486", 0), ("Reason: Q.850;text=\"no\", SIP;cause=16", 0), ("Reason: Q.850;cause=", 0),
        ("Reason: X.Q.850;cause=16", 0), ("Reason: Q.850;cause=99999999999999999999999", 0), ("Reason: Q.850", 0),
        ("Reason: Q.850;text=\"a;cause=1\";cause=21", 21), ("REASON:Q.850;CAUSE=127", 127),
    ])
    func q850(line: String, cause: Int) throws {
        #expect(try ReadMessage(MessageBuilder("BYE").adding(line)).q850 == UInt8(cause))
    }

    @Test(arguments: [
        ("Authorization: Digest username=\"carol\", realm=\"x\"", "carol"),
        ("Proxy-Authorization: Digest realm=\"a, username=\\\"b\\\"\", username=\"carol\"", "carol"),
        ("authorization:Digest\trealm=\"x\",USERNAME = \"carol\"", "carol"),
        ("Authorization: Digest realm=\"x\", xusername=\"carol\"", "alice"),
        ("Authorization: Digest username=\"\"", "alice"), ("Authorization: Digest username=\"carol", "alice"),
        ("Authorization: Basic Zm9v", "alice"), ("Authorization:", "alice"),
        // As some phones write it, whatever stands first; another domain is another user.
        ("Authorization: Digest username=\"carol@x.example\", realm=\"X.Example\"", "carol"),
        ("Authorization: Digest realm=\"x.example\", username=\"carol@x.example\"", "carol"),
        ("Authorization: Digest username=\"carol@y.example\", realm=\"x.example\"", "carol@y.example"),
        ("Authorization: Digest username=\"carol@x.example\"", "carol@x.example"),
        ("Authorization: Digest username=\"carol@x[\", realm=\"x{\"", "carol@x["),
        ("Authorization: Digest username=\"@x\", realm=\"x\"", "@x"),
        ("Authorization: Digest username=\"x\", realm=\"x\"", "x"),
    ])
    func digestUser(line: String, user: String) throws {
        #expect(try ReadMessage(MessageBuilder().adding(line)).user == user)
    }
}
