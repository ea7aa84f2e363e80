import Testing

@testable import busyhour

/// The line `sep=;`: every sign, every line end, with and without what programs make of it.
@Suite struct SeparatorLineTests {
    /// What is found in a file that begins with this line; nil: it is refused.
    private static func find(_ line: String, _ end: String = "\n") -> SeparatorLine?? {
        try? SeparatorLine.find(in: Array((line + end + "a;b\n").utf8))
    }

    /// Signs that are no part of numbers, words or quotes separate.
    @Test func everySignOfASCII() {
        for byte in UInt8(1)..<0x80 where byte != 0x0A && byte != 0x0D {
            let sign = String(UnicodeScalar(byte))
            let isWord = sign.first?.isLetter == true || sign.first?.isNumber == true || "+-._".contains(sign)
            let isSign = byte == 9 || byte > 0x20 && byte < 0x7F && !isWord && sign != "\""
            let found = Self.find("sep=" + sign)
            #expect((found != nil) == isSign, "\(byte)")
            if isSign { #expect(found == .some(SeparatorLine(separator: .init(rawValue: byte), bytes: 6))) }
        }
    }

    @Test func endsOfTheLine() {
        for (end, count) in [("\n", 6), ("\r\n", 7), ("\r", 6), ("\n\n", 6), ("\r\n\r\n", 7), ("\n\r", 6)] {
            #expect(Self.find("sep=;", end) == .some(SeparatorLine(separator: .semicolon, bytes: count)), "\(count)")
        }
        let whole = try? SeparatorLine.find(in: Array("sep=;".utf8))
        #expect(whole == .some(SeparatorLine(separator: .semicolon, bytes: 5)))
    }

    @Test(arguments: [
        ("SEP=;", true), ("Sep=;", true), ("\"sep=;\"", true), ("sep=;;;;", true), ("sep=;,,", true), ("sep=; ", true),
        ("\"sep=;\";;;", true), ("sep=", false), ("sep=;x", false), ("\"sep=;", false), ("sep=ä", false),
        ("\"sep=\";\"", false), ("sep=;;|", false),
    ])
    func whatProgramsMakeOfIt(line: String, isOne: Bool) {
        let found = Self.find(line)
        #expect((found != nil) == isOne)
        if isOne { #expect(found??.separator == .semicolon && found??.bytes == line.utf8.count + 1) }
    }

    @Test(arguments: ["", "separator", " sep=;", "name;sep=;", "sep", "se=;", "sep;="])
    func whatIsAnOrdinaryRow(line: String) {
        #expect(Self.find(line) == .some(nil))
    }
}
