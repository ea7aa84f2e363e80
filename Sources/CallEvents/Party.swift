/// The sender of a call, as the feed knows it. The board resolves it to a customer: by `customerID` if given, else by
/// the longest prefix of `source`, else by `sipUser`, else by `account`.
///
/// What a user name proves depends on its source (`userProof`); `hasCredentials` only says how it arrived.
public struct Party: Hashable, Sendable {
    /// The customer's id, from a producer that knows it; 0 if it must be found by the auth entries.
    public var customerID: UInt32
    /// Where the call came from.
    public var source: IPAddress?
    /// Where it was sent: our switch, when `source` is a customer.
    public var destination: IPAddress?
    /// The user part of the caller's SIP address or digest user name.
    public var sipUser: String?
    /// Whether `sipUser` comes from credentials (a digest), not merely from From.
    public var hasCredentials: Bool
    /// What backs `sipUser`.
    public var userProof: UserProof
    /// The account code in a CDR.
    public var account: String?
    /// Which way the call goes, if the source reports it.
    public var direction: CallDirection
    /// What entries with several conditions check; nil: nothing of it is known or needed.
    public var claims: PartyClaims?

    public init(
        customerID: UInt32 = 0, source: IPAddress? = nil, destination: IPAddress? = nil, sipUser: String? = nil,
        hasCredentials: Bool = false, userProof: UserProof = .told, account: String? = nil,
        direction: CallDirection = .outbound, claims: PartyClaims? = nil
    ) {
        self.customerID = customerID
        self.source = source
        self.destination = destination
        self.sipUser = sipUser
        self.hasCredentials = hasCredentials
        self.userProof = userProof
        self.account = account
        self.direction = direction
        self.claims = claims
    }
}

/// What backs the user name of a party. Only feeds that observe the callers themselves use anything but `told`.
public enum UserProof: UInt8, Sendable {
    /// The source of the call knows the user: a switch's records, a program, an address at which the user has
    /// authenticated.
    case told
    /// Credentials that came with the call, and that the switch may refuse.
    case credentials
    /// From alone, the caller's own claim: it proves nothing except at an address of that customer.
    case claimed
}
