// Texts without case and accents, as the search box and LIKE compare them: `Zürich`, `ZURICH` and `zurich` are the
// same.

enum FoldedText {
    /// Lower case, accents of Latin letters removed, composed or not; other scripts: lower case only.
    static func fold(_ text: String) -> String {
        var text = text
        let isPlain = text.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 && !(0x41...0x5A).contains($0) } }
        if isPlain { return text }
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { append(scalar, to: &folded) }
        return String(folded)
    }

    private static func append(_ scalar: Unicode.Scalar, to folded: inout String.UnicodeScalarView) {
        switch scalar.value {
        case 0x41...0x5A: folded.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
        case 0..<0xC0: folded.append(scalar)
        case 0x300...0x36F: break  // combining accents
        case 0xDF, 0x1E9E: folded.append(contentsOf: "ss".unicodeScalars)
        case 0xC6, 0xE6: folded.append(contentsOf: "ae".unicodeScalars)
        case 0x152, 0x153: folded.append(contentsOf: "oe".unicodeScalars)
        case 0xDE, 0xFE: folded.append(contentsOf: "th".unicodeScalars)
        case 0xC0..<0x250: append(scalar, latin[Int(scalar.value - 0xC0)], to: &folded)
        case 0x1E00..<0x1F00: append(scalar, latinAdditional[Int(scalar.value - 0x1E00)], to: &folded)
        default: folded.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        }
    }

    private static func append(_ scalar: Unicode.Scalar, _ base: UInt8, to folded: inout String.UnicodeScalarView) {
        if base == UInt8(ascii: ".") {
            folded.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        } else {
            folded.append(Unicode.Scalar(base))
        }
    }

    /// The base letters of the accented ones from U+00C0 on, by Unicode decomposition; a dot where there is none.
    private static let latin = Array(
        ("aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.yaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiii"
            + "iii..jjkk.llllll..llnnnnnn...oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzsb......................i....."
            + "...oo.............uu....zz......................aaiioouuuuuuuuuu.aaaa..ggggkkoooo..j...gg..nnaa..ooaaaaeeeeiii"
            + "ioooorrrruuuusstt..hh....zzaaeeooooooooyy.......cc......b..eejj....yy").utf8)

    /// The base letters of those from U+1E00 on.
    private static let latinAdditional = Array(
        ("aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttt"
            + "tttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooo"
            + "oooooooouuuuuuuuuuuuuuyyyyyyyy......").utf8)
}
