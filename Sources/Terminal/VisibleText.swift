// Text that is safe to show. Names and notes come from other people: a control character among them could move the
// cursor, recolour the screen or, by bidirectional overrides and zero-width characters, make a name look like another.

public enum VisibleText {
    /// The text on one line, with every invisible character written as an escape: `\n`, `\t`, `\u{1B}`, `\u{202E}`.
    /// Text without such characters is returned unchanged.
    public static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        var clean = ""
        for scalar in text.unicodeScalars {
            if isHidden(scalar) {
                clean += escape(scalar)
            } else {
                clean.unicodeScalars.append(scalar)
            }
        }
        return clean
    }

    /// Control characters (C0, DEL, C1), format characters (bidirectional controls, zero-width space and joiners, byte
    /// order mark, soft hyphen, tags), line and paragraph separators, and the fillers that are letters by category but
    /// show nothing.
    public static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20 && scalar.value < 0x7F { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return true
        default: break
        }
        switch scalar.value {
        case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0: return true
        default: return false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        }
    }
}
