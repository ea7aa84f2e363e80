// Set-ups by customer and second against two plain dictionaries, one for each generation.

import Randomness
import Testing

@testable import Board

@Suite struct SecondCountsTests {
    private struct Pair: Hashable {
        var customer: UInt32
        var second: UInt32
    }

    @Test(arguments: Seeds.fixed(1, 2, 3), [3, 40, 1_500]) func newestPairsAreRemembered(seed: UInt64, capacity: Int)
        throws
    {
        var random = SeededGenerator(seed: seed)
        var counts = SecondCounts(capacity: capacity)
        var (young, old): ([Pair: Int32], [Pair: Int32]) = ([:], [:])
        let first: UInt32 = 1_700_000_000
        for step in 0..<6_000 {
            let pair = Pair(
                customer: UInt32.random(in: 0..<9, using: &random),
                second: first + UInt32.random(in: 0...250, using: &random))
            #expect(counts.count(customer: pair.customer, second: pair.second) == young[pair] ?? old[pair] ?? 0)
            // Taken back may be what was forgotten meanwhile: there are never fewer than none.
            let change = Int32.random(in: -1...2, using: &random)
            let sum = max(0, (young[pair] ?? old[pair] ?? 0) + change)
            #expect(counts.add(customer: pair.customer, second: pair.second, count: change) == sum, "step \(step)")
            young[pair] = sum
            if young.count >= capacity { (old, young) = (young, [:]) }
        }
        #expect(!old.isEmpty)
        let restored = try SecondCounts(counts.table, rows: 9)
        for (pair, count) in old.merging(young, uniquingKeysWith: { $1 }) {
            #expect(counts.count(customer: pair.customer, second: pair.second) == count)
            #expect(restored.count(customer: pair.customer, second: pair.second) == count)
        }
        // No customer has a row beyond the last.
        let highest = (old.keys.map(\.customer) + young.keys.map(\.customer)).max() ?? 0
        #expect(throws: RestoreError.self) { try SecondCounts(counts.table, rows: Int(highest)) }
    }
}
