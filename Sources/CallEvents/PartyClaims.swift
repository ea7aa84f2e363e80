/// What a call claims about its sender beyond address, user and account: what carriers use to distinguish customers at
/// one address.
///
/// Texts are as in the call (for a SIP message without escapes); domains are in lower case, without a final dot, and
/// IPv6 addresses in their place are in the form of RFC 5952, without brackets.
/// A feed fills in only what some customer's entries require (`PartyNeeds`).
public struct PartyClaims: Hashable, Sendable {
    /// The port that the call came from; 0: unknown.
    public var sourcePort: UInt16
    /// The called number or user as dialled, including a tech prefix.
    public var called: String?
    /// The domain of From.
    public var fromDomain: String?
    /// The domain of the Request-URI.
    public var uriDomain: String?
    /// The domain of Contact.
    public var contactDomain: String?
    /// The trunk group: `tgrp` of Contact, or `otg` of From.
    public var trunkGroup: String?
    /// P-Asserted-Identity: the user and the domain of each identity, one element each.
    public var assertedIdentities: [String]
    /// The headers required by entries: names in lower case, values without leading and trailing blanks.
    public var headers: [Header]

    public struct Header: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(
        sourcePort: UInt16 = 0, called: String? = nil, fromDomain: String? = nil, uriDomain: String? = nil,
        contactDomain: String? = nil, trunkGroup: String? = nil, assertedIdentities: [String] = [],
        headers: [Header] = []
    ) {
        self.sourcePort = sourcePort
        self.called = called
        self.fromDomain = fromDomain
        self.uriDomain = uriDomain
        self.contactDomain = contactDomain
        self.trunkGroup = trunkGroup
        self.assertedIdentities = assertedIdentities
        self.headers = headers
    }
}
