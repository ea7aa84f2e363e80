import CallEvents
import Columnar
import Testing

@testable import Board

/// `now()` is the board's clock each time a query is asked: nothing of it is kept for the next time.
@Suite struct NowTests {
    private static let last: Int64 = 1_700_000_000_000_000
    private let second: Int64 = 1_000_000

    @Test(
        arguments: [
            ("last_call < now() - 30m", true), ("last_call < now() - 31m", false), ("last_call >= NOW() - 1860s", true),
            ("last_call > now() - 1d", true), ("last_call < now() - 0h", true), ("now() - last_call = 31m - 1s", true),
            ("last_call BETWEEN now() - 1h AND now()", true), ("last_call IN (now() - 1859s)", true),
            ("now() - 5m - 1s < now()", true), ("now() + 5m > '2023-01-01T00:00:00Z'", nil),
        ] as [(String, Bool?)])
    func intervalsAreSeconds(text: String, expected: Bool?) throws {
        let now = Self.last + 1_859 * second
        let filter = { try ExpressionParser.filter(text, window: .all, nowMicros: now) }
        guard let expected else {
            #expect(throws: QueryError.self) { try filter() }
            return
        }
        #expect(try filter()?.truth { _ in .time(Self.last) } == expected)
        #expect(try filter()?.readsClock == true)
    }

    @Test(
        arguments: [
            "last_call < now", "last_call < now(5)", "last_call < now() - 5x",
            "last_call < now() - 99999999999999999999d",
            "last_call < now() - 9223372036854775807s", "last_call < now() * 2", "last_call + 5m < now()",
            "last_call < now() - channels", "channels < now()", "now()", "last_call < now() - 5mm",
            "last_call < now() - 1.5m",
        ])
    func nonsenseHasAPlace(text: String) {
        let error = #expect(throws: QueryError.self) {
            try ExpressionParser.filter(text, window: .all, nowMicros: Self.last)
        }
        #expect(error?.position != nil)
    }

    @Test func aFilterWithoutAClockSaysSo() {
        #expect(throws: QueryError.self) { try ExpressionParser.filter("last_call < now()", window: .all) }
        #expect(try! ExpressionParser.filter("last_call IS NULL", window: .all, nowMicros: 1)?.readsClock == false)
    }

    /// The same query over a board on which nothing happens but time.
    @Test(arguments: [[], ["country"]]) func answersAreNotKept(groupBy: [String]) throws {
        let engine = makeEngine(customers: 3, now: Self.last)
        var batch = CallRecordBatch()
        batch.parties = PartyList([Party(customerID: 2)])
        batch.party = [0]
        batch.setupMicros = [Self.last]
        batch.ringMilliseconds = [100]
        batch.answerMilliseconds = [200]
        batch.endMilliseconds = [300]
        batch.talkMilliseconds = [CallRecordBatch.never]
        batch.code = [200]
        batch.q850 = [0]
        batch.costMicros = [0]
        _ = engine.ingest(batch, now: Self.last + second)
        var query = BoardQuery()
        query.filter = "last_call < now() - 10s"
        query.groupBy = groupBy
        query.columns = groupBy.isEmpty ? ["id", "silent = now() - last_call"] : ["count"]
        for round in 0..<3 {
            #expect(try engine.board(query, now: Self.last + 9 * second).matched == 0)
            if round == 2 { break }
            #expect(try engine.board(query, now: Self.last + 9 * second).matched == 0)
        }
        for elapsed in [Int64(11), 12, 12, 13] {
            let answer = try engine.board(query, now: Self.last + elapsed * second)
            #expect(answer.matched == 1)
            if groupBy.isEmpty { #expect(answer.columns[1].values == .numbers([Double(elapsed)])) }
        }
        // An edit asks the same.
        var edit = CustomerEdit()
        query.groupBy = []
        query.columns = []
        (edit.selection, edit.assignments) = (.query(query), ["channels=7"])
        _ = engine.commit(try engine.prepare(edit, now: Self.last + 13 * second), idempotencyKey: [])
        #expect((1...3).map { engine.customer(id: UInt32($0))?.channels } == [0, 7, 0])
    }

    /// Wherever the clock is read, the answer is of this instant: in a condition, a column, an order, an aggregate.
    @Test func theClockIsReadEverywhere() throws {
        /// Customer 2's last call was ten seconds before that of 3; customer 1 had none.
        func makeBoard() -> Engine {
            let engine = makeEngine(customers: 3, now: Self.last)
            for (row, time) in [(1, Self.last), (2, Self.last + 10 * second)] {
                engine.state.customers.lastCallMicros[row] = time
            }
            return engine
        }
        func query(_ edit: (inout BoardQuery) -> Void) -> BoardQuery {
            var query = BoardQuery()
            query.columns = ["id"]
            edit(&query)
            return query
        }
        let silent = "last_call < now() - 15s"
        let queries = [
            query { $0.sort = ["-coalesce(\(silent), FALSE)", "-id"] },
            query { $0.filter = silent },
            query { $0.columns = ["id", "silent = \(silent)"] },
            query { ($0.groupBy, $0.columns) = (["currency"], ["max(coalesce(now() - last_call, 0)) AS longest"]) },
            query { ($0.groupBy, $0.columns, $0.sort) = (["name"], ["count"], ["-max(now() - last_call)"]) },
        ]
        for query in queries {
            let engine = makeBoard()
            var answers: [BoardAnswer] = []
            for elapsed in [12, 12, 12, 20, 20, 30, 30] as [Int64] {
                let now = Self.last + elapsed * second
                let found = try engine.board(query, now: now)
                engine.state.plans = BoardPlans()
                engine.forgetQueries()
                #expect(try engine.board(query, now: now) == found, "\(query) after \(elapsed) s")
                answers.append(found)
                // Asked twice it would be kept.
                for _ in 0..<2 { _ = try engine.board(query, now: now) }
            }
            let (first, last) = (answers[0], answers[6])
            #expect(first.columns != last.columns || first.matched != last.matched || query.sort.last?.first == "-")
        }
        // After 12 seconds no customer is silent, after 20 the second is, after 30 both.
        let engine = makeBoard()
        func order(_ elapsed: Int64) throws -> [Cell] {
            try engine.board(queries[0], now: Self.last + elapsed * second).columns[0].cells
        }
        #expect(try order(12) == [3, 2, 1].map { .integer($0) })
        #expect(try order(20) == [2, 3, 1].map { .integer($0) })
        #expect(try order(30) == [3, 2, 1].map { .integer($0) })
    }
}
