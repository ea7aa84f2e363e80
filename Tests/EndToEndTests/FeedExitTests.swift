// What a cron job sees of a feed: its exit code, and what of its rows was not counted.

import Foundation
import Testing

@Suite struct FeedExitTests {
    private static let header = "id,account,setup_at,answered_at,ended_at,duration,talk,outcome\n"

    private static func feed(_ server: RunningServer, _ text: String, _ more: [String] = []) throws -> Programs.Result {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("cdr-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        return try server.busyhour(arguments: ["feed", "cdr", "--format", "csv", file.path] + more)
    }

    private static func row(_ id: Int, _ account: String, _ day: String) -> String {
        "\(id),\(account),\(day)T00:00:00Z,\(day)T00:00:05Z,\(day)T00:01:05Z,65,60,\n"
    }

    /// What is counted elsewhere, or not, is named by its place; of many the first are.
    @Test func oddRowsAreNamedByTheirPlace() throws {
        let server = try RunningServer(["--clock", "wall"])
        #expect(try server.busyhour("customer", "add", "A", "--currency", "EUR", "--account", "a").exitCode == 0)
        let rows = [
            Self.row(1, "a", "2001-01-01"), Self.row(2, "nobody", "2001-01-01"), Self.row(3, "a", "2099-01-01"),
        ]
        let few = try Self.feed(server, Self.header + rows.joined())
        #expect(few.exitCode == 0, "\(few)")
        for place in ["csv:2: late: ", "csv:3: unattributed: ", "csv:4: future: "] {
            #expect(few.errors.contains(place), "\(place): \(few.errors)")
        }
        #expect(few.errors.split(separator: "\n").count == 3, "\(few.errors)")
        // Over several requests, and a blank line between.
        let many = (0..<5_000).map { Self.row(10 + $0, $0 < 4_990 ? "a" : "x\($0)", "2099-01-01") }
        let shown = try Self.feed(server, Self.header + "\n" + many.joined())
        let lines = shown.errors.split(separator: "\n")
        #expect(lines.count == 6 && lines.last == "4,995 more are future", "\(lines)")
        #expect(lines.first?.contains("csv:3: future: ") ?? false, "\(lines)")
    }

    @Test func standardInputHasRowsAsWell() throws {
        let server = try RunningServer(["--clock", "wall"])
        let process = Process()
        process.executableURL = try Programs.url("busyhour")
        process.arguments = ["--server", server.rpcAddress, "feed", "cdr", "--format", "csv", "-"]
        let (input, errors) = (Pipe(), Pipe())
        (process.standardInput, process.standardError) = (input, errors)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = Self.header + Self.row(1, "a", "2001-01-01") + Self.row(2, "b", "2001-01-01")
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let told = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(told.hasPrefix("standard input:2: unattributed: ") && told.contains("\nstandard input:3: "), "\(told)")
    }

    @Test func refusedRowsAreAnExitCode() throws {
        let server = try RunningServer()
        #expect(try server.busyhour("customer", "add", "A", "--currency", "EUR", "--account", "a").exitCode == 0)
        let good = "1,a,2026-01-01T00:00:00Z,2026-01-01T00:00:05Z,2026-01-01T00:01:05Z,65,60,\n"
        let whole = try Self.feed(server, Self.header + good)
        #expect(whole.exitCode == 0 && whole.errors.isEmpty, "\(whole)")
        let bad = good.replacingOccurrences(of: "1,a,2026", with: "2,a,noon") + good.replacing("65,60", with: "-5,60")
        let mixed = try Self.feed(server, Self.header + good.replacing("1,a", with: "3,a") + bad)
        #expect(mixed.exitCode == 1 && mixed.output.contains("\ncalls               1\n"), "\(mixed)")
        #expect(mixed.errors.contains("2 rows were refused"), "\(mixed)")
        let all = try Self.feed(server, Self.header + bad, ["--output", "json"])
        #expect(all.exitCode == 1 && all.output.contains("\"calls\":0"), "\(all)")
        let columns = try Self.feed(server, "nonsense,more\n1,2\n")
        #expect(columns.exitCode != 0, "\(columns)")
    }
}
