import Randomness
import Testing

@testable import Feeds

@Suite struct SIPAddressTests {
    @Test(arguments: [
        ("<sip:bob@example.com>;tag=1", "1"),
        ("sip:bob@example.com;tag=1", "1"),
        ("<sip:bob@example.com>", ""),
        ("sip:bob@example.com", ""),
        ("<sip:bob@example.com>;tag=", ""),
        ("<sip:bob@example.com> ; TaG = 1 ;x=y", "1"),
        ("<sip:bob@example.com>;x;y=z;tag=1;tag=2", "1"),
        ("<sip:bob@example.com;tag=uri>", ""),
        ("<sip:bob@example.com;tag=uri>;tag=1", "1"),
        ("\"x;tag=quoted\" <sip:bob@example.com>;tag=1", "1"),
        ("\"<sip:x@y>;tag=a\" <sip:bob@example.com>;tag=1", "1"),
        ("\"a\\\";tag=b\\\\\" <sip:bob@example.com>;tag=1", "1"),
        ("\"unclosed <sip:bob@example.com>;tag=1", ""),
        ("<sip:bob@example.com;tag=1", ""),
        ("", ""),
        (";tag=1", "1"),
        ("<sip:bob@example.com>;p=\"a;tag=b\";tag=1", "1"),
        ("<sip:bob@example.com>tag=1", ""),
        ("\"", ""),
        ("\"\\", ""),
        ("<", ""),
        ("<>;tag=1", "1"),
        ("Bob Smith <sip:bob@example.com>;tag=1", "1"),
        ("\u{FF}\u{FF} <sip:b@e>;tag=1", "1"),
        ("<sip:bob@example.com>;stag=2;tagx=3;tag=1", "1"),
        ("<sip:bob@example.com>;tag=a-b.c!%*_+`'~", "a-b.c!%*_+`'~"),
        ("<sip:bob@example.com>;tag=\"a;b\";x=y", "\"a;b\""), ("<sip:bob@example.com>;tag=\"a\"", "\"a\""),
        ("<sip:bob@example.com>;tag=a b", "a b"), ("<sip:bob@example.com>;tag=a ;x=y", "a"),
        ("<sip:bob@example.com>;tag= a", "a"), ("sip:bob@example.com;tag=\"a;b\"", "\"a;b\""),
        ("<sip:bob@example.com>;TAG=a\t;x", "a"), ("<sip:bob@example.com>;tag=a\"b;c\"", "a\"b;c\""),
    ])
    func tag(value: String, expected: String) {
        let bytes = Array(value.utf8)
        let address = SIPAddress(bytes.span, 0..<bytes.count)
        #expect(String(decoding: bytes[address.tag], as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("<sip:bob@example.com>", "bob"),
        ("sip:bob@example.com;tag=1", "bob"),
        ("\"Bob <x>\" <sips:bob@example.com:5061>", "bob"),
        ("<sip:bob:secret@example.com>", "bob"),
        ("<tel:+15550100;phone-context=x>", "+15550100"),
        ("<tel:911>", "911"),
        ("<sip:+15550100;npdi@example.com;user=phone>", "+15550100"),
        ("<sip:example.com>", ""),
        ("<sip:@example.com>", ""),
        ("anonymous", ""),
        ("", ""),
        ("<sip:>", ""),
        ("\"Bob\"", ""),
        ("<sip:b%40b@example.com>", "b%40b"),
    ])
    func user(value: String, expected: String) {
        let bytes = Array(value.utf8)
        let address = SIPAddress(bytes.span, 0..<bytes.count)
        #expect(String(decoding: bytes[SIPAddress.user(bytes.span, address.uri)], as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("sip:bob@example.com", "example.com"), ("SIP:bob@Example.com:5060", "Example.com"),
        ("sips:bob@example.com;transport=tcp", "example.com"), ("sip:example.com", "example.com"),
        ("sip:example.com?subject=x", "example.com"), ("sip:bob:secret@example.com", "example.com"),
        ("sip:bob;x=y@example.com", "example.com"), ("sip:[2001:db8::1]:5060", "2001:db8::1"),
        ("sips:b@[::1]", "::1"), ("sip: example.com ", "example.com"), ("tel:+4930", ""), ("sipx:bob@example.com", ""),
        ("example.com", ""), ("sip:bob@", ""), ("sip:", ""), ("sip:b@[::1", ""), ("", ""), (":", ""),
    ])
    func host(uri: String, expected: String) {
        let bytes = Array(uri.utf8)
        #expect(String(decoding: bytes[SIPAddress.host(bytes.span, 0..<bytes.count)], as: UTF8.self) == expected)
    }

    /// Texts of escapes whole, cut and broken, against the plainest way; what stands around the text is not looked at.
    @Test(arguments: Seeds.of(1, 2)) func unescaped(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parts = ["%41", "%6f", "%C3%A9", "%", "%4", "%g1", "%1g", "%%41", "a", "é", "@", "%2b"]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in parts.randomElement(using: &random)! }
                .joined()
            var plain: [UInt8] = []
            var rest = Array(text.utf8)[...]
            while let byte = rest.popFirst() {
                let digits = rest.prefix(2)
                if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy({ HexDigit.value($0) != nil }),
                    let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
                {
                    plain.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    plain.append(byte)
                }
            }
            let bytes = Array(("41" + text + "41").utf8)
            let read = SIPAddress.unescaped(bytes.span, 2..<bytes.count - 2)
            #expect(read == String(decoding: plain, as: UTF8.self), "seed \(seed): \(text)")
        }
    }
}
