// What a feed has in mind of earlier packets: which host passes which call on, INVITEs without a final answer, and which user has
// authenticated where. Saved in the same
// instant as the figures that the packets led to, it lets a feed go on as if it had never been away.

import CallEvents

/// A copy costs nothing until the feed reads its next packet, and then some 4 MB.
public struct HEPFeedMemory: Sendable {
    var relays: RelayWatch
    var invites: OpenInvites
    var proven: ProvenUsers

    /// As columns of equal lengths, without what is empty.
    public struct Columns: Equatable, Sendable {
        /// Dialog; source high, low; destination high, low: one a hop.
        public var hops: [[Int64]]
        /// High, low: one a host that passes calls on.
        public var relays: [[Int64]]
        /// Place, check, branch: one an INVITE.
        public var invites: [[Int64]]
        /// Place, entry: one a user and an address.
        public var provenUsers: [[Int64]]
        /// Place, check, user and address: one a request whose answer is to come.
        public var credentials: [[Int64]]

        /// Programs of before kept no users.
        public init(
            hops: [[Int64]], relays: [[Int64]], invites: [[Int64]], provenUsers: [[Int64]] = [[], []],
            credentials: [[Int64]] = [[], [], []]
        ) {
            (self.hops, self.relays, self.invites) = (hops, relays, invites)
            (self.provenUsers, self.credentials) = (provenUsers, credentials)
        }
    }

    public var columns: Columns {
        Columns(
            hops: relays.hopColumns, relays: relays.relayColumns, invites: invites.columns,
            provenUsers: proven.pairColumns, credentials: proven.requestColumns)
    }

    /// - Returns: nil if these are no columns of a feed.
    public init?(_ columns: Columns) {
        guard let relays = RelayWatch(hops: columns.hops, relays: columns.relays),
            let invites = OpenInvites(columns.invites),
            let proven = ProvenUsers(pairs: columns.provenUsers, requests: columns.credentials)
        else { return nil }
        (self.relays, self.invites, self.proven) = (relays, invites, proven)
    }

    init(_ relays: RelayWatch, _ invites: OpenInvites, _ proven: ProvenUsers) {
        (self.relays, self.invites, self.proven) = (relays, invites, proven)
    }

    /// Whether there are so many columns, all of one length of at most so many rows.
    static func areColumns(_ columns: [[Int64]], count: Int, rows: Int) -> Bool {
        columns.count == count && columns.allSatisfy { $0.count == columns[0].count } && columns[0].count <= rows
    }
}

extension HEPFeed {
    /// To be saved with the figures, and given to a later feed with the same hash seed before it reads anything.
    public var memory: HEPFeedMemory {
        get { events.memory }
        set { events.memory = newValue }
    }
}

extension HEPFeed {
    /// Users that authenticated since the last time, each with its address; from the first call of this on.
    public mutating func takeProven() -> [ProvenUser] {
        events.proven.keepsNews = true
        return events.proven.takeNews()
    }

    /// What another feed with the same hash seed has heard.
    public mutating func take(_ users: [ProvenUser]) { events.proven.take(users) }

    /// Of all that a feed had in mind only which user has authenticated where.
    public mutating func takeUsers(of memory: HEPFeedMemory) { events.proven = memory.proven }

    /// No user has authenticated so far.
    public var hasNoProvenUsers: Bool { events.proven.isEmpty }
}
