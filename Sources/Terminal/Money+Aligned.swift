// Amounts of one column below each other. Currencies have different decimals, so the right edge is not where the point is.
//
//        740.50
//         22.217
//     12,163
//        250.00 EUR

extension Money {
    /// The texts with blanks behind them, so that on the right edge of a column points, or the ends of whole amounts, stand below
    /// each other. What does not begin as an amount stays as it is.
    public static func aligned(_ texts: [String]) -> [String] {
        let tails = texts.map(tail)
        let longest = tails.compactMap { $0 }.max() ?? 0
        return zip(texts, tails).map { text, tail in
            tail.map { text + String(repeating: " ", count: longest - $0) } ?? text
        }
    }

    /// Cells behind the whole units; nil: this is no amount.
    private static func tail(_ text: String) -> Int? {
        let digits = text.first == "-" ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isASCII, first.isNumber else { return nil }
        let units = digits.prefix { $0.isASCII && $0.isNumber || $0 == "," }
        return DisplayWidth.of(String(digits[units.endIndex...]))
    }
}
