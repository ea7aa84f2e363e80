/// The value of a From or To header: `"Display; <name>" <sip:user@host;uri-parameter>;tag=x` or `sip:user@host;tag=x`.
///
/// Quoted parts are text, parts in angle brackets belong to the URI; the tag is a parameter after both.
struct SIPAddress {
    /// Without the angle brackets.
    private(set) var uri: Range<Int>
    /// Empty: none.
    private(set) var tag = 0..<0

    init(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        var index = value.lowerBound
        var uri = value
        scan: while index < value.upperBound {
            index =
                bytes.first(.quote, UInt8(ascii: "<"), .semicolon, in: index..<value.upperBound) ?? value.upperBound
            guard index < value.upperBound else { break }
            switch bytes[index] {
            case .quote:
                index = bytes.endOfQuoted(from: index, to: value.upperBound)
            case UInt8(ascii: "<"):
                let end = bytes.first(UInt8(ascii: ">"), in: index + 1..<value.upperBound) ?? value.upperBound
                uri = index + 1..<end
                index = end
                break scan
            default:
                uri = value.lowerBound..<index
                break scan
            }
        }
        self.uri = uri
        if let first = SIPAddress.firstTag(bytes, index..<value.upperBound) {
            tag = first
            return
        }
        var parts = SIPParts(index..<value.upperBound, separator: .semicolon)
        // The part before the first semicolon is the rest of the address.
        _ = parts.next(bytes)
        while let part = parts.next(bytes) {
            guard let parameter = SIPParameter(bytes, part), bytes.equals("tag", parameter.name) else { continue }
            tag = parameter.value
            return
        }
    }

    /// The tag if it comes first and is a token (RFC 3261 25.1), with nothing in quotes and no blanks: nearly always.
    /// - Parameter rest: what follows the address, from its bracket on if it has one.
    @inline(__always)
    private static func firstTag(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Range<Int>? {
        guard rest.count > 6 else { return nil }
        let start = bytes[rest.lowerBound] == UInt8(ascii: ">") ? rest.lowerBound + 1 : rest.lowerBound
        guard bytes.begins(withWord: SIPWord.of(";", "t", "a", "g", "="), count: 5, start..<rest.upperBound) else {
            return nil
        }
        let text = start + 5..<rest.upperBound
        let end = bytes.first(.semicolon, .quote, .space, in: text) ?? text.upperBound
        return end == text.upperBound || bytes[end] == .semicolon ? bytes.trimmingBlanks(text.lowerBound..<end) : nil
    }

    /// The user of `sip:user:password@host`, or the number of `tel:`; empty: none. Parameters of the user
    /// (`+15550100;phone-context=example.com`) are not part of it.
    static func user(_ bytes: Span<UInt8>, _ uri: Range<Int>) -> Range<Int> {
        guard let colon = bytes.first(.colon, in: uri) else { return 0..<0 }
        let rest = colon + 1..<uri.upperBound
        let isTelephone = bytes.equals("tel", bytes.trimmingBlanks(uri.lowerBound..<colon))
        guard let end = isTelephone ? rest.upperBound : bytes.first(UInt8(ascii: "@"), in: rest) else { return 0..<0 }
        var index = rest.lowerBound
        while index < end && bytes[index] != .colon && bytes[index] != .semicolon { index += 1 }
        return rest.lowerBound..<index
    }

    /// The host of a `sip:` or `sips:` URI, without its port and without the brackets of IPv6; empty: none.
    static func host(_ bytes: Span<UInt8>, _ uri: Range<Int>) -> Range<Int> {
        guard let colon = bytes.first(.colon, in: uri) else { return 0..<0 }
        let scheme = bytes.trimmingBlanks(uri.lowerBound..<colon)
        guard bytes.equals("sip", scheme) || bytes.equals("sips", scheme) else { return 0..<0 }
        var start = colon + 1
        if let at = bytes.first(UInt8(ascii: "@"), in: start..<uri.upperBound) { start = at + 1 }
        guard start < uri.upperBound else { return 0..<0 }
        if bytes[start] == UInt8(ascii: "[") {
            guard let end = bytes.first(UInt8(ascii: "]"), in: start..<uri.upperBound) else { return 0..<0 }
            return start + 1..<end
        }
        let end = bytes.first(.colon, .semicolon, UInt8(ascii: "?"), in: start..<uri.upperBound) ?? uri.upperBound
        return bytes.trimmingBlanks(start..<end)
    }

    /// The text of a user with its `%XX` resolved: `b%6Fb` and `bob` are one user (RFC 3261 19.1.4).
    static func unescaped(_ bytes: Span<UInt8>, _ user: Range<Int>) -> String {
        guard bytes.first(UInt8(ascii: "%"), in: user) != nil else {
            return bytes.extracting(user).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
        var text: [UInt8] = []
        text.reserveCapacity(user.count)
        var index = user.lowerBound
        while index < user.upperBound {
            var byte = bytes[index]
            if byte == UInt8(ascii: "%"), user.upperBound - index > 2, let high = HexDigit.value(bytes[index + 1]),
                let low = HexDigit.value(bytes[index + 2])
            {
                byte = high << 4 | low
                index += 2
            }
            text.append(byte)
            index += 1
        }
        return String(decoding: text, as: UTF8.self)
    }
}
