// Aligns the amounts of one column. Currencies have different decimals, so the right edge is not where the point is.
//
//        740.50
//         22.217
//     12,163
//        250.00 EUR

extension Money {
    /// The texts padded with blanks, so that in a right-aligned column the points, or the ends of whole amounts, line
    /// up. A text that does not begin with an amount stays unchanged.
    public static func aligned(_ texts: [String]) -> [String] {
        let tails = texts.map(tail)
        let longest = tails.compactMap { $0 }.max() ?? 0
        return zip(texts, tails).map { text, tail in
            tail.map { text + String(repeating: " ", count: longest - $0) } ?? text
        }
    }

    /// Cells after the whole units; nil: not an amount.
    private static func tail(_ text: String) -> Int? {
        let digits = text.first == "-" ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isASCII, first.isNumber else { return nil }
        let units = digits.prefix { $0.isASCII && $0.isNumber || $0 == "," }
        return DisplayWidth.of(String(digits[units.endIndex...]))
    }
}
