// Filters over amounts at the ends of 64 bits and around the numbers that Double cannot tell apart.

import Testing

@testable import Board

@Suite struct ExtremeAmountTests {
    private static let amounts: [Int64] = [
        .min, .min + 1, -9_007_199_254_740_993, -9_007_199_254_740_992, -1_000_001, -1, 0, 1, 999_999, 1_000_000,
        9_007_199_254_740_992, 9_007_199_254_740_993, .max - 1, .max,
    ]

    /// Every amount compared with every other, with what lies half a micro above it, and with what no amount reaches.
    @Test func comparisonsAreExact() throws {
        var state = EngineState(configuration: EngineConfiguration())
        let customers = Self.amounts.enumerated().map { index, amount in
            var customer = Customer()
            customer.name = "C\(index)"
            customer.currency = "USD"
            customer.creditMicros = amount
            return customer
        }
        let created = state.createCustomers(customers, dryRun: false, idempotencyKey: [], now: 1_750_000_000_000_000)
        #expect(created.errors.isEmpty)
        // In halves of a micro.
        var constants: [Int128] = [1 << 90, -(1 << 90)]
        for amount in Self.amounts { constants += [Int128(amount) * 2, Int128(amount) * 2 + 1] }
        for constant in constants {
            for (operation, holds) in Self.comparisons {
                let expected = matching { holds($0, constant) }
                let filter = "credit \(operation) \(text(constant))"
                #expect(try ids(&state, filter) == expected, "\(filter)")
                #expect(try ids(&state, "NOT NOT (\(filter))") == expected, "\(filter)")
            }
            let equal = matching { $0 == constant }
            #expect(try ids(&state, "credit IN (\(text(constant)))") == equal, "\(constant)")
        }
    }

    /// The ids of the customers whose amount, in halves of a micro, is such a one.
    private func matching(_ holds: (Int128) -> Bool) -> [Int64] {
        Self.amounts.enumerated().filter { holds(Int128($0.element) * 2) }.map { Int64($0.offset) + 1 }
    }

    /// What does not fit is null and matches neither a condition nor its opposite.
    @Test(arguments: [
        "credit + credit", "credit * 3", "-credit", "credit - 9000000000000", "credit * 1e300", "abs(credit)",
    ])
    func beyondTheRangeIsNull(expression: String) throws {
        var state = EngineState(configuration: EngineConfiguration())
        var customer = Customer()
        customer.name = "C"
        customer.currency = "USD"
        customer.creditMicros = .min
        _ = state.createCustomers([customer], dryRun: false, idempotencyKey: [], now: 1_750_000_000_000_000)
        #expect(try ids(&state, "\(expression) > 0") == [])
        #expect(try ids(&state, "NOT \(expression) > 0") == [])
        #expect(try ids(&state, "\(expression) IS NULL") == [1])
    }

    private static let comparisons: [(String, @Sendable (Int128, Int128) -> Bool)] = [
        ("=", { $0 == $1 }), ("<>", { $0 != $1 }), ("<", { $0 < $1 }), ("<=", { $0 <= $1 }), (">", { $0 > $1 }),
        (">=", { $0 >= $1 }),
    ]

    /// Half micros in units, with seven decimals.
    private func text(_ halves: Int128) -> String {
        let magnitude = halves.magnitude * 5
        let fraction = String(String(10_000_000 + magnitude % 10_000_000).dropFirst())
        return (halves < 0 ? "-" : "") + "\(magnitude / 10_000_000).\(fraction)"
    }

    private func ids(_ state: inout EngineState, _ filter: String) throws -> [Int64] {
        var query = BoardQuery()
        query.columns = ["id"]
        query.filter = filter
        guard case .integers(let ids) = try state.board(query, now: 1_750_000_001_000_000).columns[0].values else {
            return []
        }
        return ids
    }
}
