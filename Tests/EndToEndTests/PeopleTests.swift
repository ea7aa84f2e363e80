// Customers as people name, list and look at them; the zone of times; the columns of a board: with the real programs.

import Foundation
import Testing

@Suite struct PeopleTests {
    private static func server() throws -> RunningServer {
        let server = try RunningServer([])
        let rows = [
            ("Baltic Voice", "EUR", "DE", "300.5"), ("Nordic Link", "EUR", "SE", "12"),
            ("Northwind Telecom", "USD", "US", "90"),
            ("Sahara Wholesale", "KWD", "KW", "2200.1234"), ("100% Voice", "EUR", "DE", "1"),
        ]
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("people-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = rows.map { "\($0.0),\($0.1),\($0.2),\($0.3)" }
        try Data((["name,currency,country,credit"] + lines).joined(separator: "\n").utf8).write(to: file)
        #expect(try server.busyhour("import", file.path).exitCode == 0)
        return server
    }

    @Test func readingTakesAPartOfAName() throws {
        let server = try Self.server()
        for (text, name) in [
            ("baltic voice", "Baltic Voice"), ("balt", "Baltic Voice"), ("link", "Nordic Link"), ("100%", "100% Voice"),
            ("2", "Nordic Link"),
        ] {
            #expect(try server.json("customer", "show", text)["name"] as? String == name, "\(text)")
        }
        for command in [
            ["calls", "--customer", "sahara"], ["explain", "asr", "--customer", "sahara"],
            ["customer", "history", "sahara"],
            ["customer", "scheduled", "sahara"], ["warning", "list", "--customer", "sahara"],
            ["settings", "get", "--customer", "sahara"],
        ] {
            #expect(try server.busyhour(arguments: command).exitCode == 0, "\(command)")
        }
        for (text, message) in [
            (
                "nor",
                "the names of 2 customers begin with 'nor': 'Nordic Link' (2) and 'Northwind Telecom' (3); give more"
            ),
            ("voice", "the names of 2 customers contain 'voice': '100% Voice' (5) and 'Baltic Voice' (1)"),
            ("Balitc Voice", "did you mean 'Baltic Voice' (1)?"), ("qqq", "customer list --search"),
        ] {
            let answer = try server.busyhour("customer", "show", text)
            #expect(answer.exitCode == 1 && answer.errors.contains(message), "\(text): \(answer.errors)")
        }
    }

    @Test func changingTakesAWholeName() throws {
        let server = try Self.server()
        for command in [
            ["customer", "edit", "balt", "--channels", "5"], ["customer", "delete", "balt", "--yes"],
            ["customer", "undo", "balt"], ["warning", "ack", "balt", "no_auth"],
            ["settings", "set", "credit_low.raise=1", "--customer", "balt"],
        ] {
            let answer = try server.busyhour(arguments: command)
            #expect(
                answer.exitCode == 1 && answer.errors.contains("did you mean 'Baltic Voice' (1)?"),
                "\(command): \(answer.errors)")
        }
        #expect(try server.busyhour("customer", "edit", "BALTIC VOICE", "--channels", "5").exitCode == 0)
        #expect(try server.json("customer", "show", "1")["channels"] as? Int == 5)
    }

    @Test func listsAreFilteredSortedAndLimited() throws {
        let server = try Self.server()
        func names(_ options: String...) throws -> [String] {
            let answer = try server.busyhour(arguments: ["customer", "list", "--format", "ndjson"] + options)
            #expect(answer.exitCode == 0, "\(answer.errors)")
            return answer.output.split(separator: "\n").compactMap { line in
                let row = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return row?["name"] as? String
            }
        }
        #expect(try names().count == 5)
        #expect(try names("--where", "country = 'DE'") == ["Baltic Voice", "100% Voice"])
        #expect(try names("--search", "voice", "--limit", "1") == ["Baltic Voice"])
        #expect(
            try names("--sort", "-name") == [
                "Sahara Wholesale", "Northwind Telecom", "Nordic Link", "Baltic Voice", "100% Voice",
            ])
        #expect(
            try names("--where", "currency = 'EUR'", "--sort", "credit", "--limit", "2") == [
                "100% Voice", "Nordic Link",
            ])
        let table = try server.busyhour("customer", "list", "--sort", "-id", "--limit", "2").output
        #expect(table.hasPrefix("5 customers, 2 shown\n") && table.contains("2,200.123"))
        for (options, exitCode, message) in [
            (["--where", "foo < 1"], 2, "no column 'foo'"), (["--sort", "nme"], 2, "did you mean 'name'?"),
            (["--layout", "none"], 1, "none"), (["--layout", "none", "--sort", "name"], 1, "none"),
        ] as [([String], Int32, String)] {
            let answer = try server.busyhour(arguments: ["customer", "list"] + options)
            #expect(answer.exitCode == exitCode && answer.errors.contains(message), "\(options): \(answer.errors)")
        }
        #expect(
            try server.busyhour(
                "layout", "save", "de", "--where", "country = 'DE'", "--group-by", "currency", "--columns", "count"
            ).exitCode == 0)
        #expect(try names("--layout", "de", "--sort", "name") == ["100% Voice", "Baltic Voice"])
    }

    @Test func aCustomersPageHasFiguresAndWarnings() throws {
        let server = try Self.server()
        let page = try server.json("customer", "show", "1", "--window", "1h")
        let figures = try #require(page["figures"] as? [String: Any])
        #expect(figures["attempts"] as? Int == 0 && figures["asr"] is NSNull && figures["window"] as? String == "1h")
        let warnings = try #require(page["warnings"] as? [[String: Any]]).compactMap { $0["warning"] as? String }
        #expect(warnings.contains("no_auth"))
        let text = try server.busyhour("customer", "show", "1").output
        #expect(text.contains("\nattempts            0\n") && text.contains("\nwarning             no_auth (warn)"))
    }

    @Test func timesAreOfTheZoneThatIsAskedFor() throws {
        let server = try Self.server()
        let utc = try server.busyhour("customer", "history", "1").output
        let india = try server.busyhour("customer", "history", "1", "--time-zone", "Asia/Kolkata").output
        #expect(
            utc.contains(#/[0-9]{2}:[0-9]{2}:[0-9]{2}Z /#) && india.contains(#/[0-9]{2}:[0-9]{2}:[0-9]{2}\+05:30 /#))
        #expect(try server.busyhour("board", "--time-zone", "+05:30").output.contains("+05:30"))
        let edit = ["customer", "edit", "1", "--channels", "9", "--until", "2099-01-01 18:00", "--dry-run"]
        #expect(try server.busyhour(arguments: edit).errors.contains("366 days"))
        let scheduled = try server.busyhour(
            "customer", "edit", "1", "--channels", "9", "--from", "+1h", "--time-zone", "Asia/Kolkata")
        #expect(scheduled.output.contains("+05:30"), "\(scheduled.output)\(scheduled.errors)")
        // What programs read stays UTC.
        let json = try server.busyhour("customer", "history", "1", "--time-zone", "Asia/Kolkata", "--format", "json")
            .output
        #expect(!json.contains("+05:30"))
    }

    /// A dozen columns by traffic in a pipe; all of them for programs, or if asked.
    @Test func aBoardHasADozenColumns() throws {
        let server = try Self.server()
        let table = try server.busyhour("board").output.split(separator: "\n").map(String.init)
        #expect(
            table[2].split(separator: " ").filter { !["/s", "%", "s", "ms"].contains($0) } == [
                "id", "name", "status", "active", "channels", "cps", "attempts", "asr", "acd", "pdd", "credit",
                "currency",
            ])
        #expect(table.contains { $0.hasSuffix("2,200.123  KWD") } && table.contains { $0.hasSuffix("12.00   EUR") })
        let all = try server.busyhour("board", "--columns", "all").output
        #expect(all.contains("short_call_seconds") && all.contains("causes.busy"))
        let rows = try #require(try server.json("board")["rows"] as? [[String: Any]])
        #expect(rows.compactMap { $0["id"] as? Int } == [1, 2, 3, 4, 5] && rows[0].keys.contains("asr_n"))
        let money = try server.busyhour("board", "--columns", "name,credit", "--sort", "name", "--money-digits", "4")
            .output
        #expect(money.contains("2,200.1234\n") && !money.contains("currency") && money.contains("  300.5000\n"))
    }

    @Test func aTextWithoutQuotesIsToldSo() throws {
        let server = try Self.server()
        for (filter, message) in [
            ("status = Active", "put text in single quotes: 'Active'"),
            ("foo < 1", "`busyhour help columns` lists them"),
        ] {
            let answer = try server.busyhour("board", "--where", filter)
            #expect(answer.exitCode == 2 && answer.errors.contains(message), "\(answer.errors)")
        }
    }
}
