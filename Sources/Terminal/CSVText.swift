// CSV as the commands print it (RFC 4180, lines end in LF). A cell that a spreadsheet would run as a formula is quoted
// behind an apostrophe.

public enum CSVText {
    public enum Cell: Equatable, Sendable {
        case empty
        case text(String)
        /// A number as it is to be read back: never quoted, never defused.
        case number(String)
    }

    /// One line without its end.
    /// - Parameter visibleOnly: for a terminal: characters that do not show themselves become escapes.
    public static func line(_ cells: [Cell], visibleOnly: Bool = false) -> String {
        cells.map { text(of: $0, visibleOnly: visibleOnly) }.joined(separator: ",")
    }

    /// Texts as one cell: joined by `;`, a `;` in a value doubled.
    public static func list(_ values: [String]) -> String {
        values.map { $0.replacing(";", with: ";;") }.joined(separator: ";")
    }

    private static func text(of cell: Cell, visibleOnly: Bool) -> String {
        switch cell {
        case .empty: return ""
        case .number(let digits): return digits
        case .text(let value):
            let value = visibleOnly ? VisibleText.clean(value) : value
            if startsFormula(value) { return quoted("'" + value) }
            return needsQuotes(value) ? quoted(value) : value
        }
    }

    /// Whether a spreadsheet would run a text as a formula: by its first scalar, or, so that what is written can be told from
    /// what was there before, by the first behind apostrophes. (A combining mark after it changes nothing for a spreadsheet.)
    public static func startsFormula(_ value: String) -> Bool {
        switch value.unicodeScalars.first(where: { $0 != "'" }) {
        case "=", "+", "-", "@", "\t", "\r", "\0", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
        default: false
        }
    }

    private static func needsQuotes(_ value: String) -> Bool {
        value.first?.isWhitespace ?? false || value.last?.isWhitespace ?? false
            || value.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    }

    private static func quoted(_ value: String) -> String {
        "\"" + value.replacing("\"", with: "\"\"") + "\""
    }
}
