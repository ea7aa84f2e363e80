import CallEvents

/// What entries found by the same hash probe have in common: the kinds of their conditions, and the lengths of their
/// address block and called prefix.
struct AuthShape: Hashable, Sendable {
    /// Bit n: there is a condition of kind n.
    let kinds: UInt16
    let hasPort: Bool
    /// -1: no address.
    let blockLength: Int16
    let prefixBytes: UInt16
    /// Ascending.
    let headerNames: [String]
    let exactness: AuthExactness

    init(_ conditions: AuthConditions) {
        var kinds: UInt16 = 0
        var headerNames: [String] = []
        var hasPort = false
        for condition in conditions.all {
            kinds |= Self.bit(condition.kind)
            switch condition {
            case .header(let name, _): headerNames.append(name)
            case .ip(_, let port): hasPort = port != 0
            default: break
            }
        }
        self.kinds = kinds
        self.hasPort = hasPort
        self.headerNames = headerNames
        blockLength = Int16(conditions.block?.length ?? -1)
        prefixBytes = UInt16(clamping: conditions.calledPrefix?.utf8.count ?? 0)
        exactness = AuthExactness(conditions)
    }

    static func bit(_ kind: AuthCondition.Kind) -> UInt16 { 1 << UInt16(kind.rawValue) }

    func has(_ kind: AuthCondition.Kind) -> Bool { kinds & Self.bit(kind) != 0 }
}

/// The hash by which an entry is found: of its shape and of the values of its conditions in the order of their kinds.
struct AuthHash {
    private var hasher = Hasher()

    init(shape: Int) { hasher.combine(shape) }

    mutating func add(_ block: AddressBlock, port: UInt16) {
        hasher.combine(block)
        hasher.combine(port)
    }

    mutating func add(_ text: String) { add(text.utf8) }

    /// Bytes and their count, so that no two lists of texts have the same bytes.
    mutating func add(_ bytes: some Collection<UInt8>) {
        let added: Void? = bytes.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        if added == nil { Array(bytes).withUnsafeBytes { hasher.combine(bytes: $0) } }
        hasher.combine(bytes.count)
    }

    var value: Int { hasher.finalize() }
}

extension AuthConditions {
    func hash(shape: Int) -> Int {
        var hash = AuthHash(shape: shape)
        for condition in all {
            switch condition {
            case .ip(let block, let port): hash.add(block, port: port)
            case .header(_, let value): hash.add(value)
            default: hash.add(condition.value)
            }
        }
        return hash.value
    }
}

/// A call's values, in the form in which entries of several conditions are looked up.
struct AuthProbe {
    let party: Party
    /// Bit n: a value for conditions of kind n is known.
    let kinds: UInt16
    let claims: PartyClaims
    let identities: [String]
    /// Bytes of the longest called prefix that the call can meet.
    let calledBytes: Int

    init(_ party: Party) {
        self.party = party
        claims = party.claims ?? PartyClaims()
        identities = claims.assertedIdentities.map { $0.lowercased() }
        calledBytes = claims.called?.utf8.count ?? 0
        var kinds: UInt16 = 0
        func set(_ kind: AuthCondition.Kind, _ isKnown: Bool) { if isKnown { kinds |= AuthShape.bit(kind) } }
        set(.ip, party.source != nil)
        set(.prefix, claims.called != nil)
        set(.from, claims.fromDomain != nil)
        set(.uri, claims.uriDomain != nil)
        set(.contact, claims.contactDomain != nil)
        set(.tgrp, claims.trunkGroup != nil)
        set(.header, !claims.headers.isEmpty)
        set(.pai, !identities.isEmpty)
        set(.sip, party.sipUser != nil)
        set(.account, party.account != nil)
        self.kinds = kinds
    }

    /// Whether an entry of this shape can be met at all.
    func mayMeet(_ shape: AuthShape) -> Bool {
        shape.kinds & ~kinds == 0 && Int(shape.prefixBytes) <= calledBytes && (!shape.hasPort || claims.sourcePort != 0)
    }

    /// The hashes of the entries of this shape that the call can meet: one, or one for each asserted identity.
    func forEachHash(
        _ shape: AuthShape, number: Int, _ block: AddressBlock?, _ body: (Int) -> Void
    ) {
        guard shape.has(.pai) else {
            if let hash = hash(shape, number, block, identity: "") { body(hash) }
            return
        }
        for identity in identities {
            if let hash = hash(shape, number, block, identity: identity) { body(hash) }
        }
    }

    /// Nil: a header is missing.
    private func hash(_ shape: AuthShape, _ number: Int, _ block: AddressBlock?, identity: String) -> Int? {
        var hash = AuthHash(shape: number)
        if let block { hash.add(block, port: shape.hasPort ? claims.sourcePort : 0) }
        if shape.has(.prefix), let called = claims.called { hash.add(called.utf8.prefix(Int(shape.prefixBytes))) }
        if shape.has(.from), let domain = claims.fromDomain { hash.add(domain) }
        if shape.has(.uri), let domain = claims.uriDomain { hash.add(domain) }
        if shape.has(.contact), let domain = claims.contactDomain { hash.add(domain) }
        if shape.has(.tgrp), let group = claims.trunkGroup { hash.add(group) }
        for name in shape.headerNames {
            guard let value = claims.value(ofHeader: name) else { return nil }
            hash.add(value)
        }
        if shape.has(.pai) { hash.add(identity) }
        if shape.has(.sip), let user = party.sipUser { hash.add(user) }
        if shape.has(.account), let code = party.account { hash.add(code) }
        return hash.value
    }
}
