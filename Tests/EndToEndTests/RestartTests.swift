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

    /// At once after the answer, before any snapshot: what was answered is there.
    @Test func aKilledServerHasEveryCustomerThatWasAnswered() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var names: Set<String> = []
        for round in 1...4 {
            let server = try RunningServer(dataDirectory: folder)
            for number in 1...3 {
                let name = "Customer \(round).\(number)"
                #expect(try server.busyhour("customer", "add", name, "--currency", "EUR").exitCode == 0)
                names.insert(name)
            }
            server.stop(by: SIGKILL)
            let again = try RunningServer(dataDirectory: folder)
            let rows = try again.json("board", "--limit", "100", "--columns", "id,name")["rows"] as? [[String: Any]]
            #expect(Set((rows ?? []).compactMap { $0["name"] as? String }) == names, "round \(round)")
            #expect((rows ?? []).compactMap { $0["id"] as? Int }.sorted() == Array(1...names.count), "round \(round)")
            // By turns stopped and killed: from the journal alone, and from a snapshot and the journal.
            again.stop(by: round % 2 == 0 ? SIGTERM : SIGKILL)
        }
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
        do {
            // The journal still has everything from its first record on.
            let server = try RunningServer(dataDirectory: folder)
            let board = try server.json("board", "--limit", "1")
            #expect(board["matched"] as? Int == 16)
            server.stop(by: SIGKILL)
        }
        #expect(try Self.files(folder).contains { $0.lastPathComponent == file.lastPathComponent + ".bad" })
        // There is no other, and the journal begins later or is gone: a server that began with nothing would hide the
        // loss.
        try Data("none of ours".utf8).write(to: file)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/journal")
        where name.hasSuffix(".log") {
            try FileManager.default.removeItem(atPath: folder.path + "/journal/" + name)
        }
        #expect(throws: (any Error).self) { try RunningServer(dataDirectory: folder) }
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
}
