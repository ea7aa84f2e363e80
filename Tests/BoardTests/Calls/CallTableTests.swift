import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct CallTableTests {
    /// Against a dictionary: calls come and go, keys share their homes.
    @Test(arguments: Seeds.fixed(21)) func everyCallIsFoundUntilItIsRemoved(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = CallTable()
        var numbers: [CallKey: UInt32] = [:]
        for _ in 0..<30_000 {
            let key = CallKey(high: 1, low: UInt64.random(in: 1...3_000, using: &generator))
            #expect(table.find(key) == numbers[key])
            if let hint = table.prefetchCall(key) { #expect(table[hint].key != .none) }
            if let number = numbers[key] {
                if Bool.random(using: &generator) {
                    table.remove(number)
                    numbers[key] = nil
                }
            } else {
                numbers[key] = table.insert(TrackedCall(key: key, customer: 1))
            }
        }
        #expect(table.count == numbers.count)
        table.checkInvariants()
        for (key, number) in numbers { #expect(table.find(key) == number && table[number].key == key) }
    }

    /// Against a list of deadlines: every call is due once, at its last deadline, over standing clocks and long jumps.
    @Test(arguments: Seeds.fixed(1, 2, 3))
    func callsAreDueAtTheirDeadline(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = CallTable()
        var deadlines: [UInt32: Int64] = [:]
        var now: Int64 = 1_763_800_000
        for round in 0..<150 {
            for _ in 0..<Int.random(in: 0...9, using: &generator) {
                let key = CallKey(high: UInt64(round), low: UInt64.random(in: 1...UInt64.max, using: &generator))
                let number = table.insert(TrackedCall(key: key, customer: 1))
                // The first deadline is near, as that of a call of which nothing is known yet.
                let second = now + (deadlines.isEmpty ? 60 : Int64.random(in: 1...40_000, using: &generator))
                table.schedule(number, second: second)
                deadlines[number] = second
            }
            if let number = deadlines.keys.sorted().prefix(20).randomElement(using: &generator) {
                let second = now + Int64.random(in: 1...700, using: &generator)
                table.schedule(number, second: second)
                deadlines[number] = second
            }
            now += [0, 1, 30, 900, 20_000, 50_000].randomElement(using: &generator) ?? 1
            while let due = table.nextDue(upTo: now) {
                for number in due {
                    #expect((deadlines[number] ?? .max) <= now, "due too early, seed \(seed)")
                    deadlines[number] = nil
                    table.remove(number)
                }
            }
            #expect(deadlines.values.allSatisfy { $0 > now }, "due too late, seed \(seed)")
        }
    }

    /// Deadlines around the second to which the clock jumps, over every distance that is special to the wheel.
    @Test(arguments: [1, 2, 4_094, 4_095, 4_096, 4_097, 8_191, 8_192, 8_193, 100_000] as [Int64])
    func deadlinesAroundAJump(distance: Int64) {
        let start: Int64 = 1_763_800_000
        let later = start + distance
        var table = CallTable()
        // The clock has begun.
        table.schedule(table.insert(TrackedCall(key: CallKey(high: 1, low: 1), customer: 1)), second: start + 1)
        _ = table.nextDue(upTo: start)
        var deadlines: [UInt32: Int64] = [0: start + 1]
        for (place, second) in (later - 2...later + 2).enumerated() where second > start {
            let key = CallKey(high: 2, low: UInt64(place) + 1)
            let number = table.insert(TrackedCall(key: key, customer: 1))
            table.schedule(number, second: second)
            deadlines[number] = second
        }
        for now in [later, later + 1, later + 2] {
            var due: [UInt32] = []
            while let some = table.nextDue(upTo: now) { due += some }
            #expect(due.sorted() == deadlines.filter { $0.value <= now }.keys.sorted(), "\(now - later)")
            for number in due { deadlines[number] = nil }
        }
        #expect(deadlines.isEmpty)
    }
}
