/// What a call says of its sender beyond address, user and account: what carriers tell customers at one address apart by.
///
/// Texts are as the call has them (of a SIP message without escapes); domains are in lower case, without a final dot, and IPv6
/// addresses in their place without brackets in the form of RFC 5952.
/// A feed fills in only what some customer's entry asks for (`PartyNeeds`).
public struct PartyClaims: Hashable, Sendable {
    /// The port that the call came from; 0: not known.
    public var sourcePort: UInt16
    /// The number or user that was called, as dialled: a tech prefix stands before it.
    public var called: String?
    /// The domain of From.
    public var fromDomain: String?
    /// The domain of the request's URI.
    public var uriDomain: String?
    /// The domain of Contact.
    public var contactDomain: String?
    /// The trunk group: `tgrp` of Contact, or `otg` of From.
    public var trunkGroup: String?
    /// P-Asserted-Identity: the user and the domain of each identity, one element each.
    public var assertedIdentities: [String]
    /// Headers that were asked for: names in lower case, values without blanks at their ends.
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
