/// The header lines of a message that was read (without folds, see `SIPReader`), one after the other: a second pass for
/// rarely needed headers.
struct SIPHeaderLines {
    private var position: Int

    /// Begins after the start line.
    init(_ bytes: Span<UInt8>) {
        var start = 0
        while start < bytes.count && bytes[start] <= .space { start += 1 }
        position = bytes.lineFeed(from: start).map { $0 + 1 } ?? bytes.count
    }

    /// Trimmed name and value; nil after the last header. Lines that are not headers are skipped.
    mutating func next(_ bytes: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
        while let end = bytes.lineFeed(from: position) {
            let line = bytes.trimmingReturns(position..<end)
            if line.isEmpty { return nil }
            position = end + 1
            guard let colon = bytes.first(.colon, in: line) else { continue }
            return (
                bytes.trimmingBlanks(line.lowerBound..<colon), bytes.trimmingBlanks(colon + 1..<line.upperBound)
            )
        }
        return nil
    }
}

/// The long name of a header that may be written as one letter.
enum SIPCompactForm {
    /// RFC 3261 20 and the registry of header fields; in lower case.
    private static let names: [UInt8: String] = [
        UInt8(ascii: "a"): "accept-contact", UInt8(ascii: "b"): "referred-by", UInt8(ascii: "c"): "content-type",
        UInt8(ascii: "d"): "request-disposition", UInt8(ascii: "e"): "content-encoding", UInt8(ascii: "f"): "from",
        UInt8(ascii: "i"): "call-id", UInt8(ascii: "j"): "reject-contact", UInt8(ascii: "k"): "supported",
        UInt8(ascii: "l"): "content-length", UInt8(ascii: "m"): "contact", UInt8(ascii: "n"): "identity-info",
        UInt8(ascii: "o"): "event", UInt8(ascii: "r"): "refer-to", UInt8(ascii: "s"): "subject",
        UInt8(ascii: "t"): "to", UInt8(ascii: "u"): "allow-events", UInt8(ascii: "v"): "via",
        UInt8(ascii: "x"): "session-expires", UInt8(ascii: "y"): "identity",
    ]

    /// Nil: not such a letter.
    static func longName(_ letter: UInt8) -> String? { names[letter | 0x20] }
}

extension Span where Element == UInt8 {
    /// Whether a header has this name, given in lower case; it may be written as one letter.
    func isHeader(_ name: Range<Int>, _ wanted: String) -> Bool {
        if name.count == 1 { return SIPCompactForm.longName(self[name.lowerBound]) == wanted || equals(wanted, name) }
        return equals(wanted, name)
    }

    /// Whether the range is this text, given in lower case, ignoring case.
    private func equals(_ text: String, _ range: Range<Int>) -> Bool {
        guard range.count == text.utf8.count else { return false }
        var index = range.lowerBound
        for unit in text.utf8 {
            let byte = self[index]
            if (byte >= 65 && byte <= 90 ? byte | 0x20 : byte) != unit { return false }
            index += 1
        }
        return true
    }
}
