// Random bytes, random chunks and damaged recordings: nothing traps, every packet ends in exactly one count, and events
// are whole.

import CallEvents
import Randomness
import Testing

@testable import Feeds

@Suite struct HEPDamageTests {
    /// Gives packets to a feed and looks at what comes out.
    private func check(_ packets: [[UInt8]], seed: UInt64 = 1) -> HEPFeed.Counters {
        var feed = HEPFeed(hashSeed: HashSeed(first: seed, second: 1), authKey: nil)
        for packet in packets {
            let before = feed.counters
            feed.receive(packet.span.bytes, arrivalMicros: 1)
            let after = feed.counters
            let told = after.messages - before.messages
            let ignored = after.notCalls - before.notCalls + after.errors - before.errors
            let messages = 1 + after.further - before.further - after.pieces + before.pieces
            #expect(told + ignored == messages, "seed \(seed): \(packet)")
            let batch = feed.take()
            // What is known of a piece that is given up is told, and counted as an error.
            let isGivenUp = after.errorsByName["sip_rest_missing"] != before.errorsByName["sip_rest_missing"]
            #expect((told > 0) == (batch.count > 0) || isGivenUp, "seed \(seed)")
            #expect(batch.count <= 2 * max(1, told) + (isGivenUp ? 2 : 0), "seed \(seed)")
            #expect(batch.transaction.count == batch.count)
            #expect(!batch.key.contains(.none), "seed \(seed)")
            let columns = [
                batch.key.count, batch.timeMicros.count, batch.party.count, batch.sequence.count, batch.code.count,
                batch.q850.count, batch.relayed.count,
            ]
            #expect(columns.allSatisfy { $0 == batch.count }, "seed \(seed)")
        }
        #expect(feed.counters.packets == packets.count)
        return feed.counters
    }

    @Test(arguments: Seeds.of()) func randomBytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let counters = check((0..<4_000).map { _ in Self.bytes(upTo: 200, &generator) }, seed: seed)
        #expect(counters.messages == 0)
    }

    @Test(arguments: Seeds.of()) func randomChunks(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let packets = (0..<4_000).map { _ in
            var builder = PacketBuilder("")
            builder.chunks.removeAll()
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                let body = Self.bytes(upTo: [1, 2, 4, 16, 90].randomElement(using: &generator) ?? 4, &generator)
                let vendor = Int.random(in: 0...1, using: &generator)
                builder.add(Int.random(in: 0...17, using: &generator), body, vendor: vendor)
            }
            return builder.bytes()
        }
        let counters = check(packets, seed: seed)
        #expect(counters.errorsByName.keys.contains("hep_address"), "seed \(seed)")
    }

    @Test(arguments: Seeds.of()) func damagedRecording(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let records = try Recording.records("kamailio-a").map(\.bytes)
        let packets = (0..<6_000).map { _ in
            var bytes = records.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...8, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                // Damage at the front hits the chunks, behind it the message.
                let front = place % min(bytes.count, 120)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[front] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 30))
                default: bytes.insert(contentsOf: Self.bytes(upTo: 9, &generator), at: place)
                }
            }
            return bytes
        }
        #expect(check(packets, seed: seed).messages > 100, "seed \(seed)")
    }

    /// Some messages of each kind, cut at every byte, with the lengths made right so that the cut is in the message.
    @Test func messagesCutAtEveryByte() {
        let messages = [
            MessageBuilder(), .response("180 Ringing"), .response("486 Busy Here").adding("Reason: Q.850;cause=17"),
            MessageBuilder("BYE", toTag: "8321"),
            MessageBuilder().adding("Authorization: Digest username=\"carol\"")
                .replacing("To", by: "To:\r\n <sip:b@c>"),
        ]
        for message in messages {
            let text = Array(message.text.utf8)
            var packets: [[UInt8]] = []
            for count in 0...text.count {
                var builder = PacketBuilder("")
                builder.set(15, Array(text.prefix(count)))
                packets.append(builder.bytes())
            }
            let counters = check(packets)
            // Only the last few bytes may be missing; before that the message lacks its CSeq.
            #expect((1...80).contains(counters.messages), "\(counters.messages)")
        }
    }

    private static func bytes(upTo count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
