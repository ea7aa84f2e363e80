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
    /// The account code that a CDR carries.
    public var account: String?

    public init(
        customerID: UInt32 = 0, source: IPAddress? = nil, destination: IPAddress? = nil, sipUser: String? = nil,
        account: String? = nil
    ) {
        self.customerID = customerID
        self.source = source
        self.destination = destination
        self.sipUser = sipUser
        self.account = account
    }
}
