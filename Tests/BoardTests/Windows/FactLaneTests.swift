import Columnar
import Randomness
import Testing

@testable import Board

/// Lanes against arrays.
@Suite struct FactLaneTests {
    @Test(arguments: Seeds.fixed(1, 2, 3))
    func aLaneIsAnArray(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pool = BlockPool()
        var lane = FactLane<EndFact>()
        var facts: [UInt64] = []
        var folded = 0
        for _ in 0..<60 {
            for _ in 0..<Int.random(in: 0...90, using: &generator) {
                let fact = EndFact(
                    customer: UInt32(facts.count), talkMilliseconds: Int32.random(in: 0...9_999, using: &generator),
                    talked: true, short: false, sign: 1)
                lane.append(fact, pool)
                facts.append(fact.bits)
            }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                lane.markFolded()
                folded = facts.count
            }
            #expect(lane.count == facts.count && lane.folded == folded, "seed \(seed)")
            lane.checkInvariants()
            #expect(lane.foldedFacts.map(\.bits) == Array(facts[..<folded]), "seed \(seed)")
            #expect(lane.newFacts.map(\.bits) == Array(facts[folded...]), "seed \(seed)")
            #expect(lane.newFacts.segments.flatMap { $0.map(\.bits) } == Array(facts[folded...]), "seed \(seed)")
            #expect(lane.byteSize >= facts.count * 8 && lane.byteSize <= 2 * facts.count * 8 + 4_096)
        }
        lane.markFolded()
        var copy = FactLane<EndFact>()
        copy.append(folded: lane.foldedFacts, pool)
        #expect(copy.foldedFacts.map(\.bits) == facts && copy.newFacts.count == 0)
        lane.free(pool)
        #expect(lane.count == 0 && lane.byteSize == 0 && lane.newFacts.isEmpty)
        copy.free(pool)
    }

    @Test func freedBlocksAreUsedAgain() {
        let pool = BlockPool()
        var sizes: Set<Int> = []
        for _ in 0..<5 {
            var lane = FactLane<SetupFact>()
            for customer in 0..<5_000 {
                lane.append(SetupFact(customer: UInt32(customer), isBlocked: false, sign: 1), pool)
            }
            lane.free(pool)
            sizes.insert(pool.byteSize)
        }
        #expect(sizes.count == 1)
    }
}

extension FactRun {
    fileprivate var isEmpty: Bool { count == 0 }
}
