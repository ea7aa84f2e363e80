// What a feed remembers of earlier packets: which host passes which call on, INVITEs without a final answer, and which
// user has authenticated where. Saved in the same instant as the figures that came of the packets, it lets a feed
// continue as if it had never stopped.

import CallEvents

/// A copy costs nothing until the feed reads its next packet, and then some 4 MB.
public struct HEPFeedMemory: Sendable {
    var relays: RelayWatch
    var invites: OpenInvites
    var proven: ProvenUsers

    /// As columns of equal lengths, without what is empty.
    public struct Columns: Equatable, Sendable {
        /// One row per hop: dialog; source high, low; destination high, low.
        public var hops: [[Int64]]
        /// One row per host that passes calls on: high, low.
        public var relays: [[Int64]]
        /// One row per INVITE: place, check, branch.
        public var invites: [[Int64]]
        /// One row per user and address: place, entry.
        public var provenUsers: [[Int64]]
        /// One row per request whose answer is pending: place, check, user and address.
        public var credentials: [[Int64]]

        /// Older programs stored no users.
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

    /// - Returns: nil if these are not the columns of a feed.
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

    /// Whether these are `count` columns of one length of at most `rows` rows.
    static func areColumns(_ columns: [[Int64]], count: Int, rows: Int) -> Bool {
        columns.count == count && columns.allSatisfy { $0.count == columns[0].count } && columns[0].count <= rows
    }
}

extension HEPFeed {
    /// To be saved with the figures, and passed to a later feed with the same hash seed before it reads anything.
    public var memory: HEPFeedMemory {
        get { events.memory }
        set { events.memory = newValue }
    }
}

extension HEPFeed {
    /// Users that authenticated since the last call, each with its address; collected from the first call on.
    public mutating func takeProven() -> [ProvenUser] {
        events.proven.keepsNews = true
        return events.proven.takeNews()
    }

    /// Takes what another feed with the same hash seed has observed.
    public mutating func take(_ users: [ProvenUser]) { events.proven.take(users) }

    /// Takes only the authenticated users, with their addresses, of a feed's memory.
    public mutating func takeUsers(of memory: HEPFeedMemory) { events.proven = memory.proven }

    /// No user has authenticated so far.
    public var hasNoProvenUsers: Bool { events.proven.isEmpty }
}
