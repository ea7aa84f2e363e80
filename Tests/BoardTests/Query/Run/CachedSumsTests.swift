import CallEvents
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
        try afterEveryChange(60, seed) { cached, fresh, now, _ in
            for query in queries {
                let expected = try fresh.board(query, now: now)
                for _ in 0..<2 {
                    #expect(try cached.board(query, now: now) == expected, "\(query)")
                }
                fresh.forgetQueries()
            }
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
        try afterEveryChange(300, seed) { cached, fresh, now, random in
            for key in ["-bids", "asr", "-credit", "last_call", "-last_call"] {
                var query = BoardQuery()
                query.columns = ["id", "bids", "asr", "credit", "last_call"]
                query.sort = [key]
                query.filter = "bids > 0 OR credit > 0"
                query.limit = Int.random(in: 1...40, using: &random)
                query.offset = Int.random(in: 0...200, using: &random)
                let expected = try fresh.board(query, now: now)
                #expect(try cached.board(query, now: now) == expected, "\(query)")
                fresh.forgetQueries()
            }
        }
    }

    /// Two boards that see the same, one of which caches nothing.
    private func afterEveryChange(
        _ count: Int, _ seed: UInt64, _ body: (Engine, Engine, Int64, inout SeededGenerator) throws -> Void
    ) throws {
        var random = SeededGenerator(seed: seed)
        let boards = try [RandomBoard(count, seed: seed), RandomBoard(count, seed: seed)]
        var now = RandomBoard.now
        for step in 0..<25 {
            let before = (now, random)
            for board in boards {
                (now, random) = before
                change(board.engine, step, &now, &random)
            }
            try body(boards[0].engine, boards[1].engine, now, &random)
        }
    }

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

    private func change(_ engine: Engine, _ step: Int, _ now: inout Int64, _ random: inout SeededGenerator) {
        switch step % 5 {
        case 0: now += 1_000_000 * Int64.random(in: 0...400, using: &random)
        case 1:
            var customer = Customer()
            customer.name = "Nova new \(step)"
            customer.currency = ["USD", "CHF"].randomElement(using: &random) ?? "USD"
            customer.country = "AT"
            customer.creditMicros = 7_000_000
            _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: now)
        case 2, 3:
            var batch = CallEventBatch()
            batch.parties = [Party(customerID: UInt32.random(in: 1...60, using: &random))]
            let key = CallKey(high: 9, low: UInt64(step))
            batch.append(.setup, key: key, timeMicros: now, party: 0, sequence: 1)
            if step % 2 == 0 {
                batch.append(.answer, key: key, timeMicros: now + 1_000, sequence: 1, code: 200)
                batch.append(.end, key: key, timeMicros: now + 2_000, sequence: 1)
            }
            _ = engine.ingest(batch, now: now)
        default:
            // The first call with a cost, and the first that our own switch refused: columns that were zero until then.
            guard step >= 14 else { break }
            var batch = CallRecordBatch()
            batch.parties = [Party(customerID: UInt32.random(in: 1...60, using: &random))]
            for refused in [false, true] {
                batch.party.append(0)
                batch.setupMicros.append(now - 70_000_000)
                batch.ringMilliseconds.append(300)
                batch.answerMilliseconds.append(refused ? CallRecordBatch.never : 900)
                batch.endMilliseconds.append(refused ? 400 : 30_900)
                batch.talkMilliseconds.append(CallRecordBatch.never)
                batch.code.append(refused ? 1 : 200)
                batch.q850.append(0)
                batch.costMicros.append(refused ? 0 : 12_500)
            }
            _ = engine.ingest(batch, now: now)
        }
    }
}
