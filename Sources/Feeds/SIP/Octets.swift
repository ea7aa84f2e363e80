// Small questions to octets of a text protocol. Ranges are the caller's, and within the span: the span checks them again.

extension UInt8 {
    static var lineFeed: UInt8 { 10 }
    static var carriageReturn: UInt8 { 13 }
    static var space: UInt8 { 32 }
    static var quote: UInt8 { UInt8(ascii: "\"") }
    static var colon: UInt8 { UInt8(ascii: ":") }
    static var semicolon: UInt8 { UInt8(ascii: ";") }

    @inline(__always) var isBlank: Bool { self == 32 || self == 9 }
    @inline(__always) var isDigit: Bool { self >= 48 && self <= 57 }
    @inline(__always) var isLetter: Bool { (self | 0x20) >= 97 && (self | 0x20) <= 122 }
}

extension Span where Element == UInt8 {
    /// Whether the range begins with this text, letter by letter.
    @inline(__always)
    func starts(with text: StaticString, at range: Range<Int>) -> Bool {
        guard range.count >= text.utf8CodeUnitCount else { return false }
        for offset in 0..<text.utf8CodeUnitCount where self[range.lowerBound + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }

    /// Whether the range is this text, given in lower case, whatever its own case. Only letters differ in bit 5, so `text` may
    /// have letters, digits and `-`.
    @inline(__always)
    func equals(_ text: StaticString, _ range: Range<Int>) -> Bool {
        range.count == text.utf8CodeUnitCount && matches(text, at: range.lowerBound)
    }

    /// Where this text (in lower case) stands first, whatever its case there.
    func find(_ text: StaticString, in range: Range<Int>) -> Range<Int>? {
        let length = text.utf8CodeUnitCount
        guard range.count >= length else { return nil }
        for start in range.lowerBound...(range.upperBound - length) where matches(text, at: start) {
            return start..<start + length
        }
        return nil
    }

    @inline(__always)
    private func matches(_ text: StaticString, at start: Int) -> Bool {
        for offset in 0..<text.utf8CodeUnitCount {
            let octet = self[start + offset]
            let folded = octet >= 65 && octet <= 90 ? octet | 0x20 : octet
            // Within the text: offset is below its length.
            if folded != text.utf8Start[offset] { return false }
        }
        return true
    }

    func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end && self[start].isBlank { start += 1 }
        while end > start && self[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    func isDigits(_ range: Range<Int>) -> Bool {
        for index in range where !self[index].isDigit { return false }
        return !range.isEmpty
    }

    /// A decimal number of at most 18 digits behind leading zeros; nil for anything else.
    func number(_ range: Range<Int>) -> Int? {
        var start = range.lowerBound
        guard isDigits(range) else { return nil }
        while start < range.upperBound - 1 && self[start] == 48 { start += 1 }
        guard range.upperBound - start <= 18 else { return nil }
        var value = 0
        for index in start..<range.upperBound { value = value * 10 + Int(self[index] - 48) }
        return value
    }
}
