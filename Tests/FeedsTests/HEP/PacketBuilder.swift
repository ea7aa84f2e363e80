import CallEvents
import Foundation

/// Makes HEP3 packets, right and wrong ones.
struct PacketBuilder {
    var chunks: [(vendor: Int, type: Int, body: [UInt8])] = []

    /// A SIP message from one IPv4 address to another.
    init(
        _ payload: String, from source: String = "192.0.2.10", to destination: String = "198.51.100.1",
        micros: Int64 = 1_750_000_000_250_000
    ) {
        add(1, [2])
        add(2, [17])
        add(address: source, v4: 3, v6: 5)
        add(address: destination, v4: 4, v6: 6)
        add(7, PacketBuilder.bigEndian(5060, bytes: 2))
        add(8, PacketBuilder.bigEndian(5060, bytes: 2))
        add(9, PacketBuilder.bigEndian(Int(micros / 1_000_000), bytes: 4))
        add(10, PacketBuilder.bigEndian(Int(micros % 1_000_000), bytes: 4))
        add(11, [1])
        add(12, PacketBuilder.bigEndian(2001, bytes: 4))
        add(15, Array(payload.utf8))
    }

    mutating func add(_ type: Int, _ body: [UInt8], vendor: Int = 0) {
        chunks.append((vendor, type, body))
    }

    /// Replaces the chunks of a type by one with this body; nil: by none.
    mutating func set(_ type: Int, _ body: [UInt8]?) {
        guard let body else { return chunks.removeAll { $0.vendor == 0 && $0.type == type } }
        let place = chunks.firstIndex { $0.vendor == 0 && $0.type == type } ?? chunks.endIndex
        set(type, nil)
        chunks.insert((0, type, body), at: min(place, chunks.endIndex))
    }

    /// The packet; `length` in place of the true one.
    func bytes(length: Int? = nil) -> [UInt8] {
        var body: [UInt8] = []
        for chunk in chunks {
            body += PacketBuilder.bigEndian(chunk.vendor, bytes: 2) + PacketBuilder.bigEndian(chunk.type, bytes: 2)
            body += PacketBuilder.bigEndian(chunk.body.count + 6, bytes: 2) + chunk.body
        }
        return Array("HEP3".utf8) + PacketBuilder.bigEndian(length ?? body.count + 6, bytes: 2) + body
    }

    static func bigEndian(_ value: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * (bytes - 1 - $0))) }
    }

    private mutating func add(address: String, v4: Int, v6: Int) {
        guard let address = IPAddress(address) else { return }
        let all = [address.high, address.low].flatMap { PacketBuilder.bigEndian(Int(bitPattern: UInt($0)), bytes: 8) }
        if address.isV4 { add(v4, Array(all.suffix(4))) } else { add(v6, all) }
    }
}
