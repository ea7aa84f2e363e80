import Terminal
import Testing

@testable import busyhour

@Suite struct ValueTests {
    @Test(
        arguments: [
            ("", []), ("a", ["a"]), ("a;b", ["a", "b"]), ("a;;b", ["a;b"]), (" a ; ; b ", ["a", "b"]),
            ("a;;;b", ["a;", "b"]),
            (";;", [";"]), ("a;", ["a"]),
        ] as [(String, [String])])
    func semicolonListsHalveTheirSeparator(text: String, values: [String]) {
        #expect(SemicolonList.parse(text) == values)
    }

    @Test func listsThatAreWrittenReadBack() {
        for values in [["a"], ["a;b", "c"], [";"], ["x", "y;;z"], ["a;\u{301}b", "c"]] {
            #expect(SemicolonList.parse(CSVText.list(values)) == values)
        }
    }

    @Test(
        arguments: [
            ("bord", "board"), ("statsu", "status"), ("STATUS", "status"), ("cals", "calls"), ("zzz", nil), ("", nil),
            (String(repeating: "x", count: 100), nil),
        ] as [(String, String?)])
    func findsTheNearestName(word: String, name: String?) {
        #expect(NearestName.of(word, among: ["status", "board", "calls", "customer"]) == name)
    }

    @Test(
        arguments: [
            ("asr", MetricUnit.percent), ("asr_5m", .percent), ("short_ratio_all", .percent), ("acd_1h", .seconds),
            ("pdd_p95_24h", .milliseconds), ("cps_peak", .perSecond), ("attempts", nil), ("name", nil), ("asr_n", nil),
        ] as [(String, MetricUnit?)])
    func metricsHaveUnits(column: String, unit: MetricUnit?) {
        #expect(MetricUnit.of(column) == unit)
    }

    @Test(arguments: [
        ("name, asr", ["name", "asr"]), ("", []), (" , ,", []),
        ("a, coalesce(b, 0) AS c,d", ["a", "coalesce(b, 0) AS c", "d"]),
        ("nullif(name, 'a,b'), 'it''s, so',x", ["nullif(name, 'a,b')", "'it''s, so'", "x"]),
        ("f(g(a, b), c), d", ["f(g(a, b), c)", "d"]), ("\"a,b\" = c, d", ["\"a,b\" = c", "d"]),
        ("a), b", ["a)", "b"]), ("(a, b", ["(a, b"]), ("'a, b", ["'a, b"]),
        ("-sum(credit), name", ["-sum(credit)", "name"]),
    ])
    func commasWithinExpressionsSeparateNothing(text: String, columns: [String]) {
        #expect(ColumnList.parse(text) == columns)
    }

    @Test func topShowsTrafficUnlessOthersAreAskedFor() throws {
        func options(_ arguments: String...) throws -> BoardOptions {
            TopCommand.completed(
                try #require(try BusyHour.parse(commandLine: ["top"] + arguments) as? TopCommand).options)
        }
        #expect(try options().sort == "-active,-attempts" && options().columns.hasPrefix("name,active,"))
        #expect(try options("--group-by", "country").columns.hasPrefix("count,active,"))
        let own = try options("--sort", "name", "--columns", "name, asr")
        #expect(own.sort == "name" && own.columns == "name, asr")
    }
}
