/// Who sends a call, as the feed knows it. The board resolves it to a customer: by `customerID` when it is told,
/// else by the longest prefix of `source`, else by `sipUser`, else by `account`.
public struct Party: Hashable, Sendable {
    /// The customer's id, from a producer that knows it; 0 when the auth sets must tell.
    public var customerID: UInt32
    /// Where the call came from.
    public var source: IPAddress?
    /// Where it was sent: our switch, when `source` is a customer.
    public var destination: IPAddress?
    /// The user part of the caller's SIP address or digest user name.
    public var sipUser: String?
    /// `sipUser` is that of credentials (a digest), not merely of From.
    public var hasCredentials: Bool
    /// The account code that a CDR carries.
    public var account: String?
    /// Which way the call goes, where the source tells.
    public var direction: CallDirection
    /// What entries of several conditions look at; nil: nothing of it is known, or nobody asks.
    public var claims: PartyClaims?

    public init(
        customerID: UInt32 = 0, source: IPAddress? = nil, destination: IPAddress? = nil, sipUser: String? = nil,
        hasCredentials: Bool = false, account: String? = nil, direction: CallDirection = .outbound,
        claims: PartyClaims? = nil
    ) {
        self.customerID = customerID
        self.source = source
        self.destination = destination
        self.sipUser = sipUser
        self.hasCredentials = hasCredentials
        self.account = account
        self.direction = direction
        self.claims = claims
    }
}
