import Testing

@testable import Board

@Suite struct EmailAddressTests {
    @Test(
        arguments: [
            "noc@carrier.example", "first.last+tag@sub.carrier.example", "o'neill@x.example",
            "!#$%&'*+-/=?^_`{|}~@x.example",
            "\"two words\"@x.example", "\"a\\\"b@c\"@x.example", "müller@münchen.example", "用户@例え.example",
            "a@xn--mnchen-3ya.example", "a@[203.0.113.7]", "a@[IPv6:2001:db8::1]", "1@2.example",
        ])
    func addresses(_ text: String) {
        #expect(EmailAddress.fault(of: text) == nil)
    }

    @Test(
        arguments: [
            "", "x", "@x.example", "a@", "a@x", ".a@x.example", "a.@x.example", "a..b@x.example", "a b@x.example",
            "a@x.example,b@x.example", "Ann <a@x.example>", "a@x..example", "a@-x.example", "a@x-.example",
            "a@x_y.example",
            "a@x.123", "a@x.example\r\nBcc: b@x.example", "a\n@x.example", "\"a@x.example", "a\"b\"@x.example",
            "a@[1.2.3]",
            "a@[IPv6:1.2.3.4]", "a@ab--c.example", "a@x.example.", "a(comment)@x.example", "a@b@c.example",
            "a\u{200B}b@x.example",
        ])
    func whatIsNone(_ text: String) {
        #expect(EmailAddress.fault(of: text) != nil)
    }

    @Test func lengthsAreThoseOfMail() {
        func text(_ local: Int, _ labels: [Int]) -> String {
            String(repeating: "a", count: local) + "@"
                + labels.map { String(repeating: "b", count: $0) }.joined(separator: ".")
        }
        #expect(EmailAddress.fault(of: text(64, [63, 63, 3])) == nil)
        #expect(EmailAddress.fault(of: text(65, [3, 3])) != nil)
        #expect(EmailAddress.fault(of: text(1, [64, 3])) != nil)
        #expect(EmailAddress.fault(of: text(64, [63, 63, 60, 3])) != nil)
        // The whole: 254 bytes and one more, whichever part has it.
        for (local, labels) in [(64, [63, 63, 61]), (63, [63, 63, 62]), (1, [63, 63, 63, 60])] {
            #expect(text(local, labels).utf8.count == 254 && EmailAddress.fault(of: text(local, labels)) == nil)
            let longer = labels.dropLast() + [labels[labels.count - 1] + 1]
            #expect(EmailAddress.fault(of: text(local, Array(longer)))?.contains("254") == true)
        }
    }

    /// Beside the examples of RFC 3492 and names that are registered so.
    @Test(
        arguments: [
            ("münchen", "mnchen-3ya"), ("bücher", "bcher-kva"), ("ü", "tda"), ("例え", "r8jz45g"),
            ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
        ])
    func internationalLabelsAreAsLongAsInTheNameService(_ label: String, _ encoded: String) {
        #expect(Punycode.length(of: Array(label.unicodeScalars)) == encoded.utf8.count)
    }
}
