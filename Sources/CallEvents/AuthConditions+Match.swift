// Whether a call meets an entry, and which of several matching entries is the most exact. This is the definition; the
// board's index gives the same result without checking every entry.

extension AuthConditions {
    /// Whether a call meets all conditions. An entry that identifies the called customer never matches a caller.
    public func match(_ party: Party) -> Bool { firstUnmet(party) == nil }

    /// The first condition that a call does not meet. A merely claimed user meets no condition unless the entry also
    /// requires an address.
    public func firstUnmet(_ party: Party) -> AuthCondition? {
        let provesUser = party.userProof != .claimed || block != nil
        return all.first { !$0.match(party) || !provesUser && $0.kind == .sip }
    }

    /// The address block that the entry requires.
    public var block: AddressBlock? { if case .ip(let block, _) = all[0] { block } else { nil } }

    /// The beginning of the called number that the entry requires.
    public var calledPrefix: String? {
        for case .prefix(let prefix) in all { return prefix }
        return nil
    }
}

extension AuthCondition {
    public func match(_ party: Party) -> Bool {
        switch self {
        case .ip(let block, let port):
            guard let source = party.source, block.contains(source) else { return false }
            return port == 0 || party.claims?.sourcePort == port
        case .prefix(let prefix): return party.claims?.called?.utf8.starts(with: prefix.utf8) ?? false
        case .from(let domain): return party.claims?.fromDomain == domain
        case .uri(let domain): return party.claims?.uriDomain == domain
        case .contact(let domain): return party.claims?.contactDomain == domain
        case .tgrp(let name): return party.claims?.trunkGroup == name
        case .header(let name, let value): return party.claims?.value(ofHeader: name) == value
        case .pai(let identity):
            return party.claims?.assertedIdentities.contains { $0.lowercased() == identity } ?? false
        case .sip(let user): return party.sipUser == user
        case .account(let code): return party.account == code
        case .to: return false
        }
    }
}

extension PartyClaims {
    /// If several headers have one name, the first counts.
    public func value(ofHeader name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// How exact an entry is. Of the entries that a call meets, the greatest wins:
///
/// 1. the one with more conditions; a port is a condition of its own. An address alone counts less than any other
/// single condition, and a SIP user or an account code alone less than that;
/// 2. then the one with the longer address block, if it has one; then the one with the longer called prefix;
/// 3. then the one that has the stronger kind of condition which the other lacks: port, address, header, trunk group,
/// asserted identity, SIP user, account, prefix, domain of From, of Contact, of the Request-URI.
///
/// Two entries that are equal in all this differ in the names of headers or in the asserted identity: of these the one
/// whose text sorts first gets the call.
public struct AuthExactness: Hashable, Comparable, Sendable {
    private var order: UInt64

    /// - Parameters:
    ///   - kinds: the conditions' kinds, each as often as it occurs.
    ///   - blockLength: length of the address block; -1: there is none.
    public init(kinds: [AuthCondition.Kind], hasPort: Bool, blockLength: Int, prefixBytes: Int) {
        var count = UInt64(kinds.count + (hasPort ? 1 : 0)) + 2
        if count == 3 {
            switch kinds[0] {
            case .ip: count = 2
            case .sip: count = 1
            case .account: count = 0
            default: break
            }
        }
        var strength: UInt64 = hasPort ? 1 << 10 : 0
        for kind in kinds { strength |= Self.strength(kind) }
        // The number of headers is part of the count already.
        order = count << 48 | UInt64(blockLength + 1) << 32 | UInt64(prefixBytes) << 16 | strength
    }

    public init(_ conditions: AuthConditions) {
        let hasPort = if case .ip(_, let port) = conditions.all[0] { port != 0 } else { false }
        self.init(
            kinds: conditions.all.map(\.kind), hasPort: hasPort, blockLength: conditions.block?.length ?? -1,
            prefixBytes: conditions.calledPrefix?.utf8.count ?? 0)
    }

    public static func < (one: Self, other: Self) -> Bool { one.order < other.order }

    private static func strength(_ kind: AuthCondition.Kind) -> UInt64 {
        switch kind {
        case .ip: 1 << 9
        case .header: 1 << 8
        case .tgrp: 1 << 7
        case .pai: 1 << 6
        case .sip: 1 << 5
        case .account: 1 << 4
        case .prefix: 1 << 3
        case .from: 1 << 2
        case .contact: 1 << 1
        case .uri: 1
        case .to: 0
        }
    }
}
