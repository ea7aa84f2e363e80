// What groups of several levels show of the levels above them, and money of groups whose customers come and go.

import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct GroupPathsTests {
    /// An expression over the columns that customers are grouped by, at every level: what the group's own columns show.
    @Test(arguments: Seeds.of(1, 2)) func expressionsReadTheGroupsAbove(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let board = try RandomBoard(120, seed: seed)
        for _ in 0..<12 {
            var fields = ["country", "currency", "company", "status"].shuffled(using: &random)
            fields.removeLast(Int.random(in: 0...2, using: &random))
            var query = BoardQuery()
            (query.groupBy, query.limit) = (fields, 1_000)
            query.columns = fields.map { "coalesce(\($0), '-') AS \($0)_again" } + ["count"]
            query.sort = Bool.random(using: &random) ? [] : ["-" + (fields.randomElement(using: &random) ?? "")]
            let answer = try board.engine.board(query, now: RandomBoard.now)
            #expect(answer.depths.count > fields.count)
            for row in answer.depths.indices {
                for (level, field) in fields.enumerated() {
                    let own = answer.columns[level].cells[row]
                    let again = answer.columns[fields.count + level].cells[row]
                    #expect(again == (own == .null ? .text("-") : own), "seed \(seed): \(fields), row \(row), \(field)")
                    #expect(own == .null || level < Int(answer.depths[row]), "seed \(seed)")
                }
            }
        }
    }

    /// Groups by their own values, each level both ways; the one without a value is last.
    @Test func everyLevelIsSortedByItsOwnValues() throws {
        let board = try RandomBoard(150, seed: 4)
        for (first, second) in [("country", "company"), ("company", "country"), ("last_call", "currency")] {
            for signs in [["", ""], ["-", ""], ["", "-"], ["-", "-"]] {
                var query = BoardQuery()
                (query.groupBy, query.columns, query.limit) = ([first, second], ["count"], 1_000)
                query.sort = [signs[0] + first, signs[1] + second]
                let answer = try board.engine.board(query, now: RandomBoard.now)
                var above: Cell?
                var sibling: Cell?
                for (row, depth) in answer.depths.enumerated() {
                    let cell = answer.columns[Int(depth) - 1].cells[row]
                    if depth == 1 {
                        if let above { #expect(above.order(cell, descending: signs[0] == "-") == true, "\(query)") }
                        (above, sibling) = (cell, nil)
                    } else {
                        if let sibling { #expect(sibling.order(cell, descending: signs[1] == "-") == true, "\(query)") }
                        sibling = cell
                    }
                }
            }
        }
    }

    /// Customers of three currencies go from Active to Dialing and back, one at a time, so that a group has amounts of
    /// three, two, one and no currency: shown as by adding up the customers that are there.
    @Test(arguments: Seeds.of(1, 2)) func currenciesOfAGroupComeAndGo(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let currencies = ["EUR", "JPY", "USD"]
        let engine = makeEngine(customers: 5, now: RandomBoard.now) { customer in
            let number = Int64(customer.name.dropFirst()) ?? 0
            customer.currency = currencies[Int(number) % 3]
            customer.creditMicros = number * number * 1_000_000
        }
        var query = BoardQuery()
        (query.columns, query.groupBy) = (["count", "credit"], ["status"])
        for step in 0..<60 {
            for row in 0..<5 where Int.random(in: 0..<3, using: &random) == 0 {
                let isLive = engine.state.customers.active[row] > 0
                engine.state.customers.changeActive(row, by: isLive ? -1 : 1)
            }
            let answer = try engine.board(query, now: RandomBoard.now)
            let place: Comment = "seed \(seed), step \(step)"
            let rows = Dictionary(grouping: 0..<5) { engine.state.customers.shownStatus($0) }
            #expect(answer.columns[0].cells == rows.keys.sorted().map(Cell.text), place)
            // Spread over a pivot, a status that no customer has at the moment has no column.
            var spread = BoardQuery()
            (spread.columns, spread.pivot) = (["count"], "status")
            let total = try engine.board(spread, now: RandomBoard.now).total
            #expect(total.compactMap(\.pivot) == rows.keys.sorted(), place)
            let counts = rows.keys.sorted().map { Cell.integer(Int64(rows[$0]?.count ?? 0)) }
            #expect(total.dropFirst().map { $0.cells[0] } == counts, place)
            for (group, status) in rows.keys.sorted().enumerated() {
                var amounts: [String: Int64] = [:]
                for row in rows[status] ?? [] {
                    amounts[engine.state.customers.currencies[row], default: 0] +=
                        engine.state.customers.creditMicros[row]
                }
                let mixed = answer.groupMoney.filter { $0.row == group }.map { "\($0.currency) \($0.micros)" }
                let only = amounts.count == 1 ? amounts.values.first.map(Cell.money) ?? .null : .null
                #expect(answer.columns[2].cells[group] == only, place)
                let expected = amounts.count < 2 ? [] : amounts.sorted { $0.key < $1.key }.map { "\($0) \($1)" }
                #expect(mixed == expected, place)
            }
        }
    }
}
