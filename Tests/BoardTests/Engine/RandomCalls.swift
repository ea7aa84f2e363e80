import CallEvents
import Randomness

@testable import Board

/// Invented calls and how their events reach the board.
enum RandomCalls {
    /// The events of `count` calls over about forty minutes, in the order of their arrival: some lost, some twice, some
    /// up to twenty seconds late.
    static func deliveries(
        count: Int, customers: Int, from start: Int64, using generator: inout SeededGenerator
    ) -> [NaiveBoard.Heard] {
        var deliveries: [NaiveBoard.Heard] = []
        for key in 1...UInt64(count) {
            let customer = Int.random(in: 1...customers, using: &generator)
            // Bursts, so that seconds hold several set-ups.
            let burst = Int64.random(in: 0..<300, using: &generator) * 8_000_000
            let setup = start + 30_000_000 + burst + Int64.random(in: 0..<2_500_000, using: &generator)
            for event in events(key: key, customer: customer, setup: setup, using: &generator) {
                let luck = Int.random(in: 0..<100, using: &generator)
                if luck < 6 { continue }
                let copies = luck < 16 ? 2 : 1
                for _ in 0..<copies {
                    var copy = event
                    let isLate = Int.random(in: 0..<4, using: &generator) == 0
                    copy.arrival = event.micros + Int64.random(in: 0...(isLate ? 20_000_000 : 2_000), using: &generator)
                    deliveries.append(copy)
                }
            }
        }
        return deliveries.sorted { $0.arrival < $1.arrival }
    }

    private static func events(
        key: UInt64, customer: Int, setup: Int64, using generator: inout SeededGenerator
    ) -> [NaiveBoard.Heard] {
        func heard(_ kind: CallEventKind, _ micros: Int64, _ sequence: UInt32 = 1, _ code: UInt16 = 0)
            -> NaiveBoard.Heard
        {
            NaiveBoard.Heard(
                kind: kind, key: key, micros: micros, customer: customer, sequence: sequence, code: code,
                arrival: micros)
        }
        var events = [heard(.setup, setup)]
        var clock = setup + Int64.random(in: 1_000...900_000, using: &generator)
        var sequence: UInt32 = 1
        if Int.random(in: 0..<6, using: &generator) == 0 {
            events.append(heard(.failure, clock, 1, [401, 407, 302].randomElement(using: &generator) ?? 407))
            clock += Int64.random(in: 1_000...400_000, using: &generator)
            sequence = 2
            if Bool.random(using: &generator) { events.append(heard(.setup, clock, sequence)) } else { return events }
        }
        if Int.random(in: 0..<4, using: &generator) != 0 {
            clock += Int64.random(in: 1_000...6_000_000, using: &generator)
            events.append(heard(.ring, clock, sequence))
            if Bool.random(using: &generator) { events.append(heard(.ring, clock + 700_000, sequence)) }
            // Announcements before the answer: told again every minute.
            if Int.random(in: 0..<12, using: &generator) == 0 {
                for _ in 0..<Int.random(in: 1...6, using: &generator) {
                    clock += 60_000_000
                    events.append(heard(.ring, clock, sequence))
                }
            }
        }
        clock += Int64.random(in: 1_000...20_000_000, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<5:
            events.append(heard(.answer, clock, sequence, 200))
            let end = clock + Int64.random(in: 100_000...240_000_000, using: &generator)
            events.append(heard(.end, end))
            if Bool.random(using: &generator) { events.append(heard(.end, end + 30_000)) }
        case 5: events.append(heard(.failure, clock, sequence, OutcomeTable.blockedCode))
        case 6: break
        default:
            events.append(
                heard(.failure, clock, sequence, [486, 404, 503, 480, 487].randomElement(using: &generator) ?? 486))
        }
        return events
    }

    /// Mostly a little on, and often exactly at the edge of a slot or just before it.
    static func nextInstant(after now: Int64, using generator: inout SeededGenerator) -> Int64 {
        let slots: [Int64] = [1, 5, 15, 60, 1_440]
        let slot = (slots.randomElement(using: &generator) ?? 1) * 1_000_000
        switch Int.random(in: 0..<6, using: &generator) {
        case 0..<3: return now + Int64.random(in: 1...9_000_000, using: &generator)
        case 3: return now + 1
        case 4 where slot <= 60_000_000: return (now / slot + 1) * slot
        default: return max(now + 1, (now / 5_000_000 + 1) * 5_000_000 - 1)
        }
    }
}
