// How many cells of a terminal a text takes: East Asian wide and fullwidth characters and emoji take two, combining
// marks join the character before them. Terminals differ in rare scripts; a wrong cell costs alignment and nothing
// else.

public enum DisplayWidth {
    /// Cells that the text takes. It must be clean (`VisibleText.clean`).
    public static func of(_ text: String) -> Int {
        var width = 0
        for character in text { width += of(character) }
        return width
    }

    /// The text if it fits, else as many characters as fit before an ellipsis.
    /// - Parameter cells: 1 or more.
    public static func cut(_ text: String, to cells: Int) -> String {
        guard of(text) > cells else { return text }
        var kept = ""
        var width = 1
        for character in text {
            width += of(character)
            if width > cells { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// The text in lines of at most so many cells, broken at spaces, or in the middle of a word that is longer than a
    /// line.
    /// - Parameter cells: 2 or more.
    public static func wrapped(_ text: String, to cells: Int) -> [String] {
        var lines = [""]
        var width = 0
        for (number, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            let own = of(String(word))
            if number > 0 && width + 1 + own > cells && width > 0 {
                lines.append("")
                width = 0
            } else if number > 0 && width < cells {
                lines[lines.count - 1] += " "
                width += 1
            }
            for character in word {
                let cell = of(character)
                if width + cell > cells {
                    lines.append("")
                    width = 0
                }
                lines[lines.count - 1].append(character)
                width += cell
            }
        }
        return lines
    }

    static func of(_ character: Character) -> Int {
        // A Character has at least one scalar.
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if first.isASCII { return 1 }
        // U+FE0F selects the emoji form of a character that is also text: ☎️.
        if isWide(first) || first.properties.isEmojiPresentation || scalars.contains("\u{FE0F}") { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return 1
        }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x1100 else { return false }
        return wideRanges.contains { $0.contains(scalar.value) }
    }

    /// The blocks whose characters are W or F in Unicode's EastAsianWidth.txt; emoji are recognised by their own
    /// property.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F,  // Hangul Jamo, initial consonants
        0x2E80...0x303E,  // CJK radicals, ideographic description, CJK punctuation
        0x3041...0x33FF,  // Kana, Bopomofo, Hangul compatibility, enclosed CJK
        0x3400...0x4DBF,  // CJK extension A
        0x4E00...0x9FFF,  // CJK unified ideographs
        0xA000...0xA4CF,  // Yi
        0xA960...0xA97F,  // Hangul Jamo extended A
        0xAC00...0xD7A3,  // Hangul syllables
        0xF900...0xFAFF,  // CJK compatibility ideographs
        0xFE10...0xFE19,  // vertical forms
        0xFE30...0xFE6F,  // CJK compatibility forms, small forms
        0xFF01...0xFF60,  // fullwidth forms
        0xFFE0...0xFFE6,  // fullwidth signs
        0x16FE0...0x18DFF,  // Tangut, Khitan
        0x1AFF0...0x1B2FF,  // Kana supplements, Nüshu
        0x1F200...0x1F2FF,  // enclosed ideographs
        0x20000...0x3FFFD,  // CJK extensions B and on
    ]
}
