import CallEvents
import Randomness
import Testing

@testable import Board

/// What queries keep for the next must not show: the same answers as if nothing were kept, whatever changes in between.
@Suite struct KeptSumsTests {
    @Test(arguments: [1, UInt64.random(in: 2 ... .max)])
    func answersAreThoseOfNow(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let board = try RandomBoard(60, seed: seed)
        var now = RandomBoard.now
        let queries = (0..<8).map { _ in query(&random) }
        for step in 0..<25 {
            change(board.engine, step, &now, &random)
            for query in queries {
                let kept = try board.engine.board(query, now: now)
                let again = try board.engine.board(query, now: now)
                board.engine.forgetQueries()
                let fresh = try board.engine.board(query, now: now)
                for answer in [kept, again] {
                    #expect(answer.matched == fresh.matched, "\(query)")
                    #expect(answer.columns == fresh.columns, "\(query)")
                    #expect(answer.total == fresh.total && answer.totalMoney == fresh.totalMoney, "\(query)")
                    #expect(answer.groupMoney == fresh.groupMoney, "\(query)")
                }
                if Bool.random(using: &random) { _ = try board.engine.board(queries[0], now: now) }
            }
        }
    }

    private func query(_ random: inout SeededGenerator) -> BoardQuery {
        var query = BoardQuery()
        if Bool.random(using: &random) { query.filter = RandomBoard.condition(&random, depth: 1) }
        if Int.random(in: 0..<4, using: &random) == 0 { query.search = "nova" }
        if Int.random(in: 0..<4, using: &random) == 0 { query.status = "Active" }
        query.columns = ["bids", "asr", "active", "cps", "credit", "cost", "channels"]
        if Bool.random(using: &random) {
            query.groupBy = Array(["country", "status", "company"].shuffled(using: &random).prefix(2))
        } else {
            query.sort = [RandomBoard.sortKey(&random)]
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
        default: break
        }
    }
}
