// E-mail addresses as mail servers accept them: the addr-spec of RFC 5322 without comments and folding, within the
// lengths of RFC 5321, international in both parts (RFC 6531), labels of domains as IDNA allows them.

import CallEvents

enum EmailAddress {
    /// What is wrong with an address, to follow it in a message; nil: nothing.
    static func fault(of text: String) -> String? {
        guard text.utf8.count <= 254 else { return "has more than 254 bytes; no mail goes to such an address" }
        if text.unicodeScalars.contains(where: isControl) {
            return "has a line end or another control character; give one address"
        }
        guard let at = text.lastIndex(of: "@") else { return "has no @; write it as noc@carrier.example" }
        let (local, domain) = (text[..<at], text[text.index(after: at)...])
        return fault(ofLocal: local) ?? fault(ofDomain: domain)
    }

    // ---- before the @ ---------------------------------------------------------------------------------------

    private static func fault(ofLocal local: Substring) -> String? {
        if local.isEmpty { return "has nothing before the @" }
        if local.utf8.count > 64 { return "has more than 64 bytes before the @" }
        if local.first == "\"" { return isQuotedString(local) ? nil : "has quotes that do not hold all before the @" }
        if local.contains(where: { ",;<> ".contains($0) }) {
            return "is not one address; give one, without name and brackets"
        }
        if local.first == "." || local.last == "." || local.contains("..") {
            return "has a point at an end of what is before the @, or two in a row"
        }
        let bad = local.unicodeScalars.first { $0 != "." && !isAtomText($0) }
        return bad.map { "has '\($0)' before the @, which goes in quotes only" }
    }

    private static func isQuotedString(_ local: Substring) -> Bool {
        var rest = local.dropFirst()
        while let character = rest.popFirst() {
            if character == "\"" { return rest.isEmpty }
            if character == "\\", rest.popFirst() == nil { return false }
        }
        return false
    }

    private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return isLetterOrDigit(scalar) || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
        }
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .format, .control, .surrogate, .unassigned,
            .privateUse:
            return false
        default: return true
        }
    }

    // ---- after the @ ----------------------------------------------------------------------------------------

    private static func fault(ofDomain domain: Substring) -> String? {
        if domain.first == "[" { return isLiteral(domain) ? nil : "has no address in its brackets" }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1 else { return "has no domain behind the @, as carrier.example" }
        var length = labels.count - 1
        for label in labels {
            guard let bytes = asciiLength(of: label) else {
                return "has '\(label)' in its domain, which cannot be there"
            }
            guard bytes <= 63 else { return "has more than 63 bytes in a part of its domain" }
            length += bytes
        }
        guard length <= 253 else { return "has more than 253 bytes in its domain" }
        let isNumber = labels[labels.count - 1].allSatisfy { $0.isASCII && $0.isNumber }
        return isNumber ? "has a number for its top-level domain" : nil
    }

    /// `[203.0.113.7]`, `[IPv6:2001:db8::1]`.
    private static func isLiteral(_ domain: Substring) -> Bool {
        guard domain.last == "]" else { return false }
        let inner = domain.dropFirst().dropLast()
        if inner.lowercased().hasPrefix("ipv6:") {
            let address = inner.dropFirst(5)
            return address.contains(":") && IPAddress(String(address)) != nil
        }
        return !inner.contains(":") && IPAddress(String(inner)) != nil
    }

    /// The length in bytes of a label in the DNS; nil: it is invalid.
    private static func asciiLength(of label: Substring) -> Int? {
        guard !label.isEmpty, label.first != "-", label.last != "-" else { return nil }
        let scalars = Array(label.unicodeScalars)
        if scalars.allSatisfy(\.isASCII) {
            guard scalars.allSatisfy({ isLetterOrDigit($0) || $0 == "-" }) else { return nil }
            let hasMark = scalars.count >= 4 && scalars[2] == "-" && scalars[3] == "-"
            return hasMark && !label.lowercased().hasPrefix("xn--") ? nil : scalars.count
        }
        let isLabel = scalars.allSatisfy { $0.isASCII ? isLetterOrDigit($0) || $0 == "-" : isWordPart($0) }
        let beginsWithMark = [.nonspacingMark, .spacingMark, .enclosingMark].contains(
            scalars[0].properties.generalCategory)
        return isLabel && !beginsWithMark ? 4 + Punycode.length(of: scalars) : nil
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        return scalar.isASCII && (byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26)
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber:
            true
        default: scalar == "\u{B7}"
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

/// The length of an international label in the DNS (RFC 3492).
enum Punycode {
    /// Bytes without `xn--`. The label has at most some hundred scalars.
    static func length(of scalars: [Unicode.Scalar]) -> Int {
        let basic = scalars.count { $0.isASCII }
        var length = basic + (basic > 0 ? 1 : 0)
        var (next, delta, bias, handled) = (128 as UInt32, 0, 72, basic)
        while handled < scalars.count {
            guard let least = scalars.lazy.map(\.value).filter({ $0 >= next }).min() else { break }
            delta += Int(least - next) * (handled + 1)
            next = least
            for scalar in scalars {
                if scalar.value < next { delta += 1 }
                guard scalar.value == next else { continue }
                length += digits(of: delta, bias)
                bias = adapted(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return length
    }

    private static func digits(of delta: Int, _ bias: Int) -> Int {
        var (rest, place, count) = (delta, 36, 1)
        while true {
            let threshold = max(1, min(26, place - bias))
            if rest < threshold { return count }
            rest = (rest - threshold) / (36 - threshold)
            place += 36
            count += 1
        }
    }

    private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var bias = 0
        while delta > 35 * 26 / 2 {
            delta /= 35
            bias += 36
        }
        return bias + 36 * delta / (delta + 38)
    }
}
