// Data directories with the real programs: checked, repaired, restored from a backup, of every format that was
// released.

import Foundation
import Testing

@Suite struct DataDirectoryTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("data-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func busyhourd(_ arguments: String...) throws -> Programs.Result {
        try Programs.run(Programs.url("busyhourd"), arguments)
    }

    /// A copy of a directory that a killed server of a version left.
    private func golden(_ version: String = "1") throws -> URL {
        let copy = folder.appendingPathComponent("golden-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Fixtures.file("data/\(version)"), to: copy)
        return copy
    }

    private static func contents(_ folder: URL) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let file = folder.appendingPathComponent(path)
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory)
            if !isDirectory.boolValue { contents[path] = try Data(contentsOf: file) }
        }
        return contents
    }

    private func segments(_ directory: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: directory.appendingPathComponent("journal"), includingPropertiesForKeys: nil
        ).filter { $0.pathExtension == "log" }.sorted { $0.path < $1.path }
    }

    private func snapshots(_ directory: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasPrefix("snap-") && $0.pathExtension == "db" }.sorted { $0.path < $1.path }
    }

    private static func change(_ file: URL, _ body: (inout Data) -> Void) throws {
        var data = try Data(contentsOf: file)
        body(&data)
        try data.write(to: file)
    }

    // MARK: - Formats

    /// Every directory of Tests/Fixtures/data, for ever.
    @Test func everyReleasedFormatIsRead() throws {
        let versions = try FileManager.default.contentsOfDirectory(atPath: Fixtures.file("data").path)
            .filter { !$0.contains(".") }
        #expect(!versions.isEmpty)
        for version in versions {
            defer { try? FileManager.default.removeItem(at: folder) }
            let directory = try golden(version)
            let before = try Self.contents(directory)
            let check = try busyhourd("--check", directory.path)
            #expect(check.exitCode == 0, "\(check.output)\(check.errors)")
            for line in try String(contentsOf: Fixtures.file("data/\(version).expected"), encoding: .utf8)
                .split(separator: "\n")
            {
                #expect(check.output.contains(line), "\(check.output)")
            }
            #expect(try Self.contents(directory) == before, "a check changes nothing")
            let server = try RunningServer(dataDirectory: directory)
            for (command, answer) in try answers(version) {
                let result = try Programs.run(
                    URL(fileURLWithPath: "/bin/sh"),
                    ["-c", "'\(Programs.url("busyhour").path)' --server \(server.rpcAddress) \(command)"])
                #expect(result.output == answer, "\(version): \(command): \(result.errors)")
            }
        }
    }

    /// What `tools/golden-data` wrote down: commands, and what they answered then.
    private func answers(_ version: String) throws -> [(command: String, answer: String)] {
        let text = try String(contentsOf: Fixtures.file("data/\(version).answers"), encoding: .utf8)
        return text.components(separatedBy: "\n$ ").enumerated().map { number, part in
            let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            let answer = lines.count < 2 || lines[1].isEmpty ? "" : lines[1] + (lines[1].hasSuffix("\n") ? "" : "\n")
            return (String(number == 0 ? lines[0].dropFirst(2) : lines[0]), answer)
        }
    }

    /// What a newer program wrote is left alone, to the last byte.
    @Test func aNewerFormatIsRefusedAndStaysAsItIs() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let journal = try golden()
        // The format's number in the header; its hash is made right again.
        let program = """
            import sqlite3, sys
            for name in sys.argv[1:]:
                database = sqlite3.connect(name)
                database.execute('PRAGMA user_version = 2')
                database.close()
            """
        let snapshot = try golden()
        _ = try Programs.run(
            URL(fileURLWithPath: "/usr/bin/python3"), ["-c", program] + snapshots(snapshot).map(\.path))
        try Self.change(try #require(try segments(journal).last)) { $0.replaceSubrange(8..<12, with: [2, 0, 0, 0]) }
        for directory in [journal, snapshot] {
            let before = try Self.contents(directory)
            #expect(throws: (any Error).self) { try RunningServer(dataDirectory: directory) }
            let check = try busyhourd("--check", directory.path)
            #expect(check.exitCode == 1)
            var after = try Self.contents(directory)
            after["lock"] = nil
            after["journal/lock"] = nil
            #expect(after == before)
        }
        #expect(try busyhourd("--check", snapshot.path).output.contains("has the format 2"))
        #expect(try busyhourd("--repair", snapshot.path).errors.contains("nothing was changed"))
    }

    // MARK: - Check and repair

    @Test func aDirectoryInUseIsNotCheckedAndFreeAfterAKill() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let directory = folder.appendingPathComponent("data")
        for _ in 0..<3 {
            let server = try RunningServer(dataDirectory: directory)
            let check = try busyhourd("--check", directory.path)
            #expect(check.exitCode == 1 && check.errors.contains("in use by the server with process id"))
            #expect(try busyhourd("--repair", directory.path).exitCode == 1)
            let second = try busyhourd("--data-dir", directory.path, "--listen", "127.0.0.1:0", "--hep", "off")
            #expect(second.exitCode == 1 && second.errors.contains("in use by the server with process id"))
            server.stop(by: SIGKILL)
            #expect(try busyhourd("--check", directory.path).exitCode == 0)
        }
        #expect(try busyhourd("--check", folder.path + "/nowhere").exitCode == 1)
        let text = folder.appendingPathComponent("notes.txt")
        try Data("notes\n".utf8).write(to: text)
        for option in ["--check", "--repair", "--restore"] {
            let result = try busyhourd(option, text.path, "--data-dir", folder.path + "/new")
            #expect(result.exitCode == 1 && result.errors.hasPrefix("busyhourd: \(text.path) is "), "\(result.errors)")
        }
        #expect(try busyhourd("--check", "a", "--repair", "b").exitCode == 2)
    }

    /// Damage of a kind, what a repair leaves, and the customers that a server has then.
    @Test func damageIsNamedAndRepaired() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // Records 1 to 5: 60 customers, a snapshot's hash, 30 customers, a hash, 10 customers; the newest snapshot is
        // of record 3.
        let cases: [(String, Int, (URL) throws -> Void)] = [
            ("snap-", 100, { try Data("none of ours".utf8).write(to: try #require(try self.snapshots($0).last)) }),
            ("hash-key", 100, { try Self.change($0.appendingPathComponent("hash-key")) { $0[3] ^= 1 } }),
            // A frame that the newest snapshot has: nothing is lost.
            (".log", 100, { try Self.change(try self.segments($0)[0]) { $0[600] ^= 1 } }),
            // The last frame that a client was told of, with the mark behind it.
            (
                ".log", 90,
                { directory in
                    let last = try #require(try self.segments(directory).last)
                    try Self.change(last) { data in
                        let frames = stride(from: 512, to: data.count, by: 512).filter {
                            data[$0..<$0 + 4] == Data("Bfrm".utf8)
                        }
                        data[frames[frames.count - 2] + 100] ^= 1
                    }
                }
            ),
            (".log", 90, { try Self.change(try #require(try self.segments($0).last)) { $0[20] ^= 1 } }),
            ("journal", 90, { try FileManager.default.removeItem(at: $0.appendingPathComponent("journal")) }),
        ]
        for (index, (name, customers, damage)) in cases.enumerated() {
            let directory = try golden()
            try damage(directory)
            let before = try Self.contents(directory)
            let check = try busyhourd("--check", directory.path)
            #expect(check.exitCode == 1, "case \(index)")
            let faults = check.output.split(separator: "\n").filter { $0.hasPrefix("fault: ") }
            #expect(faults.contains { $0.contains(name) }, "case \(index): \(check.output)")
            #expect(try Self.contents(directory) == before)
            let repair = try busyhourd("--repair", directory.path)
            #expect(repair.exitCode == 0, "case \(index): \(repair.output)\(repair.errors)")
            // Where only the damaged header or the missing files knew of the last change, the repair cannot know that
            // it is lost.
            #expect(repair.output.contains(customers == 100 || name != ".log" ? "kept: " : ": "))
            if index == 3 {
                #expect(repair.output.contains("lost: the changes of the records from 5 to 5"), "\(repair.output)")
            }
            // What was cut is there, byte by byte.
            let kept = Set(try Self.contents(directory).values)
            for (file, bytes) in before where !file.hasPrefix("journal/spare") {
                #expect(kept.contains(bytes), "case \(index): \(file) is gone")
            }
            let server = try RunningServer(dataDirectory: directory)
            let board = try server.json("board", "--limit", "1")
            #expect(board["matched"] as? Int == customers, "case \(index): \(repair.output)")
            // And takes changes again.
            #expect(try server.busyhour("customer", "add", "After", "--currency", "EUR").exitCode == 0)
        }
    }

    @Test func whatHasNothingLeftIsNotRepaired() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let directory = try golden()
        for file in try snapshots(directory) { try Data("none of ours".utf8).write(to: file) }
        for file in try segments(directory) { try Self.change(file) { $0[20] ^= 1 } }
        let before = try Self.contents(directory)
        let repair = try busyhourd("--repair", directory.path)
        #expect(repair.exitCode == 1 && repair.errors.contains("nothing was changed"), "\(repair.errors)")
        var after = try Self.contents(directory)
        after["lock"] = nil
        #expect(after == before)
    }

    // MARK: - Snapshots and backups

    @Test func aBackupIsAServerOfItsOwn() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try RunningServer(dataDirectory: try golden())
        let saved = try server.json("snapshot")
        let files = try #require(saved["files"] as? [[String: Any]])
        #expect(files.first?["kind"] as? String == "customers")
        let backup = folder.appendingPathComponent("backup.db").path
        #expect(try server.busyhour("snapshot", "--to", backup).exitCode == 0)
        #expect(try server.busyhour("snapshot", "--to", backup).errors.contains("exists"))
        #expect(try server.busyhour("snapshot", "--to", folder.path + "/no/where").exitCode == 1)
        let before = try server.json("board", "--limit", "100", "--window", "all")
        // What comes behind it is not in it.
        #expect(try server.busyhour("customer", "add", "Later", "--currency", "EUR").exitCode == 0)
        let new = folder.appendingPathComponent("new")
        let restored = try busyhourd("--restore", backup, "--data-dir", new.path)
        #expect(restored.exitCode == 0 && restored.output.contains("holds: 100 customers"), "\(restored.errors)")
        #expect(try busyhourd("--restore", backup, "--data-dir", new.path).errors.contains("is not empty"))
        let copy = try RunningServer(dataDirectory: new)
        let after = try copy.json("board", "--limit", "100", "--window", "all")
        #expect(NSDictionary(dictionary: after) == NSDictionary(dictionary: before))
        // Calls that are in it are known again.
        let calls = folder.appendingPathComponent("calls.csv")
        try Data("id,account,setup_at,end_at,code\ncall7,8,1790000007,1790000017,200\n".utf8).write(to: calls)
        // The key of a row has its time since: what an earlier program counted under its id alone is another call.
        let anew = try copy.json("feed", "cdr", "--format", "csv", "--output", "json", calls.path)
        #expect(anew["calls"] as? Int == 1 && anew["duplicates"] as? Int == 0, "\(anew)")
        let fed = try copy.json("feed", "cdr", "--format", "csv", "--output", "json", calls.path)
        #expect(fed["calls"] as? Int == 0 && fed["duplicates"] as? Int == 1, "\(fed)")
        // A damaged one is refused before anything is made.
        try Self.change(URL(fileURLWithPath: backup)) { $0[$0.count / 2] ^= 0xFF }
        let other = folder.appendingPathComponent("other")
        if try busyhourd("--check", backup).exitCode != 0 {
            #expect(try busyhourd("--restore", backup, "--data-dir", other.path).exitCode == 1)
            #expect(!FileManager.default.fileExists(atPath: other.path))
        }
    }
}
