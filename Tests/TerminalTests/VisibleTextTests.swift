import Testing

@testable import Terminal

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("\u{1B}[31mred", "\\u{1B}[31mred"), ("a\nb\tc\rd", "a\\nb\\tc\\rd"), ("a\r\nb", "a\\r\\nb"),
        ("\u{7F}", "\\u{7F}"),
        ("\u{9B}31m", "\\u{9B}31m"), ("\u{202E}gpj", "\\u{202E}gpj"), ("a\u{200B}b", "a\\u{200B}b"),
        ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"), ("\u{FEFF}x", "\\u{FEFF}x"), ("\u{2028}", "\\u{2028}"),
        ("\u{E0041}", "\\u{E0041}"), ("\u{3164}", "\\u{3164}"), ("\0", "\\u{0}"),
    ])
    func showsWhatHides(text: String, clean: String) {
        #expect(VisibleText.clean(text) == clean)
    }

    @Test(arguments: ["Acme", "Żeta-Tel", "日本電信", "e\u{301}", "שלום", "📞 Tel", "back\\slash", ""])
    func leavesOtherTextAlone(text: String) {
        #expect(VisibleText.clean(text) == text)
    }

    @Test func noControlCharacterSurvives() {
        for value in (0..<0x20 as Range<UInt32>).map({ $0 }) + (0x7F..<0xA0 as Range<UInt32>).map({ $0 }) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let clean = VisibleText.clean("a" + String(scalar) + "b")
            #expect(clean.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) })
            #expect(clean.hasPrefix("a\\"))
        }
    }
}
