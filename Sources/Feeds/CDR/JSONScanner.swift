/// Walks over the members of JSON objects. Every step throws a `cdr_json` fault at the first byte that does not belong.
struct JSONScanner {
    private var at = 0
    /// True for a document whose strings may have unescaped quotes: a string ends only at a quote followed by the rest
    /// of an object or array.
    private let takesBareQuotes: Bool

    init(takesBareQuotes: Bool = false) {
        self.takesBareQuotes = takesBareQuotes
    }

    /// True after `{`, until the first member.
    private var isFirst = true

    /// A string without its quotes, or a number or literal.
    struct Scalar {
        var field: CDRField
        var isEscaped: Bool
    }

    private static let fault = RowFault(name: .json)

    /// Enters the object that begins here.
    mutating func open(_ text: Span<UInt8>) throws(RowFault) {
        skipBlanks(text)
        try expect(text, "{")
        isFirst = true
    }

    /// The name of the next member, or nil at the end of the object.
    mutating func nextName(_ text: Span<UInt8>) throws(RowFault) -> CDRField? {
        skipBlanks(text)
        if at < text.count, text[at] == UInt8(ascii: "}") {
            at += 1
            return nil
        }
        if !isFirst {
            try expect(text, ",")
            skipBlanks(text)
        }
        isFirst = false
        let name = try string(text).field
        skipBlanks(text)
        try expect(text, ":")
        skipBlanks(text)
        return name
    }

    /// The value here if it is a string, a number or a literal (`null` is an empty string); nil if it is an object or
    /// an array, which is then still to be skipped.
    mutating func scalar(_ text: Span<UInt8>) throws(RowFault) -> Scalar? {
        guard at < text.count else { throw Self.fault }
        switch text[at] {
        case UInt8(ascii: "\""): return try string(text)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return nil
        default:
            let start = at
            while at < text.count, Self.isWord(text[at]) { at += 1 }
            if at == start { throw Self.fault }
            let isNull = text[start] == UInt8(ascii: "n")
            return Scalar(field: CDRField(start: isNull ? at : start, end: at), isEscaped: false)
        }
    }

    /// Skips a value of any kind.
    mutating func skipValue(_ text: Span<UInt8>) throws(RowFault) {
        if try scalar(text) != nil { return }
        var depth = 0
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "\""):
                _ = try string(text)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > CDRLimits.jsonDepth { throw Self.fault }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    at += 1
                    return
                }
            default: break
            }
            at += 1
        }
        throw Self.fault
    }

    private mutating func string(_ text: Span<UInt8>) throws(RowFault) -> Scalar {
        try expect(text, "\"")
        let start = at
        var isEscaped = false
        while at < text.count {
            let byte = text[at]
            if byte == UInt8(ascii: "\""), !takesBareQuotes || Self.endsString(text, at) {
                at += 1
                return Scalar(field: CDRField(start: start, end: at - 1), isEscaped: isEscaped)
            }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                at += 1
            }
            at += 1
        }
        throw Self.fault
    }

    /// Whether the text after the quote at `quote` can only follow a string: the end of an object or array, a value
    /// after a colon, or the next member after a comma.
    private static func endsString(_ text: Span<UInt8>, _ quote: Int) -> Bool {
        guard let mark = afterBlanks(text, quote + 1) else { return true }
        switch text[mark] {
        case UInt8(ascii: "}"), UInt8(ascii: "]"): return true
        case UInt8(ascii: ":"), UInt8(ascii: ","):
            guard let next = afterBlanks(text, mark + 1) else { return false }
            switch text[next] {
            case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["): return true
            default: return text[mark] == UInt8(ascii: ":") && beginsValue(text, next)
            }
        default: return false
        }
    }

    /// Whether a number or a literal begins here.
    private static func beginsValue(_ text: Span<UInt8>, _ at: Int) -> Bool {
        if text[at] == UInt8(ascii: "-") || text[at] &- 0x30 <= 9 { return true }
        let rest = at..<text.count
        return text.starts(with: "true", at: rest) || text.starts(with: "false", at: rest)
            || text.starts(with: "null", at: rest)
    }

    private static func afterBlanks(_ text: Span<UInt8>, _ start: Int) -> Int? {
        var at = start
        while at < text.count {
            if text[at] != 0x20, !(0x09...0x0D).contains(text[at]) { return at }
            at += 1
        }
        return nil
    }

    private mutating func expect(_ text: Span<UInt8>, _ mark: Unicode.Scalar) throws(RowFault) {
        guard at < text.count, text[at] == UInt8(ascii: mark) else { throw Self.fault }
        at += 1
    }

    private mutating func skipBlanks(_ text: Span<UInt8>) {
        while at < text.count, text[at] == 0x20 || (0x09...0x0D).contains(text[at]) { at += 1 }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Appends a string's bytes with its escapes resolved. A lone surrogate becomes U+FFFD.
    static func unescape(_ text: Span<UInt8>, _ field: CDRField, into bytes: inout [UInt8]) throws(RowFault) {
        var at = field.start
        while at < field.end {
            let byte = text[at]
            at += 1
            if byte != UInt8(ascii: "\\") {
                bytes.append(byte)
                continue
            }
            guard at < field.end else { throw fault }
            let letter = text[at]
            at += 1
            switch letter {
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(letter)
            case UInt8(ascii: "u"):
                let scalar = try unicode(text, &at, field.end)
                bytes.append(contentsOf: String(scalar).utf8)
            default: throw fault
            }
        }
    }

    /// The scalar of `XXXX` (after `\u`), with the second half of a surrogate pair.
    private static func unicode(
        _ text: Span<UInt8>, _ at: inout Int, _ end: Int
    ) throws(RowFault) -> Unicode.Scalar {
        let unit = try hex4(text, &at, end)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        if (0xD800..<0xDC00).contains(unit), at + 6 <= end, text[at] == UInt8(ascii: "\\"),
            text[at + 1] == UInt8(ascii: "u")
        {
            var next = at + 2
            let second = try hex4(text, &next, end)
            if (0xDC00..<0xE000).contains(second) {
                at = next
                return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
            }
        }
        return "\u{FFFD}"
    }

    private static func hex4(_ text: Span<UInt8>, _ at: inout Int, _ end: Int) throws(RowFault) -> UInt32 {
        guard at + 4 <= end else { throw fault }
        var value: UInt32 = 0
        for index in at..<at + 4 {
            guard let digit = HexDigit.value(text[index]) else { throw fault }
            value = value << 4 | UInt32(digit)
        }
        at += 4
        return value
    }
}
