// Every header that is read, in all of its names and spellings: what is read of it is the same, in every field.

import CallEvents
import Testing

@testable import Feeds

@Suite struct SIPHeaderNamesTests {
    /// All fields of a message, as texts.
    private static func fields(_ message: MessageBuilder) throws -> [String: String] {
        let bytes = Array(message.text.utf8)
        var reader = SIPReader()
        let (read, source) = try reader.read(bytes.span)
        let held = source == .original ? bytes : reader.unfolded
        let text = { (range: Range<Int>) in String(decoding: held[range], as: UTF8.self) }
        return [
            "method": "\(read.method)", "status": "\(read.status)", "call": text(read.callID), "to": text(read.toTag),
            "from": text(read.fromTag), "from uri": text(read.fromURI), "to uri": text(read.toURI),
            "uri": text(read.requestURI), "phrase": text(read.reasonPhrase), "user": text(read.digestUser),
            "via": text(read.via), "sequence": "\(read.sequence)", "length": "\(read.contentLength ?? -1)",
            "session": "\(read.sessionSeconds)", "cause": "\(read.q850)",
            "body": String(decoding: bytes[(read.bodyStart ?? bytes.count)...], as: UTF8.self),
        ]
    }

    private static let headers: [(names: [String], value: String, field: String)] = [
        (["Via", "v"], "SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKx", "via"),
        (["From", "f"], "\"A\" <sip:a@example.com>;tag=f1", "from"),
        (["To", "t"], "<sip:b@example.com>;tag=t1", "to"), (["Call-ID", "i"], "call@example.com", "call"),
        (["CSeq"], "77 INVITE", "sequence"), (["Content-Length", "l"], "4", "length"),
        (["Session-Expires", "x"], "1800;refresher=uac", "session"), (["Reason"], "Q.850;cause=16", "cause"),
        (["Authorization"], "Digest username=\"carol\", realm=\"r\"", "user"),
        (["Proxy-Authorization"], "Digest username=\"carol\", realm=\"r\"", "user"),
    ]

    /// A message with these header lines and a body.
    private static func message(_ lines: [String]) -> MessageBuilder {
        var message = MessageBuilder()
        message.headers = lines
        message.body = "v=0\n"
        return message
    }

    /// In its place and as the last one.
    @Test func everySpelling() throws {
        let lines = Self.headers.dropLast().map { "\($0.names[0]): \($0.value)" }
        let right = try Self.fields(Self.message(Array(lines)))
        #expect(right.filter(\.value.isEmpty).map(\.key) == ["phrase"] && right["body"] == "v=0\n")
        for (place, header) in Self.headers.enumerated() {
            let index = min(place, lines.count - 1)
            for name in header.names.flatMap({ [$0, $0.uppercased(), $0.lowercased()] }) {
                for colon in [":", ": ", " :", "\t: ", "  :\t  ", ":\r\n ", " \r\n\t:\r\n\t"] {
                    for isLast in [false, true] {
                        var others = Array(lines)
                        others.remove(at: index)
                        others.insert(name + colon + header.value, at: isLast ? others.count : index)
                        let read = try Self.fields(Self.message(others))
                        #expect(read == right, "\(name)\(colon)")
                    }
                }
            }
            // A name that is longer or shorter by a letter is another header.
            for name in header.names.flatMap({ [$0 + "s", String($0.dropLast()), "x" + $0] })
            where !header.names.contains(name.lowercased()) {
                var others = Array(lines)
                others[index] = name + ": " + header.value
                guard let read = try? Self.fields(Self.message(others)) else { continue }
                #expect(read[header.field] != right[header.field], "\(name)")
            }
        }
    }

    /// Numbers at their largest and beyond; leading zeros are none of their digits.
    @Test(arguments: [
        ("Content-Length: 4294967295", "length", "4294967295"), ("Content-Length: 4294967296", "length", "-1"),
        ("Content-Length: 000000000000000000000000000000000007", "length", "7"), ("Content-Length: 7x", "length", "-1"),
        ("l: 99999999999999999999999", "length", "-1"), ("l:", "length", "-1"), ("l: -1", "length", "-1"),
        ("x: 4294967294", "session", "4294967294"), ("x: 4294967295", "session", "4294967294"),
        ("x: 4294967296;a=b", "session", "4294967294"), ("x: 999999999999999999", "session", "4294967294"),
        ("x: 99999999999999999999", "session", "0"), ("Reason: Q.850;cause=127", "cause", "127"),
        ("Reason: Q.850;cause=128", "cause", "0"), ("Reason: Q.850;cause=0", "cause", "0"),
    ])
    func bordersOfNumbers(line: String, field: String, value: String) throws {
        let message = MessageBuilder().replacing("Content-Length", by: nil).adding(line)
        #expect(try Self.fields(message)[field] == value, "\(line)")
    }

    /// The same for the headers that only entries need, by their compact forms.
    @Test(arguments: [
        ("contact", "m"), ("subject", "s"), ("supported", "k"), ("referred-by", "b"), ("refer-to", "r"),
        ("event", "o"), ("allow-events", "u"), ("content-type", "c"), ("content-encoding", "e"),
        ("accept-contact", "a"), ("reject-contact", "j"), ("request-disposition", "d"), ("identity", "y"),
        ("identity-info", "n"), ("x-own", "x-own"), ("from", "f"), ("to", "t"), ("via", "v"), ("call-id", "i"),
        ("content-length", "l"), ("session-expires", "x"), ("z", "z"),
    ])
    func headersOfEntries(name: String, short: String) {
        for spelling in [name, short, name.uppercased(), short.uppercased()] {
            let bytes = Array(spelling.utf8)
            let known = [name, name + "s", "p"].map { bytes.span.isHeader(0..<bytes.count, $0) }
            #expect(known == [true, false, false], "\(spelling)")
        }
        let longer = Array((name + "s").utf8)
        let isKnown = longer.span.isHeader(0..<longer.count, name)
        #expect(!isKnown)
    }
}
