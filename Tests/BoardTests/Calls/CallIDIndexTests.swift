// Calls by Call-ID against plain lists: those that are tracked, and those that are finished.

import Randomness
import Testing

@testable import Board

@Suite struct TrackedCallIDsTests {
    /// Few hashes, so that chains grow beyond what is found; calls leave from the beginning, the middle and the end.
    @Test(arguments: Seeds.fixed(1, 2, 3)) func chainsAreThoseOfALists(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var index = TrackedCallIDs()
        var chains: [UInt32: [UInt32]] = [:]
        func leave(_ number: UInt32) {
            for hash in chains.keys { chains[hash]?.removeAll { $0 == number } }
        }
        for step in 0..<6_000 {
            let number = UInt32.random(in: 0..<150, using: &random)
            if Int.random(in: 0..<3, using: &random) == 0 {
                index.remove(number)
                leave(number)
            } else {
                let hash = UInt32.random(in: 1...6, using: &random)
                index.insert(number, hash: hash)
                leave(number)
                if chains[hash, default: []].count < BoardLimits.callsOfCallID {
                    chains[hash, default: []].append(number)
                }
            }
            for hash in 1...7 as ClosedRange<UInt32> where step % 5 == 0 {
                var found: [UInt32] = []
                index.forEach(hash) { found.append($0) }
                #expect(found.sorted() == (chains[hash] ?? []).sorted(), "hash \(hash), step \(step), seed \(seed)")
            }
        }
    }
}

@Suite struct FinishedCallIndexTests {
    private static let most = BoardLimits.callsOfCallID

    /// Of the calls with one hash the newest are found; numbers wrap, and a call may be entered again.
    @Test(arguments: Seeds.fixed(1, 2, 3), [7, 60, 5_000])
    func theNewestAreFound(seed: UInt64, capacity: Int) {
        var random = SeededGenerator(seed: seed)
        var index = FinishedCallIndex(capacity: capacity)
        var young: [UInt32: [UInt32]] = [:]
        var old: [UInt32: [UInt32]] = [:]
        var number = UInt32.max - 2_000
        for step in 0..<4_000 {
            number &+= 1
            // A number once in a while again, as when details arrive late.
            let entered =
                Int.random(in: 0..<5, using: &random) == 0
                ? number &- UInt32.random(in: 0..<30, using: &random) : number
            let hash = UInt32.random(in: 0..<40, using: &random)
            if young.values.reduce(0, { $0 + $1.count }) >= capacity { (old, young) = (young, [:]) }
            index.insert(hash, entered)
            var same = young[hash] ?? []
            // Hash 0 and number 0 together mark a free place.
            if !same.contains(entered), hash != 0 || entered != 0 {
                same.append(entered)
                same.sort { Int32(bitPattern: $0 &- number) < Int32(bitPattern: $1 &- number) }
                young[hash] = same.suffix(Self.most)
            }
            guard step % 61 == 0 else { continue }
            for hash in 0..<40 as Range<UInt32> {
                var found: [UInt32] = []
                index.forEach(hash) { found.append($0) }
                let expected = (young[hash] ?? []) + (old[hash] ?? [])
                #expect(found.sorted() == expected.sorted(), "hash \(hash), step \(step), seed \(seed)")
            }
        }
    }
}
