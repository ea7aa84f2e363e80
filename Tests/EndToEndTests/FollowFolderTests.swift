// `feed cdr --follow DIRECTORY`: files come, are renamed, grow and are rewritten, the feed and the server go and come
// back. Each call is counted once, whatever happens.

import Foundation
import Testing

@Suite struct FollowFolderTests {
    /// A directory that is followed, with the server.
    private final class Followed {
        private let root = FileManager.default.temporaryDirectory.appendingPathComponent("follow-\(UUID().uuidString)")
        private(set) var server: RunningServer
        private(set) var feed: Process?

        init() throws {
            try FileManager.default.createDirectory(
                at: root.appendingPathComponent("in"), withIntermediateDirectories: true)
            server = try RunningServer(dataDirectory: root.appendingPathComponent("data"))
            let added = try server.busyhour("customer", "add", "acme", "--currency", "EUR", "--account", "acme")
            #expect(added.exitCode == 0, "\(added)")
        }

        deinit {
            if let feed, feed.isRunning { kill(feed.processIdentifier, SIGKILL) }
            server.stop()
            try? FileManager.default.removeItem(at: root)
        }

        func path(_ name: String) -> String { root.appendingPathComponent("in/\(name)").path }

        func write(_ name: String, _ rows: String) throws {
            try write(name, bytes: Array((FollowFolderTests.header + rows).utf8))
        }

        /// In place: not by another file that is renamed.
        func write(_ name: String, bytes: [UInt8]) throws {
            let descriptor = open(path(name), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            defer { close(descriptor) }
            try #require(Foundation.write(descriptor, bytes, bytes.count) == bytes.count)
        }

        func append(_ name: String, _ rows: String) throws {
            let file = try #require(FileHandle(forWritingAtPath: path(name)))
            defer { try? file.close() }
            try file.seekToEnd()
            try file.write(contentsOf: Data(rows.utf8))
        }

        func follow() throws {
            feed = try server.start(
                ["feed", "cdr", "--format", "csv", "--follow", root.appendingPathComponent("in").path],
                state: root.appendingPathComponent("state"))
        }

        /// - Returns: the exit code.
        func endFeed(by signal: Int32) -> Int32? {
            guard let feed else { return nil }
            kill(feed.processIdentifier, signal)
            feed.waitUntilExit()
            return feed.terminationStatus
        }

        func restartServer(by signal: Int32) throws {
            let port = server.rpcPort
            server.stop(by: signal)
            server = try RunningServer(dataDirectory: root.appendingPathComponent("data"), rpcPort: port)
        }

        var attempts: Int {
            get throws {
                let board = try server.json("board", "--window", "all", "--columns", "attempts")
                let rows = board["rows"] as? [[String: Any]]
                return rows?.first?["attempts"] as? Int ?? 0
            }
        }

        /// Asks until so many calls are counted.
        /// - Parameter meanwhile: between two questions.
        func wait(for count: Int, meanwhile: () throws -> Void = {}) throws {
            let deadline = Date().addingTimeInterval(180)
            var seen = -1
            while Date() < deadline {
                seen = try attempts
                if seen >= count { break }
                #expect(feed?.isRunning ?? false, "the feed has ended")
                try meanwhile()
            }
            try #require(seen == count)
        }
    }

    private static let header = "id,account,setup_at,end_at,talk,code\n"

    /// Calls by these ids.
    private static func rows(_ ids: [String]) -> String {
        ids.enumerated().map { "\($0.element),acme,\(1_795_168_800 + $0.offset / 50),,30,200\n" }.joined()
    }

    @Test func filesThatComeAreRenamedRewrittenOrPacked() throws {
        let followed = try Followed()
        try followed.write("before.csv", Self.rows(["a1"]))
        try followed.follow()
        try followed.wait(for: 1)
        // What is being written has another name; it was there at every look that saw the other one finished.
        try followed.write("later.csv.part", Self.rows(["b1", "b2"]))
        try followed.write("new.csv", Self.rows(["c1", "c2", "c3"]))
        try followed.wait(for: 4)
        try FileManager.default.moveItem(atPath: followed.path("later.csv.part"), toPath: followed.path("later.csv"))
        try followed.wait(for: 6)
        // In place, under its name, of the same length: another file. One more row in another one: that row.
        try followed.write("new.csv", Self.rows(["d1", "d2", "d3"]))
        try followed.append("later.csv", Self.rows(["b3"]))
        try followed.wait(for: 10)
        // A copy has nothing new.
        try FileManager.default.copyItem(atPath: followed.path("new.csv"), toPath: followed.path("copy.csv"))
        let packed = try #require(Data(base64Encoded: Self.packed))
        try followed.write("more.csv.gz", bytes: Array(packed))
        try followed.wait(for: 12)
        #expect(followed.endFeed(by: SIGTERM) == 0)
        // Another run has nothing to do but what has come.
        try followed.write("z.csv", Self.rows(["z1"]))
        try followed.follow()
        try followed.wait(for: 13)
        #expect(followed.endFeed(by: SIGINT) == 0)
    }

    /// Rows of the ids `e1` and `e2`, by gzip.
    private static let packed =
        "H4sIAAAAAAACA8tM0UlMTs4vzSvRKU4tKS2ITyzRSc1LAVEliTnZOsn5Kalc"
        + "qYZARbmpOobmlqaGZhYWBgY6OsYGOkYGBlypRjilAMOLoI5bAAAA"

    /// A file that is written to at every look is left alone, or its calls are known when it is fed again.
    @Test func aFileThatGrows() throws {
        let followed = try Followed()
        try followed.write("growing.csv", Self.rows(["g0"]))
        try followed.follow()
        var rows = 1
        try followed.write("z.csv", Self.rows(["z1"]))
        while rows < 40 {
            try followed.append("growing.csv", Self.rows(["g\(rows)"]))
            rows += 1
            _ = try followed.attempts
        }
        try followed.wait(for: 41)
    }

    /// Rows without ids: only the places of what was fed tell that they are counted.
    @Test func theFeedIsKilledAndTheServerAsWell() throws {
        let followed = try Followed()
        let row = "acme,1795168800,1795168830,30,200\n"
        let header = "account,setup_at,end_at,talk,code\n"
        try followed.write(
            "long.csv", bytes: Array((header + String(repeating: row, count: 30_000)).utf8))
        try followed.follow()
        while try followed.attempts == 0 { #expect(followed.feed?.isRunning ?? false) }
        _ = followed.endFeed(by: SIGKILL)
        try followed.follow()
        try followed.wait(for: 30_000)
        try followed.write("next.csv", bytes: Array((header + row + row).utf8))
        try followed.wait(for: 30_002)
        // What was told to be counted and safe is; what comes when the server is back is counted.
        try followed.restartServer(by: SIGKILL)
        try followed.write("last.csv", bytes: Array((header + row + row + row).utf8))
        try followed.wait(for: 30_005)
        try followed.restartServer(by: SIGTERM)
        #expect(try followed.attempts == 30_005)
        #expect(followed.endFeed(by: SIGTERM) == 0)
    }
}
