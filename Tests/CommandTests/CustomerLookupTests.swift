import SwiftProtobuf
import Terminal
import Testing
import Wire

@testable import busyhour

@Suite struct CustomerLookupTests {
    @Test func patternsTakeATextAsItStands() {
        #expect(NamePattern.beginning("Acme") == "'Acme%' ESCAPE '!'")
        #expect(NamePattern.part("100%_!") == "'%100!%!_!!%' ESCAPE '!'")
        #expect(NamePattern.beginning("O'Neill") == "'O''Neill%' ESCAPE '!'")
    }

    @Test func candidatesAreNamedWithTheirIDs() {
        func list(_ names: [String], of total: UInt64) -> String {
            let first = names.enumerated().map {
                CustomerLookup.Candidate(id: UInt32($0.offset + 1), name: $0.element)
            }
            return CustomerLookup.list(.init(first: first, total: total), "or")
        }
        #expect(list(["A"], of: 1) == "'A' (1)")
        #expect(list(["A", "B"], of: 2) == "'A' (1) or 'B' (2)")
        #expect(list(["A", "B"], of: 12) == "'A' (1), 'B' (2) or 10 more")
        #expect(list(["A"], of: 3) == "'A' (1) or 2 more")
        #expect(list([], of: 0) == "")
    }

    @Test func aPageHasFiguresAndWarnings() throws {
        var customer = Busyhour_V1_Customer()
        (customer.id, customer.name, customer.currency, customer.channels) = (7, "Acme", "JPY", 30)
        customer.creditMicros = 1_250_500_000
        var answer = Busyhour_V1_BoardResponse()
        (answer.window, answer.windowStart, answer.windowEnd, answer.asOf) = ("15m", 0, 900_000_000, 900_000_000)
        func column(_ name: String, _ value: Int64) -> Busyhour_V1_ResultColumn {
            .with { ($0.name, $0.integers) = (name, [value]) }
        }
        answer.columns = [
            column("active", 12), column("attempts", 1_234),
            .with { ($0.name, $0.kind, $0.numbers) = ("asr", .number, [45.678]) },
            .with { ($0.name, $0.kind, $0.integers) = ("cost", .money, [2_500_000]) }, column("causes.busy", 5),
            column("causes.network", 0),
        ]
        var warnings = Busyhour_V1_WarningsResponse()
        warnings.warnings = [
            .with {
                ($0.customerID, $0.warning, $0.level, $0.raisedAt) = (7, "credit_low", "warn", 60_000_000)
                ($0.hasMeasured_p, $0.measured, $0.acknowledgedAt, $0.acknowledgedBy) = (true, 300.52, 1, "anna")
            }
        ]
        let report = CustomerReport(
            customer: customer, board: try BoardReport(answer, offset: 0), warnings: warnings)
        let lines = report.lines(.plain)
        let page = Dictionary(
            lines.filter { !$0.isEmpty }.map { line in
                let name = line.prefix { $0 != " " }
                return (String(name), String(line.dropFirst(name.count).drop { $0 == " " }))
            }, uniquingKeysWith: { first, _ in first })
        #expect(page["credit"] == "1250.50" && page["window"] == "15m  1970-01-01 00:00:00 to 00:15:00Z")
        #expect(page["active"] == "12 of 30" && page["attempts"] == "1,234" && page["asr"] == "45.7 %")
        #expect(page["cost"] == "3 JPY" && page["causes"] == "busy 5")
        #expect(page["warning"] == "credit_low (warn): 300.5, since 1970-01-01 00:01:00Z, seen by anna")
        let json = report.json.text
        #expect(json.contains(#""figures":{"as_of":"1970-01-01T00:15:00Z","window":"15m","#))
        #expect(
            json.contains(#""active":12,"attempts":1234,"asr":45.678,"cost":"2.50","causes":{"busy":5,"network":0}}"#))
        #expect(json.contains(#""warnings":[{"id":7,"name":"","warning":"credit_low""#))
        #expect(CustomerReport(customer: customer).json.text.contains(#""figures":null,"warnings":[]"#))
    }

    @Test func aListHasItsCurrencysDigits() {
        var report = CustomersReport()
        report.customers = [("KWD", 22_217_400), ("JPY", 12_163_357_100), ("EUR", 740_500_000)].map {
            currency, credit in
            .with { ($0.name, $0.currency, $0.creditMicros) = (currency, currency, credit) }
        }
        report.matched = 12
        let lines = report.lines(.plain)
        #expect(lines[0] == "12 customers, 3 shown")
        #expect(lines[2].contains("     22.217") && lines[3].contains(" 12,163  ") && lines[4].contains("    740.50 "))
        #expect(report.lines(Page(moneyDigits: 4))[3].contains("12,163.3571"))
        #expect(report.json.text.contains(#""credit":"22.2174""#))
    }

    @Test(
        arguments: [
            (["customer", "list", "--deleted", "--limit", "3"], "leave the conditions"),
            (["customer", "list", "--money-digits", "9"], "from 0 to 6"),
            (["customer", "list", "--limit", "0"], "1 or more"),
            (["customer", "show", "1", "--window", "7m"], "known are 1m"),
        ] as [([String], String)])
    func wrongUsageSaysSo(line: [String], hint: String) async {
        let ending = await BusyHour.run(line)
        #expect(ending.exitCode == 2 && ending.errors[0].contains(hint), "\(ending.errors)")
    }
}
