import CallEvents
import Testing

@testable import Board

/// Names of columns: the one for all of them, and what is said of those that are none.
@Suite struct ColumnNamesTests {
    private static func error(_ filter: String, _ scope: ExpressionParser.Scope = .customer) -> QueryError? {
        do throws(QueryError) {
            _ = try ExpressionParser.filter(filter, window: .fifteenMinutes, scope: scope)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            ("asrr", "there is no column 'asrr'; did you mean 'asr'? `busyhour help columns` lists them"),
            ("quxxyzzy", "there is no column 'quxxyzzy'; `busyhour help columns` lists them"),
            (
                "asr_10m",
                "there is no column 'asr_10m'; the windows are asr_1m, asr_5m, asr_15m, asr_1h, asr_24h, asr_all; "
                    + "`busyhour help columns` lists them"
            ),
            (
                "credit_5m",
                "there is no column 'credit_5m'; credit is a field of the customer and has no windows; "
                    + "`busyhour help columns` lists them"
            ), ("asr_n_2h", "the windows are asr_n_1m"), ("asr_m", "did you mean 'asr"), ("_5m", "help columns"),
        ])
    func unknownColumnsNameTheNearestAndTheList(name: String, message: String) {
        let error = Self.error("\(name) < 1")
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        #expect(error?.position == 0)
    }

    @Test(
        arguments: [
            ("status = Active", 9, "put text in single quotes: 'Active'"),
            ("asr < 40 AND status <> Penalty", 23, "put text in single quotes: 'Penalty'"),
            ("name = Acme Telecom", 7, "put text in single quotes: 'Acme'"),
            ("country IN ('DE', FR)", 18, "put text in single quotes: 'FR'"),
            ("name BETWEEN A AND 'M'", 13, "put text in single quotes: 'A'"),
            ("name BETWEEN 'A' AND M", 21, "put text in single quotes: 'M'"),
            ("Active = status", 0, "put text in single quotes: 'Active'"),
            ("country = compny", 10, "'compny'; or did you mean the column 'company'?"),
            ("lower(name) = acme", 14, "put text in single quotes: 'acme'"),
            // Where no text is wanted, a word is a column.
            ("asr = Active", 6, "did you mean 'active'?"), ("Active = 1", 0, "did you mean 'active'?"),
        ])
    func textsWithoutQuotesAreToldSo(filter: String, position: Int, message: String) {
        let error = Self.error(filter)
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        #expect(error?.position == position)
    }

    @Test func columnsAndFunctionsNeedNone() {
        for filter in [
            "status = country", "name = lower(company)", "company = NULL", "name <> coalesce(company, 'x')",
            "name BETWEEN company AND account_manager", "tags HAS gold",
        ] {
            #expect(Self.error(filter) == nil, "\(filter)")
        }
    }

    @Test func conditionsOnCallsAreToldTheSame() {
        #expect(Self.error("outcome = busy", .call)?.message.contains("put text in single quotes: 'busy'") == true)
        #expect(Self.error("calling = called", .call) == nil)
    }

    @Test func allIsEveryColumnOnce() throws {
        let engine = makeEngine(customers: 1, now: 1_750_000_000_000_000)
        var query = BoardQuery()
        query.columns = ["all"]
        let names = try engine.board(query, now: 1_750_000_001_000_000).columns.map(\.name)
        #expect(Array(names.prefix(BoardColumn.defaultNames.count)) == BoardColumn.defaultNames)
        #expect(names.sorted() == (CustomerField.allCases.map(\.rawValue) + Metric.all.map(\.name)).sorted())
    }

    @Test func allOfAGroupIsWhatSaysSomethingOfIt() throws {
        let engine = makeEngine(customers: 1, now: 1_750_000_000_000_000)
        var query = BoardQuery()
        (query.columns, query.groupBy) = (["all"], ["country"])
        let names = try engine.board(query, now: 1_750_000_001_000_000).columns.map(\.name)
        #expect(names.prefix(2) == ["country", "count"])
        #expect(Set(Metric.all.map(\.name)).isSubset(of: names))
        #expect(names.contains("credit") && !names.contains("name") && !names.contains("short_call_seconds"))
    }
}
