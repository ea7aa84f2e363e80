// Captures of HEP over TCP: a record is what one read of the connection gave, so a packet may begin in one record and
// end in a later one. The server takes each record for whole packets, so such records are joined here.

import Feeds

struct CutPackets {
    /// The records since one that ended within a packet.
    private var held: [HEPCapture.Record] = []

    private enum End {
        /// Whole packets and nothing else.
        case whole
        /// Whole packets and the beginning of another.
        case cut
        /// Not a run of packets, as far as can be seen.
        case other
    }

    /// Takes the next record and gives those that wait for nothing more, in order. A datagram that was cut stays a
    /// record of its own: what follows it begins with a packet, or does not complete it.
    mutating func add(_ record: HEPCapture.Record) -> [HEPCapture.Record] {
        if !held.isEmpty && record.octets.starts(with: Self.magic) {
            return finish() + add(record)
        }
        let octets = held.flatMap(\.octets) + record.octets
        switch Self.end(of: octets) {
        case .whole where !held.isEmpty:
            held = []
            var joined = record
            joined.octets = octets
            return [joined]
        case .cut where held.count < Limits.recordsOfPacket && octets.count <= Limits.recordOctetsPerRequest:
            held.append(record)
            return []
        default:
            return finish() + [record]
        }
    }

    /// Gives what is held, record by record.
    mutating func finish() -> [HEPCapture.Record] {
        defer { held = [] }
        return held
    }

    private static let magic = Array("HEP3".utf8)
    /// The magic and the packet's length, 16 bits, big-endian, this head included.
    private static let headOctets = 6

    private static func end(of octets: [UInt8]) -> End {
        var start = 0
        while start < octets.count {
            let left = octets.count - start
            guard octets[start...].starts(with: magic.prefix(left)) else { return .other }
            guard left >= headOctets else { return .cut }
            let length = Int(octets[start + 4]) << 8 | Int(octets[start + 5])
            guard length >= headOctets else { return .other }
            guard length <= left else { return .cut }
            start += length
        }
        return .whole
    }
}
