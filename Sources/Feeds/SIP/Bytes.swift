// Small tests on bytes of a text protocol. Ranges come from the caller, and are within the span: the span checks them
// again.

extension UInt8 {
    static var lineFeed: UInt8 { 10 }
    static var carriageReturn: UInt8 { 13 }
    static var space: UInt8 { 32 }
    static var quote: UInt8 { UInt8(ascii: "\"") }
    static var colon: UInt8 { UInt8(ascii: ":") }
    static var semicolon: UInt8 { UInt8(ascii: ";") }
    static var comma: UInt8 { UInt8(ascii: ",") }

    @inline(__always) var isBlank: Bool { self == 32 || self == 9 }
    @inline(__always) var isDigit: Bool { self >= 48 && self <= 57 }
    @inline(__always) var isLetter: Bool { (self | 0x20) >= 97 && (self | 0x20) <= 122 }
}

// MARK: - Compare

extension Span where Element == UInt8 {
    /// Whether the range begins with this text, letter by letter.
    @inline(__always)
    func starts(with text: StaticString, at range: Range<Int>) -> Bool {
        guard range.count >= text.utf8CodeUnitCount else { return false }
        // Within the text: the offset is below its length.
        for offset in 0..<text.utf8CodeUnitCount where self[range.lowerBound + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }

    /// Whether the range is this text, given in lower case, ignoring case.
    @inline(__always)
    func equals(_ text: StaticString, _ range: Range<Int>) -> Bool {
        range.count == text.utf8CodeUnitCount && matches(text, at: range.lowerBound)
    }

    /// Whether one range orders before another: any total order of texts will do, here the shorter one first.
    func isOrdered(_ first: Range<Int>, before second: Range<Int>) -> Bool {
        guard first.count == second.count else { return first.count < second.count }
        for offset in 0..<first.count {
            let (one, other) = (self[first.lowerBound + offset], self[second.lowerBound + offset])
            if one != other { return one < other }
        }
        return true
    }

    func hasSameBytes(as other: Span<UInt8>) -> Bool {
        count == other.count && indices.allSatisfy { self[$0] == other[$0] }
    }

    /// Whether the range begins with this text, given in lower case, ignoring case.
    @inline(__always)
    func begins(with text: StaticString, _ range: Range<Int>) -> Bool {
        range.count >= text.utf8CodeUnitCount && matches(text, at: range.lowerBound)
    }

    /// The value of a header line `name : value` if it has this name, given in lower case.
    @inline(__always)
    func value(of name: StaticString, in line: Range<Int>) -> Range<Int>? {
        guard line.count > name.utf8CodeUnitCount, matches(name, at: line.lowerBound) else { return nil }
        var index = line.lowerBound + name.utf8CodeUnitCount
        while index < line.upperBound && self[index].isBlank { index += 1 }
        guard index < line.upperBound, self[index] == .colon else { return nil }
        return trimmingBlanks(index + 1..<line.upperBound)
    }

    @inline(__always)
    private func matches(_ text: StaticString, at start: Int) -> Bool {
        for offset in 0..<text.utf8CodeUnitCount {
            let byte = self[start + offset]
            let folded = byte >= 65 && byte <= 90 ? byte | 0x20 : byte
            // Within the text: the offset is below its length.
            if folded != text.utf8Start[offset] { return false }
        }
        return true
    }
}

// MARK: - Find

extension Span where Element == UInt8 {
    /// The first position of this byte, searched eight bytes at a time.
    @inline(__always)
    func first(_ byte: UInt8, in range: Range<Int>) -> Int? { first(byte, byte, byte, in: range) }

    /// The first position of any of these bytes, searched eight bytes at a time.
    @inline(__always)
    func first(_ one: UInt8, _ other: UInt8, _ third: UInt8, in range: Range<Int>) -> Int? {
        let end = Swift.min(range.upperBound, count)
        let lastWord = count - 8
        var index = range.lowerBound
        while index < end && index <= lastWord {
            let word = uncheckedWord(at: index)
            let zeros =
                SIPWord.places(of: one, in: word) | SIPWord.places(of: other, in: word)
                | SIPWord.places(of: third, in: word)
            if zeros != 0 {
                let found = index &+ zeros.trailingZeroBitCount / 8
                return found < end ? found : nil
            }
            index &+= 8
        }
        while index < end {
            if self[index] == one || self[index] == other || self[index] == third { return index }
            index &+= 1
        }
        return nil
    }

    /// The first line feed from here on, searched sixteen bytes at a time.
    /// - Parameter start: at least 0.
    @inline(__always)
    func lineFeed(from start: Int) -> Int? {
        let lastPair = count - 16
        precondition(start >= 0)
        var index = start
        while index <= lastPair {
            let one = SIPWord.places(of: .lineFeed, in: uncheckedWord(at: index))
            if one != 0 { return index &+ one.trailingZeroBitCount / 8 }
            let other = SIPWord.places(of: .lineFeed, in: uncheckedWord(at: index &+ 8))
            if other != 0 { return index &+ 8 &+ other.trailingZeroBitCount / 8 }
            index &+= 16
        }
        return index < count ? first(.lineFeed, in: index..<count) : nil
    }

    /// Eight bytes from here, the first one lowest.
    ///
    /// Unchecked: the caller has checked that `index` is at least 0 and eight bytes follow. A UInt64 has no invalid
    /// values.
    @inline(__always)
    func uncheckedWord(at index: Int) -> UInt64 {
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
    }

    /// The position after a quoted text that begins here, or the end if it is not closed.
    func endOfQuoted(from start: Int, to end: Int) -> Int {
        var index = start + 1
        while index < end, let mark = first(.quote, UInt8(ascii: "\\"), .quote, in: index..<end) {
            if self[mark] == .quote { return mark + 1 }
            index = mark + 2
        }
        return end
    }

    @inline(__always)
    func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end && self[start].isBlank { start += 1 }
        while end > start && self[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    /// A line without the carriage returns before its line feed.
    @inline(__always)
    func trimmingReturns(_ line: Range<Int>) -> Range<Int> {
        var end = line.upperBound
        while end > line.lowerBound && self[end - 1] == .carriageReturn { end -= 1 }
        return line.lowerBound..<end
    }

    /// A decimal number of at most 18 digits after leading zeros; nil for anything else.
    func number(_ range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        var value = 0
        for index in range {
            // Ten times this is below the largest Int.
            guard self[index].isDigit, value < 100_000_000_000_000_000 else { return nil }
            value = value * 10 + Int(self[index] - 48)
        }
        return value
    }
}
