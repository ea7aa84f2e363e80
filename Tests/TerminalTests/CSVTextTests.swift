import Testing

@testable import Terminal

@Suite struct CSVTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""),
        (" blank", "\" blank\""), ("", ""), ("a;b", "a;b"),
    ])
    func quotesWhereNeeded(text: String, cell: String) {
        #expect(CSVText.line([.text(text)]) == cell)
    }

    @Test(arguments: ["=1+1", "+44", "-2", "@sum", "\tx", "\rx", "=cmd|' /C calc'!A0", "=\u{301}x"])
    func defusesFormulas(text: String) {
        #expect(CSVText.line([.text(text)]) == "\"'" + text + "\"")
    }

    @Test func numbersStayNumbers() {
        #expect(CSVText.line([.number("-12.50"), .empty, .number("7"), .text("x")]) == "-12.50,,7,x")
    }

    @Test func onATerminalNothingHides() {
        #expect(CSVText.line([.text("a\u{1B}[2Jb"), .text("x\ny")], visibleOnly: true) == "a\\u{1B}[2Jb,x\\ny")
    }

    @Test func listsDoubleTheirSeparator() {
        #expect(CSVText.list(["a", "b;c", ";"]) == "a;b;;c;;;")
    }
}
