import CallEvents

/// A rule that attributes a call to a customer.
public enum AuthEntry: Equatable, Hashable, Sendable {
    /// An address or a CIDR block, as written: `203.0.113.0/24`, `2001:db8::1`.
    case ip(String)
    /// The user part of a SIP address, compared byte by byte.
    case sip(String)
    /// An account code as in CDRs.
    case account(String)
    /// Anything that is not one of those alone: several conditions, a port, or one condition of another kind.
    case conditions(AuthConditions)
}

extension AuthEntry {
    /// The entry of these conditions: a lone address, user or account code becomes its own case.
    public init(_ conditions: AuthConditions) {
        switch (conditions.all.count, conditions.all[0]) {
        case (1, .ip(let block, 0)): self = .ip(block.description)
        case (1, .sip(let user)): self = .sip(user)
        case (1, .account(let code)): self = .account(code)
        default: self = .conditions(conditions)
        }
    }

    /// An address as written. With a port, or in brackets, it is more than `ip` can hold.
    public init(address text: String) {
        if AddressBlock(text) == nil, let condition = try? AuthCondition(.ip, text),
            let conditions = try? AuthConditions([condition])
        {
            self.init(conditions)
        } else {
            // Anything that is no address stays as written, to be refused by name.
            self = .ip(text)
        }
    }

    /// Parses a list's entry: `ip:203.0.113.0/24`, `ip:198.51.100.20&prefix:9911#`.
    /// - Throws: `AuthFault`.
    public init(listed text: String) throws(AuthFault) {
        let parts = AuthText.parts(text)
        if parts.count == 1 {
            let (kind, value) = try AuthText.condition(parts[0], of: text)
            // A lone condition is stored as written, and checked with the rest of the customer.
            let plain: AuthEntry? =
                switch kind {
                case .ip: AuthEntry(address: value)
                case .sip: .sip(value)
                case .account: .account(value)
                default: nil
                }
            if let plain {
                self = plain
                return
            }
        }
        self.init(try AuthConditions(text: text))
    }

    /// As in a list.
    public var listed: String {
        switch self {
        case .ip(let text): "ip:" + text
        case .sip(let text): AuthText.text("sip", text)
        case .account(let text): AuthText.text("account", text)
        case .conditions(let conditions): conditions.text
        }
    }

    /// For an entry that names the called side: the value of its `to` condition.
    public var receiver: String? { if case .conditions(let conditions) = self { conditions.receiver } else { nil } }

    /// The one address that the sender's calls come from; nil: none, or a block of them.
    var address: IPAddress? {
        switch self {
        case .ip(let text): return IPAddress(text)
        case .conditions(let conditions):
            guard conditions.receiver == nil, let block = conditions.block, block.length == 128 else { return nil }
            return block.address
        case .sip, .account: return nil
        }
    }
}

// MARK: - Saving

extension AuthEntry {
    /// In files and on the wire: a number is never reused.
    public var savedKind: UInt8 {
        switch self {
        case .ip: 0
        case .sip: 1
        case .account: 2
        case .conditions: 3
        }
    }

    public var savedText: String {
        switch self {
        case .ip(let text), .sip(let text), .account(let text): text
        case .conditions(let conditions): conditions.text
        }
    }

    /// Nil: the kind is unknown, or the conditions cannot be parsed.
    init?(savedKind: UInt8, text: String) {
        switch savedKind {
        case 0: self = .ip(text)
        case 1: self = .sip(text)
        case 2: self = .account(text)
        case 3:
            guard let conditions = try? AuthConditions(text: text) else { return nil }
            self = .conditions(conditions)
        default: return nil
        }
    }
}
