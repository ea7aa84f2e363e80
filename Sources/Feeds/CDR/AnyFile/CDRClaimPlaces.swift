import CallEvents

/// The positions in a row of the sender's claims besides address, user and account.
struct CDRClaimPlaces: Sendable {
    private var called: Int?
    private var fromDomain: Int?
    private var uriDomain: Int?
    private var contactDomain: Int?
    private var trunkGroup: Int?
    private var asserted: Int?
    private var port: Int?
    private var headers: [(name: String, place: Int)] = []
    /// Position of the address, which may have the port appended.
    private var address: Int?
    /// All positions except the address.
    private(set) var places: [Int] = []

    static func isClaim(_ name: String) -> Bool { known.contains(name) || name.hasPrefix("header_") && name.count > 7 }

    private static let known: Set<String> = [
        "called", "from_domain", "uri_domain", "contact_domain", "tgrp", "pai", "port",
    ]

    init(names: [String], for format: CDRFormat) {
        guard format == .csv else { return }
        for (place, name) in names.enumerated() {
            let name = name.lowercased()
            switch name {
            case "called": called = called ?? place
            case "from_domain": fromDomain = fromDomain ?? place
            case "uri_domain": uriDomain = uriDomain ?? place
            case "contact_domain": contactDomain = contactDomain ?? place
            case "tgrp": trunkGroup = trunkGroup ?? place
            case "pai": asserted = asserted ?? place
            case "port": port = port ?? place
            case "ip": address = address ?? place
            default:
                guard name.hasPrefix("header_"), name.count > 7 else { continue }
                headers.append((String(name.dropFirst(7)), place))
            }
            if Self.isClaim(name) { places.append(place) }
        }
    }

    var isEmpty: Bool { places.isEmpty && address == nil }

    /// The row's claims; nil: none.
    func claims(_ line: Span<UInt8>, _ fields: [CDRField]) throws(RowFault) -> PartyClaims? {
        func text(_ place: Int?) -> String? {
            guard let place, place < fields.count, !fields[place].isEmpty else { return nil }
            return CDRReader.text(line, fields[place])
        }
        var claims = PartyClaims()
        if let port, port < fields.count, !fields[port].isEmpty {
            guard let number = CDRNumber.integer(line, fields[port]), (0...65_535).contains(number) else {
                throw RowFault(name: .number, field: port)
            }
            claims.sourcePort = UInt16(number)
        } else if let behind = text(address).flatMap(Self.port(behind:)) {
            claims.sourcePort = behind
        }
        claims.called = text(called)
        claims.fromDomain = text(fromDomain).flatMap(Self.domain)
        claims.uriDomain = text(uriDomain).flatMap(Self.domain)
        claims.contactDomain = text(contactDomain).flatMap(Self.domain)
        claims.trunkGroup = text(trunkGroup)
        claims.assertedIdentities = text(asserted).map(Self.identities) ?? []
        claims.headers = headers.compactMap { header in
            text(header.place).map { PartyClaims.Header(name: header.name, value: $0) }
        }
        return claims == PartyClaims() ? nil : claims
    }

    /// The port of `203.0.113.7:5060` or `[2001:db8::1]:5060`.
    static func port(behind address: String) -> UInt16? {
        guard let colon = address.lastIndex(of: ":") else { return nil }
        let before = address[..<colon]
        guard before.last == "]" || before.contains(".") && !before.contains(":") else { return nil }
        return UInt16(address[address.index(after: colon)...])
    }

    /// The domain of a SIP address, or the text itself if it is a domain already; in lower case.
    static func domain(_ text: String) -> String? {
        var rest = Substring(text)
        if let open = rest.lastIndex(of: "<") { rest = rest[rest.index(after: open)...] }
        if let close = rest.firstIndex(of: ">") { rest = rest[..<close] }
        if let at = rest.lastIndex(of: "@") {
            rest = rest[rest.index(after: at)...]
        } else {
            for scheme in ["sips:", "sip:", "tel:"] where rest.lowercased().hasPrefix(scheme) {
                rest = rest.dropFirst(scheme.count)
            }
        }
        if rest.first == "[" {
            // Nothing after an IPv6 address belongs to it.
            if let close = rest.firstIndex(of: "]") { rest = rest[...close] }
        } else {
            rest = rest.prefix { $0 != ":" && $0 != ";" && $0 != "?" && $0 != " " }
        }
        return rest.isEmpty ? nil : rest.lowercased()
    }

    /// The user and the domain of each identity.
    static func identities(_ text: String) -> [String] {
        text.split { $0 == "," || $0 == ";" && !text.contains("<") }.flatMap { part -> [String] in
            var address = part.drop { $0 == " " }
            if let open = address.lastIndex(of: "<") { address = address[address.index(after: open)...] }
            for scheme in ["sips:", "sip:", "tel:"] where address.lowercased().hasPrefix(scheme) {
                address = address.dropFirst(scheme.count)
            }
            let user = address.prefix { !"@;>?: ".contains($0) }
            let hasDomain = address.contains("@")
            return ([String(user)] + (hasDomain ? [domain(String(address))].compactMap { $0 } : []))
                .filter { !$0.isEmpty }
        }
    }
}
