// `feed cdr` of files as they come: packed, cut short, in a directory, late and out of order, by a template.

import Foundation
import Testing

@Suite struct FeedFilesTests {
    private final class Folder {
        let path = NSTemporaryDirectory() + "busyhour-files-" + UUID().uuidString

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ name: String, _ bytes: [UInt8]) throws -> String {
            try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
            return path + "/" + name
        }
    }

    private static func report(_ file: String) throws -> [UInt8] { try Fixtures.bytes("reports/\(file)") }

    private static func server(_ customers: String) throws -> RunningServer {
        let server = try RunningServer()
        let imported = try server.busyhour("import", Fixtures.file("reports/\(customers)/customers.csv").path)
        #expect(imported.exitCode == 0, "\(imported)")
        return server
    }

    private static func row(_ server: RunningServer, _ id: Int) throws -> [String: Any] {
        let board = try server.json(
            "board", "--window", "all", "--columns", "id,attempts,answered,talk,cost", "--sort", "id")
        let rows = try #require(board["rows"] as? [[String: Any]])
        return try #require(rows.first { $0["id"] as? Int == id })
    }

    /// Cut short, then whole: nothing twice. Then by a template, and as one of a directory.
    @Test func packedFilesTemplatesAndDirectories() throws {
        let server = try Self.server("32-a-row-for-every-routing-attempt")
        let folder = try Folder()
        let whole = try Self.report("32-a-row-for-every-routing-attempt/export.csv.gz")
        let path = try folder.write("export.csv.gz", Array(whole.dropLast(60)))
        let cut = try server.busyhour("feed", "cdr", "--format", "yeti", "--output", "json", path)
        #expect(cut.exitCode == 1 && cut.errors.contains("cdr_cut_file: the packed file ends in the middle"), "\(cut)")
        _ = try folder.write("export.csv.gz", whole)
        let saved = try server.busyhour(
            "feed", "cdr", "--format", "yeti", "--save-template", "switch", "--output", "json", path)
        #expect(saved.exitCode == 0, "\(saved)")
        #expect(try Self.row(server, 1)["attempts"] as? Int == 4)
        let again = try server.busyhour("feed", "cdr", "--template", "switch", "--output", "json", folder.path)
        #expect(again.exitCode == 0 && again.output.contains("\"duplicates\":7"), "\(again)")
        let nothing = try server.busyhour("feed", "cdr", "--template", "switch", folder.path)
        #expect(nothing.exitCode == 0 && nothing.errors.contains("all 1 files were fed before"), "\(nothing)")
        let row = try Self.row(server, 1)
        #expect(row["attempts"] as? Int == 4 && row["answered"] as? Int == 3, "\(row)")
        let list = try server.busyhour("template", "list", "--format", "json")
        #expect(list.output.contains("\"kind\":\"cdr\"") && list.output.contains("\"format\":\"yeti\""), "\(list)")
        let wrong = try server.busyhour("import", "--template", "switch", path)
        #expect(wrong.exitCode == 1 && wrong.errors.contains("feed cdr --template"), "\(wrong)")
    }

    /// Report 36: the newest hour first, the hours of the change late, one of them twice; each file by a run of its
    /// own.
    @Test func theSecondPassInAFileOfItsOwn() throws {
        let server = try Self.server("36-daylight-saving-and-late-files")
        for name in ["late-3.csv", "late-1.csv", "late-1.csv", "late-2.csv"] {
            let file = Fixtures.file("reports/36-daylight-saving-and-late-files/\(name)").path
            let fed = try server.busyhour(
                "feed", "cdr", "--format", "csv", "--time-zone", "Europe/Berlin", "--output", "json", file)
            #expect(fed.exitCode == 0, "\(fed)")
        }
        let row = try Self.row(server, 1)
        #expect(row["attempts"] as? Int == 16 && row["answered"] as? Int == 16, "\(row)")
        let calls = try server.busyhour("calls", "--ended", "--limit", "100", "--format", "json")
        for time in ["2026-10-25T00:55:00", "2026-10-25T01:00:00", "2026-10-25T01:50:00", "2026-10-25T03:20:00"] {
            #expect(calls.output.contains(time), "\(time): \(calls.output)")
        }
    }
}
