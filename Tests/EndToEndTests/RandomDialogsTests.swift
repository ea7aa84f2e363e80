// Random dialogs through the HEP reader into the board: the figures are those of what was invented, however the
// payloads of streams are split and joined, when datagrams overtake each other, when everything comes twice, and with
// restarts in the middle.

import Board
import CallEvents
import Feeds
import Randomness
import Testing

@Suite struct RandomDialogsTests {
    private static let start: Int64 = 1_750_000_000_000_000

    private struct Packet {
        var bytes: [UInt8]
        /// A piece of a message, whose rest is the next packet.
        var isPiece = false
    }

    /// HEP packets in their order.
    private func packets(_ messages: [RandomDialogs.Message], using random: inout SeededGenerator) -> [Packet] {
        var packets: [Packet] = []
        for message in messages {
            let bytes = Array(message.text.utf8)
            guard message.connection != nil else {
                packets.append(packet(bytes, message))
                continue
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let cut = Int.random(in: 1..<bytes.count, using: &random)
                packets.append(packet(Array(bytes[..<cut]), message, isPiece: true))
                packets.append(packet(Array(bytes[cut...]), message))
            case 1: packets.append(packet(bytes + Array("\r\n\r\n".utf8) + bytes, message))
            default: packets.append(packet(bytes, message))
            }
        }
        return packets
    }

    private func packet(_ payload: [UInt8], _ message: RandomDialogs.Message, isPiece: Bool = false) -> Packet {
        let (transport, port) = message.connection.map { (UInt8(6), 10_000 + $0) } ?? (17, 5_060)
        let bytes = HEPPacketMaker.packet(
            payload, micros: message.micros, from: message.source, to: message.destination, transport: transport,
            port: port, agent: message.agent)
        return Packet(bytes: bytes, isPiece: isPiece)
    }

    private func replay() -> HEPReplay {
        HEPReplay(customer: "customer", auth: RandomDialogs.customer.map { .ip($0) })
    }

    @Test(arguments: Seeds.of(1, 2, 3, 136, 209))
    func figuresOfWhatWasInvented(seed: UInt64) throws {
        let dialogs = RandomDialogs(count: 250, from: Self.start, seed: seed)
        var random = SeededGenerator(seed: seed &+ 1)
        let all = packets(dialogs.messages, using: &random).map(\.bytes)
        var replay = replay()
        replay.play(all)
        try check(replay, dialogs.truth, "seed \(seed)")
        replay.play(all)
        try check(replay, dialogs.truth, "seed \(seed), twice")
    }

    /// With live calls, branches that fail, dialogs whose end is to come, and what is remembered of calls before.
    @Test(arguments: Seeds.of(4, 5, 6, 5_772_860_677_721_568_273))
    func figuresWithRestarts(seed: UInt64) throws {
        var options = RandomDialogs.Options()
        options.hasOtherAddresses = false
        let dialogs = RandomDialogs(count: 80, from: Self.start, seed: seed, options)
        var random = SeededGenerator(seed: seed &+ 1)
        let all = packets(dialogs.messages, using: &random)
        var replay = replay()
        var restarts = 0
        for packet in all {
            replay.play([packet.bytes])
            // What waits for its rest is lost in a restart.
            guard !packet.isPiece, Int.random(in: 0..<25, using: &random) == 0 else { continue }
            try replay.restart()
            restarts += 1
        }
        #expect(restarts > 0)
        try check(replay, dialogs.truth, "seed \(seed)")
        try replay.restart()
        replay.play(all.map(\.bytes))
        try check(replay, dialogs.truth, "seed \(seed), twice")
    }

    private func check(_ replay: HEPReplay, _ truth: RandomDialogs.Truth, _ comment: String) throws {
        let errors = replay.feed.counters.errorsByName
        #expect(errors == [:] && replay.errorsBefore == 0, "\(comment)")
        let figures: [(String, Double)] = [
            ("attempts", Double(truth.attempts)), ("answered", Double(truth.answered)),
            ("failed", Double(truth.failed)), ("acd_n", Double(truth.ended)), ("pdd_n", Double(truth.delays)),
            ("talk", Double(truth.talkMilliseconds) / 1_000), ("active", 0),
        ]
        let live = replay.engine.liveCalls(customerID: 0, limit: 9, now: 0).calls
        for (name, expected) in figures {
            let value = try replay.value(name, row: 0) ?? -1
            #expect(abs(value - expected) < 0.01, "\(comment): \(name) is \(value), not \(expected); live: \(live)")
        }
        let delay = try (replay.value("pdd", row: 0) ?? 0) * Double(truth.delays)
        #expect(abs(delay - Double(truth.delayMilliseconds)) < 1, "\(comment): delays")
        let explanation = try #require(
            try replay.engine.explain(metric: "asr", customerID: 1, window: .all, now: 0))
        let codes = Dictionary(uniqueKeysWithValues: explanation.codes.map { (Int($0.code), Int($0.count)) })
        #expect(codes == truth.codes, "\(comment)")
    }
}
