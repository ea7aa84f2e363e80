// Messages of streams (TCP, TLS) that an agent copied as the segments were cut: the first piece waits until the next
// payload of the same connection brings the rest (RFC 3261 18.3: Content-Length says where a message ends). Packets
// show by their times when it is too late; if no more come, the owner of the feed reports that.

import CallEvents

/// Waiting pieces, within bounds of number, size and time (`FeedLimits`).
struct SIPPieces {
    /// One direction of a connection, as reported by one agent.
    struct Connection: Hashable {
        var origin: UInt64
        var source: IPAddress
        var destination: IPAddress
        var ports: UInt32
        var agent: UInt32
        var transport: UInt8
    }

    struct Piece {
        /// The beginning of a message whose headers are not complete; empty if only body bytes are missing.
        var bytes: [UInt8]
        /// Bytes of the body that are still to come.
        var bodyRest: Int
        var timeMicros: Int64
        var packet: HEPPacket
        /// It was waiting when `takeIdle` was last called.
        fileprivate var wasSeen = false

        init(bytes: [UInt8], bodyRest: Int, timeMicros: Int64, packet: HEPPacket) {
            self.bytes = bytes
            self.bodyRest = bodyRest
            self.timeMicros = timeMicros
            self.packet = packet
        }
    }

    private var pieces: [Connection: Piece] = [:]
    private var sweptMicros: Int64 = 0

    @inline(__always)
    var isEmpty: Bool { pieces.isEmpty }

    mutating func take(_ connection: Connection) -> Piece? { pieces.removeValue(forKey: connection) }

    /// - Returns: a piece that had to make room, whose rest is no longer awaited.
    mutating func put(_ piece: Piece, _ connection: Connection) -> Piece? {
        var driven: Piece?
        if pieces.count >= FeedLimits.waitingPieces,
            let oldest = pieces.min(by: { $0.value.timeMicros < $1.value.timeMicros })?.key
        {
            driven = pieces.removeValue(forKey: oldest)
        }
        pieces[connection] = piece
        pieces[connection]?.wasSeen = false
        return driven
    }

    /// Pieces whose rest has not come in time; searched once a second of the packets' time.
    mutating func overdue(nowMicros: Int64) -> [Piece] {
        let (sinceSweep, overflow) = nowMicros.subtractingReportingOverflow(sweptMicros)
        guard overflow || sinceSweep.magnitude >= 1_000_000 else { return [] }
        sweptMicros = nowMicros
        return take { FeedLimits.isPieceOverdue($0.value.timeMicros, nowMicros: nowMicros) }
    }

    /// Pieces of packets from one origin.
    mutating func takeAll(of origin: UInt64) -> [Piece] { take { $0.key.origin == origin } }

    /// Pieces of one origin that were waiting when this was last called, and still are.
    mutating func takeIdle(of origin: UInt64?) -> [Piece] {
        let idle = take { $0.value.wasSeen && (origin == nil || $0.key.origin == origin) }
        for connection in pieces.keys where origin == nil || connection.origin == origin {
            pieces[connection]?.wasSeen = true
        }
        return idle
    }

    private mutating func take(_ isMeant: ((key: Connection, value: Piece)) -> Bool) -> [Piece] {
        let taken = pieces.filter { isMeant(($0.key, $0.value)) }
        for connection in taken.keys { pieces[connection] = nil }
        return taken.values.sorted { $0.timeMicros < $1.timeMicros }
    }
}

extension HEPPacket {
    /// The payload is part of a stream of bytes: TCP, TLS (22 is what Kamailio and sofia-sip write for it).
    @inline(__always)
    var isStream: Bool { transport == 6 || transport == 22 }

    func connection(of origin: UInt64) -> SIPPieces.Connection {
        SIPPieces.Connection(
            origin: origin, source: source, destination: destination,
            ports: UInt32(sourcePort) << 16 | UInt32(destinationPort),
            agent: agent, transport: transport)
    }
}

extension FeedLimits {
    static func isPieceOverdue(_ micros: Int64, nowMicros: Int64) -> Bool {
        let (age, overflow) = nowMicros.subtractingReportingOverflow(micros)
        return overflow || age.magnitude > UInt64(pieceMicros)
    }
}
