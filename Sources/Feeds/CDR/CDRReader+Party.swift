import CallEvents

/// The sender of a call: account, source address and SIP user, all that the row has.
extension CDRReader {
    /// Distinguishes parties by the bytes of their fields.
    static func partyKey(_ line: Span<UInt8>, _ layout: CDRLayout, _ fields: [CDRField]) -> CallKey {
        var hash = CDRKeyHash(domain: 0xFF)
        hash.combine(line, .account, layout, fields)
        hash.combine(line, .sourceIP, layout, fields)
        hash.combine(line, .sipUser, layout, fields)
        if let field = lastResort(line, layout, fields) { hash.combine(line, field) }
        for place in layout.claims.places { hash.combine(line, place < fields.count ? fields[place] : .empty) }
        return hash.finish()
    }

    /// The field used in place of a missing SIP user: the endpoint of an Asterisk channel, and the
    /// caller's number if nothing else identifies the caller (a number does not prove its sender).
    private static func lastResort(_ line: Span<UInt8>, _ layout: CDRLayout, _ fields: [CDRField]) -> CDRField? {
        if layout.source(.sipUser, in: fields) != nil { return nil }
        if let source = layout.source(.channel, in: fields) { return endpoint(line, fields[source.position]) }
        if layout.source(.account, in: fields) != nil || layout.source(.sourceIP, in: fields) != nil { return nil }
        return layout.source(.callerNumber, in: fields).map { fields[$0.position] }
    }

    /// `alpha-trunk` of the channel `PJSIP/alpha-trunk-00000078`.
    private static func endpoint(_ line: Span<UInt8>, _ channel: CDRField) -> CDRField? {
        var start = channel.start
        while start < channel.end, line[start] != UInt8(ascii: "/") { start += 1 }
        var end = channel.end
        while end > start, line[end - 1] != UInt8(ascii: "-") { end -= 1 }
        guard start < channel.end, start + 1 < end - 1 else { return nil }
        return CDRField(start: start + 1, end: end - 1)
    }

    /// The party of a row, cached if it was seen not long ago.
    mutating func party(_ line: Span<UInt8>, _ layout: CDRLayout, _ key: CallKey) throws(RowFault) -> Party {
        if let known = parties[key] { return known }
        let party = try newParty(line, layout)
        parties.store(party, for: key)
        return party
    }

    private mutating func newParty(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) -> Party {
        var party = Party()
        party.account = try name(.account, line, layout)
        party.sipUser = try name(.sipUser, line, layout)
        if party.sipUser == nil, let field = Self.lastResort(line, layout, fields) {
            party.sipUser = Self.text(line, field)
        }
        if let source = layout.source(.sourceIP, in: fields) {
            guard let address = Self.address(Self.text(line, fields[source.position])) else {
                throw RowFault(name: .address, field: source.position)
            }
            party.source = address
        }
        if !layout.claims.isEmpty { party.claims = try layout.claims.claims(line, fields) }
        direct(&party, line, layout)
        return party
    }

    /// A name, which must be UTF-8 because it is compared with what operators typed.
    private func name(_ column: CDRColumn, _ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) -> String? {
        guard let source = layout.source(column, in: fields) else { return nil }
        let bytes = Self.bytes(line, fields[source.position])
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw RowFault(name: .encoding, field: source.position)
        }
        return text
    }

    static func text(_ line: Span<UInt8>, _ field: CDRField) -> String {
        String(decoding: bytes(line, field), as: UTF8.self)
    }

    /// The bytes of a field, with doubled quotes made one.
    private static func bytes(_ line: Span<UInt8>, _ field: CDRField) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(0, field.end - field.start))
        var at = field.start
        while at < field.end {
            bytes.append(line[at])
            at += field.hasDoubledQuotes && line[at] == UInt8(ascii: "\"") ? 2 : 1
        }
        return bytes
    }

    /// The address in a field: dotted quads, which nearly all are, without making a string.
    static func address(_ line: Span<UInt8>, _ field: CDRField) -> IPAddress? {
        if field.isEmpty { return nil }
        var bits: UInt32 = 0
        var (value, digits, dots): (UInt32, Int, Int) = (0, 0, 0)
        for at in field.range {
            let byte = line[at]
            if byte.isDigit, digits < 3, digits == 0 || value > 0 {
                value = value * 10 + UInt32(byte - 48)
                digits += 1
            } else if byte == UInt8(ascii: "."), digits > 0, value < 256, dots < 3 {
                bits = bits << 8 | value
                (value, digits, dots) = (0, 0, dots + 1)
            } else {
                return address(text(line, field))
            }
        }
        guard dots == 3, digits > 0, value < 256 else { return address(text(line, field)) }
        return IPAddress(v4: bits << 8 | value)
    }

    /// An IPv4 or IPv6 address; brackets around IPv6 and a port after IPv4 or brackets are allowed.
    static func address(_ given: String) -> IPAddress? {
        var text = Substring(given)
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = text[text.index(after: text.startIndex)..<end]
        } else if text.contains("."), let colon = text.lastIndex(of: ":"), text.firstIndex(of: ":") == colon {
            text = text[..<colon]
        }
        return IPAddress(text)
    }
}

extension CDRKeyHash {
    /// A column's field after a mark of the column; nothing if the row does not have it.
    @inline(__always)
    fileprivate mutating func combine(
        _ line: Span<UInt8>, _ column: CDRColumn, _ layout: CDRLayout, _ fields: [CDRField]
    ) {
        guard let source = layout.source(column, in: fields) else { return }
        combine(UInt8(truncatingIfNeeded: column.rawValue))
        combine(line, fields[source.position])
    }
}
