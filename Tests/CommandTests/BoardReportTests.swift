import Foundation
import Terminal
import Testing
import Wire

@testable import busyhour

@Suite struct BoardReportTests {
    private static func column(
        _ name: String, _ kind: Busyhour_V1_ResultColumn.Kind, integers: [Int64] = [], numbers: [Double] = [],
        codes: [UInt32] = [], dictionary: [String] = [], counts: [UInt32] = [], nulls: [UInt8] = []
    ) -> Busyhour_V1_ResultColumn {
        var column = Busyhour_V1_ResultColumn()
        column.name = name
        column.kind = kind
        column.integers = integers
        column.numbers = numbers
        column.codes = codes
        column.dictionary = dictionary
        column.textCounts = counts
        column.nulls = Data(nulls)
        return column
    }

    private static func totals(_ amounts: [(column: UInt32, currency: String, micros: Int64)]) -> Busyhour_V1_MoneyCells
    {
        var cells = Busyhour_V1_MoneyCells()
        cells.columns = amounts.map(\.column)
        cells.currencies = amounts.map(\.currency)
        cells.currencyCodes = amounts.indices.map(UInt32.init)
        cells.micros = amounts.map(\.micros)
        return cells
    }

    /// Two customers of two currencies.
    private static func answer() -> Busyhour_V1_BoardResponse {
        var answer = Busyhour_V1_BoardResponse()
        answer.asOf = 1_772_600_767_250_000
        answer.window = "15m"
        answer.windowStart = 1_772_599_875_000_000
        answer.windowEnd = 1_772_600_767_250_000
        answer.matched = 1_200
        answer.columns = [
            column("id", .integer, integers: [1_001, 2]),
            column("name", .text, codes: [0, 1], dictionary: ["Acme, \"Inc\"", "=cmd\u{1B}"]),
            column("tags", .texts, codes: [0, 1, 0], dictionary: ["a", "b;c"], counts: [2, 1]),
            column("credit", .money, integers: [1_234_567_890, -1]),
            column("asr", .number, numbers: [39.94, 0], nulls: [0b10]),
            column("attempts", .integer, integers: [12_345, 0]), column("causes.busy", .integer, integers: [3, 0]),
            column("causes.network", .integer, integers: [4, 0]),
            column("last_call", .time, integers: [1_772_600_000_000_000, 0], nulls: [0b10]),
            column("portal_access", .boolean, integers: [1, 0]),
        ]
        answer.total = [
            column("id", .integer, integers: [0], nulls: [1]),
            column("name", .text, codes: [0], dictionary: [""], nulls: [1]),
            column("tags", .texts, counts: [0], nulls: [1]), column("credit", .money, integers: [0], nulls: [1]),
            column("asr", .number, numbers: [39.94]), column("attempts", .integer, integers: [12_345]),
            column("causes.busy", .integer, integers: [3]), column("causes.network", .integer, integers: [4]),
            column("last_call", .time, integers: [0], nulls: [1]),
            column("portal_access", .boolean, integers: [0], nulls: [1]),
        ]
        answer.totalMoney = Self.totals([(3, "USD", 1_234_567_890), (3, "EUR", -1)])
        return answer
    }

    @Test func jsonHasTheKeysOfTheContract() throws {
        let text = try BoardReport(Self.answer(), offset: 0).json.text
        #expect(
            text == """
                {"as_of":"2026-03-04T05:06:07.250Z","window":"15m","window_start":"2026-03-04T04:51:15Z",\
                "window_end":"2026-03-04T05:06:07.250Z","coverage_from":null,"matched":1200,"rows":[\
                {"id":1001,"name":"Acme, \\"Inc\\"","tags":["a","b;c"],"credit":"1234.56789","asr":39.94,\
                "attempts":12345,"causes":{"busy":3,"network":4},"last_call":"2026-03-04T04:53:20Z","portal_access":true},\
                {"id":2,"name":"=cmd\\u001b","tags":["a"],"credit":"-0.000001","asr":null,"attempts":0,\
                "causes":{"busy":0,"network":0},"last_call":null,"portal_access":false}],\
                "total":{"id":null,"name":null,"tags":null,"credit":{"EUR":"-0.000001","USD":"1234.56789"},"asr":39.94,\
                "attempts":12345,"causes":{"busy":3,"network":4},"last_call":null,"portal_access":null}}
                """)
    }

    @Test func ndjsonIsARowALine() throws {
        let lines = try BoardReport(Self.answer(), offset: 0).text(as: .ndjson).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[1].hasPrefix(#"{"id":2,"#))
    }

    @Test func csvIsSafeInASpreadsheet() throws {
        let text = try BoardReport(Self.answer(), offset: 0).text(as: .csv)
        #expect(
            text == """
                id,name,tags,credit,asr,attempts,causes.busy,causes.network,last_call,portal_access
                1001,"Acme, ""Inc""\",a;b;;c,1234.56789,39.94,12345,3,4,2026-03-04T04:53:20Z,true
                2,"'=cmd\u{1B}",a,-0.000001,,0,0,0,,false

                """)
        let shown = try BoardReport(Self.answer(), offset: 0).text(as: .csv, visibleOnly: true)
        #expect(!shown.contains("\u{1B}"))
    }

    @Test func theTableIsForPeople() throws {
        let lines = try BoardReport(Self.answer(), offset: 100).lines(.plain)
        #expect(lines[0] == "window 15m  2026-03-04 04:51:15 to 05:06:07Z")
        #expect(lines[1] == "1,200 customers matched, 2 shown after the first 100")
        #expect(
            lines[2] == "  id  name         tags      credit  asr %  attempts  causes.busy  causes.network  "
                + "last_call             portal_access")
        #expect(
            lines[3] == "1001  Acme, \"Inc\"  a, b;c  1,234.57   39.9    12,345            3               4  "
                + "2026-03-04 04:53:20Z  yes")
        #expect(lines[4].contains("=cmd\\u{1B}"))
        #expect(lines[6].contains("total ") && lines[6].contains("39.9"))
        #expect(lines[7].contains("total EUR") && lines[7].contains(" 0.00"))
        #expect(lines[8].contains("total USD") && lines[8].contains("1,234.57"))
        #expect(!lines.joined().contains("\u{1B}"))
    }

    @Test func oneCurrencyNeedsOneTotal() throws {
        var answer = Self.answer()
        answer.totalMoney = Self.totals([(3, "USD", 1_234_567_890)])
        let lines = try BoardReport(answer, offset: 0).lines(.plain)
        #expect(lines.count == 7)
        #expect(lines[6].contains("total USD") && lines[6].contains("1,234.57") && lines[6].contains("39.9"))
    }

    @Test func withoutATitleTheAmountsNameTheirCurrency() throws {
        var answer = Self.answer()
        answer.columns = [answer.columns[3]]
        answer.total = [answer.total[3]]
        answer.totalMoney = Self.totals([(0, "USD", 1_234_567_890), (0, "EUR", -1)])
        let lines = try BoardReport(answer, offset: 0).lines(.plain)
        #expect(
            lines.suffix(2)
                == ["0.00 EUR", "1,234.57 USD"].map { String(repeating: " ", count: 12 - $0.count) + $0 })
    }

    /// Three currencies: decimals are the currency's, and points stand below each other.
    private static func currencies() -> Busyhour_V1_BoardResponse {
        var answer = Busyhour_V1_BoardResponse()
        answer.window = "15m"
        answer.matched = 4
        answer.columns = [
            column("name", .text, codes: [0, 1, 2, 3], dictionary: ["A", "B", "C", "D"]),
            column("credit", .money, integers: [898_729_700, 22_217_000, 12_163_357_100, -4_999]),
            column("active", .integer, integers: [1, 2, 3, 4]),
            column("currency", .text, codes: [0, 1, 2, 0], dictionary: ["EUR", "KWD", "JPY"]),
        ]
        answer.total = [
            column("name", .text, codes: [0], dictionary: [""], nulls: [1]),
            column("credit", .money, integers: [0], nulls: [1]), column("active", .integer, integers: [10]),
            column("currency", .text, codes: [0], dictionary: [""], nulls: [1]),
        ]
        answer.totalMoney = totals([(1, "EUR", 898_724_701), (1, "KWD", 22_217_000), (1, "JPY", 12_163_357_100)])
        return answer
    }

    @Test func moneyStandsAtItsPointWithItsCurrencysDigits() throws {
        let lines = try BoardReport(Self.currencies(), offset: 0).lines(.plain)
        #expect(
            lines.dropFirst(2) == [
                "name           credit  active  currency",
                "A             898.73        1  EUR",
                "B              22.217       2  KWD",
                "C          12,163           3  JPY",
                "D               0.00        4  EUR",
                "---------  ----------  ------  --------",
                "total                      10",
                "total EUR     898.72",
                "total JPY  12,163",
                "total KWD      22.217",
            ])
    }

    @Test func moreDigitsAreShownIfAsked() throws {
        let lines = try BoardReport(Self.currencies(), offset: 0).lines(Page(moneyDigits: 4))
        #expect(lines[3...6].map { $0.split(separator: " ")[1] } == ["898.7297", "22.2170", "12,163.3571", "-0.0050"])
        #expect(lines.last?.hasSuffix("22.2170") == true)
    }

    @Test func aHiddenCurrencyIsNotShownAndCounts() throws {
        let report = try BoardReport(Self.currencies(), offset: 0, hidesCurrency: true)
        let lines = report.lines(.plain)
        #expect(lines[2] == "name           credit  active")
        #expect(lines[4] == "B              22.217       2" && lines[5] == "C          12,163           3")
        #expect(report.total.count == 3)
        // A server that sends something else is believed.
        var answer = Self.currencies()
        answer.columns.removeLast()
        answer.total.removeLast()
        #expect(try BoardReport(answer, offset: 0, hidesCurrency: true).columns.count == 3)
        #expect(try BoardReport(Busyhour_V1_BoardResponse(), offset: 0, hidesCurrency: true).rowCount == 0)
    }

    @Test func timesAreOfTheZoneAndSayIt() throws {
        let berlin = DisplayZone(name: "Europe/Berlin") { _ in 3_600 }
        var answer = Self.answer()
        answer.coverageFrom = 1_772_600_000_000_000
        answer.asOf += 5_000_000
        let lines = try BoardReport(answer, offset: 0).lines(Page(zone: berlin))
        #expect(
            lines[0] == "window 15m  2026-03-04 05:51:15 to 06:06:07+01  as of 2026-03-04 06:06:12+01  "
                + "whole from 2026-03-04 05:53:20+01")
        #expect(lines[3].contains("2026-03-04 05:53:20+01"))
        // What programs read is UTC.
        #expect(
            try BoardReport(answer, offset: 0).text(as: .csv, page: Page(zone: berlin)).contains("2026-03-04T04:53:20Z")
        )
    }

    @Test func programsGetAllDigits() throws {
        let report = try BoardReport(Self.currencies(), offset: 0)
        #expect(report.text(as: .csv, page: Page(moneyDigits: 0)).contains("898.7297,1,EUR\n"))
        #expect(report.json.text.contains(#""credit":"12163.3571""#))
    }

    @Test func coloursTellWhatIsBad() throws {
        let lines = try BoardReport(Self.answer(), offset: 0).lines(Page(width: 200, colours: true))
        #expect(lines[3].contains("\u{1B}[31m39.9\u{1B}[0m"))
        #expect(lines[4].contains("\u{1B}[31m0.00\u{1B}[0m"))
    }

    @Test func aNarrowTerminalSaysWhatIsMissing() throws {
        let lines = try BoardReport(Self.answer(), offset: 0).lines(Page(width: 40))
        #expect(lines.last?.contains("columns do not fit; choose with --columns a,b or see all by | less -S") == true)
    }

    @Test func contradictoryColumnsAreRefused() {
        var answer = Self.answer()
        answer.columns[0].integers = [1]
        #expect(throws: Refusal.self) { try BoardReport(answer, offset: 0) }
        answer = Self.answer()
        answer.columns[1].codes = [0, 9]
        #expect(throws: Refusal.self) { try BoardReport(answer, offset: 0) }
        answer = Self.answer()
        answer.columns[2].textCounts = [2, .max]
        #expect(throws: Refusal.self) { try BoardReport(answer, offset: 0) }
        answer = Self.answer()
        answer.total[4].numbers = []
        #expect(throws: Refusal.self) { try BoardReport(answer, offset: 0) }
    }

    /// Money whose currency no row tells has the decimals of the currency that has the most.
    @Test(arguments: [
        (["JPY"], "12,163"), (["EUR"], "12,163.36"), (["EUR", "KWD"], "12,163.357"), (["JPY", "KWD"], "12,163.357"),
        (["EUR", "JPY"], "12,163.36"), ([], "12,163.36"),
    ])
    func moneyOfUnknownCurrencyIsNotCutShort(currencies: [String], shown: String) throws {
        var answer = Self.currencies()
        answer.columns.removeLast()
        answer.total.removeLast()
        answer.totalMoney = Self.totals(currencies.map { (1, $0, 1_000_000) })
        let lines = try BoardReport(answer, offset: 0).lines(.plain)
        #expect(lines[5].split(separator: " ")[1] == shown, "\(lines[5])")
    }

    /// A watched board fills its screen, and never more than that.
    @Test(arguments: 8...20) func noMoreLinesThanTheScreenHas(height: Int) throws {
        for currencies in [Self.currencies(), Self.answer()] {
            for isTold in [false, true] {
                var answer = currencies
                if isTold { answer.notice = "the clock is behind" }
                let report = try BoardReport(answer, offset: 0)
                // Narrow, it says below that columns are not shown, too.
                for width in [24, 250] {
                    let all = report.lines(Page(width: width))
                    let shown = report.lines(Page(width: width, height: height))
                    #expect(shown.count <= max(height, all.count - report.rowCount + 1), "\(width): \(shown)")
                    if width == 250, all.count + 2 <= height { #expect(shown == all) }
                }
            }
        }
    }
}
