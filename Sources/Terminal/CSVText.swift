// CSV as printed by the commands (RFC 4180, lines end in LF). A cell that a spreadsheet would run as a formula is
// quoted after an apostrophe, and so is one that looks like what a program leaves in place of a lost value.

public enum CSVText {
    public enum Cell: Equatable, Sendable {
        case empty
        case text(String)
        /// A number to be read back, with a decimal point: never defused.
        case number(String)
    }

    /// One line without its line end.
    /// - Parameter visibleOnly: for a terminal: invisible characters become escapes.
    public static func line(_ cells: [Cell], style: CSVStyle = .standard, visibleOnly: Bool = false) -> String {
        let separator = Unicode.Scalar(style.separator)
        return cells.map { text(of: $0, style, separator, visibleOnly) }.joined(separator: String(separator))
    }

    /// Texts as one cell: joined by `;`, a `;` in a value doubled.
    public static func list(_ values: [String]) -> String {
        values.map { $0.doubling(";") }.joined(separator: ";")
    }

    private static func text(
        of cell: Cell, _ style: CSVStyle, _ separator: Unicode.Scalar, _ visibleOnly: Bool
    ) -> String {
        switch cell {
        case .empty: return ""
        case .number(let digits):
            let number = style.number(digits)
            return number.unicodeScalars.contains(separator) ? quoted(number) : number
        case .text(let value):
            let value = visibleOnly ? VisibleText.clean(value) : value
            if needsApostrophe(value) { return quoted("'" + value) }
            return needsQuotes(value, separator) ? quoted(value) : value
        }
    }

    /// Whether a text would be misread without an apostrophe before it, which readers remove: as a formula or, where
    /// such texts are refused, as what a program put in place of a value. Also true if that holds after leading
    /// apostrophes: what is written can then be distinguished from the original.
    public static func needsApostrophe(_ value: String) -> Bool {
        let rest = Substring(value.unicodeScalars.drop { $0 == "'" })
        return startsFormula(value) || SpreadsheetDamage(rest) != nil
    }

    /// Whether a spreadsheet would run a text as a formula: by its first scalar, or the first after apostrophes. (A
    /// combining mark after it makes no difference to a spreadsheet.)
    private static func startsFormula(_ value: String) -> Bool {
        switch value.unicodeScalars.first(where: { $0 != "'" }) {
        case "=", "+", "-", "@", "\t", "\r", "\0", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
        default: false
        }
    }

    private static func needsQuotes(_ value: String, _ separator: Unicode.Scalar) -> Bool {
        value.first?.isWhitespace ?? false || value.last?.isWhitespace ?? false
            || value.unicodeScalars.contains { $0 == separator || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    }

    private static func quoted(_ value: String) -> String {
        "\"" + value.doubling("\"") + "\""
    }
}

extension String {
    /// Doubles a sign everywhere, also under a combining mark: readers work on scalars.
    public func doubling(_ sign: Unicode.Scalar) -> String {
        guard unicodeScalars.contains(sign) else { return self }
        var text = UnicodeScalarView()
        for scalar in unicodeScalars {
            text.append(scalar)
            if scalar == sign { text.append(scalar) }
        }
        return String(text)
    }
}
