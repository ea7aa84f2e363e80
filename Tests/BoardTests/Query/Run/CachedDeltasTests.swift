import Randomness
import Testing

@testable import Board

/// Cached sums that follow what calls change must be those that reading every row again gives: many calls of many
/// customers, between questions that come at any time.
@Suite struct CachedDeltasTests {
    @Test(arguments: Seeds.of(1, 2))
    func answersAreThoseOfNow(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let steps = [RandomTraffic.Step](repeating: .calls, count: 7) + [.burst, .burst, .edit, .deleteOrUndo, .time]
        var boards = try TwinBoards(customers: 400, seed: seed, steps: steps)
        let queries = Self.queries + (0..<4).map { _ in Self.query(&random) }
        for step in 0..<40 {
            try boards.change(&random)
            for query in queries where Int.random(in: 0..<3, using: &random) > 0 {
                boards.agree(on: query, "seed \(seed), step \(step): \(query)")
            }
        }
    }

    /// Those of the benchmarks, and what they leave out: several windows, money that calls change, peaks and what is no
    /// sum.
    private static var queries: [BoardQuery] {
        [
            query(),
            query { $0.groupBy = ["country"] },
            query { ($0.groupBy, $0.pivot) = (["country"], "status") },
            query { $0.groupBy = ["country", "currency", "status"] },
            query { ($0.filter, $0.groupBy) = ("attempts >= 3 AND asr < 50", ["currency"]) },
            query { ($0.filter, $0.sort) = ("status = 'Active' AND credit < 30", ["-credit"]) },
            query { ($0.filter, $0.sort, $0.offset) = ("attempts > 0", ["-asr"], 20) },
            query { ($0.status, $0.groupBy, $0.sort) = ("Dialing", ["status", "company"], ["-active"]) },
            query {
                $0.columns = [
                    "count", "bids_5m", "bids_1h", "cost", "available", "max(active)", "avg(credit)", "cps_peak",
                ]
                $0.groupBy = ["portal_access", "currency"]
            },
            query { ($0.filter, $0.groupBy) = ("available < 20 OR active > 1", ["status"]) },
        ]
    }

    private static func query(_ edit: (inout BoardQuery) -> Void = { _ in }) -> BoardQuery {
        var query = BoardQuery()
        query.columns = ["credit", "active", "attempts", "answered", "talk", "pdd", "cost"]
        query.limit = 30
        edit(&query)
        return query
    }

    private static func query(_ random: inout SeededGenerator) -> BoardQuery {
        query {
            $0.filter = RandomBoard.condition(&random, depth: 1)
            if Bool.random(using: &random) {
                let fields = ["country", "status", "company", "currency"].shuffled(using: &random)
                $0.groupBy = Array(fields.prefix(Int.random(in: 1...3, using: &random)))
            } else {
                $0.sort = [RandomBoard.sortKey(&random)]
            }
        }
    }
}
