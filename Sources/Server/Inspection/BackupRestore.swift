// A new data directory from a backup: `busyhourd --restore FILE --data-dir NEW`.

import Board
import Glibc
import Store

public enum BackupRestore {
    /// Fills a directory that is missing or empty. It is a new installation from then on: its files and those of
    /// the server that was backed up are never mistaken for each other.
    ///
    /// The snapshot is written first and the journal last, so that an incomplete directory does not start.
    /// - Throws: the backup is damaged, or the directory is in use; nothing was changed, or what exists does not start.
    public static func restore(_ file: String, to path: String) throws(ServerError) {
        let (snapshot, contents) = try BackupContents.read(file)
        do throws(RestoreError) {
            let engine = Engine()
            try engine.restore(contents.customers)
            if !contents.statistics.isEmpty { try engine.restoreStatistics(contents.statistics) }
        } catch {
            throw ServerError("\(file): \(error)", kind: .environment)
        }
        let directory = try DataDirectory(path: path)
        defer { directory.unlock() }
        let disk = POSIXDisk()
        let names = ((try? disk.list(path)) ?? []).filter { $0 != "lock" }
        guard names.isEmpty else {
            throw ServerError("\(path) is not empty; give a new directory as --data-dir", kind: .environment)
        }
        try write(snapshot, contents, directory)
    }

    private static func write(
        _ snapshot: Snapshot, _ contents: BackupContents, _ directory: DataDirectory
    ) throws(ServerError) {
        let snapshots = SnapshotDirectory(path: directory.path)
        var mark = snapshot.mark
        (mark.clusterHigh, mark.clusterLow) = (.random(in: 0 ... .max), .random(in: 0 ... .max))
        let cluster = ClusterID(high: mark.clusterHigh, low: mark.clusterLow)
        do throws(SnapshotError) {
            mark.kind = .board
            _ = try snapshots.write(contents.customers, mark: mark)
            if !contents.statistics.isEmpty {
                (mark.kind, mark.number) = (.statistics, 1)
                _ = try snapshots.write(contents.statistics, producers: snapshot.producers, mark: mark)
            }
        } catch {
            throw ServerError("\(error)", kind: .environment)
        }
        try directory.store(contents.hashSeed)
        do throws(JournalError) {
            try Journal.begin(
                directory: directory.path + "/journal", disk: POSIXDisk(), after: mark.lsn, cluster: cluster)
        } catch {
            throw ServerError("\(error)", kind: .environment)
        }
    }
}
