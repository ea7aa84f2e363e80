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
}
