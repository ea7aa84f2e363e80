// Numbers in every way of writing them, and intervals.

import Testing

@testable import Board

@Suite struct NumbersTests {
    private func value(_ text: String) -> Cell? {
        try? ColumnExpression(text, window: .all, scope: .customer).expression.value { _ in .null }
    }

    @Test func everyWayOfWritingANumber() {
        for mantissa in ["0", "1", "12", "007", "12.5", ".5", "0.25", "9007199254740993"] {
            for exponent in ["", "e0", "e3", "E3", "e+3", "E+3", "e-3", "E-12", "e+0"] {
                let text = mantissa + exponent
                let isWhole = exponent.isEmpty && !mantissa.contains(".")
                let number = Double(text) ?? .nan
                let expected = isWhole ? Int64(text).map(Cell.integer) : Cell.number(number)
                #expect(value(text) == expected, "\(text)")
                #expect(value("-" + text) == expected?.negated, "-\(text)")
                #expect(value("0 - " + text) == Cell.arithmetic(.subtract, .integer(0), expected ?? .null), "\(text)")
                // A sign after a number is an operator.
                #expect(value(text + "+3") == Cell.arithmetic(.add, expected ?? .null, .integer(3)), "\(text)+3")
                #expect(value(text + "-3") == Cell.arithmetic(.subtract, expected ?? .null, .integer(3)), "\(text)-3")
            }
        }
        for text in [
            "1e", "1e+", "1E-", "1.2.3", "1ee5", "1e5x", "1x", "1_000", "0x10", "1e999", "1e5.5", "1.e.5", "+1",
        ] {
            #expect(value(text) == nil, "\(text)")
        }
    }

    @Test func intervalsAreNumbersOfSeconds() {
        for (unit, seconds) in [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)] as [(String, Int64)] {
            for count in [0, 1, 90, .max / seconds] {
                #expect(value("\(count)\(unit)") == .integer(count * seconds), "\(count)\(unit)")
                if count < 100 { #expect(value("\(count)\(unit) + 1s - 1") == .integer(count * seconds)) }
            }
            if seconds > 1 { #expect(value("\(Int64.max / seconds + 1)\(unit)") == nil, "\(unit)") }
            for text in ["1.5\(unit)", "1e3\(unit)", "5\(unit)\(unit)", "5\(unit)5", "5\(unit.uppercased())"] {
                #expect(value(text) == nil, "\(text)")
            }
        }
        #expect(value("9223372036854775808s") == nil)
    }
}
