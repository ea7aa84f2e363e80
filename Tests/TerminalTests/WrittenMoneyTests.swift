import Randomness
import Testing

@testable import Terminal

/// Amounts as spreadsheets of all countries write them.
@Suite struct WrittenMoneyTests {
    @Test(
        arguments: [
            "1234.50", "1234,50", "1,234.50", "1.234,50", "1 234.50", "1 234,50", "1\u{A0}234,50", "1\u{202F}234,50",
            "1'234.50", "1\u{2019}234.50", "+1234.5", " 1234.50\u{A0}",
        ])
    func thousandTwoHundred(_ text: String) throws {
        #expect(try Money.micros(written: text) == 1_234_500_000)
    }

    @Test(
        arguments: [
            ("1,234,567", 1_234_567_000_000), ("1.234.567", 1_234_567_000_000), ("1.234.567,89", 1_234_567_890_000),
            ("\u{2212}5,5", -5_500_000), ("0,125", 125_000), ("1234,567", 1_234_567_000), ("1 234,567", 1_234_567_000),
            ("1.234", 1_234_000), ("1 250,50", 1_250_500_000),
        ] as [(String, Int64)])
    func otherAmounts(_ text: String, _ micros: Int64) throws {
        #expect(try Money.micros(written: text) == micros)
    }

    @Test func whatNobodyCanTellIsRefusedAndCanBeTold() throws {
        #expect(throws: MoneyError.separator("1,234")) { try Money.micros(written: "1,234") }
        #expect(try Money.micros(written: "1,234", commaIsDecimal: true) == 1_234_000)
        #expect(try Money.micros(written: "1.234", commaIsDecimal: true) == 1_234_000_000)
        #expect(try Money.micros(written: "1.234,5", commaIsDecimal: true) == 1_234_500_000)
        #expect(throws: MoneyError.separator("1,234.5")) { try Money.micros(written: "1,234.5", commaIsDecimal: true) }
        #expect(throws: MoneyError.grouping("1.5")) { try Money.micros(written: "1.5", commaIsDecimal: true) }
    }

    @Test(arguments: [
        "12,34.5", "1,2345.6", "1 2", ",123.4", "0,123,456", "1'23", "1 234'567", "1,23,456", "1234,567.8",
    ])
    func groupsAreOfThreeDigits(_ text: String) {
        #expect(throws: MoneyError.grouping(text)) { try Money.micros(written: text) }
    }

    @Test(arguments: ["12,5 %", "$50", "#####", "", "-", "1.2e3x", "(5.00)", "5,00-", "EUR 5", "1,", "1,234."])
    func whatIsNoAmount(_ text: String) {
        #expect(throws: MoneyError.self) { try Money.micros(written: text) }
    }

    /// Whatever way an amount is grouped, it is itself, or ambiguous by one single comma before three digits.
    @Test(arguments: Seeds.of()) func groupedAmountsComeBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let units =
                UInt64.random(in: 0...9_000_000_000_000, using: &random) >> UInt64.random(in: 0...43, using: &random)
            let decimals = Int.random(in: 0...6, using: &random)
            let fraction = (0..<decimals).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            let isNegative = Bool.random(using: &random)
            let mark = [".", ","].randomElement(using: &random)!
            let groups = (mark == "." ? [",", " ", "'", ""] : [".", "\u{A0}", "\u{2019}", ""]).randomElement(
                using: &random)!
            let grouped = Number.grouped(units).replacing(",", with: groups)
            let text = (isNegative ? "-" : "") + grouped + (decimals > 0 ? mark + fraction : "")
            let padded = fraction + String(repeating: "0", count: 6 - decimals)
            let expected = Int64(units) * 1_000_000 + Int64(padded)!
            let micros = isNegative ? -expected : expected
            let note: Comment = "seed \(seed): \(text)"
            let isTold = decimals == 0 ? groups == "." : mark == ","
            if isTold { #expect(try Money.micros(written: text, commaIsDecimal: true) == micros, note) }
            let marks = text.filter { $0 == "," || $0 == "." }
            let isNeutral = text.contains { " \u{A0}'\u{2019}".contains($0) }
            let tail = text.drop { $0 != "," && $0 != "." }.count
            switch marks {
            // A single point is one of decimals, a single comma may be.
            case "." where groups == "." && decimals == 0: continue
            case "," where !isNeutral && tail == 4 && (1...999).contains(units) && mark == ",":
                #expect(throws: MoneyError.separator(text), note) { try Money.micros(written: text) }
            case "," where groups == "," && decimals == 0:
                #expect(throws: MoneyError.separator(text), note) { try Money.micros(written: text) }
            default: #expect(try Money.micros(written: text) == micros, note)
            }
        }
    }
}
