import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct SeenCallsTests {
    /// Against two plain sets, while they grow and change places.
    @Test(arguments: Seeds.fixed(8)) func theNewestKeysAreRemembered(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let capacity = 3_000
        var seen = SeenCalls(capacity: capacity)
        var young: Set<CallKey> = []
        var old: Set<CallKey> = []
        for _ in 0..<20_000 {
            let key = CallKey(
                high: UInt64.random(in: 0...1, using: &generator), low: UInt64.random(in: 1...9_000, using: &generator))
            let isKnown = young.contains(key) || old.contains(key)
            #expect(seen.contains(key) == isKnown)
            if Bool.random(using: &generator) { continue }
            #expect(seen.insert(key) == !isKnown)
            if !isKnown { young.insert(key) }
            if young.count == capacity {
                old = young
                young = []
            }
        }
    }
}

extension SeenCallsTests {
    /// A key of a record leads to its finished call, in either generation, while tables grow and change places.
    @Test(arguments: Seeds.fixed(9)) func numbersAreThoseOfTheirKeys(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let capacity = 2_500
        var seen = SeenCalls(capacity: capacity)
        var young: [CallKey: UInt32] = [:]
        var old: [CallKey: UInt32] = [:]
        for step in 1...20_000 as ClosedRange<UInt32> {
            let key = CallKey(high: 7, low: UInt64.random(in: 1...9_000, using: &generator))
            #expect(seen.number(key) == young[key] ?? old[key] ?? 0)
            guard Bool.random(using: &generator), young[key] == nil, old[key] == nil else { continue }
            // One in three has none: it is a call's that events told of.
            let number = step % 3 == 0 ? 0 : step
            seen.insert(key, number: number)
            young[key] = number
            if young.count == capacity { (old, young) = (young, [:]) }
        }
        #expect(!old.isEmpty && old.allSatisfy { seen.number($0.key) == $0.value })
    }

    /// A period of instance keys ends between an INVITE and its copy: it is still known.
    @Test func instancesAcrossPeriods() {
        let period: Int64 = 1 << 28
        let key = CallKey(high: 3, low: 4)
        for offset in [0, 1, period / 2, period - 1] {
            var seen = SeenCalls()
            let setup = 6_000_000 * period + offset
            seen.insert(key.instance(branch: 5, micros: setup))
            for after in [0, period - 1, period, 2 * period - 1, 2 * period] {
                let isKnown = (setup + after) / period - setup / period <= 1
                #expect(seen.contains(key, branch: 5, micros: setup + after) == isKnown, "\(offset) \(after)")
                #expect(!seen.contains(key, branch: 6, micros: setup + after))
            }
        }
    }
}
