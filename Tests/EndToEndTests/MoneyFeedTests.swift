// Money as an operator sees it: what is refused is named with its place, both currencies and the customer; what was
// booked is told in all and by customer, also after a restart.

import Foundation
import Testing

@Suite struct MoneyFeedTests {
    private static let header = "id,account,setup_at,answer_at,end_at,cost,currency\n"

    private static func row(_ id: String, _ account: String, _ cost: String, _ currency: String) -> String {
        "\(id),\(account),2026-01-01T00:00:00Z,2026-01-01T00:00:05Z,2026-01-01T00:01:05Z,\(cost),\(currency)\n"
    }

    private static func feed(_ server: RunningServer, _ text: String, _ more: [String] = []) throws -> Programs.Result {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("cdr-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        return try server.busyhour(
            arguments: ["--format", "json", "feed", "cdr", "--format", "csv", file.path] + more)
    }

    @Test func moneyIsNeverGuessed() throws {
        let server = try RunningServer(["--cost-limit", "100", "--cost-limit", "INR 5000"])
        for (name, currency) in [("Acme", "EUR"), ("Bharat", "INR")] {
            let added = try server.busyhour(
                "customer", "add", name, "--currency", currency, "--account", name.lowercased(), "--credit", "1000")
            #expect(added.exitCode == 0, "\(added)")
        }
        let text =
            Self.header + Self.row("1", "acme", "2.50", "EUR") + Self.row("2", "acme", "90", "INR")
            + Self.row("3", "bharat", "90", "inr") + Self.row("4", "acme", "-0.5", "")
            + Self.row("5", "acme", "101", "EUR") + Self.row("6", "bharat", "101", "")
            + Self.row("7", "acme", "1", "EURO") + Self.row("4", "acme", "-0.5", "")
        let fed = try Self.feed(server, text)
        #expect(fed.exitCode == 1)
        for part in [
            #"csv:3: other_currency: the row is in INR, and customer 1 "Acme" is billed in EUR"#,
            #"csv:6: cost_limit: a call of customer 1 "Acme" costs 101.00 EUR, above the limit of 100.00"#,
            "csv:8: cdr_currency: not a currency: currency is \"EURO\"",
        ] {
            #expect(fed.errors.contains(part), "\(part): \(fed.errors)")
        }
        for part in [#""read":8,"calls":3,"duplicates":1,"#, #""errors":3,"#, #""credit_notes":1"#] {
            #expect(fed.output.contains(part), "\(part): \(fed.output)")
        }
        // The documentation shows what is said.
        let page = try DocsPages.text("docs/money.md")
        let said = try #require(fed.errors.split(separator: "\n").first { $0.contains("other_currency") })
        #expect(page.contains("calls.csv" + said.drop { $0 != ":" }), "\(said)")
        try check(server)
        // Fed again nothing changes but what is refused again; in another currency or below a lower limit nothing
        // counts.
        let again = try Self.feed(server, text)
        #expect(again.output.contains(#""calls":0,"duplicates":5,"#), "\(again)")
        #expect(again.output.contains(#""credit_notes":0"#), "\(again)")
        let dollars = try Self.feed(server, Self.header + Self.row("8", "acme", "1", ""), ["--currency", "usd"])
        #expect(dollars.errors.contains("the row is in USD, and customer 1"), "\(dollars)")
        let low = try Self.feed(server, Self.header + Self.row("8", "acme", "1", ""), ["--cost-limit", "0.99"])
        #expect(low.errors.contains("costs 1.00 EUR, above the limit of 0.99"), "\(low)")
        for (option, value) in [("--currency", "dollars"), ("--cost-limit", "0"), ("--cost-limit", "x")] {
            #expect(try Self.feed(server, Self.header, [option, value]).exitCode == 2, "\(option) \(value)")
        }
    }

    /// Another cost of a known call is a difference, in the history too, across a restart; costs alone are money and no
    /// calls.
    @Test func reratedRowsAndCostsAlone() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("busyhour-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var server = try RunningServer(dataDirectory: folder)
        let added = try server.busyhour(
            "customer", "add", "Acme", "--currency", "EUR", "--account", "acme", "--credit", "1000")
        #expect(added.exitCode == 0, "\(added)")
        let first = Self.header + Self.row("1", "acme", "5", "EUR") + Self.row("2", "acme", "1", "")
        let second = Self.header + Self.row("1", "acme", "4.2", "EUR") + Self.row("2", "acme", "", "")
        #expect(try Self.feed(server, first).output.contains(#""calls":2,"#))
        let fed = try Self.feed(server, second)
        #expect(
            fed.output.contains(#""calls":0,"duplicates":1,"#) && fed.output.contains(#""rerated":1,"costs":0"#),
            "\(fed)")
        let alone = Self.header + Self.row("3", "acme", "7", "EUR") + Self.row("1", "acme", "4.2", "")
        let costs = try Self.feed(server, alone, ["--costs-only"])
        #expect(
            costs.output.contains(#""calls":0,"duplicates":1,"#) && costs.output.contains(#""costs":1"#), "\(costs)")
        for round in 0..<2 {
            let shown = try server.busyhour("customer", "show", "Acme", "--format", "json").output
            #expect(shown.contains(#""credit":"987.80""#) && shown.contains(#""corrected":"-0.80""#), "\(shown)")
            let history = try server.busyhour("customer", "history", "Acme").output
            #expect(history.contains("cost of call 1 rerated: 5.00 -> 4.20, credit +0.80"), "\(history)")
            #expect(history.split(separator: "\n").count { $0.contains("rerated") } == 1, "\(history)")
            let undo = try server.busyhour("customer", "undo", "Acme")
            #expect(undo.exitCode == 1 && undo.errors.contains("nothing to undo except its creation"), "\(undo)")
            let board = try server.busyhour(
                arguments: ["--format", "csv", "board", "--window", "all", "--columns", "attempts,talk,cost"])
            #expect(board.output.contains("2,120,12.20") || board.output.contains("2,120.0,12.20"), "\(board)")
            let again = try Self.feed(server, second + alone.dropFirst(Self.header.count), ["--costs-only"])
            #expect(again.output.contains(#""calls":0,"duplicates":4,"#), "\(again)")
            if round == 1 { break }
            server.stop()
            server = try RunningServer(dataDirectory: folder)
        }
        let other = try Self.feed(server, Self.header + Self.row("1", "acme", "3", "INR"))
        #expect(other.errors.contains("the row is in INR, and customer 1 \"Acme\" is billed in EUR"), "\(other)")
        // The whole row of a call whose cost was told alone.
        let whole = try Self.feed(server, Self.header + Self.row("3", "acme", "7", ""))
        #expect(whole.output.contains(#""calls":1,"duplicates":0,"#), "\(whole)")
        let calls = try server.busyhour("calls", "--ended", "--format", "json").output
        #expect(calls.contains(#""cost":"7.00""#) && calls.contains(#""cost":"4.20""#), "\(calls)")
        let status = try server.busyhour("status", "--format", "json").output
        #expect(status.contains(#""rerated":0,"costs":0"#), "\(status)")
        let rows = try Self.feed(server, Self.header + Self.row("2", "acme", "0", ""))
        #expect(rows.output.contains(#""rerated":1"#), "\(rows)")
        #expect(try server.busyhour("status").output.contains("rerated"))
        let acc = try server.busyhour("feed", "cdr", "--format", "kamailio-acc", "--costs-only", "x.csv")
        #expect(acc.exitCode == 2 && acc.errors.contains("--costs-only"), "\(acc)")
    }

    /// With one refused row.
    private static func sums(
        _ currency: String, booked: String, notes: Int, credited: String, refused: String
    ) -> String {
        #"{"currency":"\#(currency)","booked":"\#(booked)","credit_notes":\#(notes),"credited":"\#(credited)","#
            + #""corrections":0,"corrected":"0.00","refused_rows":1,"refused":"\#(refused)"}"#
    }

    private func check(_ server: RunningServer) throws {
        let acme = try server.busyhour("customer", "show", "Acme", "--format", "json").output
        let euros = Self.sums("EUR", booked: "2.50", notes: 1, credited: "0.50", refused: "101.00")
        for part in [
            #""credit":"998.00""#, euros,
            Self.sums("INR", booked: "0.00", notes: 0, credited: "0.00", refused: "90.00"),
        ] {
            #expect(acme.contains(part), "\(part): \(acme)")
        }
        let shown = try server.busyhour("customer", "show", "Acme").output
        #expect(shown.contains("credit notes        1, 0.50 EUR\n"), "\(shown)")
        #expect(shown.contains("refused             1, 90.00 INR\n"), "\(shown)")
        let status = try server.busyhour("status", "--format", "json").output
        for part in [
            euros, Self.sums("INR", booked: "191.00", notes: 0, credited: "0.00", refused: "90.00"),
            #""cost_limit":1"#, #""other_currency":1"#, #""cdr_currency":1"#,
        ] {
            #expect(status.contains(part), "\(part): \(status)")
        }
        #expect(try server.busyhour("status").output.contains("money since "))
    }
}
