import ArgumentParser
import Client
import Terminal
import Wire

struct SnapshotCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Save everything now, or make a backup while the server runs.",
        discussion: """
            busyhour snapshot                        the server writes its snapshots now
            busyhour snapshot --to backup.db         one file of everything, written here
            busyhourd --restore backup.db --data-dir NEW, then busyhourd --data-dir NEW: a server with what it holds

            The backup is one instant of a server that goes on, read back by the server before it is sent and compared here \
            before it gets its name. It is an SQLite file: sqlite3 backup.db 'SELECT * FROM tables'.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: "The backup's file; there must be none of this name.")
    var to: String?

    func report(from client: Client) async throws -> any Report {
        guard let to else {
            let answer = try await client.snapshot(timeout: global.patience(Limits.snapshotPatience))
            return SnapshotReport(answer: answer, path: nil)
        }
        var file = try BackupOutput(path: to)
        do {
            var request = Busyhour_V1_SnapshotRequest()
            request.backup = true
            let answer = try await client.snapshot(request, timeout: global.patience(Limits.snapshotPatience))
            var part = Busyhour_V1_ReadBackupRequest()
            part.backupID = answer.backupID
            var size: UInt64 = 1
            while part.offset < size {
                let got = try await client.readBackup(part)
                guard !got.octets.isEmpty else { throw Refusal("the server's backup ended early; try again") }
                try file.append([UInt8](got.octets))
                part.offset += UInt64(got.octets.count)
                size = got.bytes
            }
            try file.finish()
            return SnapshotReport(answer: answer, path: to)
        } catch {
            file.discard()
            throw error
        }
    }
}
