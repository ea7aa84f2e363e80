import CallEvents

/// Whose a call would be, and why.
public struct Attribution: Sendable {
    public enum Outcome: Sendable {
        case nobody
        case customer
        /// It comes from a switch of ours, whose legs are no customer's.
        case ownSwitch
    }

    /// An entry and whose it is.
    public struct Entry: Sendable {
        public var customerID: UInt32
        public var customer: String
        public var entry: AuthEntry
        /// The conditions that the call does not meet.
        public var unmet: [AuthCondition] = []
    }

    public var outcome = Outcome.nobody
    /// 0: nobody's.
    public var customerID: UInt32 = 0
    public var customer = ""
    /// Entries that the call meets, the one that gets it first.
    public var matches: [Entry] = []
    /// Entries that the call meets in part, the nearest first; of the first `BoardLimits.entriesLookedAt` of several conditions.
    public var nearest: [Entry] = []
    /// One line for people.
    public var reason = ""
    /// The called number as it is shown: without the tech prefix.
    public var called = ""
}
