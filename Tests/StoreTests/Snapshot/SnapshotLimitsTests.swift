import Board
import CSQLite
import Columnar
import Testing

@testable import Store

/// The bounds of a snapshot, each at its last and at the next: what may be written can be read.
@Suite struct SnapshotLimitsTests {
    private func table(_ id: Int, columns: Int, name: String = "t", column: String = "c") -> SavedTable {
        let values = SavedValues(.unsigned8, rowCount: 1)
        return SavedTable(
            id: UInt16(id), name: name, columns: (0..<columns).map { SavedColumn(UInt16($0), column, values) })
    }

    /// Writing reads back, so a file that could not be read gets no name.
    private func write(_ tables: [SavedTable], producers: Int = 0, isRight: Bool, _ what: String) throws {
        let directory = try TemporaryDirectory()
        let producers = (0..<producers).map {
            SavedProducer(idHigh: 1, idLow: UInt64($0), epoch: 2, sequence: UInt64($0))
        }
        do {
            _ = try directory.snapshots.write(tables, producers: producers, mark: .sample(1))
            let snapshot = try #require(try directory.snapshots.newest(.board))
            #expect(isRight && areEqual(snapshot.tables, tables) && snapshot.producers == producers, "\(what)")
        } catch let error as SnapshotError {
            guard case .schema = error.reason else {
                Issue.record("\(what): \(error)")
                return
            }
            #expect(!isRight, "\(what)")
            #expect(try directory.names == [])
        }
    }

    @Test func tablesAndColumnsHaveBounds() throws {
        for more in 0...1 {
            let (tables, columns) = (SnapshotLimits.tables + more, SnapshotLimits.columns + more)
            try write((0..<tables).map { table($0, columns: 1) }, isRight: more == 0, "\(tables) tables")
            try write([table(1, columns: columns), table(2, columns: 1)], isRight: more == 0, "\(columns) columns")
        }
        try write([], isRight: true, "nothing")
    }

    @Test func namesHaveBounds() throws {
        for character in ["a", "é"] {
            for count in [SnapshotLimits.nameBytes, SnapshotLimits.nameBytes + 1] {
                var name = count % 2 == 0 ? "" : "x"
                while name.utf8.count < count { name += character }
                let isRight = count <= SnapshotLimits.nameBytes
                try write([table(1, columns: 1, name: name)], isRight: isRight, "a name of \(count) bytes")
                try write([table(1, columns: 1, column: name)], isRight: isRight, "a column of \(count) bytes")
            }
        }
    }

    @Test func producersHaveABound() throws {
        for more in 0...1 {
            let count = Int(SnapshotLimits.producers) + more
            try write([table(1, columns: 1)], producers: count, isRight: more == 0, "\(count) producers")
        }
    }

    /// A file of some kilobytes with zeros that are not packed as nothing: each block takes memory all the same.
    @Test func zerosInDisguiseTakeMemory() throws {
        let directory = try TemporaryDirectory()
        var zeros = Column<Int64>()
        zeros.grow(to: 2_200 * ChunkSize.rows)
        let table = SavedTable(id: 1, name: "bomb", columns: [SavedColumn(1, "c", .signed64(zeros))])
        let receipt = try directory.snapshots.write([table], mark: .sample(1))
        var handle: OpaquePointer?
        #expect(sqlite3_open(receipt.path, &handle) == SQLITE_OK)
        // A base of 0, offsets of no bits, and the padding.
        let sql = "UPDATE block SET codec = \(BlockCodec.packed.rawValue), data = zeroblob(19)"
        #expect(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle)))")
        sqlite3_close(handle)
        #expect {
            try SnapshotDirectory.read(receipt.path)
        } throws: {
            ($0 as? SnapshotError)?.reason == .tooLarge
        }
    }

    /// Only names as they are given count; what else is in a directory stays, except for what a crash left.
    @Test func otherNamesAreNoSnapshots() throws {
        let directory = try TemporaryDirectory()
        let (snap, soft) = (SnapshotMark.sample(12).fileName, SnapshotMark.sample(3, kind: .statistics).fileName)
        let others = [
            "snap-12.db", "snap-.db", "snap-00000000000000000012.dbx", "snap-00000000000000000012.db.bad",
            "snap-0000000000000000001a.db", "xsnap-00000000000000000012.db", "snap-99999999999999999999.db",
            "snap-+0000000000000000012.db", "SNAP-00000000000000000012.db", "snap-000000000000000000012.db", "lock",
        ]
        let unfinished = [snap + ".tmp", soft + ".tmp", "x.db.tmp"]
        for name in others + unfinished + [snap, soft, "y.tmp"] {
            try directory.write([1], to: directory.path + "/" + name)
        }
        #expect(try directory.snapshots.numbers(.board) == [12])
        #expect(try directory.snapshots.numbers(.statistics) == [3])
        #expect(try directory.snapshots.numbers(.backup) == [])
        try directory.snapshots.removeUnfinished()
        #expect(try directory.names == (others + [snap, soft, "y.tmp"]).sorted())
        #expect(SnapshotMark.fileName(.board, .max) == "snap-18446744073709551615.db")
    }
}
