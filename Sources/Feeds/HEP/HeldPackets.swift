// The first packets of an agent, when they come long after their stamps: either its clock is behind, or it held them
// while it could not send. A clock that is behind stays so; held packets come faster than they were stamped, so their
// lags shrink. They wait until that is seen, for a second at most.

import CallEvents

/// Packets of agents whose clocks are not known yet.
struct HeldPackets {
    struct Packet {
        var bytes: [UInt8]
        var arrivalMicros: Int64
        var origin: UInt64
    }

    /// The packets of one agent.
    struct Agent {
        var id: UInt32
        var sender: IPAddress?
        var packets: [Packet] = []
        private var firstLag: Int64
        private var smallestLag: Int64

        fileprivate init(id: UInt32, sender: IPAddress?, lag: Int64) {
            (self.id, self.sender) = (id, sender)
            (firstLag, smallestLag) = (lag, lag)
        }

        fileprivate mutating func hold(_ packet: Packet, lag: Int64) {
            packets.append(packet)
            smallestLag = min(smallestLag, lag)
        }

        fileprivate var sinceMicros: Int64 { packets.first?.arrivalMicros ?? .min }

        /// The packets were held back: less and less of their lag is left.
        var areLate: Bool { firstLag &- smallestLag >= FeedLimits.shrinkingLagMicros }

        /// The clock's lag, if they were not.
        var lagMicros: Int64 { smallestLag }
    }

    private var agents: [Agent] = []
    private var byteCount = 0

    var isEmpty: Bool { agents.isEmpty }

    func has(_ id: UInt32, _ sender: IPAddress?) -> Bool { agents.contains { $0.id == id && $0.sender == sender } }

    /// Holds a packet.
    /// - Returns: its agent's packets, if there is no need or no room to wait for more.
    mutating func hold(_ packet: Packet, id: UInt32, sender: IPAddress?, lag: Int64) -> Agent? {
        let place =
            agents.firstIndex { $0.id == id && $0.sender == sender }
            ?? {
                agents.append(Agent(id: id, sender: sender, lag: lag))
                return agents.count - 1
            }()
        agents[place].hold(packet, lag: lag)
        byteCount += packet.bytes.count
        let isFull = byteCount > FeedLimits.heldBytes || agents.count > FeedLimits.heldAgents
        let isDue = isFull || agents[place].areLate || Self.isDue(agents[place], packet.arrivalMicros)
        return isDue ? remove(place) : nil
    }

    /// Takes the packets of an agent whose clock has become known.
    mutating func take(_ id: UInt32, _ sender: IPAddress?) -> Agent? {
        agents.firstIndex { $0.id == id && $0.sender == sender }.map { remove($0) }
    }

    /// Takes the packets of an agent that have waited long enough.
    mutating func takeDue(nowMicros: Int64) -> Agent? {
        agents.firstIndex { Self.isDue($0, nowMicros) }.map { remove($0) }
    }

    private mutating func remove(_ place: Int) -> Agent {
        let agent = agents.remove(at: place)
        byteCount -= agent.packets.reduce(0) { $0 + $1.bytes.count }
        return agent
    }

    private static func isDue(_ agent: Agent, _ nowMicros: Int64) -> Bool {
        // A clock of ours that was set back must not hold them for ever.
        let (age, overflow) = nowMicros.subtractingReportingOverflow(agent.sinceMicros)
        return overflow || age.magnitude >= UInt64(FeedLimits.holdMicros)
    }
}
