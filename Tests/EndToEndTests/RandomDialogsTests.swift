// Random dialogs through the HEP reader into the board: the figures are those of what was invented, however the payloads of streams
// are split and joined, when everything comes twice, and with a restart in the middle.

import Board
import CallEvents
import Feeds
import Randomness
import Testing

@Suite struct RandomDialogsTests {
    private static let start: Int64 = 1_750_000_000_000_000

    /// HEP packets in their order.
    private func packets(_ messages: [RandomDialogs.Message], using random: inout SeededGenerator) -> [[UInt8]] {
        var packets: [[UInt8]] = []
        /// What a connection has not sent on yet: the beginning of a message, or messages to be joined.
        var waiting: [String: (text: String, message: RandomDialogs.Message)] = [:]
        for message in messages {
            let direction = message.connection.map { "\($0) \(message.source) \(message.destination)" }
            guard let direction, let connection = message.connection else {
                packets.append(packet(message.text, message, transport: 17, port: 5_060))
                continue
            }
            let port = 10_000 + connection
            let before = waiting.removeValue(forKey: direction)
            // Pieces wait for some seconds only: what waits longer goes out alone.
            let isRecent = before.map { message.micros - $0.message.micros < 5_000_000 } ?? false
            if let before, !isRecent { packets.append(packet(before.text, before.message, transport: 6, port: port)) }
            let text = (isRecent ? before?.text ?? "" : "") + message.text
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where !isRecent && message.text.hasPrefix("SIP"):
                // Joined with the next, if it comes soon; its time is that of the later one, so only what has none of its own.
                if message.text.hasPrefix("SIP/2.0 407") || message.text.contains("BYE") { fallthrough }
                packets.append(packet(text, message, transport: 6, port: port))
            case 1:
                let bytes = Array(text.utf8)
                let cut = Int.random(in: 1..<bytes.count, using: &random)
                packets.append(packet(Array(bytes[..<cut]), message, transport: 6, port: port))
                packets.append(packet(Array(bytes[cut...]), message, transport: 6, port: port))
            case 2:
                packets.append(packet(text + "\r\n\r\n" + text, message, transport: 6, port: port))
            default: packets.append(packet(text, message, transport: 6, port: port))
            }
        }
        for (_, rest) in waiting { packets.append(packet(rest.text, rest.message, transport: 6, port: 1)) }
        return packets
    }

    private func packet(
        _ text: String, _ message: RandomDialogs.Message, transport: UInt8, port: Int
    ) -> [UInt8] {
        packet(Array(text.utf8), message, transport: transport, port: port)
    }

    private func packet(
        _ payload: [UInt8], _ message: RandomDialogs.Message, transport: UInt8, port: Int
    ) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
        }
        func chunk(_ type: Int, _ body: [UInt8]) -> [UInt8] { number(type, 4) + number(body.count + 6, 2) + body }
        func address(_ text: String) -> [UInt8] { text.split(separator: ".").compactMap { UInt8($0) } }
        let body =
            chunk(2, [transport]) + chunk(3, address(message.source)) + chunk(4, address(message.destination))
            + chunk(7, number(port, 2)) + chunk(8, number(5_060, 2))
            + chunk(9, number(Int(message.micros / 1_000_000), 4))
            + chunk(10, number(Int(message.micros % 1_000_000), 4)) + chunk(11, [1]) + chunk(15, payload)
        return Array("HEP3".utf8) + number(body.count + 6, 2) + body
    }

    @Test(arguments: Seeds.of(1, 2, 3))
    func figuresOfWhatWasInvented(seed: UInt64) throws {
        let dialogs = RandomDialogs(count: 250, from: Self.start, seed: seed)
        var random = SeededGenerator(seed: seed &+ 1)
        let all = packets(dialogs.messages, using: &random)
        var replay = HEPReplay(customers: [RandomDialogs.customer])
        replay.play(all)
        try check(replay, dialogs.truth, "seed \(seed)")
        replay.play(all)
        try check(replay, dialogs.truth, "seed \(seed), twice")
    }

    private func check(_ replay: HEPReplay, _ truth: RandomDialogs.Truth, _ comment: String) throws {
        let errors = replay.feed.counters.errorsByName
        #expect(errors == [:], "\(comment)")
        let figures: [(String, Double)] = [
            ("attempts", Double(truth.attempts)), ("answered", Double(truth.answered)),
            ("failed", Double(truth.failed)), ("acd_n", Double(truth.ended)), ("pdd_n", Double(truth.delays)),
            ("talk", Double(truth.talkMilliseconds) / 1_000), ("active", 0),
        ]
        for (name, expected) in figures {
            let value = try replay.value(name, row: 0) ?? -1
            #expect(abs(value - expected) < 0.01, "\(comment): \(name) is \(value), not \(expected)")
        }
        let delay = try (replay.value("pdd", row: 0) ?? 0) * Double(truth.delays)
        #expect(abs(delay - Double(truth.delayMilliseconds)) < 1, "\(comment): delays")
        let explanation = try #require(
            try replay.engine.explain(metric: "asr", customerID: 1, window: .all, now: 0))
        let codes = Dictionary(uniqueKeysWithValues: explanation.codes.map { (Int($0.code), Int($0.count)) })
        #expect(codes == truth.codes, "\(comment)")
    }
}
