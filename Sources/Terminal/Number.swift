// Numbers as people read them: thousands separated, a fixed number of decimals, no negative zero.

public enum Number {
    /// `1234567` as `1,234,567`.
    public static func grouped(_ value: some BinaryInteger) -> String {
        (value < 0 ? "-" : "") + grouped(digits: String(value.magnitude))
    }

    /// Commas every three digits, from the right.
    static func grouped(digits: String) -> String {
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// The number rounded to a number of decimals (0...6; half away from zero), thousands separated; `-` if it is not
    /// finite.
    public static func fixed(_ value: Double, decimals: Int) -> String {
        precondition((0...6).contains(decimals))
        guard value.isFinite else { return "-" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value * scale).rounded(.toNearestOrAwayFromZero)
        // Above 2^53 there are no decimals left to show.
        guard scaled.magnitude < 9_007_199_254_740_992 else { return String(value) }
        let magnitude = UInt64(scaled.magnitude)
        let sign = scaled < 0 ? "-" : ""
        let units = grouped(digits: String(magnitude / UInt64(scale)))
        guard decimals > 0 else { return sign + units }
        let fraction = String(magnitude % UInt64(scale))
        return sign + units + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// Whether a spreadsheet seems to have shortened a number: `4.42079E+11`, `1,2e5`.
    public static func isScientific(_ text: some StringProtocol) -> Bool {
        // Most cells do not contain this letter.
        guard text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return false }
        var rest = Substring(text)
        func dropDigits() -> Int {
            let before = rest.utf8.count
            rest = rest.drop { $0.isASCII && $0.isWholeNumber }
            return before - rest.utf8.count
        }
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        guard dropDigits() > 0 else { return false }
        if rest.first == "." || rest.first == "," {
            rest = rest.dropFirst()
            _ = dropDigits()
        }
        guard rest.first == "e" || rest.first == "E" else { return false }
        rest = rest.dropFirst()
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        return dropDigits() > 0 && rest.isEmpty
    }
}
