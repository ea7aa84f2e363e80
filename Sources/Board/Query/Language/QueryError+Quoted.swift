extension QueryError {
    /// User input in quotes, fit for a message of one line: its beginning, control characters replaced.
    static func quoted(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(64) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: shown.append("\u{FFFD}")
            default: shown.append(scalar)
            }
        }
        return "'\(String(shown))\(text.unicodeScalars.count > 64 ? "..." : "")'"
    }
}
