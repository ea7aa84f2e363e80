import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Memories by key against a dictionary.
@Suite struct KeyTableTests {
    /// Keys that share words and bits, as no hashes do, and few of them, so that they come again.
    private static func key(_ random: inout SeededGenerator) -> CallKey {
        let word = UInt64.random(in: 0...400, using: &random)
        return switch Int.random(in: 0..<4, using: &random) {
        case 0: CallKey(high: word, low: 1)
        case 1: CallKey(high: 1, low: word)
        case 2: CallKey(high: word << 40, low: word << 40)
        default: CallKey(high: word &* 0x9E37_79B9_7F4A_7C15, low: word)
        }
    }

    @Test(arguments: Seeds.of(1, 2, 3, 4, 5)) func aTableIsADictionary(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var table = KeyTable<Int>()
        var naive: [CallKey: Int] = [:]
        for number in 0..<6_000 {
            let key = Self.key(&random)
            #expect(table[key] == naive[key], "seed \(seed), step \(number)")
            table.store(number, for: key)
            naive[key] = number
            if Int.random(in: 0..<900, using: &random) == 0 {
                table.removeAll()
                naive = [:]
            }
            #expect(table.count == naive.count)
        }
        for (key, value) in naive { #expect(table[key] == value) }
    }

    @Test(arguments: Seeds.of(1, 2, 3)) func aMemoryHasTheLastValuesAndNoOthers(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let capacity = Int.random(in: 1...60, using: &random)
        var memory = KeyedMemory<Int>(capacity: capacity)
        // Keys in the order of their last values, the newest last.
        var naive: [(key: CallKey, value: Int)] = []
        for number in 0..<1_500 {
            let key = Self.key(&random)
            memory.store(number, for: key)
            naive.removeAll { $0.key == key }
            naive.append((key, number))
            for (age, entry) in naive.reversed().enumerated() {
                let found = memory[entry.key]
                if age < capacity - 1 { #expect(found == entry.value, "seed \(seed), step \(number), age \(age)") }
                if age >= 2 * capacity { #expect(found == nil) }
                #expect(found == nil || found == entry.value)
                if age > 3 * capacity { break }
            }
        }
    }

    /// Ids that were written to fall together: the same low bits in every word.
    @Test func keysThatFallTogether() {
        var table = KeyTable<Int>()
        for number in 0..<20_000 {
            table.store(number, for: CallKey(high: UInt64(number) << 48, low: UInt64(number) << 32))
        }
        for number in 0..<20_000 {
            #expect(table[CallKey(high: UInt64(number) << 48, low: UInt64(number) << 32)] == number)
        }
    }

    /// The key of a call is the same as ever: positions saved and calls counted before are known.
    @Test func keysStayTheSame() {
        let id = CallKey(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)
        var bytes: [UInt8] = []
        for word in [id.high, id.low, UInt64(77)] {
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift))) }
        }
        for (domain, key) in [(0xFE, CDRKeyHash.key(id, slot: 77)), (0xFC, CDRKeyHash.creditKey(id, slot: 77))] {
            var hash = CDRKeyHash(domain: UInt8(domain))
            hash.combine(bytes.span)
            #expect(hash.finish() == key)
        }
    }
}
