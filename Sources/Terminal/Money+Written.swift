// Amounts as spreadsheets write them: thousands may be separated, and decimals follow a point or a comma.
//
//     1234.50   1,234.50   1 234.50   1'234.50      point before the decimals
//     1234,50   1.234,50   1 234,50                 comma before the decimals
//     1.234.567   1,234,567                         a sign that occurs twice separates thousands
//     1,234                                         ambiguous, unless `commaIsDecimal`

extension Money {
    /// The amount written by a person or a spreadsheet.
    /// - Parameter commaIsDecimal: a comma precedes the decimals and a point separates thousands; otherwise the signs
    ///   decide, and a single comma before three digits is refused.
    /// - Throws: `MoneyError`: `separator` if it is ambiguous or contradicts `commaIsDecimal`, `grouping` if thousands
    ///   are not of three digits.
    public static func micros(written text: String, commaIsDecimal: Bool = false) throws(MoneyError) -> Int64 {
        var digits = Substring(text)
        digits = digits.drop(while: isBlank)
        while let last = digits.last, isBlank(last) { digits.removeLast() }
        let isNegative = digits.first == "-" || digits.first == "\u{2212}"
        if isNegative || digits.first == "+" { digits = digits.dropFirst() }
        let isPossible = digits.allSatisfy { isDigit($0) || $0 == "." || $0 == "," || isNeutral($0) }
        guard isPossible, !digits.isEmpty else {
            throw Number.isScientific(text) ? .scientific(text) : .notAnAmount(text)
        }
        let mark = try decimalMark(of: digits, text, commaIsDecimal)
        guard let mark, let place = digits.lastIndex(of: mark) else {
            return try micros(isNegative, units: ungrouped(digits, text), fraction: "0", text)
        }
        let units = try ungrouped(digits[..<place], text)
        return try micros(isNegative, units: units, fraction: digits[digits.index(after: place)...], text)
    }

    /// The sign before the decimals; nil: there are no decimals.
    private static func decimalMark(
        of digits: Substring, _ text: String, _ commaIsDecimal: Bool
    ) throws(MoneyError) -> Character? {
        let (points, commas) = (digits.count { $0 == "." }, digits.count { $0 == "," })
        if commaIsDecimal {
            guard commas <= 1, commas == 0 || points == 0 || digits.last(where: isMark) == "," else {
                throw .separator(text)
            }
            return commas == 1 ? "," : nil
        }
        if points > 0 && commas > 0 { return digits.last(where: isMark) }
        if points > 0 { return points == 1 ? "." : nil }
        guard commas == 1, let comma = digits.firstIndex(of: ",") else { return nil }
        if digits.contains(where: isNeutral) { return "," }
        // `1,234` may be over a thousand or a little over one. `0,125` and `1234,567` are not grouped.
        let before = digits[..<comma]
        let mayGroup = digits[comma...].count == 4 && (1...3).contains(before.count) && before.first != "0"
        if mayGroup { throw .separator(text) }
        return ","
    }

    /// The digits before the decimals, without thousands separators.
    private static func ungrouped(_ units: Substring, _ text: String) throws(MoneyError) -> String {
        guard let mark = units.first(where: { !isDigit($0) }) else { return String(units) }
        let groups = units.split(separator: mark, omittingEmptySubsequences: false)
        let isGrouped =
            groups.dropFirst().allSatisfy { $0.count == 3 && $0.allSatisfy(isDigit) }
            && (1...3).contains(groups[0].count) && groups[0].first != "0"
        guard isGrouped else { throw .grouping(text) }
        return groups.joined()
    }

    private static func isDigit(_ character: Character) -> Bool {
        character >= "0" && character <= "9" && character.isASCII
    }

    private static func isMark(_ character: Character) -> Bool { character == "." || character == "," }

    /// What separates thousands in any position: spaces, including non-breaking ones, and apostrophes.
    private static func isNeutral(_ character: Character) -> Bool {
        isBlank(character) || character == "'" || character == "\u{2019}"
    }

    private static func isBlank(_ character: Character) -> Bool {
        switch character {
        case " ", "\u{A0}", "\u{202F}", "\u{2009}": true
        default: false
        }
    }
}
