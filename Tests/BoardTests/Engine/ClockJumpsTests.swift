// A clock that is set to and fro at random while calls go on, across restarts: no figure is ever negative, every set-up
// counts once, and what a window does not have any more it says.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct ClockJumpsTests {
    private let start: Int64 = 1_750_000_000_000_000
    private let second: Int64 = 1_000_000
    private let hour: Int64 = 3_600_000_000

    /// Live calls whose events come through jumps of minutes, hours and days, with deadlines that a jump brought near
    /// and calls that it gave up.
    @Test(arguments: Seeds.fixed(1...5))
    func noFigureIsEverNegative(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var engine = makeEngine(customers: 3, now: start)
        engine.beginListening(now: start)
        let longestSeconds = [Int64(4_000), 9_000, 30_000, 100_000, 172_800][Int(seed % 5)]
        var deliveries = RandomCalls.deliveries(count: 160, customers: 3, from: start, using: &generator)
        let setups = Set(deliveries.filter { $0.kind == .setup }.map(\.key)).count
        var now = start
        var ahead: Int64 = 0
        while !deliveries.isEmpty {
            now += Int64.random(in: 1...4_000_000, using: &generator)
            if Int.random(in: 0..<25, using: &generator) == 0 {
                ahead = nextJump(longestSeconds, using: &generator)
            }
            let due = deliveries.prefix { $0.arrival <= now }
            deliveries.removeFirst(due.count)
            for event in due { _ = engine.ingest(event.batch, now: now + ahead) }
            engine.advance(now: now + ahead)
            switch Int.random(in: 0..<60, using: &generator) {
            case 0..<3: try expectNothingNegative(engine, now: now + ahead, "seed \(seed)")
            case 3: engine = try restarted(engine, at: now + ahead)
            default: break
            }
        }
        ahead = 0
        for _ in 0...14 {
            now += 5 * second
            engine.advance(now: now)
        }
        #expect(!engine.clockWatch.isBehind)
        #expect(try engine.figures("bids", .all, now: now).reduce(0, +) == setups, "seed \(seed)")
        for hours in [0, 1, 5, 26] as [Int64] {
            try expectNothingNegative(engine, now: now + hours * hour, "seed \(seed), \(hours) h later")
        }
        #expect(engine.status(now: now + 26 * hour).activeCalls == 0, "seed \(seed)")
    }

    /// Mostly right, or ahead by up to so much, or by days.
    private func nextJump(_ longestSeconds: Int64, using generator: inout SeededGenerator) -> Int64 {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0, 1: 0
        case 2: Int64.random(in: 6...longestSeconds, using: &generator) * second
        default: Int64.random(in: 6...longestSeconds / 10, using: &generator) * second
        }
    }

    private func restarted(_ engine: Engine, at now: Int64) throws -> Engine {
        let after = Engine(configuration: engine.configuration)
        try after.restore(engine.snapshot().tables())
        try after.restoreStatistics(engine.statistics(now: now, isLast: true).tables())
        after.beginListening(now: now)
        return after
    }

    private func expectNothingNegative(_ engine: Engine, now: Int64, _ comment: String) throws {
        engine.advance(now: now)
        for window in Window.allCases {
            // Brings the peaks up to date.
            _ = try engine.figures("cps_peak", window, now: now)
            for row in 0..<engine.customerCount {
                var tally = MetricTally()
                engine.load(row, window, into: &tally)
                let least = min(tally.counts.min() ?? 0, tally.sums.min() ?? 0, tally.cpsPeak, tally.active, tally.cps)
                #expect(least >= 0, "\(comment): \(window.name) of customer \(row + 1) has \(tally)")
            }
        }
    }

    /// Whatever a window does not have any more is from before what it says: of calls that came at an even pace it has
    /// all since.
    @Test(arguments: Seeds.fixed(1, 2, 3))
    func windowsAreWholeFromWhenTheySay(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let engine = makeEngine(customers: 1, now: start)
        engine.beginListening(now: start)
        var now = start
        var setups: [Int64] = []
        func goOn(_ seconds: Int64, every step: Int64, ahead: Int64 = 0) {
            let end = now + seconds * second
            while now < end {
                now += step * second
                setups.append(now)
                let batch = NaiveBoard.Heard(
                    kind: .setup, key: UInt64(setups.count), micros: now, customer: 1, sequence: 1, code: 0,
                    arrival: now
                ).batch
                _ = engine.ingest(batch, now: now + ahead)
                engine.advance(now: now + ahead)
            }
        }
        goOn(27 * 3_600, every: 240)
        for _ in 0..<3 {
            let ahead = Int64.random(in: 6...100_000, using: &generator) * second
            goOn(Int64.random(in: 5...60, using: &generator), every: 5, ahead: ahead)
            goOn(80, every: 5)
            #expect(!engine.clockWatch.isBehind)
            goOn(Int64.random(in: 1...5_000, using: &generator), every: 20)
            for window in Window.sliding {
                let starts = Timeline.start(of: window, nowSecond: now / second) * second
                let from = max(starts, engine.state.coverage.from(window: window, startMicros: starts))
                let expected = setups.filter { $0 / second >= from / second }.count
                let shown = try engine.figures("bids", window, now: now)[0]
                if from == starts {
                    #expect(shown == expected, "seed \(seed), window \(window.name)")
                } else {
                    #expect(shown >= expected, "seed \(seed), window \(window.name)")
                }
            }
        }
    }

    /// Times that no clock of a sane machine has: nothing traps, and the board goes on when the clock is right.
    @Test(arguments: [
        Int64.min, 0, 4_294_967_295_000_000, .max,
    ])
    func anyTimeIsBorne(absurd: Int64) throws {
        let engine = makeEngine(customers: 1, now: start)
        engine.beginListening(now: start)
        func setup(_ key: UInt64, at micros: Int64, now: Int64) {
            let heard = NaiveBoard.Heard(
                kind: .setup, key: key, micros: micros, customer: 1, sequence: 1, code: 0, arrival: micros)
            _ = engine.ingest(heard.batch, now: now)
        }
        setup(1, at: start, now: start)
        engine.advance(now: start + second)
        for _ in 0..<3 {
            engine.advance(now: absurd)
            setup(2, at: start + 2 * second, now: absurd)
            setup(3, at: max(1, min(absurd, 4_294_967_295_000_000)), now: absurd)
            try expectNothingNegative(engine, now: absurd, "at \(absurd)")
        }
        let restored = try restarted(engine, at: absurd)
        for engine in [engine, restored] {
            var now = start + 3 * second
            for _ in 0...14 {
                now += 5 * second
                engine.advance(now: now)
            }
            #expect(!engine.clockWatch.isBehind && engine.nowMicros == now)
            #expect(try engine.figures("bids", .all, now: now)[0] >= 2)
            try expectNothingNegative(engine, now: now + hour, "after \(absurd)")
        }
    }
}
