// What of an INVITE auth entries look at: read from every form in which RFC 3261 lets it stand, and from nothing else.

import CallEvents
import Randomness
import Testing

@testable import Feeds

@Suite struct PartyClaimsTests {
    private static let everything = PartyNeeds(
        claims: [.sourcePort, .called, .fromDomain, .uriDomain, .contactDomain, .trunkGroup, .assertedIdentities],
        headerNames: ["subject", "x-customer"])

    private static func claims(_ message: MessageBuilder, needs: PartyNeeds = everything) -> PartyClaims? {
        var feed = HEPFeed(hashSeed: HashSeed(first: 3, second: 4), authKey: nil)
        feed.needs = needs
        feed.receive(PacketBuilder(message.text).bytes().span.bytes, arrivalMicros: 7)
        let batch = feed.take()
        #expect(feed.counters.errors == 0 && batch.count == 1)
        return batch.parties.first?.claims
    }

    private static func claims(uri: String = "sip:bob@example.com", _ lines: String...) throws -> PartyClaims {
        var message = MessageBuilder(startLine: "INVITE \(uri) SIP/2.0")
        for line in lines { message = message.adding(line) }
        return try #require(claims(message))
    }

    @Test func nothingIsReadThatNobodyAsksFor() throws {
        let message = MessageBuilder().adding("X-Customer: acme").adding("P-Asserted-Identity: <tel:+4930>")
        #expect(Self.claims(message, needs: PartyNeeds()) == nil)
        #expect(
            Self.claims(message, needs: PartyNeeds(claims: .sourcePort)) == PartyClaims(sourcePort: 5060))
        #expect(Self.claims(message, needs: PartyNeeds(claims: .fromDomain)) == PartyClaims(fromDomain: "example.com"))
        let header = PartyClaims.Header(name: "x-customer", value: "acme")
        #expect(Self.claims(message, needs: PartyNeeds(headerNames: ["x-customer"])) == PartyClaims(headers: [header]))
    }

    @Test(arguments: [
        ("sip:9911%23442071234567@198.51.100.1", "9911#442071234567", "198.51.100.1"),
        ("sip:9911#442071234567@198.51.100.1:5080;transport=tcp", "9911#442071234567", "198.51.100.1"),
        ("SIPS:+49;npdi;rn=+49@Switch.Example.NET.:5061", "+49", "switch.example.net"),
        ("sip:7101@[2001:DB8:0:0::1]:5060;user=phone", "7101", "2001:db8::1"),
        ("tel:+1-(555).010-0;phone-context=example.com", "+15550100", nil),
        ("sip:switch.example.net", "bob", "switch.example.net"),
        ("urn:service:sos", "bob", nil),
        ("sip:a@", "a", nil), ("sip:a@[::1", "a", nil), ("sip:a@[x:y]", "a", nil),
    ])
    func requestURI(uri: String, called: String, domain: String?) throws {
        let claims = try Self.claims(uri: uri)
        #expect(claims.called == called && claims.uriDomain == domain)
    }

    @Test(arguments: [
        ("Contact: <sip:1@Gw.Example:5080;tgrp=T1>;expires=9", "gw.example", "T1"),
        ("m: sip:+1;TGRP=t%31;trunk-context=x.example@10.0.0.1", "10.0.0.1", "t1"),
        ("CONTACT :\"a, b;tgrp=no\" <sip:1@[::1]>; tgrp = \"t 1\" ,<sip:2@b;tgrp=second>", "::1", "t 1"),
        ("Contact:\r\n <sip:1@folded.example>\r\n\t;tgrp=t1", "folded.example", "t1"),
        ("Contact: *", nil, nil), ("Contact: <sip:1@a;tgrp>", "a", nil), ("Contact:", nil, nil),
    ])
    func contact(line: String, domain: String?, trunk: String?) throws {
        let claims = try Self.claims(line)
        #expect(claims.contactDomain == domain && claims.trunkGroup == trunk, "\(line)")
    }

    @Test func trunkGroupOfFrom() throws {
        for from in [
            "<sip:1@a.example;otg=T9>;tag=1", "<sip:1;otg=T9@a.example>;tag=1", "<sip:1@a.example>;tag=1;otg=T9",
        ] {
            let message = MessageBuilder().replacing("From", by: "f: " + from)
            #expect(Self.claims(message)?.trunkGroup == "T9" && Self.claims(message)?.fromDomain == "a.example")
            #expect(Self.claims(message.adding("m: <sip:x@y;tgrp=T1>"))?.trunkGroup == "T1", "Contact goes before")
        }
    }

    @Test func assertedIdentities() throws {
        let claims = try Self.claims(
            "P-Asserted-Identity: \"Cullen, <Jennings>\" <sip:fluffy%40x@Cisco.Example>, tel:+1-408-555",
            "p-asserted-IDENTITY: <sip:a,b@[2001:db8::7]>,", "P-Preferred-Identity: <sip:no@no.example>")
        #expect(
            claims.assertedIdentities == ["fluffy@x", "cisco.example", "+1408555", "a,b", "2001:db8::7"])
        let many = (0..<50).map { "<sip:u\($0)@h\($0)>" }.joined(separator: ",")
        let bounded = try Self.claims("P-Asserted-Identity: " + many)
        #expect(bounded.assertedIdentities.count == 2 * FeedLimits.assertedIdentities)
    }

    @Test func namedHeaders() throws {
        let claims = try Self.claims(
            "X-CUSTOMER :  Acme, Ltd  ", "X-Customers: no", "x-customer: \"b \\\"c\\\", d\"", "s: hello%20there")
        let values = claims.headers.map { "\($0.name)=\($0.value)" }
        #expect(
            values == [
                "x-customer=Acme, Ltd", "x-customer=Acme", "x-customer=Ltd", "x-customer=b \"c\", d",
                "subject=hello%20there",
            ])
        let long = try Self.claims("X-Customer: " + String(repeating: "a", count: FeedLimits.claimBytes + 1))
        #expect(long.headers.isEmpty)
        let many = try Self.claims("X-Customer: " + (0..<60).map { "a\($0)" }.joined(separator: ","))
        #expect(many.headers.count == FeedLimits.claimedHeaders)
    }

    /// Of headers that may stand once, the first one counts.
    @Test func firstOfARepeatedHeader() throws {
        let claims = try Self.claims(
            "From: <sip:x@second.example;otg=T2>;tag=2", "Contact: <sip:x@one.example;tgrp=T3>",
            "Contact: <sip:x@two.example;tgrp=T4>")
        #expect(claims.fromDomain == "example.com" && claims.contactDomain == "one.example")
        #expect(claims.trunkGroup == "T3")
        let message = MessageBuilder().replacing("From", by: "f: <sip:a@b.example;otg=T1>;tag=1")
        #expect(Self.claims(message.adding("From: <sip:x@y;otg=T2>;tag=2"))?.trunkGroup == "T1")
    }

    /// So many values are read and no more, in one header or in many; so long a one and no longer.
    @Test func borders() throws {
        let most = FeedLimits.claimedHeaders
        for count in [most - 1, most, most + 1, most + 20] {
            var message = MessageBuilder()
            for index in 0..<count { message = message.adding("X-Customer: a\(index)") }
            let values = try #require(Self.claims(message)).headers.map(\.value)
            #expect(values == (0..<min(count, most)).map { "a\($0)" })
        }
        for length in [FeedLimits.claimBytes, FeedLimits.claimBytes + 1] {
            let text = String(repeating: "a", count: length)
            let claims = try Self.claims(
                uri: "sip:\(text)@\(text)", "X-Customer: \(text)", "Contact: <sip:a@\(text);tgrp=\(text)>")
            let isRead = length == FeedLimits.claimBytes
            #expect(claims.headers.map(\.value) == (isRead ? [text] : []) && claims.uriDomain == (isRead ? text : nil))
            #expect(claims.called == (isRead ? text : "bob") && claims.contactDomain == (isRead ? text : nil))
            #expect(claims.trunkGroup == (isRead ? text : nil))
        }
        for count in [FeedLimits.assertedIdentities - 1, FeedLimits.assertedIdentities] {
            var message = MessageBuilder()
            for index in 0..<count + 1 { message = message.adding("P-Asserted-Identity: <sip:u\(index)@h\(index)>") }
            let identities = try #require(Self.claims(message)).assertedIdentities
            #expect(identities.count == min(2 * (count + 1), 2 * FeedLimits.assertedIdentities))
        }
    }

    /// A body is no header, and what stands in quotes is text.
    @Test func nothingOfTheBody() throws {
        var message = MessageBuilder()
        message.headers.removeLast()
        message.body = "X-Customer: no\r\nContact: <sip:no@no.example>\r\n\r\n"
        let claims = try #require(Self.claims(message))
        #expect(claims.headers.isEmpty && claims.contactDomain == nil)
    }

    @Test func sourcePort() throws {
        #expect(try Self.claims().sourcePort == 5060)
    }

    /// What was written in one of the ways in which it may be written is what is read.
    @Test(arguments: Seeds.of(1, 2)) func asItWasWritten(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            var expected = PartyClaims(sourcePort: 5060)
            let word = { (random: inout SeededGenerator) in
                String(
                    (0..<Int.random(in: 1...9, using: &random)).map { _ in "abcdXYZ019-_".randomElement(using: &random)!
                    })
            }
            var message = MessageBuilder()
            let blank = { (random: inout SeededGenerator) in
                ["", " ", "\t", "\r\n ", " \r\n\t"].randomElement(using: &random)!
            }
            let name = { (names: [String], random: inout SeededGenerator) in
                let name = names.randomElement(using: &random)!
                return [name, name.uppercased(), name.lowercased()].randomElement(using: &random)! + ":"
            }
            let host = { (random: inout SeededGenerator) -> (text: String, domain: String) in
                let label = word(&random) + ".Example"
                return [
                    (label, label.lowercased()), (label + ".", label.lowercased()),
                    (label + ":5070", label.lowercased()),
                    ("[2001:DB8::\(label.count)]", "2001:db8::\(label.count)"), ("192.0.2.9:1", "192.0.2.9"),
                ].randomElement(using: &random)!
            }
            let display = { (random: inout SeededGenerator) in
                ["", "\"a \\\" , <sip:n@n>;tgrp=n\" ", "Bob ", "\"\" "].randomElement(using: &random)!
            }
            let (called, uriHost, fromHost, contactHost) = (word(&random), host(&random), host(&random), host(&random))
            expected.called = called
            expected.uriDomain = uriHost.domain
            message.startLine = "INVITE sip:\(called)@\(uriHost.text);user=phone SIP/2.0"
            expected.fromDomain = fromHost.domain
            let trunk = word(&random)
            expected.trunkGroup = trunk
            let isInFrom = Bool.random(using: &random)
            message = message.replacing(
                "From",
                by: name(["From", "f"], &random) + blank(&random) + display(&random)
                    + "<sip:a@\(fromHost.text)\(isInFrom ? ";otg=\(trunk)" : "")>" + blank(&random) + ";tag=1")
            expected.contactDomain = contactHost.domain
            let contact = isInFrom ? "" : ";tgrp=\(trunk)"
            message.headers.append(
                name(["Contact", "m"], &random) + blank(&random) + display(&random)
                    + "<sip:u\(contact)@\(contactHost.text)>"
                    + blank(&random) + ";q=1")
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                var values: [String] = []
                for _ in 0..<Int.random(in: 1...2, using: &random) {
                    let (user, host) = (word(&random), host(&random))
                    values.append(display(&random) + "<sip:\(user);x=1@\(host.text)>")
                    expected.assertedIdentities += [user, host.domain]
                }
                message.headers.append(
                    name(["P-Asserted-Identity"], &random) + blank(&random)
                        + values.joined(separator: blank(&random) + "," + blank(&random)))
            }
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let value = word(&random)
                expected.headers.append(PartyClaims.Header(name: "x-customer", value: value))
                message.headers.append(
                    name(["X-Customer"], &random) + blank(&random)
                        + [value, "\"\(value)\""].randomElement(using: &random)!)
            }
            message.headers.shuffle(using: &random)
            // Their order is that of the headers.
            var read = try #require(Self.claims(message), "seed \(seed)")
            read.assertedIdentities.sort()
            expected.assertedIdentities.sort()
            read.headers.sort { $0.value < $1.value }
            expected.headers.sort { $0.value < $1.value }
            #expect(read == expected, "seed \(seed): \(message.text)")
        }
    }
}
