import CallEvents

/// Which customer a call would be attributed to, and why.
public struct Attribution: Sendable {
    public enum Outcome: Sendable {
        case nobody
        case customer
        /// It comes from a switch of ours, whose legs belong to no customer.
        case ownSwitch
    }

    /// An entry and whose it is.
    public struct Entry: Equatable, Sendable {
        public var customerID: UInt32
        public var customer: String
        public var entry: AuthEntry
        /// The conditions of the entry that the call does not meet.
        public var unmet: [AuthCondition] = []
    }

    public var outcome = Outcome.nobody
    /// It comes to the customer; else the customer makes it.
    public var isInbound = false
    /// 0: the call is no customer's.
    public var customerID: UInt32 = 0
    public var customer = ""
    /// Entries that the call meets, the one that gets it first. Of a call to a customer those that tell who is called,
    /// and the account by which a record tells it.
    public var matches: [Entry] = []
    /// Entries that the call meets in part, the nearest first; see `NearestEntries`.
    public var nearest: [Entry] = []
    /// One line for display.
    public var reason = ""
    /// The called number as displayed: without the tech prefix.
    public var called = ""
}
