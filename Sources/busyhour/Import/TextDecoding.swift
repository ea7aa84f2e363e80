// The bytes of a text file as UTF-8, piece by piece: a byte order mark is removed; UTF-16 is detected by its mark or by
// its zero bytes; other encodings must be named. A file that is not text is reported with its kind.

/// The encodings that can be named.
enum TextEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    case windows1252 = "windows-1252"
    case latin1 = "latin-1"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"

    /// - Throws: `UsageError` with the valid names.
    static func parse(_ text: String) throws -> TextEncoding {
        let name = text.lowercased()
        let alias =
            ["utf8": "utf-8", "cp1252": "windows-1252", "iso-8859-1": "latin-1", "latin1": "latin-1"][name] ?? name
        guard let known = TextEncoding(rawValue: alias) else {
            throw UsageError("no encoding '\(text)'; known are \(CommandNames.list(allCases.map(\.rawValue)))")
        }
        return known
    }

    var mark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        case .windows1252, .latin1: []
        }
    }
}

struct TextDecoding {
    /// As named, or detected; nil: not known yet.
    private var encoding: TextEncoding?
    private var hasBegun = false
    /// Bytes whose character is not complete yet; before the file has begun, all.
    private var rest: [UInt8] = []

    /// - Parameter encoding: nil: UTF-8, or UTF-16 if the file begins like it.
    init(_ encoding: TextEncoding? = nil) { self.encoding = encoding }

    /// The next bytes as UTF-8.
    /// - Throws: `Refusal` for what is not text, or not in this encoding.
    mutating func decode(_ bytes: [UInt8]) throws(Refusal) -> [UInt8] {
        if hasBegun { return try read(bytes, isLast: false) }
        rest += bytes
        return rest.count < Limits.signatureBytes ? [] : try begin()
    }

    /// The remaining bytes at the end.
    mutating func finish() throws(Refusal) -> [UInt8] {
        let first = hasBegun ? [] : try begin()
        return try first + read([], isLast: true)
    }

    private mutating func begin() throws(Refusal) -> [UInt8] {
        hasBegun = true
        var all = rest
        rest = []
        if let kind = FileKind.of(all) { throw Refusal(kind.refusal) }
        let found = encoding ?? Self.encoding(of: all)
        encoding = found
        if all.starts(with: found.mark) { all.removeFirst(found.mark.count) }
        return try read(all, isLast: false)
    }

    /// By the byte order mark or, of UTF-16 without one, by zero bytes: on one side of most pairs.
    private static func encoding(of bytes: [UInt8]) -> TextEncoding {
        for encoding in [TextEncoding.utf16LittleEndian, .utf16BigEndian] where bytes.starts(with: encoding.mark) {
            return encoding
        }
        let head = bytes.prefix(Limits.signatureBytes)
        let pairs = head.count / 2
        let even = head.enumerated().count { $0.offset.isMultiple(of: 2) && $0.element == 0 }
        let odd = head.enumerated().count { !$0.offset.isMultiple(of: 2) && $0.element == 0 }
        guard pairs > 0 else { return .utf8 }
        // Some characters have a zero byte on the other side: 😀, Ā, the space of Chinese.
        if even * 4 < odd && head[1] == 0 && odd * 2 >= pairs { return .utf16LittleEndian }
        if odd * 4 < even && head[0] == 0 && even * 2 >= pairs { return .utf16BigEndian }
        return .utf8
    }

    private mutating func read(_ bytes: [UInt8], isLast: Bool) throws(Refusal) -> [UInt8] {
        switch encoding ?? .utf8 {
        case .utf8: bytes
        case .latin1: try Self.decode8(bytes) { $0 }
        case .windows1252: try Self.decode8(bytes, Self.windows1252)
        case .utf16LittleEndian: try decode16(bytes, false, isLast: isLast)
        case .utf16BigEndian: try decode16(bytes, true, isLast: isLast)
        }
    }

    /// Decodes an encoding of one byte per character.
    private static func decode8(
        _ bytes: [UInt8], _ scalar: (UInt16) throws(Refusal) -> UInt16
    ) throws(Refusal) -> [UInt8] {
        if bytes.allSatisfy({ $0 < 0x80 }) { return bytes }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 {
                text.append(byte)
                continue
            }
            let value = try scalar(UInt16(byte))
            if value >= 0x800 {
                text.append(0xE0 | UInt8(value >> 12))
                text.append(0x80 | UInt8(value >> 6 & 0x3F))
            } else {
                text.append(0xC0 | UInt8(value >> 6))
            }
            text.append(0x80 | UInt8(value & 0x3F))
        }
        return text
    }

    private static func windows1252(_ byte: UInt16) throws(Refusal) -> UInt16 {
        guard byte < 0xA0 else { return byte }
        let scalar = windows1252Signs[Int(byte - 0x80)]
        guard scalar != 0 else {
            throw Refusal(
                "the byte 0x\(String(byte, radix: 16, uppercase: true)) is none of windows-1252; is it another encoding?"
            )
        }
        return scalar
    }

    /// The characters of windows-1252 from 0x80 to 0x9F; 0: unassigned.
    private static let windows1252Signs: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]

    private mutating func decode16(_ bytes: [UInt8], _ isBigEndian: Bool, isLast: Bool) throws(Refusal) -> [UInt8] {
        let all = rest + bytes
        var units: [UInt16] = []
        units.reserveCapacity(all.count / 2)
        for index in stride(from: 0, to: all.count - 1, by: 2) {
            let (first, second) = (UInt16(all[index]), UInt16(all[index + 1]))
            units.append(isBigEndian ? first << 8 | second : second << 8 | first)
        }
        // The first half of a pair waits for the second.
        let waits = !isLast && units.last.map { UTF16.isLeadSurrogate($0) } ?? false
        if waits { units.removeLast() }
        rest = Array(all[(units.count * 2)...])
        guard !isLast || rest.isEmpty else { throw Refusal("the file is UTF-16 and ends in the middle of a character") }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw Refusal("the file is UTF-16 and has characters that are none; save it as UTF-8")
        }
        return Array(text.utf8)
    }
}
