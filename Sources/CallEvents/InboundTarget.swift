// Where calls to a customer go: the value of an auth entry `to:`.

public enum InboundTarget: Hashable, Sendable {
    /// Its trunk: calls that our switch sends to one of these addresses.
    case address(AddressBlock)
    /// Its numbers.
    case numbers(NumberRange)

    /// Reads an address or block (`198.51.100.170`, `2001:db8::/64`), a number (`+442079460170`, the plus may be
    /// omitted), a prefix of numbers (`4420794601*`), or a range of numbers of equal length
    /// (`442079460100-442079460199`); nil for anything else.
    public init?(_ text: String) {
        if text.contains(".") || text.contains(":") {
            guard let block = AddressBlock(text) else { return nil }
            self = .address(block)
        } else {
            guard let range = NumberRange(text) else { return nil }
            self = .numbers(range)
        }
    }

    /// Canonical: equal for equal targets, however they were written.
    public var text: String {
        switch self {
        case .address(let block): block.description
        case .numbers(let range): range.text
        }
    }
}

/// The digits of a number as far as 64 bits hold them: their value and their count.
public struct NumberDigits: Hashable, Sendable {
    public static let most = 18

    public private(set) var value: UInt64 = 0
    public private(set) var count = 0

    /// The digits of a called number, without a leading plus and anything after a `;`. Nil if it is not a number, or
    /// has more than `most` digits.
    public init?(_ number: some StringProtocol) {
        var bytes = number.utf8[...]
        if bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
        for byte in bytes {
            if byte == UInt8(ascii: ";") { break }
            guard let digit = NumberDigits.digit(byte), count < NumberDigits.most else { return nil }
            append(digit)
        }
        if count == 0 { return nil }
    }

    private mutating func append(_ digit: UInt64) {
        value = value * 10 + digit
        count += 1
    }

    private static func digit(_ byte: UInt8) -> UInt64? { (48...57).contains(byte) ? UInt64(byte - 48) : nil }

    /// 10 to the power of a number of digits, at most `most`.
    private static let powers: [UInt64] = (0...most).map { digits in (0..<digits).reduce(1) { power, _ in power * 10 } }

    /// The given number of leading digits.
    public func prefix(_ digits: Int) -> UInt64 { value / NumberDigits.powers[count - digits] }
}

/// A set of numbers: one, those of a range, or all that begin with some digits.
public struct NumberRange: Hashable, Sendable {
    /// First and last, or both the common prefix.
    public let first: UInt64
    public let last: UInt64
    /// Digits of each.
    public let digits: Int
    /// Whether they are a prefix, and numbers may have more digits.
    public let isOpen: Bool

    public init?(_ text: String) {
        if text.hasSuffix("*") {
            guard let begin = NumberRange.digits(text.dropLast()) else { return nil }
            (first, last, digits, isOpen) = (begin.value, begin.value, begin.count, true)
            return
        }
        let parts = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        guard let low = NumberRange.digits(parts[0]) else { return nil }
        guard parts.count > 1 else {
            (first, last, digits, isOpen) = (low.value, low.value, low.count, false)
            return
        }
        guard parts.count == 2, let high = NumberRange.digits(parts[1]), high.count == low.count,
            high.value >= low.value
        else { return nil }
        (first, last, digits, isOpen) = (low.value, high.value, low.count, false)
    }

    /// Nothing but digits and a plus: operator input is not truncated.
    private static func digits(_ text: Substring) -> NumberDigits? {
        text.contains(";") ? nil : NumberDigits(text)
    }

    /// The count of its numbers minus one; a prefix is larger than any range.
    public var span: UInt64 { isOpen ? .max - UInt64(digits) : last - first }

    /// Whether it takes precedence over another range that also has the number.
    public func isNarrower(than other: NumberRange) -> Bool { (span, first) < (other.span, other.first) }

    public var text: String {
        func padded(_ value: UInt64) -> String {
            let text = String(value)
            return String(repeating: "0", count: digits - text.count) + text
        }
        if isOpen { return padded(first) + "*" }
        return first == last ? padded(first) : padded(first) + "-" + padded(last)
    }

    public func contains(_ number: NumberDigits) -> Bool {
        if isOpen { return number.count >= digits && number.prefix(digits) == first }
        return number.count == digits && (first...last).contains(number.value)
    }

    /// Prefixes that together cover the same numbers: at most 18 for each digit.
    public var prefixes: [NumberPrefix] {
        if isOpen { return [NumberPrefix(value: first, length: digits, digits: 0)] }
        var prefixes: [NumberPrefix] = []
        var low = first
        while low <= last {
            // The largest tens, hundreds, ... that begin here and end within the range. Below 10^18, so nothing
            // overflows.
            var (size, free) = (UInt64(1), 0)
            while free < digits, low % (size * 10) == 0, low + (size * 10 - 1) <= last {
                size *= 10
                free += 1
            }
            prefixes.append(NumberPrefix(value: low / size, length: digits - free, digits: digits))
            low += size
        }
        return prefixes
    }
}

/// All numbers that begin with `length` digits and have `digits` of them (0: any number of digits).
public struct NumberPrefix: Hashable, Sendable {
    public let value: UInt64
    public let length: Int
    public let digits: Int

    public init(value: UInt64, length: Int, digits: Int) {
        (self.value, self.length, self.digits) = (value, length, digits)
    }
}
