// Captures of HEP over TCP: a record is what one read of the connection returned, so a packet may begin in one record
// and end in a later one. The server takes each record for whole packets, so such records are joined here.

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

    /// Takes the next record and returns those that wait for nothing more, in order. A datagram that was cut stays a
    /// record of its own: the next record begins with a packet, or does not complete it.
    mutating func add(_ record: HEPCapture.Record) -> [HEPCapture.Record] {
        if !held.isEmpty && record.bytes.starts(with: Self.magic) {
            return finish() + add(record)
        }
        let bytes = held.flatMap(\.bytes) + record.bytes
        switch Self.end(of: bytes) {
        case .whole where !held.isEmpty:
            held = []
            var joined = record
            joined.bytes = bytes
            return [joined]
        case .cut where held.count < Limits.recordsOfPacket && bytes.count <= Limits.recordBytesPerRequest:
            held.append(record)
            return []
        default:
            return finish() + [record]
        }
    }

    /// Returns the held records, one by one.
    mutating func finish() -> [HEPCapture.Record] {
        defer { held = [] }
        return held
    }

    private static let magic = Array("HEP3".utf8)
    /// The magic and the packet's length, 16 bits, big-endian, this header included.
    private static let headBytes = 6

    private static func end(of bytes: [UInt8]) -> End {
        var start = 0
        while start < bytes.count {
            let left = bytes.count - start
            guard bytes[start...].starts(with: magic.prefix(left)) else { return .other }
            guard left >= headBytes else { return .cut }
            let length = Int(bytes[start + 4]) << 8 | Int(bytes[start + 5])
            guard length >= headBytes else { return .other }
            guard length <= left else { return .cut }
            start += length
        }
        return .whole
    }
}
