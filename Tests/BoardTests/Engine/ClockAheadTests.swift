// The machine's clock runs ahead and comes back: the board goes back with it, with the figures that an engine has whose
// clock never jumped.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct ClockAheadTests {
    private let start: Int64 = 1_750_000_000_000_000
    private let second: Int64 = 1_000_000
    private let columns = [
        "bids", "attempts", "answered", "failed", "acd_attempts_n", "acd_n", "pdd_n", "active", "cps_peak", "cps",
    ]

    private func rows(_ engine: Engine, _ window: Window, now: Int64) throws -> [[Int64]] {
        var query = BoardQuery()
        query.window = window
        query.columns = columns
        return try engine.board(query, now: now).columns.map { column in
            guard case .integers(let values) = column.values else { return [] }
            return values
        }
    }

    /// Ten steps a second would take long; five seconds are even enough.
    private func steadyMinute(_ engine: Engine, from now: Int64) -> Int64 {
        for step in 0...14 { engine.advance(now: now + Int64(step) * 5 * second) }
        return now + 70 * second
    }

    private func setup(_ key: UInt64, at micros: Int64) -> CallEventBatch {
        NaiveBoard.Heard(
            kind: .setup, key: key, micros: micros, customer: 1, sequence: 1, code: 0, arrival: micros
        ).batch
    }

    @Test func isToldCountedAndHealsAfterAMinute() throws {
        let engine = makeEngine(customers: 1, now: start)
        engine.beginListening(now: start)
        _ = engine.ingest(setup(1, at: start), now: start)
        engine.advance(now: start + second)
        engine.advance(now: start + 3_601 * second)
        #expect(!engine.clockWatch.isBehind)
        let back = start + 5 * second
        engine.advance(now: back)
        #expect(engine.clockWatch.behindMicros == 3_596 * second)
        #expect(engine.clockWatch.healsAtMicros == back + 60 * second)
        #expect(engine.ingest(setup(2, at: back), now: back).calls == 1)
        #expect(engine.clockWatch.callsMeanwhile == 1)
        #expect(engine.nowMicros == start + 3_601 * second)
        // Set once more to and fro: the minute begins again.
        engine.advance(now: back + 25 * second)
        engine.advance(now: back + 15 * second)
        #expect(engine.clockWatch.healsAtMicros == back + 75 * second)
        for step in stride(from: Int64(20), through: 70, by: 5) { engine.advance(now: back + step * second) }
        #expect(engine.clockWatch.isBehind)
        let healed = back + 75 * second
        engine.advance(now: healed)
        #expect(!engine.clockWatch.isBehind && engine.clockWatch.healedCount == 1)
        let healing = engine.clockWatch.lastHealing
        #expect(healing.callsMeanwhile == 1 && healing.wholeFromMicros < start)
        #expect(engine.nowMicros == healed)
        #expect(try engine.figures("bids", .fifteenMinutes, now: healed) == [2])
        #expect(engine.status(now: healed).coverageFromMicros <= start)
    }

    @Test func aClockThatComesUpAgainHealsByItself() throws {
        let engine = makeEngine(customers: 1, now: start)
        engine.advance(now: start + 60 * second)
        engine.advance(now: start + 10 * second)
        #expect(engine.clockWatch.isBehind)
        engine.advance(now: start + 61 * second)
        #expect(!engine.clockWatch.isBehind && engine.clockWatch.healedCount == 0)
    }

    @Test func aRestartTakesTheNewTime() throws {
        let engine = makeEngine(customers: 1, now: start)
        engine.beginListening(now: start)
        _ = engine.ingest(setup(1, at: start), now: start)
        engine.advance(now: start + second)
        engine.advance(now: start + 3_000 * second)
        let after = Engine(configuration: engine.configuration)
        try after.restore(engine.snapshot().tables())
        try after.restoreStatistics(engine.statistics(now: start + 3_000 * second, isLast: true).tables())
        let now = start + 20 * second
        after.beginListening(now: now)
        #expect(after.nowMicros == now && after.clockWatch.healedCount == 1)
        #expect(try after.figures("bids", .oneMinute, now: now) == [1])
        #expect(try after.figures("active", .all, now: now) == [1])
    }

    /// A jump of days: the hour before is lost to the short windows, which say so; nothing is ever negative, and what
    /// comes later counts as ever, also after a restart.
    @Test(arguments: [Int64(7_200), 90_000, 400_000_000])
    func afterALongJumpTheWindowsSayFromWhenTheyAreWhole(ahead: Int64) throws {
        let engine = makeEngine(customers: 1, now: start)
        engine.beginListening(now: start)
        _ = engine.ingest(setup(1, at: start), now: start)
        engine.advance(now: start + second)
        let far = start + ahead * second
        engine.advance(now: far)
        // Told by a switch whose clock ran ahead as well: it stays in `all`.
        _ = engine.ingest(setup(2, at: far), now: far)
        engine.advance(now: far + second)
        let healed = steadyMinute(engine, from: start + 10 * second)
        #expect(engine.clockWatch.healedCount == 1)
        #expect(engine.clockWatch.lastHealing.misplacedFacts == 1)
        #expect(engine.clockWatch.lastHealing.forgottenCalls == 1)
        // Two hours ahead, the ring has kept what the board has heard; further ahead nothing of it.
        let isWhole = ahead == 7_200
        #expect((engine.clockWatch.lastHealing.wholeFromMicros <= start) == isWhole)
        #expect((engine.status(now: healed).coverageFromMicros <= start) == isWhole)
        #expect(try engine.figures("bids", .fifteenMinutes, now: healed) == [isWhole ? 1 : 0])
        #expect(try engine.figures("bids", .all, now: healed) == [2])
        _ = engine.ingest(setup(3, at: healed), now: healed)
        let restored = Engine(configuration: engine.configuration)
        try restored.restore(engine.snapshot().tables())
        try restored.restoreStatistics(engine.statistics(now: healed).tables())
        for engine in [engine, restored] {
            #expect(try engine.figures("bids", .oneMinute, now: healed) == [1])
            #expect(try engine.figures("bids", .all, now: healed + second) == [3])
            for hours in [1, 2, 25, 26, 120_000] as [Int64] {
                for window in Window.allCases {
                    let rows = try rows(engine, window, now: healed + hours * 3_600 * second)
                    #expect(!rows.joined().contains { $0 < 0 }, "\(hours) h later in \(window.name)")
                }
            }
        }
    }

    /// Calls that were given up because of the jump alone live again, and are in neither count.
    @Test(arguments: [CallEventKind.answer, .ring]) func whatWasGivenUpLivesAgain(second kind: CallEventKind) throws {
        let engine = makeEngine(customers: 1, now: start)
        engine.beginListening(now: start)
        for key in 1...3 as ClosedRange<UInt64> {
            _ = engine.ingest(setup(key, at: start), now: start)
            let event = NaiveBoard.Heard(
                kind: kind, key: key, micros: start + 1, customer: 1, sequence: 1, code: 200, arrival: start + 1)
            _ = engine.ingest(event.batch, now: start + 1)
        }
        engine.advance(now: start + second)
        let far = start + 5 * 3_600 * second
        let given = engine.status(now: far)
        #expect(given.activeCalls == 0 && given.timedOut == (kind == .answer ? 3 : 0))
        #expect(given.noResponse == (kind == .answer ? 0 : 3))
        let healed = steadyMinute(engine, from: start + 10 * second)
        let status = engine.status(now: healed)
        #expect(status.activeCalls == 3 && status.timedOut == 0 && status.noResponse == 0)
        #expect(try engine.figures("active", .all, now: healed) == [3])
        #expect(try engine.figures("failed", .all, now: healed) == [0])
    }

    /// What was told of times that have not come stays in `all`, with its busiest second.
    @Test func theBusiestSecondOfTimesThatHaveNotCome() throws {
        let engine = makeEngine(customers: 1, now: start)
        engine.beginListening(now: start)
        _ = engine.ingest(setup(1, at: start), now: start)
        engine.advance(now: start + second)
        let far = start + 7_200 * second
        engine.advance(now: far)
        for key in 2...5 as ClosedRange<UInt64> { _ = engine.ingest(setup(key, at: far + Int64(key)), now: far + 9) }
        engine.advance(now: far + second)
        #expect(try engine.figures("cps_peak", .oneMinute, now: far + second) == [4])
        let healed = steadyMinute(engine, from: start + 10 * second)
        for engine in [engine, try engine.restarted(engine.configuration)] {
            #expect(try engine.figures("cps_peak", .all, now: healed) == [4])
            #expect(try engine.figures("cps_peak", .oneHour, now: healed) == [1])
            #expect(try engine.figures("cps_peak", .all, now: far + 2 * second) == [4])
            #expect(try engine.figures("cps_peak", .oneMinute, now: far + 2 * second) == [0])
        }
    }

    /// Finished calls through jumps at random, to and fro, against an engine whose clock never jumped. Up to an hour
    /// ahead nothing is lost: every window is the same once the clock has been steady, and ever after.
    @Test(arguments: Seeds.fixed(1, 2, 3, 4))
    func sameFiguresAsWithoutJumps(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let jumping = makeEngine(customers: 3, now: start)
        let steady = makeEngine(customers: 3, now: start)
        var now = start + 4_000 * second
        func observe(_ clock: Int64) {
            let batch = finishedCalls(now: now, using: &generator)
            #expect(steady.ingest(batch, now: now).calls == batch.count, "seed \(seed)")
            #expect(jumping.ingest(batch, now: clock).calls == batch.count, "seed \(seed)")
            steady.advance(now: now)
            jumping.advance(now: clock)
        }
        for round in 1...6 {
            for _ in 0..<40 {
                now += Int64.random(in: 1...4_000_000, using: &generator)
                observe(now)
            }
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let ahead = Int64.random(in: 6...3_600, using: &generator) * second
                for _ in 0..<Int.random(in: 1...5, using: &generator) {
                    now += Int64.random(in: 1...1_000_000, using: &generator)
                    observe(now + ahead)
                }
                now += 1_000
                observe(now)
            }
            while jumping.clockWatch.isBehind {
                now += Int64.random(in: 1...4_000_000, using: &generator)
                observe(now)
            }
            try compare(jumping, steady, now: now, "seed \(seed), round \(round)")
        }
        #expect(jumping.clockWatch.healedCount > 2, "seed \(seed)")
        for hours in [0, 1, 2, 23, 25] as [Int64] {
            try compare(jumping, steady, now: now + hours * 3_600 * second, "seed \(seed), \(hours) h later")
        }
    }

    private func finishedCalls(now: Int64, using generator: inout SeededGenerator) -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = PartyList((1...3).map { Party(source: IPAddress(v4: 0x0A00_0000 | UInt32($0))) })
        for _ in 0..<Int.random(in: 1...20, using: &generator) {
            let isAnswered = Bool.random(using: &generator)
            batch.party.append(UInt32.random(in: 0..<3, using: &generator))
            batch.setupMicros.append(now - Int64.random(in: 60...3_000, using: &generator) * second)
            batch.ringMilliseconds.append(UInt32.random(in: 0...5_000, using: &generator))
            batch.answerMilliseconds.append(isAnswered ? UInt32.random(in: 5_000...9_000, using: &generator) : .max)
            batch.endMilliseconds.append(UInt32.random(in: 9_000...60_000, using: &generator))
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(isAnswered ? 200 : 486)
            batch.q850.append(0)
        }
        return batch
    }

    private func compare(_ left: Engine, _ right: Engine, now: Int64, _ comment: String) throws {
        for window in Window.allCases {
            let (left, right) = (try rows(left, window, now: now), try rows(right, window, now: now))
            #expect(left == right, "\(comment), window \(window.name)")
            #expect(!left.joined().contains { $0 < 0 }, "\(comment): a negative figure")
        }
    }
}
