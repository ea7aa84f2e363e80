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
