import CallEvents
import Feeds
import Foundation
import Randomness
import Testing

/// Random damage to the samples: nothing traps, and every row is counted once.
@Suite struct DamageTests {
    @Test(arguments: CuttingTests.samples) func randomDamage(_ name: String, _ format: CDRFormat) throws {
        let sample = try Array(Sample.bytes(name).prefix(60_000))
        for seed in Seeds.fixed(1...40) {
            var generator = SeededGenerator(seed: seed)
            let bytes = Self.damage(sample, &generator)
            let piece = [1, 100, Int.max].randomElement(using: &generator) ?? 1
            var reader = try Sample.read(bytes, format, piece: piece)
            #expect(Consistency.holds(reader.counters), "seed \(seed)")
            Self.check(reader.takeRecords(), "seed \(seed)")
            #expect(reader.takeErrors().count <= reader.counters.errors, "seed \(seed)")
            #expect(reader.takeEvents().count <= 10 * reader.counters.rows, "seed \(seed)")
        }
    }

    @Test(arguments: CDRFormat.allCases) func noise(_ format: CDRFormat) throws {
        for seed in Seeds.fixed(1...40) {
            var generator = SeededGenerator(seed: seed)
            let alphabet = Array("{}[]\",:|;\n\r\\u%-.0123456789TZeE= INVITE".utf8) + [0, 0xFF, 0xC3]
            let bytes = (0..<5000).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            let reader = try Sample.read(bytes, format)
            #expect(Consistency.holds(reader.counters), "seed \(seed)")
        }
    }

    /// Bytes changed, runs removed, repeated or moved.
    static func damage(_ sample: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = sample
        for _ in 0..<Int.random(in: 1...60, using: &generator) {
            let at = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, at + Int.random(in: 1...400, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes.removeSubrange(at..<end)
            case 3: bytes.insert(contentsOf: Array(bytes[at..<end]), at: at)
            case 4: bytes[at] = Array("\",|\n\r{}[]:\\-9".utf8).randomElement(using: &generator) ?? 0
            default:
                let digits = bytes.indices[at..<end].filter { (0x30...0x39).contains(bytes[$0]) }
                for index in digits { bytes[index] = 0x39 }
            }
            if bytes.isEmpty { return sample }
        }
        return bytes
    }

    static func check(_ batch: CallRecordBatch, _ place: Comment) {
        for index in 0..<batch.count {
            let end = batch.endMilliseconds[index]
            let answer = batch.answerMilliseconds[index]
            let ring = batch.ringMilliseconds[index]
            #expect(end != CallRecordBatch.never, place)
            #expect(answer == CallRecordBatch.never || answer <= end, place)
            #expect(ring >= CallRecordBatch.unknown || ring <= end, place)
            #expect(Int(batch.party[index]) < batch.parties.count, place)
            #expect(batch.q850[index] <= 127 && batch.code[index] <= 699, place)
        }
    }
}
