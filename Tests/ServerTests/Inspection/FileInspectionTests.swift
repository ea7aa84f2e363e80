import Board
import Feeds
import Foundation
import Store
import Testing

@testable import Server

/// Files that an operator names for --check, --repair and --restore: each says what it is, and what to do.
@Suite struct FileInspectionTests {
    private let folder = temporaryDirectory()

    private func file(_ name: String, _ data: Data) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/" + name
        try data.write(to: URL(fileURLWithPath: path))
        return path
    }

    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
        } catch {
            return "\(error)"
        }
        return "no error"
    }

    private func backup() throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var customer = Customer()
        (customer.name, customer.currency) = ("a", "EUR")
        let engine = Engine()
        _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: 1)
        let mark = SnapshotMark(
            kind: .backup, number: 1, lsn: 1, engineMicros: 0, clusterHigh: 1, clusterLow: 2, writer: "test")
        let tables = engine.snapshot().tables() + [BackupContents.table(of: .random())]
        let file = try SnapshotDirectory(path: folder).writeBackup(tables, producers: [], mark: mark)
        let bytes = try file.read(at: 0, count: file.receipt.byteCount)
        return try self.file("backup.db", Data(bytes))
    }

    @Test func whatIsNotThere() {
        let path = folder + "/nofile"
        #expect(
            message { try BackupRestore.restore(path, to: folder + "/new") }
                == "cannot read \(path): no such file or directory; give a backup, "
                + "which busyhour snapshot --to FILE makes")
        #expect(
            message { _ = try DataInspection(path: path) }
                == "cannot read \(path): no such file or directory; give a data directory of busyhourd, or a backup "
                + "(busyhour snapshot --to FILE)")
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func whatIsSomethingElse() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for data in [Data("root:x:0:0\n".utf8), Data(), Data(repeating: 7, count: 5_000)] {
            let path = try file("passwd", data)
            #expect(
                message { _ = try DataInspection(path: path) }
                    == "\(path) is neither a data directory nor a backup of BusyHour; give a data directory of busyhourd, "
                    + "or a backup (busyhour snapshot --to FILE)")
            #expect(
                message { try BackupRestore.restore(path, to: folder + "/new") }
                    == "\(path) is no backup of BusyHour; give a backup, which busyhour snapshot --to FILE makes")
            #expect(
                message { _ = try DataRepair(path: path) }
                    == "\(path) is a file, and only data directories are repaired; use another backup, or make one "
                    + "(busyhour snapshot --to FILE)")
        }
        #expect(message { try BackupRestore.restore(folder, to: folder + "/new") }.hasPrefix("\(folder) is no file; "))
        #expect(
            message { _ = try DataInspection(path: folder) }.hasPrefix(
                "\(folder) is no data directory: it has neither a journal nor snapshots; "))
        #expect(!FileManager.default.fileExists(atPath: folder + "/new"))
    }

    @Test func aBackupThatIsCut() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let whole = try backup()
        let inspection = try DataInspection(path: whole)
        #expect(inspection.isFile && inspection.faults.isEmpty && inspection.lines.count == 2)
        let data = try Data(contentsOf: URL(fileURLWithPath: whole))
        for count in [data.count / 2, data.count * 3 / 4] {
            let cut = try file("cut.db", data.prefix(count))
            let inspection = try DataInspection(path: cut)
            #expect(inspection.isFile && inspection.faults.count == 1)
            #expect(inspection.faults.first?.hasPrefix("snapshot \(cut): ") == true)
            let refusal = message { try BackupRestore.restore(cut, to: folder + "/new") }
            #expect(refusal.hasPrefix("\(cut) is a damaged backup: "))
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/new"))
        try BackupRestore.restore(whole, to: folder + "/new")
        #expect(try DataInspection(path: folder + "/new").faults.isEmpty)
        // A part of a data directory is no backup.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/new")
        let part = folder + "/new/" + (try #require(names.first { $0.hasSuffix(".db") }))
        let refusal = message { try BackupRestore.restore(part, to: folder + "/other") }
        #expect(refusal.hasPrefix("\(part) is a part of a data directory, and no backup; "))
        #expect(try DataInspection(path: part).faults.count == 1)
    }
}
