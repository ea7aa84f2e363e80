// The claims of an INVITE about its sender, as far as customers' auth entries use them. Without such entries none are
// read.
//
// A message is written by the caller: texts are bounded (`FeedLimits`); longer or missing ones match no entry.

import CallEvents

extension PartyClaims {
    /// - Parameters:
    ///   - bytes: those that the message's ranges point into.
    init(_ message: SIPMessage, _ bytes: Span<UInt8>, sourcePort: UInt16, needs: PartyNeeds) {
        self.init()
        let asked = needs.claims
        if asked.contains(.sourcePort) { self.sourcePort = sourcePort }
        if asked.contains(.called) {
            called = bytes.number(ofURI: message.requestURI) ?? bytes.number(ofURI: message.toURI)
        }
        if asked.contains(.fromDomain) { fromDomain = bytes.domain(ofURI: message.fromURI) }
        if asked.contains(.uriDomain) { uriDomain = bytes.domain(ofURI: message.requestURI) }
        let ofHeaders: PartyNeeds.Claims = [.contactDomain, .trunkGroup, .assertedIdentities]
        guard !asked.isDisjoint(with: ofHeaders) || !needs.headerNames.isEmpty else { return }
        var lines = SIPHeaderLines(bytes)
        var from = 0..<0
        while let (name, value) = lines.next(bytes) {
            if bytes.isHeader(name, "contact") {
                readContact(bytes, value, asked)
            } else if bytes.isHeader(name, "from") {
                if from.isEmpty { from = value }
            } else if asked.contains(.assertedIdentities), bytes.isHeader(name, "p-asserted-identity") {
                readIdentities(bytes, value)
            }
            for wanted in needs.headerNames where bytes.isHeader(name, wanted) { read(wanted, bytes, value) }
        }
        if asked.contains(.trunkGroup) && trunkGroup == nil {
            trunkGroup = bytes.parameter("otg", of: from)
        }
    }

    /// The first address of the first Contact counts.
    private mutating func readContact(_ bytes: Span<UInt8>, _ value: Range<Int>, _ asked: PartyNeeds.Claims) {
        var addresses = SIPAddressList(value)
        guard let address = addresses.next(bytes) else { return }
        if asked.contains(.contactDomain) && contactDomain == nil {
            // Some write the parameters of a user without the required brackets.
            let isBare = bytes.first(UInt8(ascii: "<"), in: address) == nil
            contactDomain = bytes.domain(ofURI: isBare ? address : SIPAddress(bytes, address).uri)
        }
        if asked.contains(.trunkGroup) && trunkGroup == nil { trunkGroup = bytes.parameter("tgrp", of: address) }
    }

    /// User and domain of each, several per header.
    private mutating func readIdentities(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        var addresses = SIPAddressList(value)
        while assertedIdentities.count < 2 * FeedLimits.assertedIdentities, let address = addresses.next(bytes) {
            let uri = SIPAddress(bytes, address).uri
            if let number = bytes.number(ofURI: uri) { assertedIdentities.append(number) }
            if let domain = bytes.domain(ofURI: uri) { assertedIdentities.append(domain) }
        }
    }

    /// The whole value and, if it has commas, each of its parts: a header may occur once with several values or several
    /// times (RFC 3261 7.3.1).
    private mutating func read(_ name: String, _ bytes: Span<UInt8>, _ value: Range<Int>) {
        add(name, bytes.text(value))
        var parts = SIPParts(value, separator: .comma)
        while headers.count < FeedLimits.claimedHeaders, let part = parts.next(bytes), part != value {
            add(name, bytes.text(part))
        }
    }

    private mutating func add(_ name: String, _ value: String?) {
        guard let value, headers.count < FeedLimits.claimedHeaders else { return }
        headers.append(Header(name: name, value: value))
    }
}

/// The addresses of a header that may have several, separated by commas: in a quoted name and in angle brackets a comma
/// is text.
struct SIPAddressList {
    private var position: Int
    private let end: Int

    init(_ value: Range<Int>) {
        position = value.lowerBound
        end = value.upperBound
    }

    /// The next one, trimmed; nil after the last one. `bytes` are those that hold the value.
    mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard position < end else { return nil }
        let start = position
        var index = start
        while index < end {
            index = bytes.first(.comma, .quote, UInt8(ascii: "<"), in: index..<end) ?? end
            guard index < end, bytes[index] != .comma else { break }
            if bytes[index] == .quote {
                index = bytes.endOfQuoted(from: index, to: end)
            } else {
                index = bytes.first(UInt8(ascii: ">"), in: index..<end) ?? end
            }
        }
        position = index + 1
        return bytes.trimmingBlanks(start..<min(index, end))
    }
}

// MARK: - Texts of claims

extension Span where Element == UInt8 {
    /// A text with its `%XX` resolved; nil: none, or longer than any claim may be.
    func claim(_ range: Range<Int>) -> String? {
        range.isEmpty || range.count > FeedLimits.claimBytes ? nil : SIPAddress.unescaped(self, range)
    }

    /// The number or user of a URI; of `tel:` without visual separators (RFC 3966 5.1.1).
    fileprivate func number(ofURI uri: Range<Int>) -> String? {
        guard let text = claim(SIPAddress.user(self, uri)) else { return nil }
        guard begins(with: "tel:", uri) else { return text }
        return text.filter { !"-.()".contains($0) }
    }

    /// The domain of a URI; nil: it has none.
    fileprivate func domain(ofURI uri: Range<Int>) -> String? {
        let host = SIPAddress.host(self, uri)
        guard var text = claim(host)?.lowercased() else { return nil }
        if text.hasSuffix(".") { text.removeLast() }
        if text.contains(":") { return IPAddress(text)?.description }
        return text.isEmpty ? nil : text
    }

    /// A parameter of an address, of its user (RFC 4904), of its URI or after it; not within quotes.
    fileprivate func parameter(_ name: StaticString, of address: Range<Int>) -> String? {
        var index = address.lowerBound
        while let found = first(.semicolon, .quote, .semicolon, in: index..<address.upperBound) {
            guard self[found] == .semicolon else {
                index = endOfQuoted(from: found, to: address.upperBound)
                continue
            }
            var end = found + 1
            while end < address.upperBound, !isEndOfParameter(self[end]) {
                end = self[end] == .quote ? endOfQuoted(from: end, to: address.upperBound) : end + 1
            }
            end = Swift.min(end, address.upperBound)
            index = end
            guard let parameter = SIPParameter(self, found + 1..<end), equals(name, parameter.name) else { continue }
            return isQuoted(parameter.value) ? text(parameter.value) : claim(parameter.value)
        }
        return nil
    }

    private func isEndOfParameter(_ byte: UInt8) -> Bool {
        switch byte {
        case .semicolon, UInt8(ascii: "@"), UInt8(ascii: ">"), UInt8(ascii: "?"), .comma: true
        default: false
        }
    }

    private func isQuoted(_ range: Range<Int>) -> Bool {
        range.count >= 2 && self[range.lowerBound] == .quote && self[range.upperBound - 1] == .quote
            && endOfQuoted(from: range.lowerBound, to: range.upperBound) == range.upperBound
    }

    /// The value of a header or a part of one; of a quoted text its contents, where `\` may precede any character (RFC
    /// 3261 25.1).
    fileprivate func text(_ range: Range<Int>) -> String? {
        guard !range.isEmpty, range.count <= FeedLimits.claimBytes else { return nil }
        guard isQuoted(range) else {
            return extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
        var bytes: [UInt8] = []
        var index = range.lowerBound + 1
        while index < range.upperBound - 1 {
            if self[index] == UInt8(ascii: "\\") && index < range.upperBound - 2 { index += 1 }
            bytes.append(self[index])
            index += 1
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
