/// Which claims of a call the customers' auth entries require. With none, a feed reads nothing extra.
public struct PartyNeeds: Equatable, Sendable {
    public struct Claims: OptionSet, Sendable {
        public var rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let sourcePort = Claims(rawValue: 1)
        public static let called = Claims(rawValue: 2)
        public static let fromDomain = Claims(rawValue: 4)
        public static let uriDomain = Claims(rawValue: 8)
        public static let contactDomain = Claims(rawValue: 16)
        public static let trunkGroup = Claims(rawValue: 32)
        public static let assertedIdentities = Claims(rawValue: 64)
    }

    public var claims: Claims
    /// Header names in lower case, ascending.
    public var headerNames: [String]

    public init(claims: Claims = [], headerNames: [String] = []) {
        self.claims = claims
        self.headerNames = headerNames
    }

    public var isEmpty: Bool { claims.isEmpty && headerNames.isEmpty }
}
