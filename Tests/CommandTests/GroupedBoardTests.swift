import SwiftProtobuf
import Terminal
import Testing
import Wire

@testable import busyhour

/// Two countries, one of them with two currencies, and the calls of each status beside.
@Suite struct GroupedBoardTests {
    private static func answer() throws -> Busyhour_V1_BoardResponse {
        try Busyhour_V1_BoardResponse(
            textFormatString: #"""
                as_of: 1772600767250000 window: "15m" window_start: 1772599875000000 window_end: 1772600767250000
                matched: 1200 groups: 9 depths: [1, 2, 2, 1, 2] group_columns: 2
                columns { name: "country" kind: TEXT codes: [0, 0, 0, 1, 1] dictionary: ["DE", ""] nulls: "\030" }
                columns { name: "currency" kind: TEXT codes: [2, 0, 1, 2, 0] dictionary: ["EUR", "USD", ""] nulls: "\011" }
                columns { name: "count" integers: [1100, 1000, 100, 100, 100] }
                columns { name: "asr" kind: NUMBER numbers: [41.5, 38.5, 60, 0, 0] nulls: "\030" }
                columns { name: "credit" kind: MONEY integers: [0, 250000000, -1, 5, 5] nulls: "\001" }
                columns { name: "count" integers: [3, 2, 1, 0, 0] pivoted: true pivot: "Active" }
                columns { name: "asr" kind: NUMBER numbers: [1, 2, 3, 0, 0] nulls: "\030" pivoted: true pivot: "Active" }
                columns { name: "count" integers: [1, 1, 0, 0, 0] pivoted: true }
                columns { name: "asr" kind: NUMBER numbers: [1, 2, 0, 0, 0] nulls: "\034" pivoted: true }
                total { name: "country" kind: TEXT codes: 0 dictionary: "" nulls: "\001" }
                total { name: "currency" kind: TEXT codes: 0 dictionary: "" nulls: "\001" }
                total { name: "count" integers: 1200 } total { name: "asr" kind: NUMBER numbers: 41.5 }
                total { name: "credit" kind: MONEY integers: 0 nulls: "\001" }
                total { name: "count" integers: 3 pivoted: true pivot: "Active" }
                total { name: "asr" kind: NUMBER numbers: 1 pivoted: true pivot: "Active" }
                total { name: "count" integers: 1 pivoted: true }
                total { name: "asr" kind: NUMBER numbers: 1 pivoted: true }
                total_money { columns: [4, 4] currency_codes: [1, 0] currencies: ["EUR", "USD"] micros: [-1, 250000005] }
                group_money { rows: [0, 0] columns: [4, 4] currency_codes: [0, 1] currencies: ["EUR", "USD"]
                              micros: [250000000, -1] }
                """#)
    }

    @Test func theTableIsATree() throws {
        let lines = try BoardReport(Self.answer(), offset: 0).lines(.plain)
        #expect(
            lines.dropFirst() == [
                "1,200 customers matched in 9 groups, 2 shown",
                "                    all --------------------  Active -----  (none) -----",
                "country / currency  count  asr %      credit  count  asr %  count  asr %",
                "DE                  1,100   41.5  250.00 EUR      3    1.0      1    1.0",
                "                                    0.00 USD",
                "  EUR               1,000   38.5  250.00          2    2.0      1    2.0",
                "  USD                 100   60.0    0.00          1    3.0      0      -",
                "(none)                100      -    0.00          0      -      0      -",
                "  EUR                 100      -    0.00          0      -      0      -",
                "------------------  -----  -----  ----------  -----  -----  -----  -----",
                "total               1,200   41.5                  3    1.0      1    1.0",
                "total EUR                         250.00",
                "total USD                           0.00",
            ])
    }

    @Test func jsonHasTheGroupsTheLevelAndThePivot() throws {
        let rows = try BoardReport(Self.answer(), offset: 0).jsonRows.map(\.text)
        #expect(
            rows[0] == """
                {"country":"DE","currency":null,"level":1,"count":1100,"asr":41.5,\
                "credit":{"EUR":"250.00","USD":"-0.000001"},\
                "pivot":{"Active":{"count":3,"asr":1},"":{"count":1,"asr":1}}}
                """)
        #expect(rows[1].hasPrefix(#"{"country":"DE","currency":"EUR","level":2,"count":1000,"#))
        #expect(rows[1].contains(#""credit":"250.00""#))
        let all = try BoardReport(Self.answer(), offset: 0).json.text
        #expect(all.contains(#""matched":1200,"groups":9,"rows":["#))
        #expect(
            all.hasSuffix(
                #""total":{"country":null,"currency":null,"count":1200,"asr":41.5,"#
                    + #""credit":{"EUR":"250.000005","USD":"-0.000001"},"#
                    + #""pivot":{"Active":{"count":3,"asr":1},"":{"count":1,"asr":1}}}}"#))
    }

    @Test func csvIsFlat() throws {
        var answer = try Self.answer()
        answer.columns[0].dictionary = ["=DE", ""]
        let lines = try BoardReport(answer, offset: 0).text(as: .csv).split(separator: "\n")
        #expect(lines[0] == "country,currency,level,count,asr,credit,count[Active],asr[Active],count[],asr[]")
        #expect(lines[1] == "\"'=DE\",,1,1100,41.5,EUR 250.00;USD -0.000001,3,1,1,1")
        #expect(lines[4] == ",,1,100,,0.000005,0,,0,")
    }

    @Test func aLowScreenLosesRowsAndKeepsTheTotal() throws {
        let lines = try BoardReport(Self.answer(), offset: 0).lines(Page(width: 200, height: 12))
        #expect(lines.count <= 12)
        #expect(lines.last == "4 more lines not shown")
        #expect(lines[lines.count - 2].hasPrefix("total USD"))
    }

    @Test func aPivotAloneShowsTheTotal() throws {
        var answer = try Self.answer()
        answer.columns = answer.columns.dropFirst(2).map { column in
            .with {
                ($0.name, $0.kind, $0.pivoted, $0.pivot) = (column.name, column.kind, column.pivoted, column.pivot)
            }
        }
        answer.total.removeFirst(2)
        (answer.depths, answer.groupColumns, answer.groups) = ([], 0, 0)
        answer.groupMoney = .init()
        answer.totalMoney.columns = [2, 2]
        let lines = try BoardReport(answer, offset: 0).lines(.plain)
        #expect(lines[1] == "1,200 customers matched")
        #expect(lines.contains { $0.hasPrefix("1,200   41.5") } && lines.contains { $0.hasSuffix("250.00 EUR") })
    }

    @Test func contradictoryAnswersAreRefused() throws {
        let changes: [(inout Busyhour_V1_BoardResponse) -> Void] = [
            { $0.depths = [1, 2, 2, 1] }, { $0.depths = [1, 2, 3, 1, 2] }, { $0.depths = [0, 2, 2, 1, 2] },
            { $0.groupColumns = 10 }, { $0.groupColumns = 0 }, { $0.groupMoney.rows = [0] },
            { $0.groupMoney.rows = [0, 5] }, { $0.groupMoney.columns = [4, 9] },
            { $0.totalMoney.currencyCodes = [0, 2] }, { $0.totalMoney.rows = [0, 0] },
        ]
        for change in changes {
            var answer = try Self.answer()
            change(&answer)
            #expect(throws: Refusal.self) { try BoardReport(answer, offset: 0) }
        }
    }
}
