// From when on windows are whole, against what each test knows to have been missed.

import CallEvents
import Testing

@testable import Board

@Suite struct CoverageTests {
    private let start: Int64 = 1_750_000_000_000_000

    private func engine(_ clock: ClockMode = .wall) -> Engine {
        makeEngine(customers: 1, clock: clock, now: start)
    }

    private func restarted(_ engine: Engine, cutAt cut: Int64, now: Int64, isLast: Bool = false) throws -> Engine {
        let after = Engine(configuration: engine.configuration)
        try after.restore(engine.snapshot().tables())
        try after.restoreStatistics(engine.statistics(now: cut, isLast: isLast).tables())
        after.beginListening(now: now)
        return after
    }

    private func coverage(_ engine: Engine, _ window: Window, now: Int64) throws -> Int64 {
        var query = BoardQuery()
        query.window = window
        return try engine.board(query, now: now).coverageFromMicros
    }

    private func setup(at micros: Int64) -> CallEventBatch {
        var batch = CallEventBatch()
        batch.parties = [Party(customerID: 1)]
        batch.append(.setup, key: CallKey(high: 1, low: UInt64(micros)), timeMicros: micros, party: 0)
        return batch
    }

    @Test func aWindowIsWholeOnceItBeginsAfterTheServer() throws {
        let engine = engine()
        engine.beginListening(now: start)
        #expect(try coverage(engine, .oneMinute, now: start + 10_000_000) == start)
        #expect(try coverage(engine, .oneMinute, now: start + 61_000_000) == 0)
        #expect(try coverage(engine, .oneHour, now: start + 61_000_000) == start)
        #expect(try coverage(engine, .all, now: start + 1) == 0, "it begins with the board")
        #expect(engine.status(now: start + 61_000_000).coverageFromMicros == start)
    }

    @Test func aRestartIsAGapForWhatNobodySendsAgain() throws {
        let engine = engine()
        engine.beginListening(now: start)
        _ = engine.ingest(setup(at: start + 100_000_000), now: start + 100_000_000)
        let back = start + 220_000_000
        let after = try restarted(engine, cutAt: start + 200_000_000, now: back)
        #expect(try coverage(after, .oneMinute, now: back + 30_000_000) == back)
        #expect(try coverage(after, .oneMinute, now: back + 61_000_000) == 0)
        #expect(try coverage(after, .all, now: back + 61_000_000) == back)
        // A restart takes a clock that was set back: the board goes back with it, and nothing before that is missing.
        let backwards = try restarted(engine, cutAt: start + 200_000_000, now: start)
        #expect(backwards.status(now: start).coverageFromMicros == start)
    }

    @Test func whatProducersSendAgainIsNotMissed() throws {
        let engine = engine()
        engine.beginListening(now: start)
        _ = engine.ingest(setup(at: start + 100_000_000), now: start + 100_000_000, isNumbered: true)
        let after = try restarted(engine, cutAt: start + 200_000_000, now: start + 220_000_000)
        #expect(after.status(now: start + 220_000_000).coverageFromMicros == start)
        #expect(try coverage(after, .all, now: start + 220_000_000) == 0)
    }

    @Test func byTheEventsClockTheNextEventTells() throws {
        let engine = engine(.events)
        engine.beginListening(now: start)
        _ = engine.ingest(setup(at: start), now: start)
        _ = engine.ingest(setup(at: start + 60_000_000), now: start)
        #expect(try coverage(engine, .oneHour, now: start) == 0)
        // It was stopped: it goes on where it was.
        let stopped = try restarted(engine, cutAt: start, now: start, isLast: true)
        #expect(try coverage(stopped, .oneHour, now: start) == 0)
        let crashed = try restarted(engine, cutAt: start, now: start)
        #expect(crashed.nowMicros == start + 60_000_000)
        #expect(crashed.status(now: start).coverageFromMicros == start + 60_000_000)
        #expect(try coverage(crashed, .oneHour, now: start) == start + 60_000_000)
        _ = crashed.ingest(setup(at: start + 90_000_000), now: start)
        _ = crashed.ingest(setup(at: start + 95_000_000), now: start)
        #expect(try coverage(crashed, .oneHour, now: start) == start + 90_000_000)
    }
}
