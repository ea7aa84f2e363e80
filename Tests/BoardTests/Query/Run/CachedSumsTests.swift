import Randomness
import Testing

@testable import Board

/// What queries cache must not show: the same answers as without a cache, whatever changes in between.
@Suite struct CachedSumsTests {
    @Test(arguments: Seeds.of(1))
    func answersAreThoseOfNow(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let queries = (0..<8).flatMap { _ -> [BoardQuery] in
            let query = query(&random)
            guard query.groupBy.count > 1, query.pivot.isEmpty else { return [query] }
            // The same fields with the last one as the pivot.
            var pivoted = query
            pivoted.pivot = pivoted.groupBy.removeLast()
            return [query, pivoted]
        }
        var boards = try TwinBoards(customers: 60, seed: seed, steps: Self.steps)
        for step in 0..<25 {
            try boards.change(&random)
            for query in queries { boards.agree(on: query, times: 2, "seed \(seed), step \(step): \(query)") }
        }
    }

    /// The same fields, grouped by in one query and the last of them the pivot of the other.
    @Test func groupsAreNotThoseOfAPivot() throws {
        let board = try RandomBoard(200, seed: 1)
        var grouped = BoardQuery()
        (grouped.columns, grouped.groupBy) = (["bids", "credit"], ["country", "status"])
        var pivoted = grouped
        (pivoted.groupBy, pivoted.pivot) = (["country"], "status")
        let expected = try [grouped, pivoted].map { query in
            board.engine.forgetQueries()
            return try board.engine.board(query, now: RandomBoard.now)
        }
        #expect(expected[0].columns.count == 4 && expected[1].columns.count > 4)
        for index in [0, 1, 0, 1] {
            #expect(try board.engine.board([grouped, pivoted][index], now: RandomBoard.now) == expected[index])
        }
    }

    /// The page of an order is put together from chunks that have changed and chunks that have not: another page of the
    /// same order each time, and rows that become better or worse.
    @Test(arguments: Seeds.of(1))
    func pagesFollowTheOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var boards = try TwinBoards(customers: 300, seed: seed, steps: Self.steps)
        for step in 0..<25 {
            try boards.change(&random)
            for key in ["-bids", "asr", "-credit", "last_call", "-last_call"] {
                var query = BoardQuery()
                query.columns = ["id", "bids", "asr", "credit", "last_call"]
                query.sort = [key]
                query.filter = "bids > 0 OR credit > 0"
                query.limit = Int.random(in: 1...40, using: &random)
                query.offset = Int.random(in: 0...200, using: &random)
                boards.agree(on: query, "seed \(seed), step \(step): \(query)")
            }
        }
    }

    /// Little happens at a time, so that most of what is cached stays.
    private static let steps: [RandomTraffic.Step] = [.calls, .calls, .create, .time]

    private func query(_ random: inout SeededGenerator) -> BoardQuery {
        var query = BoardQuery()
        if Bool.random(using: &random) { query.filter = RandomBoard.condition(&random, depth: 1) }
        if Int.random(in: 0..<8, using: &random) == 0 { query.filter = "tags HAS 'vip'" }
        if Int.random(in: 0..<4, using: &random) == 0 { query.search = "nova" }
        if Int.random(in: 0..<4, using: &random) == 0 { query.status = "Active" }
        query.columns = ["bids", "asr", "active", "cps", "credit", "cost", "channels"]
        if Bool.random(using: &random) {
            // The codes of the last three are made for each query.
            let fields = ["country", "status", "company", "currency", "channels", "flow_speed", "last_call"]
            query.groupBy = Array(fields.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)))
            if Int.random(in: 0..<3, using: &random) == 0 { query.pivot = "portal_access" }
        } else {
            query.sort = (0...Int.random(in: 0...1, using: &random)).map { _ in RandomBoard.sortKey(&random) }
            query.limit = [1, 7, 100].randomElement(using: &random) ?? 100
            query.offset = [0, 0, 5].randomElement(using: &random) ?? 0
        }
        return query
    }
}
