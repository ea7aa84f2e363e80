import Randomness
import Testing

@testable import Terminal

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("Żeta", 4), ("日本", 4), ("한국", 4), ("ｱ", 1), ("Ａ", 2), ("e\u{301}", 1), ("📞", 2),
        ("☎\u{FE0F}", 2),
        ("☎", 1), ("🇩🇪", 2), ("ก็", 1), ("\u{1112}\u{1161}\u{11AB}", 2), ("\u{301}", 0),
    ])
    func countsCells(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本電信", 8, "日本電信"), ("日本電信", 7, "日本電…"),
        ("日本電信", 6, "日本…"), ("abc", 1, "…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ])
    func cutsAtWholeCharacters(text: String, cells: Int, cut: String) {
        #expect(DisplayWidth.cut(text, to: cells) == cut)
        #expect(DisplayWidth.of(DisplayWidth.cut(text, to: cells)) <= cells)
    }

    /// No line is too long, nothing is lost, and lines end at spaces where there are any.
    @Test(arguments: Seeds.of(1)) func textsAreWrapped(seed: UInt64) {
        #expect(DisplayWidth.wrapped("one two three", to: 8) == ["one two", "three"])
        #expect(
            DisplayWidth.wrapped("", to: 8) == [""]
                && DisplayWidth.wrapped("abcdefghij", to: 4) == ["abcd", "efgh", "ij"])
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let words = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                (0..<Int.random(in: 1...12, using: &random)).map { _ in
                    ["a", "é", "日"].randomElement(using: &random) ?? ""
                }
                .joined()
            }
            let cells = Int.random(in: 2...20, using: &random)
            let lines = DisplayWidth.wrapped(words.joined(separator: " "), to: cells)
            #expect(lines.allSatisfy { DisplayWidth.of($0) <= cells }, "seed \(seed): \(lines)")
            let letters = { (text: String) in text.filter { $0 != " " } }
            #expect(letters(lines.joined()) == words.joined(), "seed \(seed)")
            let isShort = words.allSatisfy { DisplayWidth.of($0) <= cells }
            if isShort { #expect(lines.flatMap { $0.split(separator: " ") }.map(String.init) == words, "seed \(seed)") }
        }
    }
}
