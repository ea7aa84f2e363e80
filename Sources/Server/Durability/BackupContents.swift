// The contents of a backup: the tables of the customers and of the statistics, and the key of call hashes, without
// which calls observed again after the restart would count twice.

import Board
import Columnar
import Feeds
import Glibc
import Store

/// The parts of a backup.
struct BackupContents {
    var customers: [SavedTable] = []
    /// Empty if the server had received nothing.
    var statistics: [SavedTable] = []
    var hashSeed: HashSeed

    /// Never another table's; the ids of customers and statistics are below.
    private static let installationTable: UInt16 = 1_024

    /// Reads a file named by the operator.
    /// - Throws: what is wrong with it, and what to do instead.
    static func read(_ file: String) throws(ServerError) -> (Snapshot, BackupContents) {
        let snapshot: Snapshot
        try checkFile(file)
        do throws(SnapshotError) { snapshot = try SnapshotDirectory.read(file) } catch {
            throw ServerError(Self.text(error, file), kind: .environment)
        }
        return (snapshot, try BackupContents(snapshot, file))
    }

    /// SQLite does not say why a file cannot be opened.
    static func checkFile(_ file: String) throws(ServerError) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        let failure = errno
        guard descriptor >= 0 else {
            throw ServerError(
                "cannot read \(file): \(String(cString: strerror(failure)).lowercased()); \(remedy)", kind: .environment
            )
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw ServerError("\(file) is no file; \(remedy)", kind: .environment)
        }
    }

    private static let remedy = "give a backup, which busyhour snapshot --to FILE makes"

    private static func text(_ error: SnapshotError, _ file: String) -> String {
        switch error.reason {
        case _ where error.isNoSnapshot: "\(file) is no backup of BusyHour; \(remedy)"
        case .formatVersion: "\(error)"
        case _ where error.isDamage: "\(file) is a damaged backup: \(error.what)"
        default: "\(error)"
        }
    }

    init(_ snapshot: Snapshot, _ file: String) throws(ServerError) {
        guard snapshot.mark.kind == .backup,
            case .signed64(let key)? = snapshot.table(Self.installationTable)?.column(1)?.values, key.count == 2
        else {
            throw ServerError(
                "\(file) is a part of a data directory, and no backup; give the directory itself, or a backup, "
                    + "which busyhour snapshot --to FILE makes",
                kind: .environment)
        }
        hashSeed = HashSeed(first: UInt64(bitPattern: key[0]), second: UInt64(bitPattern: key[1]))
        for table in snapshot.tables where table.id != Self.installationTable {
            if table.isOfStatistics { statistics.append(table) } else { customers.append(table) }
        }
    }

    static func table(of seed: HashSeed) -> SavedTable {
        var key = Column<Int64>()
        key.append(Int64(bitPattern: seed.first))
        key.append(Int64(bitPattern: seed.second))
        return SavedTable(
            id: installationTable, name: "installation", columns: [SavedColumn(1, "hash_key", .signed64(key))])
    }
}
