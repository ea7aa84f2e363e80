/// One condition of an auth entry on a call. Values are normalised as in `AuthConditions`: blocks without host bits;
/// domains, header names and asserted identities in lower case; everything else as in the call.
public enum AuthCondition: Hashable, Sendable {
    /// Where the call comes from. `port` is 0 (any), or the port of a single address.
    case ip(AddressBlock, port: UInt16)
    /// The beginning of the called number, as dialled: a tech prefix.
    case prefix(String)
    /// The domain of From.
    case from(String)
    /// The domain of the Request-URI.
    case uri(String)
    /// The domain of Contact.
    case contact(String)
    /// The trunk group.
    case tgrp(String)
    /// A header of the call; if several have that name, the first.
    case header(name: String, value: String)
    /// A number, user or domain in P-Asserted-Identity.
    case pai(String)
    /// The user part of a SIP address.
    case sip(String)
    /// An account code, as in CDRs.
    case account(String)
    /// Where the call goes: a number, a range of numbers, or the address of a trunk. An entry that has it identifies
    /// the customer that is called, never the one that calls.
    case to(String)

    /// In the order of the conditions in an entry; the names are those of the entry's text.
    public enum Kind: UInt8, CaseIterable, Comparable, Sendable {
        case ip, prefix, from, uri, contact, tgrp, header, pai, sip, account, to

        public var name: String { "\(self)" }

        /// Reads a name in any case; `domain` is another name for `from`.
        public init?(name: some StringProtocol) {
            let folded = name.lowercased()
            guard let kind = Self.allCases.first(where: { $0.name == folded }) ?? (folded == "domain" ? .from : nil)
            else { return nil }
            self = kind
        }

        public static func < (one: Kind, other: Kind) -> Bool { one.rawValue < other.rawValue }
    }

    public var kind: Kind {
        switch self {
        case .ip: .ip
        case .prefix: .prefix
        case .from: .from
        case .uri: .uri
        case .contact: .contact
        case .tgrp: .tgrp
        case .header: .header
        case .pai: .pai
        case .sip: .sip
        case .account: .account
        case .to: .to
        }
    }

    /// What follows the kind's name in an entry's text.
    public var value: String {
        switch self {
        case .ip(let block, 0): block.description
        case .ip(let block, let port):
            block.address.isV4 ? "\(block.address):\(port)" : "[\(block.address)]:\(port)"
        case .prefix(let value), .from(let value), .uri(let value), .contact(let value), .tgrp(let value),
            .pai(let value), .sip(let value), .account(let value), .to(let value):
            value
        case .header(let name, let value): "\(name)=\(value)"
        }
    }
}

/// What is wrong with an auth entry and how to fix it, in one line.
public struct AuthFault: Error, Equatable, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

// MARK: - Reading

extension AuthCondition {
    /// Reads a value as people write it.
    /// - Throws: what is wrong with it.
    public init(_ kind: Kind, _ value: String) throws(AuthFault) {
        guard !value.isEmpty else { throw AuthFault("\(kind.name): has no value; write one, or leave it out") }
        guard value.utf8.count <= AuthLimits.valueBytes else {
            throw AuthFault(
                "the value of \(kind.name) has \(value.utf8.count) bytes, at most \(AuthLimits.valueBytes) are kept; "
                    + "shorten it")
        }
        switch kind {
        case .ip: self = try Self.address(value)
        case .prefix: self = .prefix(value)
        case .from: self = .from(try Self.domain(value, kind))
        case .uri: self = .uri(try Self.domain(value, kind))
        case .contact: self = .contact(try Self.domain(value, kind))
        case .tgrp: self = .tgrp(value)
        case .header: self = try Self.header(value)
        case .pai: self = .pai(value.lowercased())
        case .sip: self = .sip(value)
        case .account: self = .account(value)
        case .to:
            guard let target = InboundTarget(value) else {
                throw AuthFault(
                    "'\(value)' of to is no trunk's address and no number; give 198.51.100.170, 442079460170, 4420794601* "
                        + "or 442079460100-442079460199")
            }
            self = .to(target.text)
        }
    }

    private static func address(_ text: String) throws(AuthFault) -> AuthCondition {
        if let block = AddressBlock(text) { return .ip(block, port: 0) }
        if let place = endpoint(text) { return place }
        throw AuthFault(
            "'\(text)' is not an address or block; give one as 203.0.113.7, 203.0.113.0/24, 203.0.113.7:5060 or "
                + "[2001:db8::7]:5060")
    }

    /// `203.0.113.7:5074`, `[2001:db8::1]:5074`, and `[2001:db8::1]`.
    private static func endpoint(_ text: String) -> AuthCondition? {
        let (address, rest): (Substring, Substring)
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            (address, rest) = (text.dropFirst().prefix(upTo: end), text[text.index(after: end)...])
            guard address.utf8.contains(UInt8(ascii: ":")) else { return nil }
        } else {
            guard let colon = text.firstIndex(of: ":"), text[..<colon].utf8.contains(UInt8(ascii: ".")) else {
                return nil
            }
            (address, rest) = (text[..<colon], text[colon...])
        }
        if rest.isEmpty { return AddressBlock(String(address)).map { .ip($0, port: 0) } }
        let digits = rest.dropFirst()
        guard rest.utf8.first == UInt8(ascii: ":"), (1...5).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let port = UInt16(digits), port > 0,
            let whole = IPAddress(address)
        else { return nil }
        return .ip(AddressBlock(whole, length: 128), port: port)
    }

    private static func domain(_ text: String, _ kind: Kind) throws(AuthFault) -> String {
        guard !text.contains(where: { $0.isWhitespace || $0 == "@" || $0 == "/" || $0 == "<" || $0 == ">" }),
            text != "."
        else {
            throw AuthFault("'\(text)' of \(kind.name) is no domain; give one as acme.example")
        }
        // As feeds report it: see `PartyClaims`.
        var domain = text.lowercased()
        if domain.hasSuffix(".") { domain.removeLast() }
        if domain.hasPrefix("[") && domain.hasSuffix("]") { domain = String(domain.dropFirst().dropLast()) }
        return domain.contains(":") ? IPAddress(domain)?.description ?? domain : domain
    }

    private static func header(_ text: String) throws(AuthFault) -> AuthCondition {
        guard let sign = text.firstIndex(of: "=") else {
            throw AuthFault("header:\(text) has no value; write header:X-Customer=acme")
        }
        let name = text[..<sign].trimmingBlanks
        let value = text[text.index(after: sign)...].trimmingBlanks
        // RFC 3261 25.1: a token, except for characters that a name never has.
        let isToken = name.utf8.allSatisfy { byte in
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "-.!%*_+`'~".utf8.contains(byte)
        }
        guard !name.isEmpty, isToken else {
            throw AuthFault("'\(name)' is no name of a header; write header:X-Customer=acme")
        }
        guard !value.isEmpty else { throw AuthFault("header:\(text) has no value; write header:X-Customer=acme") }
        return .header(name: name.lowercased(), value: value)
    }
}

extension Substring {
    /// The text without leading and trailing white space.
    var trimmingBlanks: String {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }
}
