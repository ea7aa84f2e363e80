// Files of customers as people have reported them (Tests/Fixtures/reports), with the right figures of their
// `expected.md`.

import Foundation
import Testing

@Suite struct CustomerFileReportTests {
    private static func file(_ report: String, _ name: String) -> String {
        Fixtures.file("reports/\(report)/\(name)").path
    }

    private static func customers(_ server: RunningServer) throws -> [[String: Any]] {
        let result = try server.busyhour("customer", "list", "--format", "json")
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
    }

    private static func text(_ customer: [String: Any], _ keys: String...) -> [String] {
        keys.map { "\(customer[$0] ?? "")" }
    }

    @Test func aLineThatTellsTheSeparatorIsNoRow() throws {
        let server = try RunningServer()
        let report = "18-customers-csv-with-sep-line"
        let dry = try server.json("import", Self.file(report, "customers.csv"), "--dry-run")
        #expect(dry["would_create"] as? Int == 2)
        #expect(try server.json("import", Self.file(report, "customers.csv"))["created"] as? Int == 2)
        #expect(try server.json("import", Self.file(report, "customers-comma.csv"))["created"] as? Int == 1)
        let again = try server.json("import", Self.file(report, "customers.csv"), "--start-row", "3")
        #expect(again["unchanged"] as? Int == 2, "the line is row 1 of the file")
        let customers = try Self.customers(server)
        #expect(
            customers.map { Self.text($0, "name", "currency", "credit", "channels") } == [
                ["Alpine Voice", "CHF", "1250.50", "30"], ["Delta Voice", "EUR", "80.00", "10"],
                ["Omega Voice", "EUR", "5.00", "0"],
            ])
    }

    @Test func damagedCellsAreNamedAndNothingIsCreated() throws {
        let server = try RunningServer()
        let report = "19-customers-csv-damaged-by-excel"
        let refused = try server.busyhour("import", Self.file(report, "customers.csv"))
        #expect(refused.exitCode == 1)
        for place in ["row 2, column E", "row 3, column D", "row 4, column F", "row 7, column C", "row 8, column C"] {
            #expect(refused.errors.contains(place), "\(place): \(refused.errors)")
        }
        #expect(
            refused.errors.contains(
                "row 9, column F \"contact_mobile\": '#NAME?' is an error of a spreadsheet's formula"))
        for row in [5, 6, 10] { #expect(!refused.errors.contains("row \(row),"), "\(refused.errors)") }
        let ansi = try server.busyhour("import", Self.file(report, "ansi.csv"))
        #expect(ansi.exitCode == 1 && ansi.errors.contains("--encoding windows-1252"))
        #expect(try Self.customers(server).isEmpty)
        for (name, count) in [("good-semicolon-bom.csv", 2), ("good-utf16le-tabs.csv", 1), ("good-cr-only.csv", 2)] {
            #expect(try server.json("import", Self.file(report, name))["created"] as? Int == count, "\(name)")
        }
        let told = try server.busyhour("import", Self.file(report, "ansi.csv"), "--encoding", "windows-1252")
        #expect(told.exitCode == 0, "\(told.errors)")
        let customers = try Self.customers(server)
        #expect(
            customers.map { Self.text($0, "name", "currency", "credit") } == [
                ["Kappa", "EUR", "1250.50"], ["Lambda", "EUR", "0.00"], ["Łódź Telekom", "PLN", "1250.50"],
                ["Mu Voice", "EUR", "5.00"], ["Nu Voice", "EUR", "6.00"], ["Zürich Voice", "CHF", "5.00"],
            ])
        let contacts = customers.map { ($0["contacts"] as? [[String: Any]] ?? []).map { "\($0["mobile"] ?? "")" } }
        #expect(contacts.prefix(2) == [["+4915550100011"], ["004915550100012"]])
        #expect(
            customers.prefix(2).map { "\($0["notes"] ?? "")" } == ["two\r\nlines; and a semicolon", "said \"yes\""])
        #expect("\(customers[0]["auth"] ?? "")".contains("0049-30"))
    }

    /// What a file of a kind needs is told once.
    @Test func aTemplateKeepsHowAFileIsRead() throws {
        let server = try RunningServer()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("list-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: file) }
        func write(_ number: Int) throws {
            let text = "Kunde;Whrg;Guthaben;Handy;Ort\nMüller \(number);EUR;1.234,5;0155 501000\(number);Köln\n"
            try #require(text.data(using: .windowsCP1252)).write(to: file)
        }
        try write(1)
        let first = try server.busyhour(
            "import", file.path, "--map", "1=name,2=currency,3=credit,4=contact_mobile", "--decimal-comma",
            "--encoding", "windows-1252", "--default-country", "de", "--save-template", "erp")
        #expect(first.exitCode == 0, "\(first.errors)")
        try write(2)
        let second = try server.busyhour("import", file.path, "--template", "erp")
        #expect(second.exitCode == 0, "\(second.errors)")
        let customers = try Self.customers(server)
        #expect(
            customers.map { Self.text($0, "name", "credit") } == [["Müller 1", "1234.50"], ["Müller 2", "1234.50"]])
        #expect("\(customers[1]["contacts"] ?? "")".contains("+491555010002"))
        try write(3)
        let other = try server.busyhour("import", file.path, "--template", "erp", "--default-country", "GB")
        #expect(other.exitCode == 0, "\(other.errors)")
        #expect("\(try Self.customers(server).last?["contacts"] ?? "")".contains("+441555010003"))
        let list = try server.busyhour("template", "list").output
        #expect(list.contains("default_country") && list.contains("windows-1252"), "\(list)")
    }

    /// What is wrong with a row is said at once, by the file's reader and by the server; and by every door the same is
    /// decided.
    @Test func codesContactsAndAllErrorsOfARow() throws {
        let server = try RunningServer()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("codes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ text: String) throws -> String {
            let file = folder.appendingPathComponent("list.csv")
            try Data(text.utf8).write(to: file)
            return file.path
        }
        let header = "name,currency,portal_access,country,status,auth,contact_email,contact_mobile\n"
        let bad = try server.busyhour(
            "import", try file(header + "Y One,XXQ,ja,UK,aktiv,foo,n@x,0155 501\n7,usd,,,,,,\n"))
        for part in [
            "column C", "column F",
            "'UK' is not an ISO 3166 code; give two letters, such as US or DE; did you mean 'GB'?",
            "no status 'aktiv'", "column G \"contact_email\"", "--default-country", "'XXQ' is not an ISO 4217 code",
            "'7' is all digits", "9 errors in 2 rows",
        ] {
            #expect(bad.errors.contains(part) || part.hasPrefix("9"), "\(part): \(bad.errors)")
        }
        let good = header + "Y One,usd,yes,de,pending approval,ip:10.0.0.1,n@x.example,0155 5010001\n"
        let made = try server.busyhour("import", try file(good), "--default-country", "DE")
        #expect(made.exitCode == 0, "\(made.errors)")
        let one = try #require(try Self.customers(server).first)
        #expect(Self.text(one, "currency", "country", "status") == ["USD", "DE", "Pending Approval"])
        #expect("\(one["contacts"] ?? "")".contains("+491555010001"))
        for filter in ["status = 'pending APPROVAL'", "currency IN ('usd')", "country <> 'fr' AND 'de' = country"] {
            #expect(
                try server.busyhour("board", "--where", filter, "--columns", "name").output.contains("Y One"),
                "\(filter)")
        }
        for (filter, hint) in [
            ("status = 'Activ'", "did you mean 'Active'?"), ("currency = 'EURO'", "did you mean 'EUR'?"),
            ("country IN ('DE', 'UK')", "did you mean 'GB'?"),
        ] {
            let answer = try server.busyhour("board", "--where", filter)
            #expect(answer.exitCode == 2 && answer.errors.contains(hint), "\(filter): \(answer.errors)")
        }
        for edit in [
            ["--contact-email", "a@b"], ["--set", "contact_mobile=0155 501000"], ["--set", "country=UK"],
            ["--name", "12"],
        ] {
            let refused = try server.busyhour(arguments: ["customer", "edit", "Y One"] + edit)
            #expect(refused.exitCode == 1, "\(edit)")
        }
        let edit = ["customer", "edit", "Y One", "--set", "contact_mobile=0155 5010002", "--set", "country=fr"]
        #expect(try server.busyhour(arguments: edit + ["--default-country", "DE"]).exitCode == 0)
        let added = try server.busyhour(
            "customer", "add", "Two", "--currency", "eur", "--status", "penalty", "--contact-mobile", "00331 23456789")
        #expect(added.exitCode == 0, "\(added.errors)")
        let both = try Self.customers(server)
        #expect("\(both[0]["contacts"] ?? "")".contains("+491555010002") && Self.text(both[0], "country") == ["FR"])
        #expect(Self.text(both[1], "currency", "status") == ["EUR", "Penalty"])
    }
}
