// Customers edited, deleted and brought back through the programs, across a kill -9.

import Foundation
import Testing

@Suite struct BackOfficeTests {
    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("office-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// A template is its owner's, outlives a kill, and every user can use it.
    @Test func aTemplateReadsTheNextFile() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("list.csv")
        try Data("Firm;Money;Balance\nAcme;EUR;1,5\n".utf8).write(to: file)
        let data = folder.appendingPathComponent("data")
        let save = ["import", file.path, "--map", "1=name,2=currency,3=credit", "--save-template", "old"]
        do {
            let server = try RunningServer(dataDirectory: data)
            #expect(try server.busyhour(arguments: save + ["--as", "anna"]).exitCode == 0)
            let other = try server.busyhour(arguments: save + ["--as", "ben"])
            #expect(other.exitCode == 1 && other.errors.contains("was imported, and the template was not saved"))
            server.stop(by: SIGKILL)
        }
        let server = try RunningServer(dataDirectory: data)
        try Data("A;B;C\nBeta;USD;2\n".utf8).write(to: file)
        #expect(try server.json("import", file.path, "--template", "OLD")["created"] as? Int == 1)
        #expect(try server.busyhour("import", file.path, "--template", "old", "--map", "1=name").exitCode == 2)
        #expect(try server.busyhour("template", "delete", "old", "--yes", "--as", "ben").exitCode == 1)
        #expect(try server.busyhour("template", "delete", "old", "--yes", "--as", "anna").exitCode == 0)
        #expect(try server.busyhour("import", file.path, "--template", "old").errors.contains("no template 'old'"))
    }

    @Test func whatWasAnsweredIsThereAfterAKill() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var before: [[String: Any]] = []
        var history: [String: Any] = [:]
        do {
            let server = try RunningServer(dataDirectory: folder)
            for number in 1...5 {
                let result = try server.busyhour(
                    "customer", "add", "Carrier \(number)", "--currency", "EUR", "--channels", "10", "--credit", "100",
                    "--ip", "10.0.0.\(number)", "--as", "ina")
                #expect(result.exitCode == 0, "\(result.errors)")
            }
            let edit = try server.json(
                "edit", "--where", "id <> 3", "--set", "channels=ceil(channels*1.15)", "--set", "tags+=gold", "--as",
                "anna")
            #expect(edit["matched"] as? Int == 4 && edit["changed"] as? Int == 4)
            #expect(
                try server.busyhour("customer", "edit", "Carrier 2", "--set", "credit+=50.5", "--as", "ben").exitCode
                    == 0)
            #expect(try server.busyhour("customer", "edit", "5", "--name", "Fünf", "--version", "2").exitCode == 0)
            let stale = try server.busyhour("customer", "edit", "5", "--channels", "1", "--version", "2")
            #expect(stale.exitCode == 1 && stale.errors.contains("channels is 12 now, you set channels=1"))
            // There is no terminal here to ask for confirmation.
            #expect(try server.busyhour("customer", "delete", "4").exitCode == 2)
            #expect(try server.busyhour("customer", "delete", "4", "--yes").exitCode == 0)
            #expect(try server.busyhour("customer", "show", "4").errors.contains("is deleted"))
            before = try Self.rows(server)
            history = try server.json("customer", "history", "2")
            server.stop(by: SIGKILL)
        }
        for round in 0..<2 {
            let server = try RunningServer(dataDirectory: folder)
            #expect(NSArray(array: try Self.rows(server)) == NSArray(array: before), "round \(round)")
            let again = try server.json("customer", "history", "2")
            #expect(NSDictionary(dictionary: again) == NSDictionary(dictionary: history))
            server.stop(by: round == 0 ? SIGTERM : SIGKILL)
        }
        let server = try RunningServer(dataDirectory: folder)
        let changes = try #require(history["changes"] as? [[String: Any]])
        #expect(changes.compactMap { $0["who"] as? String } == ["ben", "anna", "ina"])
        #expect(changes.compactMap { $0["kind"] as? String } == ["edited", "edited", "created"])
        let differences = try #require(changes[0]["differences"] as? [[String: Any]])
        #expect(
            differences.count == 1 && differences[0]["old"] as? String == "100"
                && differences[0]["new"] as? String == "150.5")
        // The bulk edit stands behind the delete.
        let bulk = try #require(changes[1]["change"] as? Int)
        let refused = try server.busyhour("customer", "undo", "--change", "\(bulk)")
        #expect(refused.exitCode == 1 && refused.errors.contains("deleted customer 4"), "\(refused.errors)")
        #expect(try server.busyhour("customer", "undo", "4").exitCode == 0)
        #expect(try server.json("customer", "undo", "--change", "\(bulk)")["changed"] as? Int == 4)
        let rows = try Self.rows(server)
        #expect(rows.compactMap { $0["channels"] as? Int } == [10, 10, 10, 10, 10])
        #expect(rows.compactMap { $0["credit"] as? String } == ["100.00", "150.50", "100.00", "100.00", "100.00"])
        #expect(rows.allSatisfy { ($0["tags"] as? [String])?.isEmpty == true })
    }

    /// Deleted by a condition, listed, and brought back by name.
    @Test func deletedCustomersAreFoundAgain() throws {
        let server = try RunningServer()
        for name in ["Schröder AG", "Old One", "Old Two"] {
            #expect(try server.busyhour("customer", "add", name, "--currency", "EUR").exitCode == 0)
        }
        let selection = ["customer", "delete", "--where", "name LIKE 'Old%'"]
        let dry = try server.busyhour(arguments: selection + ["--dry-run"])
        #expect(dry.output.hasPrefix("would delete 2 customers\n") && dry.output.contains("Old Two"), "\(dry)")
        // There is no terminal here to ask for confirmation.
        #expect(try server.busyhour(arguments: selection).exitCode == 2)
        #expect(try server.busyhour("customer", "delete", "1", "--where", "id = 1").exitCode == 2)
        #expect(try server.busyhour("customer", "delete").exitCode == 2)
        let done = try server.busyhour(arguments: selection + ["--yes", "--as", "anna"])
        #expect(
            done.output.contains("deleted 2 customers: 2 'Old One', 3 'Old Two'; `busyhour customer undo"), "\(done)")
        #expect(try server.busyhour("customer", "delete", "schröder ag", "--yes").exitCode == 0)
        let shown = try server.busyhour("customer", "show", "Schröder AG").errors
        #expect(
            shown.contains("customer 1 'Schröder AG' is deleted; `busyhour customer undo 1` brings it back"), "\(shown)"
        )
        let again = try server.busyhour("customer", "add", "Old One", "--currency", "EUR")
        #expect(again.output == "4\n")
        #expect(try server.busyhour("customer", "delete", "4", "--yes").exitCode == 0)

        let listed = try server.busyhour("customer", "list", "--deleted", "--format", "csv").output
        #expect(
            listed.split(separator: "\n").count == 5 && listed.contains("2,Old One,") && listed.contains(",anna,4,"))
        let ambiguous = try server.busyhour("customer", "undo", "old one")
        #expect(
            ambiguous.exitCode == 1
                && ambiguous.errors.contains("2 deleted customers were called 'old one': 2, 4; give the id"))
        #expect(try server.json("customer", "undo", "SCHRÖDER AG")["changed"] as? Int == 1)
        let history = try server.busyhour("customer", "history", "Schröder AG").output
        #expect(
            history.contains("takes back 5; restored") && history.contains("  deleted; (taken back by 8)"), "\(history)"
        )
        let old = try server.busyhour("customer", "history", "Old Two").output
        #expect(old.contains("deleted; (where name LIKE 'Old%')"), "\(old)")
        #expect(try server.busyhour("customer", "undo", "Nobody").errors.contains("deleted ones included"))
    }

    @Test func whatHoldsForATimeIsSetBackAcrossAKill() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            let server = try RunningServer(dataDirectory: folder)
            #expect(try server.busyhour("customer", "add", "A", "--currency", "EUR").exitCode == 0)
            #expect(
                try server.busyhour("customer", "edit", "A", "--set", "status=Penalty", "--for", "1s").exitCode == 0)
            #expect(
                try server.busyhour("customer", "edit", "A", "--set", "channels=5", "--until", "00:00").exitCode == 0)
            server.stop(by: SIGKILL)
        }
        let server = try RunningServer(dataDirectory: folder)
        // It was due while the server was away, or is soon.
        var status = ""
        for _ in 0..<2_000 where status != "Active" {
            status = try server.json("customer", "show", "A")["status"] as? String ?? ""
        }
        #expect(status == "Active")
        let changes = try #require(try server.json("customer", "history", "1")["changes"] as? [[String: Any]])
        // Where the machine is slow, a second has passed before the other edit.
        let back = changes.first { $0["kind"] as? String == "scheduled" }
        #expect(back?["undoes"] as? Int == 2)
        #expect(changes.contains { $0["undo_at"] as? String != nil && $0["undone_by"] is NSNull })
    }

    /// Scheduled, killed before its time, carried out by the next server once, and undone.
    @Test func whatBeginsLaterBeginsAcrossAKill() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            let server = try RunningServer(dataDirectory: folder)
            for name in ["A", "B"] {
                #expect(try server.busyhour("customer", "add", name, "--currency", "EUR").exitCode == 0)
            }
            let edit = ["edit", "--where", "tags HAS 'gold'", "--set", "channels=channels + 5", "--from"]
            let dry = try server.busyhour(arguments: edit + ["+1h", "--dry-run"])
            #expect(dry.output.contains("would change 0 customers of 0, as of now; it begins"))
            #expect(try server.busyhour("customer", "edit", "A", "--set", "tags+=gold").exitCode == 0)
            let night = ["customer", "edit", "B", "--set", "status=Penalty", "--from", "22:00", "--until", "06:00"]
            #expect(try server.busyhour(arguments: night + ["--as", "anna"]).exitCode == 0)
            let list = try server.busyhour("customer", "scheduled", "B")
            #expect(list.output.contains("1 change to come") && list.output.contains("status=Penalty (until "))
            #expect(try server.busyhour("customer", "show", "B").output.contains("scheduled"))
            let off = try server.busyhour("customer", "scheduled", "--cancel", "4", "--as", "ben")
            #expect(off.output == "called off what was to come of change 4, as change 5\n", "\(off.errors)")
            #expect(try server.busyhour("customer", "scheduled", "--cancel", "4").exitCode == 1)
            for bad in [["--from", "2020-01-01"], ["--from", "soon"], ["--from", "+1h", "--version", "1"]] {
                let refused = try server.busyhour(arguments: ["customer", "edit", "A", "--set", "channels=1"] + bad)
                #expect(refused.exitCode == 2, "\(bad): \(refused.errors)")
            }
            let said = try server.busyhour(arguments: edit + ["+2s"])
            #expect(said.output.contains("scheduled as change 6 for "), "\(said.output)\(said.errors)")
            #expect(said.output.contains("as of now for 1 customer; "), "\(said.output)\(said.errors)")
            server.stop(by: SIGKILL)
        }
        let server = try RunningServer(dataDirectory: folder)
        // It was due while the server was away, or is soon.
        var channels = 0
        for _ in 0..<2_000 where channels == 0 {
            channels = try server.json("customer", "show", "A")["channels"] as? Int ?? 0
        }
        let changes = try #require(try server.json("customer", "history")["changes"] as? [[String: Any]])
        #expect(channels == 5 && changes[0]["kind"] as? String == "scheduled" && changes[0]["of"] as? Int == 6)
        #expect(try server.json("status")["scheduled"] as? Int == 0)
        // By the number that was said when it was scheduled.
        #expect(try server.json("customer", "undo", "--change", "6")["changed"] as? Int == 1)
        #expect(try server.json("customer", "show", "A")["channels"] as? Int == 0)
    }

    @Test func whatIsExportedIsImportedUnchanged() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try RunningServer()
        let source = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        let demo = source.appendingPathComponent("tools/demo-data/customers.csv").path
        #expect(try server.busyhour("import", demo).exitCode == 0)
        #expect(try server.json("import", demo)["unchanged"] as? Int == 16)
        let edit = try server.busyhour(
            "customer", "edit", "1", "--notes", "=1+1\n'x", "--set", "tags=-gold", "--set", "routes=a;!b",
            "--contact-name", "@me")
        #expect(edit.exitCode == 0, "\(edit.errors)")
        let file = folder.appendingPathComponent("all.csv").path
        #expect(try server.busyhour("export", file).exitCode == 0)
        let same = try server.json("import", file)
        #expect(same["unchanged"] as? Int == 16 && same["updated"] as? Int == 0 && same["change"] is NSNull, "\(same)")
        // Another server gets the same customers from it, and exports the same file.
        let other = try RunningServer()
        #expect(try other.json("import", file, "--dry-run")["would_create"] as? Int == 16)
        #expect(try other.json("import", file)["created"] as? Int == 16)
        let copy = folder.appendingPathComponent("copy.csv").path
        #expect(try other.busyhour("export", copy).exitCode == 0)
        #expect(try Data(contentsOf: URL(filePath: copy)) == Data(contentsOf: URL(filePath: file)))
        #expect(try server.busyhour("export", "--where", "id <= 2", "-").output.split(separator: "\n").count == 4)
        // Some rows change, one is new; with an error nothing happens.
        let list = folder.appendingPathComponent("list.csv")
        try Data("Kunde;Kanäle;Währung\nNorthwind Telecom;61;USD\nNew one;4,42E+11;EUR\nNew two;5;XXX\n".utf8).write(
            to: list)
        let map = "1=name,2=channels,3=currency"
        let refused = try server.busyhour("import", list.path, "--map", map)
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("row 3, column B \"channels\": 4,42E+11 looks damaged by a spreadsheet"))
        #expect(refused.errors.contains("row 4, column C \"currency\": currency 'XXX'"))
        #expect(refused.errors.contains("nothing was created or changed: 2 errors in 3 rows"))
        try Data("Kunde;Kanäle;Währung\nNorthwind Telecom;61;USD\nNew one;442;EUR\n".utf8).write(to: list)
        let would = try server.busyhour("import", list.path, "--map", map, "--dry-run")
        #expect(would.output == "would create 1 customer, update 1, unchanged 0, errors 0\n")
        let done = try server.json("import", list.path, "--map", map, "--as", "ina")
        #expect(done["created"] as? Int == 1 && done["updated"] as? Int == 1)
        let change = try #require(done["change"] as? Int)
        #expect(try server.json("customer", "undo", "--change", "\(change)")["changed"] as? Int == 2)
        #expect(try server.json("import", file)["unchanged"] as? Int == 16)
        #expect(try server.json("status")["customers"] as? Int == 16)
    }

    private static func rows(_ server: RunningServer) throws -> [[String: Any]] {
        let columns = "id,name,channels,credit,tags,version"
        return try server.json("board", "--sort", "id", "--columns", columns)["rows"] as? [[String: Any]] ?? []
    }
}
