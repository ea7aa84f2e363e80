import CallEvents
import Testing

@testable import Board

@Suite struct BoardQueryTests {
    private static let now: Int64 = 1_750_000_000_000_000

    /// Five customers; C1 and C2 had calls (ASR 50 and 100), C3 only a ringing one.
    private func board() throws -> Engine {
        let engine = makeEngine(customers: 5, now: Self.now) { customer in
            customer.creditMicros = Int64(customer.name.dropFirst()).map { $0 * 10_000_000 } ?? 0
            customer.country = customer.name == "C5" ? "" : "US"
            customer.tags = customer.name == "C4" ? ["vip"] : []
        }
        var batch = CallEventBatch()
        batch.parties = PartyList((1...3).map { Party(source: IPAddress(v4: 0x0A00_0000 | UInt32($0))) })
        let add = { (batch: inout CallEventBatch, call: UInt64, customer: UInt32, outcome: UInt16?) in
            let key = CallKey(high: 1, low: call)
            batch.append(.setup, key: key, timeMicros: Self.now, party: customer - 1, sequence: 1)
            guard let outcome else { return }
            batch.append(
                outcome == 200 ? .answer : .failure, key: key, timeMicros: Self.now + 1_000, sequence: 1, code: outcome)
        }
        add(&batch, 1, 1, 200)
        add(&batch, 2, 1, 486)
        add(&batch, 3, 2, 200)
        add(&batch, 4, 3, nil)
        _ = engine.ingest(batch, now: Self.now + 2_000)
        return engine
    }

    private func ids(_ engine: Engine, _ edit: (inout BoardQuery) -> Void) throws -> [Int64] {
        var query = BoardQuery()
        query.columns = ["id"]
        edit(&query)
        guard case .integers(let ids) = try engine.board(query, now: Self.now + 3_000).columns[0].values else {
            return []
        }
        return ids
    }

    @Test(
        arguments: [
            ("asr < 60", [1]), ("asr >= 50", [1, 2]), ("NOT asr < 60", [2]), ("asr IS NULL", [3, 4, 5]),
            ("asr IS NOT NULL AND bids > 1", [1]), ("asr < 60 OR credit = 40", [1, 4]), ("credit = 10.000000", [1]),
            ("credit <> 10 AND credit < 30.5", [2, 3]), ("status = 'Dialing'", [1, 2, 3]), ("status='Active'", [4, 5]),
            ("name = 'C3'", [3]), ("country IS NULL", [5]), ("tags HAS vip", [4]),
            ("(id = 1 OR id = 2) AND NOT (id = 1)", [2]),
            ("asr_1h < 60", [1]), ("portal_access = FALSE AND id < 2", [1]),
            ("warnings HAS no_routing and id = 2", [2]),
            ("causes.busy = 1", [1]), ("created_at > '2001-01-01T00:00:00Z' AND id = 5", [5]), ("", [1, 2, 3, 4, 5]),
        ] as [(String, [Int64])])
    func filters(filter: String, expected: [Int64]) throws {
        #expect(try ids(board()) { $0.filter = filter } == expected)
    }

    @Test(
        arguments: [
            ("asrr < 1", 0, "did you mean 'asr'"), ("asr <", 5, "a number"), ("asr < 'x'", 6, "a number"),
            ("name = 5", 7, "a text in quotes"), ("(asr < 1", 8, "')'"), ("asr < 1 AND", 11, "a column's name"),
            ("name = 'x", 7, "no closing quote"), ("asr ? 1", 4, "put text in single quotes"), ("tags = 'x'", 0, "HAS"),
            ("asr < 1 2", 8, "AND, OR or the end"), ("name HAS x", 0, "tags or warnings"),
        ] as [(String, Int?, String)])
    func errorsPointAtThePlace(filter: String, position: Int?, hint: String) throws {
        var query = BoardQuery()
        query.filter = filter
        let error = #expect(throws: QueryError.self) { try board().board(query, now: Self.now) }
        #expect(error?.position == position && error?.message.contains(hint) == true, "\(String(describing: error))")
    }

    @Test func deepAndLongFiltersAreRefused() throws {
        for filter in [
            String(repeating: "(", count: 1_000) + "id = 1", String(repeating: "NOT ", count: 1_000) + "id = 1",
            "id = 1" + String(repeating: " ", count: 70_000),
        ] {
            #expect(throws: QueryError.self) { try ids(board()) { $0.filter = filter } }
        }
    }

    @Test func sortsWithNullLastAndTiesById() throws {
        let engine = try board()
        #expect(try ids(engine) { $0.sort = ["asr"] } == [1, 2, 3, 4, 5])
        #expect(try ids(engine) { $0.sort = ["-asr"] } == [2, 1, 3, 4, 5])
        #expect(try ids(engine) { $0.sort = ["-country", "-credit"] } == [4, 3, 2, 1, 5])
        #expect(
            try ids(engine) {
                $0.sort = ["-id"]
                $0.offset = 1
                $0.limit = 2
            } == [4, 3])
        #expect(
            try ids(engine) {
                $0.offset = .max
                $0.limit = .max
            } == [])
        #expect(try ids(engine) { $0.limit = 0 } == [])
        #expect(try ids(engine) { $0.search = "c3" } == [3])
        #expect(try ids(engine) { $0.search = "10.0.0.4" } == [4])
        #expect(try ids(engine) { $0.status = "dialing" } == [1, 2, 3])
        #expect(try ids(engine) { $0.status = "Active" } == [1, 2, 3, 4, 5])
    }

    @Test func totalsComeFromSums() throws {
        var query = BoardQuery()
        query.columns = ["asr", "bids", "active", "credit"]
        query.limit = 1
        let answer = try board().board(query, now: Self.now + 3_000)
        // Two of three, and not the mean of 50 and 100.
        #expect(answer.total[0].values == .numbers([200.0 / 3]))
        #expect(answer.total[1].values == .integers([4]) && answer.total[2].values == .integers([3]))
        #expect(
            answer.matched == 5
                && answer.totalMoney == [MoneyTotal(columnIndex: 3, currency: "USD", micros: 150_000_000)])
    }

    @Test func theSizeOfAQueryIsBounded() throws {
        let engine = try board()
        func refusal(_ edit: (inout BoardQuery) -> Void) -> String? {
            var query = BoardQuery()
            edit(&query)
            do {
                _ = try engine.board(query, now: Self.now + 3_000)
                return nil
            } catch {
                return error.message
            }
        }
        #expect(refusal { $0.columns = Array(repeating: "id", count: BoardLimits.queryColumns) } == nil)
        let columns = refusal { $0.columns = Array(repeating: "id", count: BoardLimits.queryColumns + 1) }
        #expect(columns?.hasPrefix("at most \(BoardLimits.queryColumns) columns can be shown") == true)
        #expect(refusal { $0.sort = Array(repeating: "id", count: BoardLimits.sortKeys) } == nil)
        let keys = refusal { $0.sort = Array(repeating: "id", count: BoardLimits.sortKeys + 1) }
        #expect(keys?.hasPrefix("at most \(BoardLimits.sortKeys) columns can be sorted by") == true)
        let groups = refusal { $0.groupBy = Array(repeating: "id", count: BoardLimits.groupColumns + 1) }
        #expect(groups?.hasPrefix("at most \(BoardLimits.groupColumns) columns can be grouped by") == true)
    }

    @Test func whatWasTypedIsQuotedInOneLine() throws {
        let engine = try board()
        for edit in [
            { (query: inout BoardQuery) in query.status = "a\u{1B}[2J\nb" },
            { (query: inout BoardQuery) in query.groupBy = ["tags\u{1B}\n"] },
            { (query: inout BoardQuery) in query.groupBy = ["asr"] },
        ] {
            var query = BoardQuery()
            edit(&query)
            let error = #expect(throws: QueryError.self) { try engine.board(query, now: Self.now) }
            #expect(error?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
        }
    }
}
