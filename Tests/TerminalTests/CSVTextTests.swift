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

    /// Blanks at either end would be trimmed, and line ends and separators would be others.
    @Test func whatAReaderWouldChangeIsQuoted() {
        for blank in [" ", "\t", "\u{A0}", "\u{3000}"] {
            #expect(CSVText.line([.text("a" + blank)]) == "\"a\(blank)\"")
            #expect(CSVText.line([.text("a" + blank + "b")]) == "a\(blank)b")
            if blank != "\t" { #expect(CSVText.line([.text(blank + "a")]) == "\"\(blank)a\"") }
        }
        for sign in ["\n", "\r", "\r\n", ","] {
            for text in [sign + "a", "a" + sign, "a" + sign + "b"] where sign != "\r" || !text.hasPrefix(sign) {
                #expect(CSVText.line([.text(text)]).hasPrefix("\""), "\(text)")
            }
        }
        #expect(CSVText.line([.text("a;b")], style: CSVStyle(separator: UInt8(ascii: ";"))) == "\"a;b\"")
        #expect(CSVText.line([.text("a,b")], style: CSVStyle(separator: UInt8(ascii: ";"))) == "a,b")
    }

    /// What a program may have put in place of a value is written so that it is read as it is, with as many apostrophes
    /// before it as it has.
    @Test(arguments: ["NULL", "(null)", "\\N", "#REF!", "####", "Err:502", "4.42E+11", "=1", "+1", "-1", "@a"])
    func apostrophesComeBack(text: String) {
        for count in 0...3 {
            let value = String(repeating: "'", count: count) + text
            #expect(CSVText.needsApostrophe(value), "\(value)")
            #expect(CSVText.line([.text(value)]) == "\"'\(value)\"")
        }
        let plain = "a" + text
        #expect(!CSVText.needsApostrophe(plain) && !CSVText.needsApostrophe("'" + plain))
    }
}
