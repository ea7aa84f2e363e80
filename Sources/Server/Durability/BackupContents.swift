// What a backup has: the tables of the customers and of the statistics, and the key under which calls are told apart, without
// which calls that are heard again after the restart would count twice.

import Board
import Columnar
import Feeds
import Store

/// The parts of a backup.
struct BackupContents {
    var customers: [SavedTable] = []
    /// Empty where the server had heard nothing.
    var statistics: [SavedTable] = []
    var hashSeed: HashSeed

    /// Never another table's; those of customers and statistics are below.
    private static let installationTable: UInt16 = 1_024

    init(_ snapshot: Snapshot) throws(ServerError) {
        guard snapshot.mark.kind == .backup,
            case .signed64(let key)? = snapshot.table(Self.installationTable)?.column(1)?.values, key.count == 2
        else {
            throw ServerError(
                "this is no backup; make one with `busyhour snapshot --to FILE`, or give the directory itself",
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
