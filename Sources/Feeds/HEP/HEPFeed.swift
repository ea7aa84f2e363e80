// From HEP packets to call events.
//
//     bytes --HEPPacket--> addresses, time, payload --SIPReader--> SIPMessage --SIPEvents--> call events
//
// The feed stores no calls: it reads a message, makes the key of the attempt that it may belong to, and says what
// happened. The board knows which keys are calls and ignores the others. TCP comes through `HEPStream`, files through
// `HEPCapture`.

import CallEvents

/// Reads HEP packets, and hands out their events since the last call.
///
/// Packets may be anything: what cannot be understood is counted by its name and dropped. A message of 600 bytes takes
/// about 0.5 us and no memory of its own, except for the user name of an INVITE; the feed itself takes 7 MB, however
/// many calls there are (see `FeedLimits`).
public struct HEPFeed {
    /// Packets, and their outcome. A packet is mostly one message, each of which is in exactly one of `messages`,
    /// `notCalls` and the errors: these add up to `packets + further - pieces`.
    public struct Counters: Equatable, Sendable {
        public var packets = 0
        /// Messages after the first one of their packet, and pieces whose rest did not come.
        public var further = 0
        /// Packets with a piece of a message that is joined with others.
        public var pieces = 0
        /// Messages with an event of a call.
        public var messages = 0
        /// Keep-alives, logs, RTCP, and SIP that belongs to no call: other methods, 100, ACK, re-INVITE.
        public var notCalls = 0
        /// By the position in `HEPError.allCases`.
        public internal(set) var errorsByKind = [Int](repeating: 0, count: HEPError.allCases.count)

        public var errors: Int { errorsByKind.reduce(0, +) }

        /// Errors by their stable name, those that occurred.
        public var errorsByName: [String: Int] {
            var result: [String: Int] = [:]
            for (error, count) in zip(HEPError.allCases, errorsByKind) where count > 0 {
                result[error.rawValue] = count
            }
            return result
        }
    }

    public internal(set) var counters = Counters()
    /// The senders of the packets.
    var agents = HEPAgents()
    /// Where packets come from; nil: from a file or a program.
    public var sender: IPAddress?
    /// How times that are off by our clock are treated; nil: not checked, because packets of the past are replayed.
    public var clockPolicy: AgentClockPolicy?
    /// Packets may have been held back before they came, as on a connection.
    public var mayBeLate = false
    /// The arrival times are those of the packets, not of a program that brings them: they distinguish copies of a
    /// message from retransmissions.
    public var knowsArrivals = true
    var held = HeldPackets()
    private var replacementsSeen = 0
    private var authKeyBytes: [UInt8]
    var reader = SIPReader()
    var pieces = SIPPieces()
    /// Where packets come from: a socket, a program. Only messages cut over packets of one origin are joined again.
    public var origin: UInt64 = 0
    var events: SIPEvents

    /// - Parameter authKey: packets must carry it in chunk 14; nil or empty: none is required.
    public init(hashSeed: HashSeed, authKey: String?) {
        events = SIPEvents(hashSeed: hashSeed)
        authKeyBytes = Array((authKey ?? "").utf8)
    }

    public var authKey: String? {
        get { authKeyBytes.isEmpty ? nil : String(decoding: authKeyBytes, as: UTF8.self) }
        set { authKeyBytes = Array((newValue ?? "").utf8) }
    }

    /// What is read of an INVITE for customers' auth entries; by default only addresses and user.
    public var needs: PartyNeeds {
        get { events.needs }
        set { events.needs = newValue }
    }

    /// Events since the last call; the feed retains none of them.
    public mutating func take() -> CallEventBatch { events.take() }

    /// Reads one packet: a datagram, or what the length of a stream's packet delimits. Further packets after the first,
    /// as in recordings of a stream, are read too; other bytes there are ignored.
    /// - Parameter arrivalMicros: when it came, microseconds since 1970; the time of packets that have none.
    public mutating func receive(_ packets: RawSpan, arrivalMicros: Int64) {
        packets.withUnsafeBytes { memory in
            // Safe: the bytes are only read, through a span that checks every index, and not retained.
            var bytes = memory.bindMemory(to: UInt8.self).span
            receiveFirst(bytes, arrivalMicros: arrivalMicros)
            while let next = HEPPacket.startOfNext(bytes) {
                bytes = bytes.extracting(next...)
                receiveFirst(bytes, arrivalMicros: arrivalMicros)
            }
        }
    }

    private mutating func receiveFirst(_ bytes: Span<UInt8>, arrivalMicros: Int64) {
        counters.packets += 1
        do throws(HEPError) {
            var packet = try HEPPacket(bytes, authKey: authKeyBytes)
            packet.place = agents.observe(id: packet.agent, from: sender, at: arrivalMicros)
            if agents.replacements != replacementsSeen { forgetReplaced(packet.place) }
            (packet.sender, packet.arrivalMicros) = (sender, arrivalMicros)
            guard packet.isSIP, !packet.payload.isEmpty else {
                counters.notCalls += 1
                return
            }
            if setTime(of: &packet, bytes) {
                receive(packet, bytes.extracting(packet.payload), arrivalMicros: arrivalMicros)
            }
        } catch {
            let agent = HEPPacket.agent(ofUnread: bytes)
            let place = agents.observe(id: agent, from: sender, at: arrivalMicros)
            count(error)
            agents.note(error, place, at: .init(agent: agent, sender: sender, arrivalMicros: arrivalMicros))
        }
    }

    private mutating func forgetReplaced(_ place: Int) {
        replacementsSeen = agents.replacements
        events.copies.forget(place)
    }

    /// The agents, with what their times are moved by.
    public var reportedAgents: HEPAgents {
        var reported = agents
        for place in agents.agents.indices { reported[place].moveMicros = events.copies.move(of: place) }
        return reported
    }

    /// Counts an error of a connection from `sender`; `counters` are of packets only.
    public mutating func note(_ error: HEPError, arrivalMicros: Int64) {
        agents.note(error, from: sender, at: arrivalMicros)
    }

    /// Counts an error of a message.
    mutating func count(_ error: HEPError, _ packet: HEPPacket) {
        count(error)
        agents.note(
            error, packet.place,
            at: .init(
                agent: packet.agent, sender: packet.sender, arrivalMicros: packet.arrivalMicros, source: packet.source,
                destination: packet.destination))
    }

    private mutating func count(_ error: HEPError) {
        counters.errorsByKind[HEPError.allCases.firstIndex(of: error) ?? 0] += 1
    }
}

extension HEPError {
    /// Nil: it was not SIP, which is not an error.
    init?(_ error: SIPError) {
        switch error {
        case .notSIP: return nil
        case .startLine: self = .sipStartLine
        case .status: self = .sipStatus
        case .callID: self = .sipCallID
        case .from: self = .sipFrom
        case .to: self = .sipTo
        case .cseq: self = .sipCSeq
        }
    }
}
