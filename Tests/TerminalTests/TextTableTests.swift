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

    private static func pivoted() -> TextTable {
        var table = TextTable([
            .init("name"), .init("n", .right, heading: "Active"), .init("asr %", .right, heading: "Active"),
            .init("n", .right, heading: "a\u{1B} long one"), .init("n", .right, heading: "x"),
        ])
        table.rows = [["Acme", "1", "2", "3", "4"]]
        return table
    }

    @Test func headingsStandOverTheirColumns() {
        #expect(
            Self.pivoted().render().lines == [
                "      Active -  a\\u{1B} long one  x", "name  n  asr %                 n  n",
                "Acme  1      2                 3  4",
            ])
    }

    @Test func headingsAreCutWithTheirColumns() {
        let lines = Self.pivoted().render(width: 8).lines
        #expect(lines == ["      …", "name  n", "Acme  1"])
    }

    @Test func pinnedColumnsStayAndWidthsHold() {
        var table = TextTable([
            .init("name", width: 6), .init("a", .right), .init("b", .right), .init("credit", .right, isPinned: true),
        ])
        table.rows = [["Northwind", "1", "2", "3.00"]]
        #expect(table.render().lines == ["name    a  b  credit", "North…  1  2    3.00"])
        let narrow = table.render(width: 18)
        #expect(narrow.lines == ["name    a  credit", "North…  1    3.00"] && narrow.hiddenColumns == 1)
        #expect(table.render(width: 8).lines == ["credit", "  3.00"])
    }

    @Test func rowsThatDoNotFitAreRemoved() {
        var table = Self.sample()
        #expect(table.removeRows(beyond: 4) == 1)
        #expect(table.render().lines.count == 4)
        #expect(table.removeRows(beyond: 0) == 1 && table.rows.isEmpty)
        var all = Self.sample()
        #expect(all.removeRows(beyond: 5) == 0)
    }

    @Test func totalsOfWhatDoesNotFitAreLeftOut() {
        var table = Self.sample()
        table.totals = [["total", "41.0", ""], ["total EUR", "", "1.00"], ["total USD", "", "2.00"]]
        #expect(table.render().lines.suffix(2) == ["total EUR             1.00", "total USD             2.00"])
        #expect(table.render(width: 17).lines.suffix(2) == ["---------  -----", "total       41.0"])
        // Without a title the amount is all there is of it.
        table.totals = [["", "41.0", ""], ["", "", "1.00 EUR"]]
        #expect(table.render().lines.last?.hasSuffix("1.00 EUR") == true)
    }

    /// A column of a fixed width has it, whatever else does not fit; the others are cut first.
    @Test(arguments: [1, 39, 40, 41, 60]) func fixedWidthsAreNotNarrowed(width: Int) {
        let long = String(repeating: "x", count: 70)
        var table = TextTable([.init("fixed", width: width), .init("free"), .init("n", .right)])
        table.rows = [[.init(long), .init(long), "1"]]
        let rendering = table.render(width: width + 50)
        #expect(rendering.hiddenColumns == 0)
        let shown = rendering.lines[1].split(separator: " ").map(\.count)
        #expect(shown == [width, TextTable.widestText, 1])
        // Where all fits nothing is cut but what is fixed.
        #expect(table.render().lines[1].split(separator: " ").map(\.count) == [width, 70, 1])
    }

    /// Rows, titles, headings and any number of totals take as many lines as the screen has.
    @Test func aTableIsNoHigherThanAsked() {
        for totals in 0...3 {
            for hasHeadings in [false, true] {
                for lines in 0...12 {
                    var table = TextTable([.init("a"), .init("b", .right, heading: hasHeadings ? "H" : nil)])
                    table.rows = (1...9).map { ["r", .init("\($0)")] }
                    table.totals = (0..<totals).map { [.init("t\($0)"), "5"] }
                    let others = table.render().lines.count - 9
                    let removed = table.removeRows(beyond: lines)
                    #expect(removed == min(9, max(0, 9 + others - lines)), "\(totals) totals, \(lines) lines")
                    #expect(table.render().lines.count == 9 + others - removed)
                }
            }
        }
    }
}
