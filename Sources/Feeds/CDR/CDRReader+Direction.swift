import CallEvents

/// The direction of a row's call, and its destination.
extension CDRReader {
    /// FreeSWITCH takes the switch's view: what it dials is `outbound`. In `csv` `inbound` and `outbound` take the
    /// customer's view; `incoming` and `outgoing` are the switch's words (Yate).
    mutating func direction(_ line: Span<UInt8>, _ layout: CDRLayout) -> CallDirection {
        if field(.originatingLeg, layout) != nil { return .switchLeg }
        guard let field = field(.direction, layout) else { return .outbound }
        if line.equals("outgoing", field.start..<field.end) { return .switchLeg }
        if line.equals("outbound", field.start..<field.end) { return format == .csv ? .outbound : .switchLeg }
        return format == .csv && line.equals("inbound", field.start..<field.end) ? .inbound : .outbound
    }

    /// Parties of calls to customers also differ by the calls' destinations.
    mutating func partyKey(
        _ key: CallKey, _ direction: CallDirection, _ line: Span<UInt8>, _ layout: CDRLayout
    ) -> CallKey {
        if direction == .outbound { return key }
        var hash = CDRKeyHash(domain: direction == .inbound ? 0xFE : 0xFD)
        for place in layout.details.targets + layout.sources(of: .channelName).map(\.position) {
            hash.combine(line, place < fields.count ? fields[place] : .empty)
        }
        let own = hash.finish()
        return CallKey(high: key.high ^ own.high, low: key.low &+ own.low)
    }

    /// Sets a party's direction and, for calls to customers, the destination.
    mutating func direct(_ party: inout Party, _ line: Span<UInt8>, _ layout: CDRLayout) {
        let direction = direction(line, layout)
        if direction == .outbound { return }
        party.direction = direction
        let details = layout.details.details(line, fields)
        let channel = field(.channelName, layout).flatMap { Self.channel(Self.text(line, $0)) }
        party.destination = details.destination ?? channel.flatMap { Self.address($0.host) }
        var claims = party.claims ?? PartyClaims()
        // The number called by the leg itself: the dialled one may differ.
        if let user = channel?.user, !user.isEmpty {
            claims.called = user
        } else if claims.called == nil && !details.called.isEmpty {
            claims.called = details.called
        }
        party.claims = claims
    }

    /// The destination of a FreeSWITCH channel: `sofia/external/442079460170@198.51.100.170:5060`.
    private static func channel(_ name: String) -> (user: String, host: String)? {
        var rest = name[...]
        if let slash = rest.lastIndex(of: "/") { rest = rest[rest.index(after: slash)...] }
        if rest.hasPrefix("sip:") { rest = rest.dropFirst(4) }
        rest = rest.prefix { $0 != ";" }
        guard let at = rest.lastIndex(of: "@") else { return nil }
        return (String(rest[..<at]), String(rest[rest.index(after: at)...]))
    }
}
