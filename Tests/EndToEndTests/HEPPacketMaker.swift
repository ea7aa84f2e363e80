import CallEvents

/// HEP packets made by hand.
enum HEPPacketMaker {
    /// - Parameters:
    ///   - micros: the agent's time, microseconds since 1970.
    ///   - agent: its number (capture id).
    static func packet(
        _ payload: [UInt8], micros: Int64, from source: String, to destination: String, transport: UInt8 = 17,
        port: Int = 5_060, agent: Int = 1
    ) -> [UInt8] {
        let isIPv6 = source.contains(":")
        let addresses = chunk(isIPv6 ? 5 : 3, address(source)) + chunk(isIPv6 ? 6 : 4, address(destination))
        let body =
            chunk(1, [isIPv6 ? 10 : 2]) + chunk(2, [transport]) + addresses + chunk(7, number(port, 2))
            + chunk(8, number(5_060, 2)) + chunk(9, number(Int(micros / 1_000_000), 4))
            + chunk(10, number(Int(micros % 1_000_000), 4)) + chunk(11, [1]) + chunk(12, number(agent, 4))
            + chunk(15, payload)
        return Array("HEP3".utf8) + number(body.count + 6, 2) + body
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }

    private static func chunk(_ type: Int, _ body: [UInt8]) -> [UInt8] {
        number(type, 4) + number(body.count + 6, 2) + body
    }

    private static func address(_ text: String) -> [UInt8] {
        guard let address = IPAddress(text) else { return [] }
        if !text.contains(":") { return number(Int(address.low & 0xFFFF_FFFF), 4) }
        return [address.high, address.low].flatMap { word in
            number(Int(word >> 32), 4) + number(Int(word & 0xFFFF_FFFF), 4)
        }
    }
}
