// The board against SQLite: thousands of random queries over the same customers, every cell compared.

import Randomness
import Testing

@testable import Board

@Suite struct BoardSQLiteTests {
    @Test(arguments: Seeds.fixed(20_261_123)) func groupsAreWhatSQLiteSays(seed: UInt64) throws {
        try compare(queries: 900, seed: seed) { maker, board in
            let sample = maker.query(grouped: true)
            let answer = try board.answer(sample)
            return (sample, answer, try GroupComparison(sample, board).differences(answer))
        }
    }

    @Test(arguments: Seeds.fixed(20_261_125)) func customersAreWhatSQLiteSays(seed: UInt64) throws {
        try compare(queries: 1_500, seed: seed) { maker, board in
            let sample = maker.query(grouped: false)
            let answer = try board.answer(sample)
            return (sample, answer, try CustomerComparison(sample, board).differences(answer))
        }
    }

    /// Customers are edited, deleted and restored between the queries, which use what earlier ones have cached.
    @Test(arguments: Seeds.fixed(20_261_126)) func changedCustomersAreWhatSQLiteSays(seed: UInt64) throws {
        try compare(queries: 600, seed: seed, changesAfter: 25) { maker, board in
            let isGrouped = Bool.random(using: &maker.generator)
            let sample = maker.query(grouped: isGrouped)
            let answer = try board.answer(sample)
            let again = try board.answer(sample)
            #expect(answer == again)
            return (
                sample, answer,
                isGrouped
                    ? try GroupComparison(sample, board).differences(answer)
                    : try CustomerComparison(sample, board).differences(answer)
            )
        }
    }

    /// Asks so many queries; the first that differ are shown.
    private func compare(
        queries: Int, seed: UInt64, changesAfter: Int = .max,
        _ ask: (inout ExpressionMaker, inout SampleBoard) throws -> (SampleQuery, BoardAnswer, [String])
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var board = try SampleBoard(customers: 300, calls: 4_000, using: &generator)
        var failed = 0
        var selective = 0
        for number in 0..<queries {
            if number % changesAfter == changesAfter - 1 { try board.change(using: &generator) }
            let window = Window.allCases[number % Window.allCases.count]
            var maker = ExpressionMaker(generator: generator, window: window)
            let (sample, answer, differences) = try ask(&maker, &board)
            generator = maker.generator
            if (1..<board.customers.count).contains(answer.matched) { selective += 1 }
            if differences.isEmpty { continue }
            failed += 1
            Issue.record(
                "seed \(seed), query \(number): \(sample.text)\n\(differences.prefix(5).joined(separator: "\n"))")
            if failed == 10 { return }
        }
        // Queries that select all customers or none prove little.
        #expect(selective * 3 > queries, "\(selective) of \(queries) select some customers")
    }
}

extension SampleBoard {
    mutating func answer(_ sample: SampleQuery) throws -> BoardAnswer {
        do {
            return try state.board(sample.query, now: now)
        } catch {
            throw RefusedSample(query: sample.text, error: error)
        }
    }
}

/// A query that should have been answered.
struct RefusedSample: Error {
    var query: String
    var error: QueryError
}
