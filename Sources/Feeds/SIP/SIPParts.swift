/// The parts of a header value between separators; a separator in a quoted text is text. Each part is trimmed.
struct SIPParts {
    private var position: Int
    private let end: Int
    private let separator: UInt8

    init(_ value: Range<Int>, separator: UInt8) {
        position = value.lowerBound
        end = value.upperBound
        self.separator = separator
    }

    /// The next part; nil after the last one. `bytes` are those that hold the value.
    @inline(__always)
    mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard position < end else { return nil }
        var index = position
        while index < end {
            index = bytes.first(separator, .quote, separator, in: index..<end) ?? end
            guard index < end, bytes[index] == .quote else { break }
            index = bytes.endOfQuoted(from: index, to: end)
        }
        defer { position = index + 1 }
        return bytes.trimmingBlanks(position..<index)
    }
}

/// A part that is `name=value`, with or without blanks around the `=`.
struct SIPParameter {
    let name: Range<Int>
    let value: Range<Int>

    /// Nil: there is no `=`.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, _ part: Range<Int>) {
        guard let equals = bytes.first(UInt8(ascii: "="), in: part) else { return nil }
        name = bytes.trimmingBlanks(part.lowerBound..<equals)
        value = bytes.trimmingBlanks(equals + 1..<part.upperBound)
    }
}
