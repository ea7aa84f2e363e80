// How far the stamps of a packet can be trusted: see `AgentClock`.

import CallEvents

extension HEPFeed {
    /// Gives a packet the time to use for its message.
    /// - Returns: false: it waits, or it is refused, which is counted.
    mutating func setTime(of packet: inout HEPPacket, _ bytes: Span<UInt8>) -> Bool {
        // Without a stamp its time is that of its arrival.
        if packet.timeMicros == 0 { return true }
        packet.isStamped = knowsArrivals && packet.place != HEPAgents.othersPlace
        guard let clockPolicy else {
            packet.stampMicros = packet.timeMicros
            if packet.isStamped { packet.timeMicros &+= events.copies.move(of: packet.place) }
            return true
        }
        if mayBeLate, clockPolicy != .trust, !agents[packet.place].clock.isHeard, holds(packet, bytes) { return false }
        return apply(clockPolicy, to: &packet)
    }

    private mutating func apply(_ policy: AgentClockPolicy, to packet: inout HEPPacket) -> Bool {
        let (stamp, arrival) = (packet.timeMicros, packet.arrivalMicros)
        packet.stampMicros = stamp
        let reading = agents[packet.place].clock.observe(
            stampMicros: stamp, arrivalMicros: arrival, mayBeLate: mayBeLate)
        switch (policy, reading) {
        case (.trust, _): break
        case (.refuse, .corrected), (.refuse, .arrival):
            count(.agentClock, packet)
            return false
        case (.refuse, .stamp), (.correct, .stamp):
            // Jitter does not make a barely right clock wrong.
            packet.timeMicros = min(stamp, arrival &+ FeedLimits.agentAheadMicros)
        case (.correct, .corrected):
            packet.timeMicros = stamp &+ (agents[packet.place].clock.correctionMicros ?? 0)
        case (.correct, .arrival):
            (packet.timeMicros, packet.isStamped) = (arrival, false)
        }
        if packet.isStamped { packet.timeMicros &+= events.copies.move(of: packet.place) }
        return true
    }

    // MARK: - Packets that wait

    /// Reads packets that have waited long enough; to be called every `FeedLimits.holdMicros`, and with `.max` at the
    /// end.
    public mutating func releaseHeld(nowMicros: Int64) {
        while let due = held.takeDue(nowMicros: nowMicros) { release(due, areLate: due.areLate) }
    }

    /// Whether the packet waits until more is known of its agent's clock.
    private mutating func holds(_ packet: HEPPacket, _ bytes: Span<UInt8>) -> Bool {
        let lag = packet.arrivalMicros &- packet.timeMicros
        guard lag > FeedLimits.agentBehindMicros else {
            // This one comes at once, so the clock is right or ahead, and those that waited were late.
            if let late = held.take(packet.agent, packet.sender) { release(late, areLate: true) }
            return false
        }
        let bytes = bytes.withUnsafeBufferPointer { Array($0) }
        let copy = HeldPackets.Packet(bytes: bytes, arrivalMicros: packet.arrivalMicros, origin: origin)
        if let due = held.hold(copy, id: packet.agent, sender: packet.sender, lag: lag) {
            release(due, areLate: due.areLate)
        }
        return true
    }

    private mutating func release(_ waiting: HeldPackets.Agent, areLate: Bool) {
        let before = (origin, sender, mayBeLate)
        defer { (origin, sender, mayBeLate) = before }
        (sender, mayBeLate) = (waiting.sender, true)
        for (index, held) in waiting.packets.enumerated() {
            // It was read before, so it is readable.
            guard var packet = try? HEPPacket(held.bytes.span, authKey: []) else { continue }
            packet.place = agents.find(waiting.id, waiting.sender) ?? HEPAgents.othersPlace
            (packet.sender, packet.arrivalMicros) = (sender, held.arrivalMicros)
            packet.isStamped = packet.place != HEPAgents.othersPlace
            if index == 0 {
                if areLate {
                    agents[packet.place].clock.begin(asRightAt: held.arrivalMicros)
                } else {
                    agents[packet.place].clock.begin(lagMicros: waiting.lagMicros, at: held.arrivalMicros)
                }
            }
            origin = held.origin
            guard let clockPolicy, apply(clockPolicy, to: &packet) else { continue }
            receive(packet, held.bytes.span.extracting(packet.payload), arrivalMicros: held.arrivalMicros)
        }
    }
}
