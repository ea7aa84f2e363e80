// Money as text. An amount is a count of 10^-6 of the currency's unit and never becomes a floating point number.

public enum Money {
    static let microsPerUnit: UInt64 = 1_000_000
    public static let fractionDigits = 6

    /// The exact amount with at least two decimals and no more than necessary: `12.50`, `-0.000001`, `0.00`.
    /// `-0.00` cannot appear: an amount that is not zero shows all its digits.
    /// - Parameter grouped: separates thousands by commas, for people; programs get it without.
    public static func text(micros: Int64, grouped: Bool = false) -> String {
        let magnitude = micros.magnitude
        let units = magnitude / microsPerUnit
        var fraction = String(magnitude % microsPerUnit)
        fraction = String(repeating: "0", count: fractionDigits - fraction.count) + fraction
        while fraction.count > 2 && fraction.hasSuffix("0") { fraction.removeLast() }
        let sign = micros < 0 ? "-" : ""
        return sign + (grouped ? Number.grouped(digits: String(units)) : String(units)) + "." + fraction
    }

    /// For people: a fixed number of decimals (0...6), rounded half away from zero, thousands separated.
    public static func text(micros: Int64, decimals: Int) -> String {
        precondition((0...fractionDigits).contains(decimals))
        var unit: UInt64 = 1
        for _ in decimals..<fractionDigits { unit *= 10 }
        // The magnitude is at most 2^63, so half a unit more fits.
        let rounded = (micros.magnitude + unit / 2) / unit * unit
        let units = Number.grouped(digits: String(rounded / microsPerUnit))
        let sign = micros < 0 && rounded > 0 ? "-" : ""
        if decimals == 0 { return sign + units }
        let fraction = String(rounded % microsPerUnit)
        let padded = String(repeating: "0", count: fractionDigits - fraction.count) + fraction
        return sign + units + "." + padded.prefix(decimals)
    }

    /// The amount written by a person: an optional sign, digits, at most six decimals after a point.
    /// - Parameter decimalComma: also accepts what spreadsheets write, see `micros(written:commaIsDecimal:)`.
    /// - Throws: `MoneyError`, which says what is wrong and how to fix it.
    public static func micros(_ text: String, decimalComma: Bool = false) throws(MoneyError) -> Int64 {
        if decimalComma { return try micros(written: text) }
        var digits = Substring(text)
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits = digits.dropFirst() }
        guard !digits.contains(",") else { throw .separator(text) }
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return try micros(isNegative, units: parts[0], fraction: parts.count > 1 ? parts[1] : "0", text)
    }

    /// - Parameter text: the whole text, for errors.
    static func micros(
        _ isNegative: Bool, units: some StringProtocol, fraction: some StringProtocol, _ text: String
    ) throws(MoneyError) -> Int64 {
        guard !units.isEmpty, !fraction.isEmpty, isDecimal(units), isDecimal(fraction) else {
            throw Number.isScientific(text) ? .scientific(text) : .notAnAmount(text)
        }
        guard fraction.count <= fractionDigits else { throw .tooFine(text) }
        let padded = fraction + String(repeating: "0", count: fractionDigits - fraction.count)
        guard let micros = Int64((isNegative ? "-" : "") + units + padded) else { throw .tooLarge(text) }
        return micros
    }

    static func isDecimal(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
}

/// Why a text is not an amount of money.
public enum MoneyError: Error, Equatable, Sendable, CustomStringConvertible {
    case notAnAmount(String)
    case scientific(String)
    case separator(String)
    /// Thousands are separated in an invalid position.
    case grouping(String)
    case tooFine(String)
    case tooLarge(String)

    public var description: String {
        switch self {
        case .notAnAmount(let text): "'\(text)' is not an amount; write digits and a decimal point, such as 12.50"
        case .scientific(let text):
            "'\(text)' is in scientific notation, digits may be lost; format the cell as a number and write it in full"
        case .separator(let text): "'\(text)' has an ambiguous comma; write the amount as 1234.50"
        case .grouping(let text):
            "'\(text)' is not grouped by three digits; write the amount as 1234.50"
        case .tooFine(let text): "'\(text)' has more than \(Money.fractionDigits) decimals; round it"
        case .tooLarge(let text): "'\(text)' is out of range; amounts go up to 9,223,372,036,854"
        }
    }
}
