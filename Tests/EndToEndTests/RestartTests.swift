// What a server has after a restart.

import Foundation
import Testing

@Suite struct RestartTests {
    @Test func aStoppedServerGoesOnWhereItWas() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var before: [String: Any] = [:]
        do {
            let server = try RunningServer(dataDirectory: folder)
            try Self.fill(server)
            before = try server.json("board", "--limit", "100")
            server.stop()
        }
        let server = try RunningServer(dataDirectory: folder)
        let after = try server.json("board", "--limit", "100")
        #expect(NSDictionary(dictionary: after) == NSDictionary(dictionary: before))
        // What was counted once is not counted again.
        let again = try server.json("feed", "hep", Fixtures.recording("sngrep")[0].path)
        #expect(again["calls"] as? Int == 0)
        let unchanged = try server.json("board", "--limit", "100")
        #expect(NSDictionary(dictionary: unchanged) == NSDictionary(dictionary: before))
        let status = try server.json("status")
        #expect(status["statistics_saved"] as? String == before["as_of"] as? String)
    }

    @Test func aKilledServerHasTheCustomersThatWereSaved() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            let server = try RunningServer(dataDirectory: folder)
            try Self.fill(server)
            try Self.waitForSnapshot(folder)
            server.stop(by: SIGKILL)
        }
        let server = try RunningServer(dataDirectory: folder)
        #expect(try server.json("status")["customers"] as? Int == 16)
        #expect(try server.busyhour("customer", "add", "Newcomer", "--currency", "EUR").exitCode == 0)
        let names = try server.json("board", "--search", "newcomer")
        #expect(names["matched"] as? Int == 1)
    }

    @Test func aDamagedFileIsSetAsideAndTold() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            let server = try RunningServer(dataDirectory: folder)
            try Self.fill(server)
            server.stop()
        }
        let file = try #require(try Self.files(folder).first { $0.lastPathComponent.hasPrefix("snap-") })
        try Data("none of ours".utf8).write(to: file)
        // There is no other: a server that began with nothing would hide the loss.
        #expect(throws: (any Error).self) { try RunningServer(dataDirectory: folder) }
        #expect(try Self.files(folder).contains { $0.lastPathComponent == file.lastPathComponent + ".bad" })
    }

    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("restart-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func fill(_ server: RunningServer) throws {
        let source = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        let customers = source.appendingPathComponent("tools/demo-data/customers.csv")
        #expect(try server.busyhour("import", customers.path).exitCode == 0)
        #expect(try server.busyhour("feed", "hep", Fixtures.recording("sngrep")[0].path).exitCode == 0)
    }

    private static func files(_ folder: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    }

    /// The import is one request, so the first file has all of it.
    private static func waitForSnapshot(_ folder: URL) throws {
        let deadline = Date(timeIntervalSinceNow: 60)
        while try !files(folder).contains(where: { $0.pathExtension == "db" && $0.lastPathComponent.hasPrefix("snap-") }
        ) {
            guard Date() < deadline else { throw Programs.Failure(message: "nothing was saved within a minute") }
            usleep(10_000)
        }
    }
}
