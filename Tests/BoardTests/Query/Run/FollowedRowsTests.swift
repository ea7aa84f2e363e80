// Rows that change one at a time while sums, selections and orders of them are cached: calls in both directions,
// credit, customers that go and come back. Each answer is held against that of the same state with nothing cached.

import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct FollowedRowsTests {
    @Test(arguments: Seeds.of(1, 2, 3)) func answersAreThoseOfNow(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var state = try RandomBoard(36, seed: seed).engine.state
        for row in 0..<36 where row % 3 == 0 { state.customers.shortCallSeconds[row] = [6, 9, .max][row % 9 / 3] }
        // So that groups by status and currency are small, and now and then empty.
        for row in 0..<36 where row % 4 != 0 { state.customers.statuses[row] = CustomerTable.activeCode }
        state.customers.touch(row: 0)
        for step in 0..<120 {
            for _ in 0..<Int.random(in: 1...4, using: &random) { change(&state.customers, &random) }
            for query in Self.queries where Int.random(in: 0..<3, using: &random) == 0 {
                let found = try state.board(query, now: RandomBoard.now)
                var fresh = state
                fresh.forgetQueries()
                let expected = try fresh.board(query, now: RandomBoard.now)
                #expect(found == expected, "seed \(seed), step \(step): \(query)")
            }
        }
    }

    private func change(_ customers: inout CustomerTable, _ random: inout SeededGenerator) {
        let row = Int.random(in: 0..<customers.count, using: &random)
        switch Int.random(in: 0..<14, using: &random) {
        case 0, 1, 2, 3: customers.changeActive(row, by: 1)
        case 4, 5: if customers.active[row] > customers.inboundActive[row] { customers.changeActive(row, by: -1) }
        case 6, 7, 8:
            customers.changeActive(row, by: 1)
            customers.changeInboundActive(row, by: 1)
        case 9, 10:
            guard customers.inboundActive[row] > 0 else { return }
            customers.changeActive(row, by: -1)
            customers.changeInboundActive(row, by: -1)
        case 11, 12: customers.setCredit(Int64.random(in: -3...60, using: &random) * 1_000_000, row: row)
        default:
            customers.setDeleted(row, atMicros: customers.deleted[row] ? 0 : RandomBoard.now)
            customers.touch(row: row, texts: false)
        }
    }

    private static let queries: [BoardQuery] = [
        query("status", ["count", "active", "inbound_active", "credit"]),
        query("status", ["credit", "sum(available)"], pivot: "country"),
        query("status", ["count", "sum(active)"], filter: "active > 1"),
        query("country", ["count", "credit"], filter: "status = 'Dialing' OR credit > 20"),
        query("status", ["active", "credit"], filter: "inbound_active > 0 OR NOT tags HAS 'vip'"),
        query("currency", ["count", "credit"], filter: "active > 0 AND short_call_seconds = 6"),
        query("", ["id", "active"], filter: "active >= 1 AND short_call_seconds > 6"),
        query("", ["id", "credit"], filter: "NOT name LIKE '%nova%' AND credit > 5"),
        query("", ["id"], filter: "attempts <> bids OR active > 2", sort: "active"),
        query("", ["id", "available"], filter: "active > 0 AND asr >= 50", sort: "-available"),
        query("", ["id", "active"], filter: "NOT warnings HAS no_auth AND active > 0", sort: "-active"),
        query("", ["id"], filter: "active > 0 AND last_call IS NULL", sort: "credit"),
        query("status", ["inbound_active", "count(asr)"], filter: "talk > 3 OR inbound_active > 1"),
    ]

    private static func query(
        _ group: String, _ columns: [String], pivot: String = "", filter: String = "", sort: String = ""
    ) -> BoardQuery {
        var query = BoardQuery()
        (query.columns, query.filter, query.pivot, query.limit) = (columns, filter, pivot, 9)
        query.groupBy = group.isEmpty ? [] : [group]
        query.sort = sort.isEmpty ? [] : [sort]
        return query
    }
}
