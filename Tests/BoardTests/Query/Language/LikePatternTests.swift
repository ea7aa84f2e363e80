import Randomness
import Testing

@testable import Board

@Suite struct LikePatternTests {
    @Test func foldingKnowsNoCaseAndNoAccents() {
        let pairs = [
            ("Zürich", "zurich"), ("ZU\u{308}RICH", "zurich"), ("STRASSE", "strasse"), ("Straße", "strasse"),
            ("Łódź", "lodz"), ("Ærø", "aero"), ("ĐẶNG", "dang"), ("МОСКВА", "москва"), ("İzmir", "izmir"),
            ("plain", "plain"),
        ]
        for (text, folded) in pairs { #expect(FoldedText.fold(text) == folded) }
    }

    /// Against a matcher that tries everything.
    @Test(arguments: Seeds.fixed(12)) func matchesAsTryingEverythingDoes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let pattern = String(
                (0..<Int.random(in: 0...6, using: &generator)).map { _ in "ab%_".randomElement(using: &generator) ?? "a"
                })
            let text = String(
                (0..<Int.random(in: 0...7, using: &generator)).map { _ in "ab".randomElement(using: &generator) ?? "a" }
            )
            let like = LikePattern(pattern, escape: nil)
            #expect(
                like?.matches(folded: text) == tried(Substring(pattern), Substring(text)), "\(text) LIKE \(pattern)")
        }
    }

    /// The same with an escape character, which may be a wildcard itself and may stand for itself.
    @Test(arguments: Seeds.fixed(13)) func escapedWildcardsAreLetters(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let escape = "!%_".randomElement(using: &generator) ?? "!"
            let length = Int.random(in: 0...6, using: &generator)
            let pattern = String((0..<length).map { _ in "ab%_!".randomElement(using: &generator) ?? "a" })
            let text = String((0..<length).map { _ in "ab%_!".randomElement(using: &generator) ?? "a" })
            // Letters of the pattern that are wildcards become signs of their own.
            var plain: String? = ""
            var isEscaped = false
            for letter in pattern {
                if isEscaped {
                    if letter != "%" && letter != "_" && letter != escape { plain = nil }
                    plain?.append(letter == "%" ? "P" : letter == "_" ? "U" : letter)
                    isEscaped = false
                } else if letter == escape {
                    isEscaped = true
                } else {
                    plain?.append(letter)
                }
            }
            if isEscaped { plain = nil }
            let like = LikePattern(pattern, escape: escape)
            #expect((like == nil) == (plain == nil), "\(pattern) ESCAPE \(escape)")
            guard let like, let plain else { continue }
            let signs = String(text.map { $0 == "%" ? "P" : $0 == "_" ? "U" : $0 })
            let expected = tried(Substring(plain), Substring(signs))
            #expect(like.matches(folded: text) == expected, "\(text) LIKE \(pattern) ESCAPE \(escape)")
        }
    }

    private func tried(_ pattern: Substring, _ text: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "%" {
            return tried(pattern.dropFirst(), text) || !text.isEmpty && tried(pattern, text.dropFirst())
        }
        return !text.isEmpty && (first == "_" || first == text.first) && tried(pattern.dropFirst(), text.dropFirst())
    }

    @Test func manyWildcardsTakeNoTime() {
        let like = LikePattern(String(repeating: "%a", count: 200) + "b", escape: nil)
        #expect(like?.matches(folded: String(repeating: "a", count: 10_000)) == false)
    }

    @Test func simpleFormsAreKnown() {
        #expect(LikePattern("%Voice%", escape: nil)?.contained == "voice")
        #expect(LikePattern("%Vo_ce%", escape: nil)?.contained == nil)
        #expect(LikePattern("Voice", escape: nil)?.exact == "voice" && LikePattern("50!%", escape: "!")?.exact == "50%")
        #expect(LikePattern("x!", escape: "!") == nil && LikePattern("!x", escape: "!") == nil)
    }
}
