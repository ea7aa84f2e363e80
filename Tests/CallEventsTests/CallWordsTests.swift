import Testing

@testable import CallEvents

/// The short words of calls: directions, currencies, tags, and the text of entries.
@Suite struct CallWordsTests {
    @Test func directionsHaveNames() {
        for direction in CallDirection.allCases {
            #expect(CallDirection(direction.name) == direction)
            #expect(CallDirection(direction.name.uppercased()) == direction)
        }
        #expect(CallDirection("") == .outbound)
        for name in [" ", "in", "inbound ", "switchLeg", "legs", "0"] { #expect(CallDirection(name) == nil, "\(name)") }
        #expect(CallDirection.name(isInbound: true) == "inbound" && CallDirection.name(isInbound: false) == "outbound")
    }

    @Test func currenciesAreReadInAnyCase() {
        for code in CurrencyCode.known {
            #expect(CurrencyCode.named(code) == code && CurrencyCode.named(code.lowercased()) == code)
            #expect(CurrencyCode.isKnown(code) && !CurrencyCode.isKnown(code.lowercased()))
            for other in ["", String(code.prefix(2)), code + "X", " " + code, code + " "] {
                #expect(CurrencyCode.named(other) == nil, "'\(other)'")
            }
        }
        for other in ["XXX", "ZZZ", "€", "ß€", "eur€"] { #expect(CurrencyCode.named(other) == nil, "\(other)") }
    }

    /// A feed reads nothing extra only where neither claims nor headers are asked for.
    @Test func needsAreEmptyWithoutClaimsAndHeaders() {
        for claims in [[], .called, .trunkGroup] as [PartyNeeds.Claims] {
            for headers in [[], ["x-a"]] {
                let needs = PartyNeeds(claims: claims, headerNames: headers)
                #expect(needs.isEmpty == (claims == [] && headers == []))
            }
        }
    }

    /// Tags are in saved tables: their hashes are the same in every version. Computed by another program.
    @Test(
        arguments: [
            ("a", 0xEF23_226F), ("abcdefg", 0x3DDF_00A1), ("abcdefgh", 0x8A23_1E6B), ("abcdefghi", 0x22C3_E03E),
            ("as5f3b2c1d", 0x54C6_C851), ("0123456789abcdef", 0x3EB5_39DF), ("0123456789abcdefg", 0xC4F7_5257),
        ] as [(String, UInt32)])
    func hashesOfTagsNeverChange(tag: String, hash: UInt32) {
        let bytes = Array(("<" + tag + ">").utf8)
        #expect(FromTag.hash(bytes.span, 1..<bytes.count - 1) == hash)
    }

    @Test func onlyNoTagIsZero() {
        let bytes = [UInt8](repeating: 0x61, count: 40)
        #expect(FromTag.hash(bytes.span, 3..<3) == 0)
        let hashes = (1...40).map { FromTag.hash(bytes.span, 0..<$0) }
        #expect(!hashes.contains(0) && Set(hashes).count == 40)
    }

    /// All values of up to four of these characters, alone and as parts of an entry: what is written is read.
    @Test func theTextOfAnEntryIsReadAsItWasWritten() {
        let characters = ["&", "a", ":", "\u{301}"]
        let values = (1...4).flatMap { count in
            (0..<(1 << (2 * count))).map { number in
                (0..<count).map { characters[number >> (2 * $0) & 3] }.joined()
            }
        }
        for value in values {
            let (one, other) = (AuthText.text("sip", value), AuthText.text("account", value))
            #expect(AuthText.parts(one) == ["sip:" + value], "\(value)")
            #expect(AuthText.parts(one + "&" + other) == ["sip:" + value, "account:" + value], "\(value)")
        }
    }
}
