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
}
