import Testing

@testable import busyhour

/// The line `sep=;`: every sign, every line end, with and without what programs make of it.
@Suite struct SeparatorLineTests {
    private enum Found: Equatable {
        case line(SeparatorLine)
        case row
        case refused
    }

    /// What is found in a file that begins with this line.
    private static func find(_ line: String, _ end: String = "\n", more: String = "a;b\n") -> Found {
        do {
            return try SeparatorLine.find(in: Array((line + end + more).utf8)).map { .line($0) } ?? .row
        } catch {
            return .refused
        }
    }

    private static func semicolon(_ bytes: Int) -> Found { .line(.init(separator: .semicolon, bytes: bytes)) }

    /// Signs that are no part of numbers, words or quotes separate.
    @Test func everySignOfASCII() {
        for byte in UInt8(1)..<0x80 where byte != 0x0A && byte != 0x0D {
            let sign = String(UnicodeScalar(byte))
            let isWord = sign.first?.isLetter == true || sign.first?.isNumber == true || "+-._".contains(sign)
            let isSign = byte == 9 || byte > 0x20 && byte < 0x7F && !isWord && sign != "\""
            let line = SeparatorLine(separator: .init(rawValue: byte), bytes: 6)
            #expect(Self.find("sep=" + sign) == (isSign ? .line(line) : .refused), "\(byte)")
        }
    }

    @Test func endsOfTheLine() {
        for (end, count) in [("\n", 6), ("\r\n", 7), ("\r", 6), ("\n\n", 6), ("\r\n\r\n", 7), ("\n\r", 6)] {
            #expect(Self.find("sep=;", end) == Self.semicolon(count), "\(count)")
        }
        #expect(Self.find("sep=;", "", more: "") == Self.semicolon(5))
    }

    @Test(arguments: [
        ("SEP=;", true), ("Sep=;", true), ("\"sep=;\"", true), ("sep=;;;;", true), ("sep=;,,", true), ("sep=; ", true),
        ("\"sep=;\";;;", true), ("sep=", false), ("sep=;x", false), ("\"sep=;", false), ("sep=ä", false),
        ("\"sep=\";\"", false), ("sep=;;|", false),
    ])
    func whatProgramsMakeOfIt(line: String, isOne: Bool) {
        #expect(Self.find(line) == (isOne ? Self.semicolon(line.utf8.count + 1) : .refused))
    }

    @Test(arguments: ["", "separator", " sep=;", "name;sep=;", "sep", "se=;", "sep;="])
    func whatIsAnOrdinaryRow(line: String) {
        #expect(Self.find(line) == .row)
    }
}
