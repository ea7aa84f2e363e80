import Randomness
import Testing

@testable import Store

@Suite struct IdempotencyTableTests {
    private func key(_ number: UInt64) -> IdempotencyKey { IdempotencyKey(high: 1, low: number) }

    private func outcome(_ answer: IdempotencyTable<Int>.Answer) -> Int? {
        if case .done(let outcome) = answer { outcome } else { nil }
    }

    private func isReused(_ answer: IdempotencyTable<Int>.Answer) -> Bool {
        if case .keyReused = answer { true } else { false }
    }

    @Test func aRepetitionGetsTheFirstOutcome() {
        var table = IdempotencyTable<Int>()
        table.insert(key(1), digest: 7, outcome: 42, now: 0)
        #expect(outcome(table.answer(key(1), digest: 7, now: 5)) == 42)
        #expect(isReused(table.answer(key(1), digest: 8, now: 5)))
        #expect(outcome(table.answer(key(2), digest: 7, now: 5)) == nil)
    }

    @Test func aRequestWithoutAKeyIsAlwaysNew() {
        var table = IdempotencyTable<Int>()
        table.insert(.none, digest: 7, outcome: 42, now: 0)
        #expect(outcome(table.answer(.none, digest: 7, now: 0)) == nil && table.count == 0)
    }

    @Test func keysOfSixteenOctetsOrNone() {
        #expect(IdempotencyKey([UInt8]()) == IdempotencyKey.none)
        #expect(
            IdempotencyKey([UInt8](1...16)) == IdempotencyKey(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10))
        #expect(IdempotencyKey([UInt8](1...15)) == nil)
    }

    @Test func extremeTimesDoNotTrap() {
        var table = IdempotencyTable<Int>()
        for now in [Int64.min, .max, 0, .min, -1, .max] {
            table.insert(key(UInt64(bitPattern: now)), digest: 1, outcome: 1, now: now)
            _ = table.answer(key(0), digest: 1, now: .min)
            _ = table.answer(key(0), digest: 1, now: .max)
        }
    }

    /// Against a list of everything that was inserted.
    @Test func theNewestAreKept() {
        var generator = SeededGenerator(seed: 9)
        var table = IdempotencyTable<Int>(capacity: 50, keptMicros: 1_000)
        var inserted: [(key: UInt64, at: Int64, outcome: Int)] = []
        var now: Int64 = 0
        for step in 0..<5_000 {
            now += Int64.random(in: 0...40, using: &generator)
            let number = UInt64.random(in: 0..<200, using: &generator)
            let known = inserted.suffix(50).last { $0.key == number && now - $0.at <= 1_000 }
            #expect(outcome(table.answer(key(number), digest: number, now: now)) == known?.outcome, "step \(step)")
            if known == nil {
                // A key that comes again after its time is one more in the list.
                inserted.removeAll { $0.key == number }
                table.insert(key(number), digest: number, outcome: step, now: now)
                inserted.append((number, now, step))
            }
            #expect(table.count <= 50)
        }
    }
}
