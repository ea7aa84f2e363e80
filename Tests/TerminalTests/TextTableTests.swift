import Testing

@testable import Terminal

@Suite struct TextTableTests {
    private static func sample() -> TextTable {
        var table = TextTable([.init("name"), .init("asr %", .right), .init("credit", .right)])
        table.rows = [["Acme", .init("39.9", colour: .red), "1,234.50"], ["日本電信", "-", "0.00"]]
        table.totals = [["total", "41.0", ""]]
        return table
    }

    @Test func alignsCells() {
        #expect(
            Self.sample().render().lines == [
                "name      asr %    credit",
                "Acme       39.9  1,234.50",
                "日本電信      -      0.00",
                "--------  -----  --------",
                "total      41.0",
            ])
    }

    @Test func coloursOnlyWhenAsked() {
        #expect(Self.sample().render(colours: true).lines[1] == "Acme       \u{1B}[31m39.9\u{1B}[0m  1,234.50")
        #expect(!Self.sample().render().lines.joined().contains("\u{1B}"))
    }

    @Test func leavesOutColumnsThatDoNotFit() {
        let rendering = Self.sample().render(width: 16)
        #expect(rendering.hiddenColumns == 1)
        #expect(rendering.lines[1] == "Acme       39.9")
        #expect(rendering.lines.allSatisfy { DisplayWidth.of($0) <= 16 })
    }

    @Test func cutsTheOnlyColumnThatIsLeft() {
        let rendering = Self.sample().render(width: 5)
        #expect(rendering.hiddenColumns == 2)
        #expect(rendering.lines == ["name", "Acme", "日本…", "-----", "total"])
    }

    @Test func cutsLongTextsBeforeItLeavesOutColumns() {
        var table = TextTable([.init("notes"), .init("n", .right)])
        table.rows = [[.init(String(repeating: "x", count: 200)), "1"]]
        let rendering = table.render(width: 80)
        #expect(rendering.hiddenColumns == 0)
        #expect(rendering.lines[1] == String(repeating: "x", count: 39) + "…  1")
    }

    @Test func cleansWhatItShows() {
        var table = TextTable([.init("a\u{1B}b")])
        table.rows = [["x\ny\u{202E}"]]
        #expect(table.render().lines == ["a\\u{1B}b", "x\\ny\\u{202E}"])
    }

    @Test func shortRowsAreFilledUp() {
        var table = TextTable([.init("a"), .init("b", .right)])
        table.rows = [["1"]]
        #expect(table.render().lines == ["a  b", "1"])
    }
}
