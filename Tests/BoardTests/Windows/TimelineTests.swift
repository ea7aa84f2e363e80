import Columnar
import Randomness
import Testing

@testable import Board

/// The timeline against a list of all facts, on random facts and a clock that runs, stands and jumps.
@Suite struct TimelineTests {
    @Test(arguments: Seeds.fixed(1, 2, 3))
    func everyWindowIsTheSumOfTheFactsThatItCovers(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var pair = TimelinePair(customers: 700)
        var now: Int64 = 1_763_800_000 + Int64.random(in: 0..<3_600, using: &generator)
        for _ in 0..<30 {
            for _ in 0..<Int.random(in: 0...120, using: &generator) { pair.addRandomFact(now: now, &generator) }
            if Bool.random(using: &generator) { pair.check(now: now, seed) }
            now += TimelinePair.steps.randomElement(using: &generator) ?? 1
            pair.fold(now)
            pair.check(now: now, seed)
        }
        pair.fold(now + 90_000)
        pair.check(now: now + 90_000, seed)
        #expect(pair.slidingIsZero, "after a day of silence, seed \(seed)")
    }

    @Test func aFloodWithoutAFoldSlidesTheWindowsByItself() {
        var pair = TimelinePair(customers: 5)
        let start: Int64 = 1_763_800_000
        for second in stride(from: start, to: start + 40_000, by: 7) { pair.addSetup(1, second, sign: 1) }
        pair.fold(start + 40_000)
        pair.check(now: start + 40_000, 0)
    }

    @Test func theFirstFactMayBeDaysLate() {
        var pair = TimelinePair(customers: 5)
        let now: Int64 = 1_763_800_000
        pair.fold(now)
        pair.addSetup(1, now - 100_000, sign: 1)
        pair.addSetup(2, now, sign: 1)
        pair.check(now: now, 0)
        pair.check(now: now + 61, 0)
    }

    @Test func manyFactsTakeSeveralRounds() {
        var pair = TimelinePair(customers: 300, factsAtATime: 1_000)
        var generator = SeededGenerator(seed: 9)
        let now: Int64 = 1_763_800_000
        for _ in 0..<10_000 { pair.addRandomFact(now: now, &generator) }
        pair.fold(now)
        pair.check(now: now, 9)
        pair.fold(now + 61)
        pair.check(now: now + 61, 9)
    }
}

/// A timeline and the list of everything that was added to it.
private struct TimelinePair {
    static let steps: [Int64] = [0, 1, 1, 2, 3, 15, 59, 60, 61, 300, 899, 1_440, 3_600, 5_000, 9_000, 86_000, 200_000]

    private struct Entry {
        var customer: UInt32
        var second: Int64
        var field: [CounterField: Int64] = [:]
        var sum: [SumField: Int64] = [:]
        var code: UInt16?
        var bucket: UInt8 = 0
        var setups: Int64 = 0
    }

    private var timeline: Timeline
    private var entries: [Entry] = []
    private let table = OutcomeTable()
    private let customers: Int

    init(customers: Int, factsAtATime: Int = BoardLimits.factsAtATime) {
        self.customers = customers
        timeline = Timeline(weights: OutcomeWeights(table), factsAtATime: factsAtATime)
        timeline.grow(to: customers)
    }

    mutating func fold(_ now: Int64) { timeline.fold(nowSecond: now) }

    /// Ages around every border, some facts a little ahead of the clock, one in ten taken back.
    mutating func addRandomFact(now: Int64, _ generator: inout SeededGenerator) {
        let ages: [Int64] = [5, 60, 300, 900, 3_700, 90_000, 400_000]
        let second = now + 5 - Int64.random(in: 0...(ages.randomElement(using: &generator) ?? 5), using: &generator)
        let customer = UInt32.random(in: 0..<UInt32(customers), using: &generator)
        let sign: Int32 = Int.random(in: 0..<10, using: &generator) == 0 ? -1 : 1
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: addSetup(customer, second, sign: sign)
        case 1: addOutcome(customer, second, sign, &generator)
        case 2: addEnd(customer, second, sign, &generator)
        default:
            let micros = Int64.random(in: -5_000_000...5_000_000, using: &generator)
            timeline.addCost(customer: customer, second: UInt32(second), micros: micros)
            entries.append(Entry(customer: customer, second: second, sum: [.costMicros: micros]))
        }
    }

    mutating func addSetup(_ customer: UInt32, _ second: Int64, sign: Int32) {
        let blocked = customer % 3 == 0
        timeline.addSetup(customer: customer, second: UInt32(second), isBlocked: blocked, sign: sign)
        entries.append(
            Entry(
                customer: customer, second: second,
                field: [.bids: Int64(sign), .blockedSetups: blocked ? Int64(sign) : 0], setups: Int64(sign)))
    }

    private mutating func addOutcome(
        _ customer: UInt32, _ second: Int64, _ sign: Int32, _ generator: inout SeededGenerator
    ) {
        let outcome = OutcomeClass.allCases.randomElement(using: &generator) ?? .answered
        let code: UInt16 = [0, 200, 404, 486, 503, 1_023].randomElement(using: &generator) ?? 0
        let delay = Int32.random(in: -1...9_000, using: &generator)
        timeline.addOutcome(
            customer: customer, second: UInt32(second), outcome: outcome, code: code, pddMilliseconds: delay, sign: sign
        )
        let once = Int64(sign)
        var field: [CounterField: Int64] = [:]
        if let counter = CounterField(rawValue: CounterField.outcome(Int(outcome.rawValue))) { field[counter] = once }
        if table.countsAsSeizure(outcome) { field[.outcomes] = once }
        if table.countsAsEffective(outcome) { field[.effective] = once }
        if delay >= 0 { field[.pddCount] = once }
        entries.append(
            Entry(
                customer: customer, second: second, field: field,
                sum: delay >= 0 ? [.pddMilliseconds: once * Int64(delay)] : [:], code: code,
                bucket: delay >= 0 ? PDDHistogram.bucket(milliseconds: delay) : 0, setups: once))
    }

    private mutating func addEnd(
        _ customer: UInt32, _ second: Int64, _ sign: Int32, _ generator: inout SeededGenerator
    ) {
        let talked = Bool.random(using: &generator)
        let talk = Int32.random(in: 0...Int32.max, using: &generator)
        let short = Bool.random(using: &generator)
        timeline.addEnd(
            customer: customer, second: UInt32(second), talkMilliseconds: talk, talked: talked, short: short, sign: sign
        )
        let once = Int64(sign)
        entries.append(
            Entry(
                customer: customer, second: second,
                field: [.ended: once, .talked: talked ? once : 0, .short: talked && short ? once : 0],
                sum: [.talkMilliseconds: talked ? once * Int64(talk) : 0]))
    }

    var slidingIsZero: Bool {
        timeline.sliding.allSatisfy { totals in
            CounterField.allCases.allSatisfy { field in (0..<customers).allSatisfy { totals.count(field, $0) == 0 } }
        }
    }

    /// Every counter, sum, code and delay of every window.
    private func chunks(_ totals: ChunkTotals) -> [Int64] {
        (0..<ChunkSize.chunks(holding: customers)).map { totals[$0] }
    }

    private func chunkSums(_ values: [Int64]) -> [Int64] {
        (0..<ChunkSize.chunks(holding: customers)).map { chunk in
            values[ChunkSize.rows(inChunk: chunk, count: customers)].reduce(0, +)
        }
    }

    mutating func check(now: Int64, _ seed: UInt64) {
        fold(now)
        for window in Window.allCases {
            let start = window == .all ? Int64.min : Timeline.start(of: window, nowSecond: now)
            let covered = entries.filter { $0.second >= start && $0.second <= now }
            var counts = [CounterField: [Int64]]()
            var sums = [SumField: [Int64]]()
            var codes: [UInt32: [UInt16: Int64]] = [:]
            var delays: [[UInt32]: Int64] = [:]
            for field in CounterField.allCases { counts[field] = Array(repeating: 0, count: customers) }
            for field in SumField.allCases { sums[field] = Array(repeating: 0, count: customers) }
            for entry in covered {
                for (field, value) in entry.field { counts[field]?[Int(entry.customer)] += value }
                for (field, value) in entry.sum { sums[field]?[Int(entry.customer)] += value }
                if let code = entry.code { codes[entry.customer, default: [:]][code, default: 0] += entry.setups }
                if entry.bucket != 0 { delays[[entry.customer, UInt32(entry.bucket)], default: 0] += entry.setups }
            }
            for field in CounterField.allCases {
                let shown = (0..<customers).map {
                    window == .all ? timeline.all.count(field, $0) : timeline.sliding[window.rawValue].count(field, $0)
                }
                #expect(shown == counts[field], "\(field) in \(window.name) at \(now), seed \(seed)")
                let totals =
                    window == .all ? timeline.all.totals(field) : timeline.sliding[window.rawValue].totals(field)
                #expect(chunks(totals) == chunkSums(shown), "total \(field) in \(window.name) at \(now), seed \(seed)")
            }
            for field in SumField.allCases {
                let shown = (0..<customers).map {
                    window == .all ? timeline.all.sum(field, $0) : timeline.sliding[window.rawValue].sum(field, $0)
                }
                #expect(shown == sums[field], "\(field) in \(window.name) at \(now), seed \(seed)")
                let totals =
                    window == .all ? timeline.all.totals(field) : timeline.sliding[window.rawValue].totals(field)
                #expect(chunks(totals) == chunkSums(shown), "total \(field) in \(window.name) at \(now), seed \(seed)")
            }
            var shownDelays: [[UInt32]: Int64] = [:]
            timeline.forEachDelay(in: window) { shownDelays[[$0, UInt32($1)], default: 0] += $2 }
            #expect(
                shownDelays.filter { $0.value != 0 } == delays.filter { $0.value != 0 },
                "delays in \(window.name) at \(now), seed \(seed)")
            for customer in [UInt32(0), 1, UInt32(customers - 1)] {
                #expect(
                    timeline.codes(customer: customer, in: window).filter { $0.value != 0 }
                        == (codes[customer] ?? [:]).filter { $0.value != 0 },
                    "codes of \(customer) in \(window.name) at \(now), seed \(seed)")
            }
        }
    }
}
