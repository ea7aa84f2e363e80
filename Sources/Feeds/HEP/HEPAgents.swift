// Senders of HEP: each capture agent, by its capture id and the address that its packets come from, with the errors of
// its packets. Errors without a location are of no use: the latest of each kind is stored with its sender and SIP
// peers.

import CallEvents

/// An error of an agent's packets, and where it was last seen.
public struct HEPFault: Equatable, Sendable {
    /// Where an error was seen.
    public struct Place: Equatable, Sendable {
        /// Capture id; 0: none, or none that could be read.
        public var agent: UInt32
        /// Where the packet came from; nil: from a file or a program.
        public var sender: IPAddress?
        /// When it came, microseconds since 1970.
        public var arrivalMicros: Int64
        /// The SIP peers of the message; nil: it was not read that far.
        public var source: IPAddress?
        public var destination: IPAddress?
    }

    public let error: HEPError
    public internal(set) var count = 0
    public internal(set) var latest: Place
}

/// An agent, and the outcome of its packets.
public struct HEPAgent: Equatable, Sendable {
    /// Capture id (chunk 12); 0: its packets have none.
    public let id: UInt32
    /// Where its packets come from; nil: from a file or a program.
    public let sender: IPAddress?
    /// All packets, including those with errors.
    public internal(set) var packets = 0
    /// When the latest of them came, microseconds since 1970; 0: none did.
    public internal(set) var lastMicros: Int64 = 0
    public internal(set) var faults: [HEPFault] = []
    public internal(set) var clock = AgentClock()
    /// What is added to its times to align them with another agent that reports the same messages; see `AgentCopies`.
    public internal(set) var moveMicros: Int64 = 0

    mutating func note(_ error: HEPError, at place: HEPFault.Place, count: Int = 1) {
        if let index = faults.firstIndex(where: { $0.error == error }) {
            faults[index].count += count
            if place.arrivalMicros >= faults[index].latest.arrivalMicros { faults[index].latest = place }
        } else {
            faults.append(HEPFault(error: error, count: count, latest: place))
        }
    }
}

/// The agents of a feed, at most `FeedLimits.agents`; those that find no room are counted together. One that has been
/// silent for long makes room for a new one.
public struct HEPAgents: Equatable, Sendable {
    /// The row of those that found no room.
    static let othersPlace = 0

    /// First the others, then every agent.
    private var rows = [HEPAgent(id: 0, sender: nil)]
    /// Row indices by hash; 0: empty. Sparse, so that the first probe mostly finds an agent.
    private var slots = [Int16](repeating: 0, count: HEPAgents.slotCount)
    private static let slotCount = 4 * FeedLimits.agents
    /// How often an agent has made room for another.
    private(set) var replacements = 0
    private var lookedForRoomMicros = Int64.min

    public init() {}

    public var agents: ArraySlice<HEPAgent> { rows.dropFirst() }

    /// The sum of agents that found no room; their latest errors name their agents.
    public var others: HEPAgent { rows[HEPAgents.othersPlace] }

    @inline(__always)
    subscript(place: Int) -> HEPAgent {
        _read { yield rows[place] }
        _modify { yield &rows[place] }
    }

    /// Counts a packet.
    /// - Returns: the index of the agent's row.
    @inline(__always)
    mutating func observe(id: UInt32, from sender: IPAddress?, at arrivalMicros: Int64) -> Int {
        let place = find(id, sender) ?? add(id, sender, arrivalMicros)
        rows[place].packets += 1
        rows[place].lastMicros = arrivalMicros
        return place
    }

    /// Counts an error.
    /// - Parameter place: the index of the agent's row.
    mutating func note(_ error: HEPError, _ place: Int, at seen: HEPFault.Place) {
        let isHis = rows[place].id == seen.agent && rows[place].sender == seen.sender
        rows[isHis ? place : HEPAgents.othersPlace].note(error, at: seen)
    }

    /// Counts an error of a connection, not of a packet.
    mutating func note(_ error: HEPError, from sender: IPAddress?, at arrivalMicros: Int64) {
        let place = find(0, sender) ?? add(0, sender, arrivalMicros)
        rows[place].lastMicros = arrivalMicros
        rows[place].note(error, at: .init(agent: 0, sender: sender, arrivalMicros: arrivalMicros))
    }

    @inline(__always)
    func find(_ id: UInt32, _ sender: IPAddress?) -> Int? {
        var slot = HEPAgents.slot(id, sender)
        while slots[slot] != 0 {
            let place = Int(slots[slot])
            if rows[place].id == id && rows[place].sender == sender { return place }
            slot = (slot + 1) % HEPAgents.slotCount
        }
        return nil
    }

    private mutating func add(_ id: UInt32, _ sender: IPAddress?, _ nowMicros: Int64) -> Int {
        let agent = HEPAgent(id: id, sender: sender)
        if rows.count <= FeedLimits.agents {
            rows.append(agent)
            insert(rows.count - 1)
            return rows.count - 1
        }
        guard let place = placeOfSilent(nowMicros) else { return HEPAgents.othersPlace }
        let gone = rows[place]
        rows[HEPAgents.othersPlace].packets += gone.packets
        for fault in gone.faults { rows[HEPAgents.othersPlace].note(fault.error, at: fault.latest, count: fault.count) }
        rows[place] = agent
        replacements += 1
        slots = [Int16](repeating: 0, count: HEPAgents.slotCount)
        for index in rows.indices.dropFirst() { insert(index) }
        return place
    }

    /// The agent that has been silent the longest, if that is long. Searched once a second: a flood of invented ids
    /// must not cost more than that.
    private mutating func placeOfSilent(_ nowMicros: Int64) -> Int? {
        let (sinceLook, isFar) = nowMicros.subtractingReportingOverflow(lookedForRoomMicros)
        guard isFar || sinceLook.magnitude >= 1_000_000 else { return nil }
        lookedForRoomMicros = nowMicros
        guard let place = rows.indices.dropFirst().min(by: { rows[$0].lastMicros < rows[$1].lastMicros })
        else { return nil }
        let (silent, overflow) = nowMicros.subtractingReportingOverflow(rows[place].lastMicros)
        return !overflow && silent >= FeedLimits.silentAgentMicros ? place : nil
    }

    private mutating func insert(_ place: Int) {
        var slot = HEPAgents.slot(rows[place].id, rows[place].sender)
        while slots[slot] != 0 { slot = (slot + 1) % HEPAgents.slotCount }
        slots[slot] = Int16(place)
    }

    @inline(__always)
    private static func slot(_ id: UInt32, _ sender: IPAddress?) -> Int {
        let host = sender.map { $0.high ^ $0.low } ?? 0
        let hash = (host ^ UInt64(id) << 32) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: hash >> 32) & (slotCount - 1)
    }
}
