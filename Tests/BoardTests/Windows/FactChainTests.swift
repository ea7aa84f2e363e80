import Columnar
import Randomness
import Testing

@testable import Board

/// Lanes against arrays.
@Suite struct FactChainTests {
    @Test(arguments: Seeds.fixed(1, 2, 3))
    func aLaneIsAnArray(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pool = BlockPool()
        var chain = FactChain<EndFact>()
        var facts: [UInt64] = []
        var folded = 0
        for _ in 0..<60 {
            for _ in 0..<Int.random(in: 0...90, using: &generator) {
                let fact = EndFact(
                    customer: UInt32(facts.count), talkMilliseconds: Int32.random(in: 0...9_999, using: &generator),
                    talked: true, short: false, sign: 1)
                chain.append(fact, pool)
                facts.append(fact.bits)
            }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                chain.markFolded()
                folded = facts.count
            }
            #expect(chain.count == facts.count && chain.folded == folded, "seed \(seed)")
            chain.checkInvariants()
            #expect(chain.foldedFacts.map(\.bits) == Array(facts[..<folded]), "seed \(seed)")
            #expect(chain.newFacts.map(\.bits) == Array(facts[folded...]), "seed \(seed)")
            #expect(chain.newFacts.segments.flatMap { $0.map(\.bits) } == Array(facts[folded...]), "seed \(seed)")
            #expect(chain.byteSize >= facts.count * 8 && chain.byteSize <= 2 * facts.count * 8 + 4_096)
        }
        chain.markFolded()
        var copy = FactChain<EndFact>()
        copy.append(folded: chain.foldedFacts, pool)
        #expect(copy.foldedFacts.map(\.bits) == facts && copy.newFacts.count == 0)
        chain.free(pool)
        #expect(chain.count == 0 && chain.byteSize == 0 && chain.newFacts.isEmpty)
        copy.free(pool)
    }

    @Test func freedBlocksAreUsedAgain() {
        let pool = BlockPool()
        var sizes: Set<Int> = []
        for _ in 0..<5 {
            var chain = FactChain<SetupFact>()
            for customer in 0..<5_000 {
                chain.append(SetupFact(customer: UInt32(customer), isBlocked: false, sign: 1), pool)
            }
            chain.free(pool)
            sizes.insert(pool.byteSize)
        }
        #expect(sizes.count == 1)
    }
}

extension FactRun {
    fileprivate var isEmpty: Bool { count == 0 }
}
