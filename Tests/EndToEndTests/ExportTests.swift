// Files that a spreadsheet opens, out of the program and in again.

import Foundation
import Testing

@Suite struct ExportTests {
    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("export-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func customers(_ server: RunningServer) throws -> [NSDictionary] {
        let result = try server.busyhour("customer", "list", "--format", "json")
        let list = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
        return list.map { customer in
            NSDictionary(dictionary: customer.filter { !["created_at", "updated_at"].contains($0.key) })
        }
    }

    @Test func aFileForEuropesExcelComesBack() throws {
        let (server, other, folder) = (try RunningServer(), try RunningServer(), try Self.folder())
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, credit) in [("Müller; Söhne", "-1234.567"), ("#NAME?", "1234567.5"), ("=1+1", "0.125")] {
            let added = try server.busyhour(
                "customer", "add", "--name", name, "--currency", "EUR", "--credit", credit, "--notes", "a\n\"b\"",
                "--contact-name", "'Ann", "--contact-email", "ann@müller.example", "--contact-mobile", "+4915550100011")
            #expect(added.exitCode == 0, "\(added.errors)")
        }
        let file = folder.appendingPathComponent("kunden.csv")
        let written = try server.busyhour(
            "export", "--separator", ";", "--bom", "--decimal-comma", file.path)
        #expect(written.exitCode == 0 && written.errors.hasPrefix("exported 3 customers"), "\(written.errors)")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(
            text.unicodeScalars.starts(with: "\u{FEFF}id;name;currency;".unicodeScalars)
                && text.contains(";-1234,5670;"), "\(text)")
        for arguments in [[], ["--decimal-comma"]] {
            let imported = try other.busyhour(arguments: ["import", file.path] + arguments)
            #expect(imported.exitCode == 0, "\(imported.errors)")
        }
        #expect(try Self.customers(server) == Self.customers(other))
        let some = folder.appendingPathComponent("credits.csv")
        #expect(try server.busyhour("export", "--columns", "id,credit", some.path).exitCode == 0)
        #expect(try String(contentsOf: some, encoding: .utf8).hasPrefix("id,credit\n1,-1234.567\n"))
        try Data("id;credit\n1;-2000,50\n2;\n".utf8).write(to: some)
        #expect(try server.json("import", some.path)["updated"] as? Int == 1)
        #expect(try Self.customers(server).first?["credit"] as? String == "-2000.50")
    }

    @Test func tablesAsCSVTakeTheSameOptions() throws {
        let server = try RunningServer()
        #expect(try server.busyhour("customer", "add", "Müller", "--currency", "EUR", "--credit", "12.5").exitCode == 0)
        let options = ["--format", "csv", "--separator", "tab", "--decimal-comma"]
        let board = try server.busyhour(arguments: ["board", "--columns", "name,credit,asr"] + options)
        #expect(board.output == "name\tcredit\tasr\nMüller\t12,50\t\n")
        let list = try server.busyhour(arguments: ["customer", "list", "--bom"] + options)
        #expect(list.output.hasPrefix("\u{FEFF}id\tname\tcurrency"))
        for command in [["warning", "list"], ["calls", "--ended"], ["calls"]] {
            let table = try server.busyhour(arguments: command + options)
            #expect(table.exitCode == 0 && table.output.contains("\tname\t"), "\(command): \(table)")
        }
    }

    @Test func whatIsNoCSVIsRefused() throws {
        let server = try RunningServer()
        let cases: [([String], String)] = [
            (["export", "--format", "json", "-"], "export writes CSV"),
            (["export", "x.xlsx"], "name the file .csv"), (["export", "X.JSON"], "name the file .csv"),
            (["export", "--columns", "nme", "-"], "did you mean 'name'?"),
            (["export", "--columns", "name,name", "-"], "named twice"),
            (["export", "--columns", ",", "-"], "no column"),
            (["export", "--separator", "x", "-"], "give ',', ';', '|' or tab"),
            (["board", "--bom"], "add --format csv"), (["calls", "--separator", ","], "add --format csv"),
            (["warning", "list", "--format", "json", "--decimal-comma"], "add --format csv"),
        ]
        for (arguments, hint) in cases {
            let result = try server.busyhour(arguments: arguments)
            #expect(
                result.exitCode == 2 && result.errors.contains(hint) && result.output.isEmpty, "\(arguments): \(result)"
            )
            #expect(result.errors.split(separator: "\n").count == 1, "\(arguments): \(result)")
        }
        #expect(try server.busyhour("export", "--format", "csv", "-").output.hasPrefix("id,name,"))
    }
}
