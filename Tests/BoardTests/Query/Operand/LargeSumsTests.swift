// Sums of amounts on both sides of what 64 bits hold, for each field that is added up: exact, or null.

import Columnar
import Testing

@testable import Board

@Suite struct LargeSumsTests {
    private static let now: Int64 = 1_750_000_000_000_000
    private static let half = Int64.max / 2

    /// What a field of some customers adds up to: at the ends, one beyond, beyond what a sign leaves, far beyond.
    private static let amounts: [[Int64]] = [
        [half, half, 1], [half + 1, half], [half + 1, half + 1], [half, half, half], [.max, .max, .max, .max],
        [-half, -half - 1, -1], [.min / 2, .min / 2], [.min / 2 - 1, .min / 2], [.min, .min], [.min, .max], [.max, 1],
        [.min, -1], [.min, 0], [.max, 0, 0], [-half, -half, -half, half, half, half], [5],
    ]

    private func board(_ amounts: [Int64], isLimit: Bool) throws -> Engine {
        let engine = Engine()
        let drafts = amounts.enumerated().map { index, amount in
            var customer = Customer()
            (customer.name, customer.currency, customer.company) = ("C\(index)", "USD", index < 2 ? "Two" : "Rest")
            if isLimit { customer.debitLimitMicros = amount } else { customer.creditMicros = amount }
            return customer
        }
        let created = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: Self.now)
        try #require(created.errors == [])
        return engine
    }

    private func sum(_ amounts: some Sequence<Int64>) -> Int64? {
        Int64(exactly: amounts.reduce(Int128(0)) { $0 + Int128($1) })
    }

    @Test(arguments: amounts, [false, true]) func totalsAreExactOrNull(amounts: [Int64], isLimit: Bool) throws {
        let engine = try board(amounts, isLimit: isLimit)
        let field = isLimit ? "debit_limit" : "credit"
        for column in [field, "available", "sum(\(field))", "sum(available)"] {
            var query = BoardQuery()
            (query.columns, query.groupBy) = ([column], ["company"])
            let answer = try engine.board(query, now: Self.now)
            #expect(answer.totalMoney.map(\.micros) == [sum(amounts)].compactMap { $0 }, "\(column) of \(amounts)")
            let parts = amounts.count > 2 ? [amounts.dropFirst(2), amounts.prefix(2)] : [amounts.prefix(2)]
            let expected = parts.map { sum($0).map(Cell.money) ?? .null }
            #expect(answer.columns[1].cells == expected, "\(column) of \(amounts)")
        }
        // An answer of customers has the same total.
        for column in [field, "available"] {
            var query = BoardQuery()
            query.columns = [column]
            let answer = try engine.board(query, now: Self.now)
            #expect(answer.totalMoney.map(\.micros) == [sum(amounts)].compactMap { $0 }, "\(column) of \(amounts)")
            #expect(answer.columns[0].cells == amounts.map(Cell.money))
        }
    }

    /// The order of groups reads sums that it does not show: one that does not fit comes last either way.
    @Test(arguments: [false, true]) func groupsAreInTheOrderOfTheirExactSums(isLimit: Bool) throws {
        let engine = try board([Self.half, Self.half, Self.half, Self.half, Self.half], isLimit: isLimit)
        for name in [isLimit ? "debit_limit" : "credit", "available", "sum(available)"] {
            for key in [name, "-" + name] {
                var query = BoardQuery()
                (query.columns, query.groupBy, query.sort) = (["count"], ["company"], [key])
                let answer = try engine.board(query, now: Self.now)
                #expect(answer.columns[0].cells == [.text("Two"), .text("Rest")], "\(key)")
            }
        }
    }

    /// What is known of a chunk is looked at again after each change of it.
    @Test func boundsFollowTheAmounts() throws {
        let engine = try board([1, 2, 3], isLimit: false)
        var query = BoardQuery()
        query.columns = ["credit"]
        for amounts in [[1, 2, 3], [Self.half, Self.half, 9], [-1, .min, 5], [4, .min, -5], [1, .max, -1]] {
            for (row, amount) in amounts.enumerated() { engine.state.customers.setCredit(amount, row: row) }
            let found = try engine.board(query, now: Self.now).totalMoney.map(\.micros)
            #expect(found == [sum(amounts)].compactMap { $0 }, "\(amounts)")
        }
    }
}
