import CallEvents
import Foundation
import Randomness
import Testing

@testable import Board

/// A query that another thread answers while the engine goes on is answered as of the instant it was captured.
@Suite struct BoardTaskTests {
    @Test(arguments: Seeds.of(1))
    func whatComesMeanwhileDoesNotShow(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let board = try RandomBoard(300, seed: seed)
        let same = try RandomBoard(300, seed: seed)
        var now = RandomBoard.now
        for step in 0..<20 {
            let query = Self.query(&random)
            let task = try board.engine.boardTask(query, now: now)
            let expected = try same.engine.board(query, now: now)
            same.engine.forgetQueries()
            async let answered = Self.answer(task)
            // While the task is under way: calls, customers, time.
            let later = now + Int64.random(in: 0...30_000_000, using: &random)
            for engine in [board.engine, same.engine] { Self.change(engine, step, now: later) }
            let reading = try #require(board.engine.figures(customerID: 1, window: .oneHour, now: later))
            #expect(reading.asOfMicros == now, "seed \(seed)")
            let (done, answer) = try await answered
            #expect(answer == expected, "seed \(seed): \(query)")
            board.engine.finish(done)
            // And afterwards everything is there.
            now = later
            let after = try same.engine.board(query, now: now)
            same.engine.forgetQueries()
            let fresh = try board.engine.board(query, now: now)
            #expect(fresh == after, "seed \(seed): \(query)")
            let figures = board.engine.figures(customerID: 1, window: .oneHour, now: now)
            #expect(figures == same.engine.figures(customerID: 1, window: .oneHour, now: now), "seed \(seed)")
        }
    }

    /// What a call changes is known, what a new customer does is not.
    @Test func thePositionTellsWhetherAllChangesAreKnown() throws {
        let engine = makeEngine(customers: 3, clock: .events)
        func position(near earlier: BoardPosition? = nil) throws -> (BoardPosition, isNear: Bool?) {
            let task = try engine.boardTask(BoardQuery(), now: 0)
            defer { engine.finish(task) }
            return (task.position, earlier.map(task.isNear))
        }
        func call(_ number: UInt64) {
            var batch = CallEventBatch()
            batch.parties = [Party(customerID: 2)]
            let key = CallKey(high: 1, low: number)
            batch.append(.setup, key: key, timeMicros: 1_000_000_000_000_000, party: 0, sequence: 1)
            _ = engine.ingest(batch, now: 0)
        }
        // The first call of all carries the windows to its time, which changes everything.
        call(1)
        let first = try position().0
        #expect(try position(near: first).isNear == true)
        call(2)
        let (second, isNear) = try position(near: first)
        #expect(isNear == true)
        var customer = Customer()
        (customer.name, customer.currency) = ("One more", "USD")
        _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: 0)
        #expect(try position(near: second).isNear == false)
    }

    /// A query that reads the clock is near to none before, though nothing has changed.
    @Test func theClockIsAlwaysAnother() throws {
        let engine = makeEngine(customers: 3)
        for (filter, isKnown) in [("active = 0", true), ("last_call IS NULL OR last_call < now() - 5m", false)] {
            var query = BoardQuery()
            query.filter = filter
            var earlier: BoardPosition?
            for _ in 0..<3 {
                let task = try engine.boardTask(query, now: 1_000_000_000_000_000)
                if let earlier {
                    #expect(task.isNear(earlier) == isKnown && task.isUnchanged(since: earlier) == isKnown, "\(filter)")
                }
                earlier = task.position
                engine.finish(task)
            }
        }
    }

    /// Percentiles are put together from calls that only the engine may read, wherever a query reads one.
    @Test func delaysOfRowsAreReadWhereTheEngineIs() throws {
        let engine = makeEngine(customers: 3)
        for (metric, isMovable) in [("asr", true), ("pdd", true), ("pdd_p50", false), ("pdd_p95_24h", false)] {
            let edits: [(inout BoardQuery) -> Void] = [
                { $0.columns = ["name", metric] }, { $0.columns = ["x = \(metric) + 1"] },
                { $0.filter = "\(metric) > 1" }, { $0.sort = ["-\(metric)"] },
                { ($0.groupBy, $0.columns) = (["country"], [metric]) },
                { ($0.groupBy, $0.columns) = (["country"], ["max(\(metric))"]) },
                { ($0.groupBy, $0.sort) = (["country"], [metric]) },
                { ($0.groupBy, $0.filter) = (["country"], "\(metric) IS NULL") },
                { ($0.pivot, $0.columns) = ("country", ["min(\(metric))"]) },
            ]
            for edit in edits {
                var query = BoardQuery()
                query.columns = ["bids"]
                edit(&query)
                let task = try engine.boardTask(query, now: 1_000_000_000_000_000)
                #expect(task.isMovable == isMovable, "\(query)")
                engine.finish(task)
            }
        }
        #expect(!engine.isBeingRead)
    }

    @concurrent
    private static func answer(_ task: BoardTask) async throws -> (BoardTask, BoardAnswer) {
        var task = task
        let answer = try task.answer()
        return (task, answer)
    }

    private static func query(_ random: inout SeededGenerator) -> BoardQuery {
        var query = BoardQuery()
        query.window = .oneHour
        query.columns = ["bids", "asr", "active", "cps", "credit", "cps_peak"]
        if Bool.random(using: &random) { query.filter = RandomBoard.condition(&random, depth: 1) }
        if Bool.random(using: &random) {
            query.groupBy = [["country", "status", "company"].randomElement(using: &random) ?? "country"]
            if Bool.random(using: &random) { query.pivot = "currency" }
        } else {
            query.sort = [RandomBoard.sortKey(&random)]
        }
        return query
    }

    private static func change(_ engine: Engine, _ step: Int, now: Int64) {
        var batch = CallRecordBatch()
        batch.parties = PartyList((1...3).map { Party(customerID: $0) })
        for party: UInt32 in 0..<3 {
            batch.party.append(party)
            batch.setupMicros.append(now - 10_000_000)
            batch.ringMilliseconds.append(400)
            batch.answerMilliseconds.append(party == 1 ? CallRecordBatch.never : 900)
            batch.endMilliseconds.append(5_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(party == 1 ? 486 : 200)
            batch.q850.append(0)
        }
        _ = engine.ingest(batch, now: now)
        var customer = Customer()
        customer.name = "added \(step) \(now)"
        customer.currency = "USD"
        customer.country = "DE"
        _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: now)
        engine.advance(now: now)
    }
}
