import Testing

@testable import busyhour

/// Files in every encoding, cut into two or three reads anywhere, also behind the bytes by which the encoding is seen.
@Suite struct TextDecodingTests {
    /// Longer than what is looked at to see the encoding; characters of one to four bytes, in pairs of UTF-16 as well.
    private static let text =
        "name;currency\r\n" + String(repeating: "Ä;EUR\r\n", count: 30) + "Łódź 😀;€\r\n😀😀é;𝄞\r\nlast 日本😀"

    private static func decode(_ bytes: [UInt8], _ cuts: [Int], as encoding: TextEncoding?) throws -> [UInt8] {
        var decoding = TextDecoding(encoding)
        var (decoded, start) = ([UInt8](), 0)
        for end in cuts + [bytes.count] {
            decoded += try decoding.decode(Array(bytes[start..<end]))
            start = end
        }
        return try decoded + decoding.finish()
    }

    /// The text in an encoding, without a mark.
    private static func encoded(_ text: String, as encoding: TextEncoding) -> [UInt8] {
        switch encoding {
        case .utf8: Array(text.utf8)
        case .latin1: text.unicodeScalars.map { $0.value < 256 ? UInt8($0.value) : 0x3F }
        case .windows1252: text.unicodeScalars.map { $0 == "€" ? 0x80 : $0.value < 256 ? UInt8($0.value) : 0x3F }
        case .utf16LittleEndian: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16BigEndian: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
    }

    private static func expected(_ encoding: TextEncoding) -> [UInt8] {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch encoding {
            case .latin1: scalar.value < 256 ? scalar : "?"
            case .windows1252: scalar.value < 256 || scalar == "€" ? scalar : "?"
            default: scalar
            }
        }
        return scalars.flatMap { Array(String($0).utf8) }
    }

    @Test(arguments: TextEncoding.allCases) func aFileIsTheSameHoweverItIsCut(encoding: TextEncoding) throws {
        let expected = Self.expected(encoding)
        for hasMark in encoding.mark.isEmpty ? [false] : [false, true] {
            let bytes = (hasMark ? encoding.mark : []) + Self.encoded(Self.text, as: encoding)
            for cut in 0...bytes.count {
                let label: Comment = "\(encoding), cut at \(cut)"
                #expect(try Self.decode(bytes, [cut], as: encoding) == expected, label)
                // By its mark, or as what there is most of.
                if hasMark || encoding == .utf8 { #expect(try Self.decode(bytes, [cut], as: nil) == expected, label) }
                let rest = stride(from: cut, to: bytes.count, by: 3).map { $0 }
                if cut > bytes.count - 60 { #expect(try Self.decode(bytes, rest, as: encoding) == expected, label) }
            }
        }
    }

    /// What ends in the middle of a character is told of at the end, and not before.
    @Test(arguments: [TextEncoding.utf16LittleEndian, .utf16BigEndian])
    func aCharacterThatIsCut(encoding: TextEncoding) throws {
        let bytes = Self.encoded(Self.text, as: encoding)
        for missing in 1...3 {
            var decoding = TextDecoding(encoding)
            _ = try decoding.decode(Array(bytes.dropLast(missing)))
            #expect(throws: Refusal.self) { try decoding.finish() }
        }
        // Half a pair that is followed by something else is none.
        let broken = Self.encoded(String(repeating: "a", count: 200), as: encoding)
        let half: [UInt8] = encoding == .utf16BigEndian ? [0xD8, 0x3D] : [0x3D, 0xD8]
        #expect(throws: Refusal.self) { try Self.decode(broken + half + broken, [], as: encoding) }
    }
}
