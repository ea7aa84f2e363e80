import Randomness
import Testing

@testable import Board

/// Two engines that see the same. One of them caches what its queries have found, and is restarted now and then where
/// that is asked for; the other forgets everything before each query. Both must answer the same.
struct TwinBoards {
    private(set) var caching: Engine
    private let forgetful: Engine
    private var traffic = RandomTraffic(now: RandomBoard.now)
    private let steps: [RandomTraffic.Step]
    private let isRestarted: Bool

    var now: Int64 { traffic.now }

    /// - Parameter steps: what may happen, each as often as it is listed.
    init(
        customers: Int, seed: UInt64, steps: [RandomTraffic.Step] = RandomTraffic.Step.allCases,
        isRestarted: Bool = false
    ) throws {
        caching = try RandomBoard(customers, seed: seed).engine
        forgetful = try RandomBoard(customers, seed: seed).engine
        (self.steps, self.isRestarted) = (steps, isRestarted)
        for engine in [caching, forgetful] { engine.watchAll(now: now) }
    }

    // MARK: - Changes

    /// - Parameter isBeingRead: a task of the caching one is under way.
    mutating func change(_ random: inout SeededGenerator, isBeingRead: Bool = false) throws {
        if isRestarted, !isBeingRead, Int.random(in: 0..<12, using: &random) == 0 { caching = try restarted(caching) }
        let possible = steps.filter { !isBeingRead || !$0.needsTheEngine }
        let step = try #require(possible.randomElement(using: &random))
        let before = (traffic, random)
        for engine in [caching, forgetful] {
            (traffic, random) = before
            traffic.take(step, engine, &random)
        }
        // What a look finds, and when, is not saved; so there is one after every change.
        if !isBeingRead { for engine in [caching, forgetful] { engine.watchAll(now: now) } }
    }

    private func restarted(_ engine: Engine) throws -> Engine {
        let (statistics, customers) = (engine.statistics(now: now), engine.snapshot())
        let after = Engine(configuration: engine.configuration)
        try after.restore(customers.tables())
        try after.restoreStatistics(statistics.tables())
        after.watchAll(now: now)
        return after
    }

    // MARK: - Answers

    /// Asks both.
    /// - Parameter times: how often the caching one is asked.
    /// - Returns: whether they answer at all.
    @discardableResult
    func agree(on query: BoardQuery, times: Int = 1, _ comment: Comment) -> Bool {
        let expected = answer(of: forgetful, query)
        return (0..<times).allSatisfy { _ in
            same(expected, Result { try caching.board(query, now: now) }, comment)
        }
    }

    /// The same where the caching one answers by a task, while things go on.
    mutating func agreeMeanwhile(
        on query: BoardQuery, _ comment: Comment, _ random: inout SeededGenerator
    ) throws -> Bool {
        let expected = answer(of: forgetful, query)
        guard var task = try? caching.boardTask(query, now: now) else { return agree(on: query, comment) }
        try change(&random, isBeingRead: true)
        let found = Result { try task.answer() }
        caching.finish(task)
        return same(expected, found, comment)
    }

    private func answer(of engine: Engine, _ query: BoardQuery) -> Result<BoardAnswer, any Error> {
        engine.forgetQueries()
        return Result { try engine.board(query, now: now) }
    }

    private func same(
        _ expected: Result<BoardAnswer, any Error>, _ found: Result<BoardAnswer, any Error>, _ comment: Comment
    ) -> Bool {
        switch (expected, found) {
        case (.success(let expected), .success(let found)):
            #expect(found == expected, comment)
            return true
        case (.failure(let expected), .failure(let found)):
            #expect(found as? QueryError == expected as? QueryError, comment)
            return false
        case (_, let found):
            Issue.record("\(comment): \(expected), \(found)")
            return false
        }
    }
}
