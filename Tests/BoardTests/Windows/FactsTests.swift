// Facts hold what they are made of, up to the limits of their bits.

import Randomness
import Testing

@testable import Board

@Suite struct FactsTests {
    private static let customers: [UInt32] = [0, 1, 255, 1 << 24 - 1]

    @Test func setups() {
        for customer in Self.customers {
            for (isBlocked, sign) in [(false, 1), (false, -1), (true, 1), (true, -1)] as [(Bool, Int32)] {
                let fact = SetupFact(customer: customer, isBlocked: isBlocked, sign: sign)
                #expect(fact.customer == customer && fact.sign == sign && fact.blocked == (isBlocked ? 1 : 0))
            }
        }
    }

    @Test func outcomes() {
        let longest = OutcomeFact.longestDelayMilliseconds
        for customer in Self.customers {
            for outcome in OutcomeClass.allCases {
                for code in [0, 200, 1_022, 1_023, 1_024, .max] as [UInt16] {
                    for delay in [.min, -1, 0, 1, longest - 1, longest, longest + 1, .max] as [Int32] {
                        for sign in [1, -1] as [Int32] {
                            let fact = OutcomeFact(
                                customer: customer, outcome: outcome, code: code, pddMilliseconds: delay, sign: sign)
                            #expect(fact.customer == customer && fact.classIndex == Int(outcome.rawValue))
                            #expect(fact.sign == sign && fact.code == (code <= 1_023 ? code : 0))
                            #expect(fact.hasDelay == (delay >= 0 ? 1 : 0))
                            #expect(fact.pddMilliseconds == min(max(0, delay), longest))
                            let bucket = PDDHistogram.bucket(milliseconds: min(max(0, delay), longest))
                            #expect(fact.pddBucket == (delay >= 0 ? bucket : 0))
                        }
                    }
                }
            }
        }
    }

    @Test func ends() {
        for customer in Self.customers {
            for talk in [-1, 0, 1, .max] as [Int32] {
                for (talked, short, sign) in [
                    (false, false, 1), (false, true, 1), (true, false, -1), (true, true, 1), (true, true, -1),
                ] as [(Bool, Bool, Int32)] {
                    let fact = EndFact(
                        customer: customer, talkMilliseconds: talk, talked: talked, short: short, sign: sign)
                    #expect(fact.customer == customer && fact.sign == sign && fact.talked == (talked ? 1 : 0))
                    #expect(fact.short == (talked && short ? 1 : 0))
                    #expect(fact.talkMilliseconds == (talked ? Int64(max(0, talk)) : 0))
                }
            }
        }
    }

    /// Saved bits are what a call can have, or none.
    @Test func sidesFromSavedBits() {
        let most: [SideFact.Kind: ClosedRange<Int64>] = [
            .cost: 0...BoardLimits.costMicros, .inboundSetup: 1...1, .inboundAnswer: 1...1, .inboundFailure: 1...1,
            .inboundTalk: 1...1 << 31,
        ]
        for kind in SideFact.Kind.allCases {
            let range = most[kind] ?? 0...0
            for size in [0, 1, 2, range.lowerBound - 1, range.upperBound, range.upperBound + 1, .max] where size >= 0 {
                for value in [size, -size] {
                    let made = SideFact(kind, customer: 77, value: value)
                    let fact = SideFact(bits: made.bits, value: value)
                    #expect((fact != nil) == range.contains(size), "\(kind) \(value)")
                    guard let fact else { continue }
                    #expect(fact.customer == 77 && fact.kind == kind && fact.value == value)
                    #expect(fact.isCost == (kind == .cost))
                }
            }
            #expect(SideFact(bits: kind.rawValue << 24, value: .min) == nil)
        }
        for kind in UInt32(5)...255 { #expect(SideFact(bits: kind << 24, value: 1) == nil) }
    }
}

/// The packed facts of a tile, against the numbers that were packed.
@Suite struct PackedTileTests {
    private static let weights = OutcomeWeights(OutcomeTable())

    /// Any rows and fields, below zero too, with details of any size.
    private func packed(seed: UInt64, rows: Int) -> (PackedTile, counts: [Int32], sums: [Int64], details: [Int: Int64])
    {
        var random = SeededGenerator(seed: seed)
        let tile = FactTile(weights: Self.weights)
        tile.begin(facts: .max)
        if Bool.random(using: &random) { tile.noteInbound() }
        let details = DetailTile()
        var expected: [Int: Int64] = [:]
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            let row = Int.random(in: 0..<rows, using: &random)
            let field = Int.random(in: 0..<tile.counterCount, using: &random)
            tile.counts[field << FactTile.shift | row] = Int32.random(in: .min ... .max, using: &random)
            let sum = Int.random(in: 0..<tile.sumCount, using: &random)
            let large = Int64.random(in: .min ... .max, using: &random)
            tile.sums[sum << FactTile.shift | row] = [large, 63, 64, -64, -65].randomElement(using: &random) ?? 1
            let number =
                Bool.random(using: &random)
                ? Int.random(in: 1...PDDHistogram.bucketCount, using: &random)
                : Int.random(in: 128..<OutcomeDetail.count, using: &random)
            let count = Int64.random(in: -70...70, using: &random)
            details.add(OutcomeDetail(number: number), row: row, count: count)
            expected[number << FactTile.shift | row, default: 0] += count
        }
        let counts = Array(UnsafeBufferPointer(start: tile.counts, count: CounterField.count * FactTile.rows))
        let sums = Array(UnsafeBufferPointer(start: tile.sums, count: SumField.count * FactTile.rows))
        return (PackedTile(tile, details), counts, sums, expected.filter { $0.value != 0 })
    }

    @Test(arguments: Seeds.fixed(0..<60)) func whatIsPackedIsUnpacked(seed: UInt64) {
        let (packed, counts, sums, details) = packed(seed: seed, rows: FactTile.rows)
        for sign in [1, -1] as [Int64] {
            let tile = FactTile(weights: Self.weights)
            tile.begin(facts: .max)
            packed.add(to: tile, sign: sign)
            let isSame =
                counts.indices.allSatisfy { tile.counts[$0] == Int32(truncatingIfNeeded: sign &* Int64(counts[$0])) }
                && sums.indices.allSatisfy { tile.sums[$0] == sign &* sums[$0] }
            #expect(isSame, "seed \(seed), sign \(sign)")
        }
        var found: [Int: Int64] = [:]
        packed.forEachDetail { found[$0.number << FactTile.shift | $1, default: 0] += $2 }
        #expect(found == details, "seed \(seed)")
        #expect(packed.isEmpty == (details.isEmpty && counts.allSatisfy { $0 == 0 } && sums.allSatisfy { $0 == 0 }))
    }

    /// From a file: as they were, and nothing of which a byte is missing or that names other customers.
    @Test(arguments: Seeds.fixed(0..<30)) func whatIsCheckedIsWhole(seed: UInt64) {
        let rows = 20
        let (packed, counts, sums, details) = packed(seed: seed, rows: rows)
        guard !packed.isEmpty else { return }
        #expect(PackedTile(checking: packed.bytes, customers: rows, withCounters: true)?.bytes == packed.bytes)
        for count in 1..<packed.bytes.count {
            let cut = Array(packed.bytes[..<count])
            #expect(PackedTile(checking: cut, customers: rows, withCounters: true) == nil, "\(count), seed \(seed)")
        }
        #expect(PackedTile(checking: packed.bytes + [0], customers: rows, withCounters: true) == nil)
        let hasCounters = counts.contains { $0 != 0 } || sums.contains { $0 != 0 }
        #expect((PackedTile(checking: packed.bytes, customers: rows, withCounters: false) == nil) == hasCounters)
        let used = (0..<rows).filter { row in
            (0..<CounterField.count).contains { counts[$0 << FactTile.shift | row] != 0 }
                || (0..<SumField.count).contains { sums[$0 << FactTile.shift | row] != 0 }
                || details.keys.contains { $0 & (FactTile.rows - 1) == row }
        }
        let last = used.last ?? 0
        for customers in [last, last + 1] {
            let isRight = PackedTile(checking: packed.bytes, customers: customers, withCounters: true) != nil
            #expect(isRight == (customers > last), "\(customers), seed \(seed)")
        }
    }
}
