// One board asked many things one after the other, each a little different from one before it (another page, window,
// order, search, a group that becomes the pivot), while everything changes that can: against a board that caches
// nothing.

import Randomness
import Testing

@testable import Board

@Suite struct QuerySequenceTests {
    @Test(arguments: Seeds.of(1))
    func answersAreThoseOfABoardThatCachesNothing(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var boards = try TwinBoards(customers: 70, seed: seed, steps: Self.steps, isRestarted: true)
        var queries = (0..<8).map { _ in RandomQueries.any(&random) }
        var answered = 0
        for step in 0..<40 {
            try boards.change(&random)
            for _ in 0..<8 {
                let place = Int.random(in: queries.indices, using: &random)
                var query = queries[place]
                if Bool.random(using: &random) {
                    RandomQueries.vary(&query, like: queries[(place + 1) % queries.count], &random)
                    queries[Int.random(in: queries.indices, using: &random)] = query
                }
                if Int.random(in: 0..<20, using: &random) == 0 { queries[place] = RandomQueries.any(&random) }
                let comment: Comment = "seed \(seed), step \(step): \(query)"
                let isMeanwhile = Int.random(in: 0..<4, using: &random) == 0
                let hasAnswer =
                    try isMeanwhile
                    ? boards.agreeMeanwhile(on: query, comment, &random) : boards.agree(on: query, comment)
                if hasAnswer { answered += 1 }
            }
        }
        #expect(answered > 80, "seed \(seed)")
    }

    private static let steps = RandomTraffic.Step.allCases.filter { $0 != .burst } + [.calls, .calls, .calls, .edit]
}

/// Queries for sequences.
private enum RandomQueries {
    static func any(_ random: inout SeededGenerator) -> BoardQuery {
        let window = Window.allCases.randomElement(using: &random) ?? .oneHour
        var maker = ExpressionMaker(generator: random, window: window)
        let isGrouped = maker.chance(1, in: 2)
        var query = maker.query(grouped: isGrouped).query
        random = maker.generator
        if Bool.random(using: &random) { query.filter = "" }
        if Int.random(in: 0..<6, using: &random) == 0 { query.filter = warned(&random) }
        if Bool.random(using: &random) { (query.limit, query.offset) = (.max, 0) }
        return query
    }

    private static func warned(_ random: inout SeededGenerator) -> String {
        ["warnings HAS no_auth", "NOT warnings HAS credit_low", "tags HAS 'vip' OR warnings HAS asr_low"]
            .randomElement(using: &random) ?? ""
    }

    /// Changes one thing of a query; `other` is where it may take it from.
    static func vary(_ query: inout BoardQuery, like other: BoardQuery, _ random: inout SeededGenerator) {
        switch Int.random(in: 0..<15, using: &random) {
        case 0: query.limit = [0, 1, 3, 20, .max].randomElement(using: &random) ?? 1
        case 1: query.offset = [0, 0, 1, 5, 30].randomElement(using: &random) ?? 0
        case 2: query.window = Window.allCases.randomElement(using: &random) ?? .all
        case 3: query.sort = query.sort.map { $0.hasPrefix("-") ? String($0.dropFirst()) : "-" + $0 }
        case 4: query.sort = query.columns.filter { !$0.contains(" ") && !$0.contains("=") }.shuffled(using: &random)
        case 5: query.search = ["", "nova", "bell", "vip", "example"].randomElement(using: &random) ?? ""
        case 6: query.status = ["", "Active", "Dialing", "Penalty"].randomElement(using: &random) ?? ""
        case 7: query.filter = other.filter
        case 8: query.filter = ["", warned(&random), "bids > 0", "cps_peak > 1"].randomElement(using: &random) ?? ""
        case 9, 10:
            // What was grouped by becomes the pivot, or the other way round.
            if query.pivot.isEmpty {
                query.pivot = query.groupBy.popLast() ?? ""
            } else {
                query.groupBy.append(query.pivot)
                query.pivot = ""
            }
        case 11: query.groupBy.reverse()
        case 12: query.columns.shuffle(using: &random)
        case 13: if query.columns.count > 1 { query.columns.removeLast() }
        default:
            query.columns += ["credit", "cost", "cps_peak", "bids", "active", "asr", "cps", "channels"]
                .shuffled(using: &random).prefix(2)
        }
    }
}
