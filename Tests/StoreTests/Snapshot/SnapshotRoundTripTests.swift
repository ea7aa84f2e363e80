import Board
import CSQLite
import Columnar
import Glibc
import Randomness
import Testing

@testable import Store

@Suite struct SnapshotRoundTripTests {
    @Test func everythingComesBack() throws {
        for seed in Seeds.fixed(1...6) {
            let directory = try TemporaryDirectory()
            var random = RandomColumns(seed: seed)
            // One table reaches into a second chunk of rows, and one is empty.
            let tables = [
                random.table(id: 1, rows: ChunkSize.rows + 5), random.table(id: 2, rows: 0),
                random.table(id: 9, rows: 100),
            ]
            let mark = SnapshotMark.sample(seed)
            let receipt = try directory.snapshots.write(tables, producers: SavedProducer.samples, mark: mark)
            let snapshot = try #require(try directory.snapshots.newest(.board))
            #expect(areEqual(snapshot.tables, tables), "seed \(seed)")
            #expect(snapshot.mark == mark)
            #expect(snapshot.producers == SavedProducer.samples.reversed())
            #expect(snapshot.rootHash == receipt.rootHash)
            #expect(receipt.oldestNumber == seed)
            #expect(try directory.names == [SnapshotMark.sample(seed).fileName])
            #expect(try directory.bytes(receipt.path).count == receipt.byteCount)
        }
    }

    /// The same tables give the same root hash in every run, and one row more or another mark gives another.
    @Test func rootHashIsOfTheContent() throws {
        let directory = try TemporaryDirectory()
        func root(_ change: (inout SnapshotMark) -> Void = { _ in }, rows: Int = 50) throws -> UInt64 {
            var random = RandomColumns(seed: 3)
            var mark = SnapshotMark.sample(1)
            change(&mark)
            return try directory.snapshots.write([random.table(id: 1, rows: rows)], mark: mark).rootHash
        }
        let plain = try root()
        #expect(try root() == plain)
        #expect(try root(rows: 51) != plain)
        #expect(try root { $0.lsn += 1 } != plain)
        #expect(try root { $0.engineMicros += 1 } != plain)
        #expect(try root { $0.clusterLow += 1 } != plain)
        #expect(try root { $0.writer = "another" } != plain)
    }

    /// Each thing that a snapshot has, besides its rows, is part of the root hash, and comes back.
    @Test func theRootHashIsOfEverything() throws {
        let directory = try TemporaryDirectory()
        var roots: Set<UInt64> = []
        func write(
            _ change: (inout SnapshotMark, inout SavedTable, inout SavedProducer) -> Void = { _, _, _ in }
        ) throws {
            var random = RandomColumns(seed: 3)
            var (mark, producer) = (SnapshotMark.sample(1), SavedProducer.samples[1])
            var table = random.table(id: 1, rows: 20)
            change(&mark, &table, &producer)
            let written = try directory.snapshots.write([table], producers: [producer], mark: mark)
            let snapshot = try SnapshotDirectory.read(written.path)
            #expect(snapshot.mark == mark && snapshot.producers == [producer] && areEqual(snapshot.tables, [table]))
            #expect(roots.insert(written.rootHash).inserted, "the hash of another")
            #expect(unlink(written.path) == 0)
        }
        try write()
        try write { mark, _, _ in mark.kind = .statistics }
        try write { mark, _, _ in mark.kind = .backup }
        try write { mark, _, _ in mark.number += 1 }
        try write { mark, _, _ in mark.lsn += 1 }
        try write { mark, _, _ in mark.engineMicros = -1 }
        try write { mark, _, _ in mark.clusterHigh = 1 }
        try write { mark, _, _ in mark.clusterLow += 1 }
        try write { mark, _, _ in mark.writer += "x" }
        try write { _, table, _ in table = SavedTable(id: 2, name: table.name, columns: table.columns) }
        try write { _, table, _ in table = SavedTable(id: 1, name: "other", columns: table.columns) }
        try write { _, table, _ in
            let column = table.columns[5]
            table.columns[5] = SavedColumn(99, column.name, column.values)
        }
        try write { _, table, _ in
            let column = table.columns[5]
            table.columns[5] = SavedColumn(column.id, "other", column.values)
        }
        try write { _, table, _ in table.columns.removeLast() }
        try write { _, _, producer in producer.idHigh += 1 }
        try write { _, _, producer in producer.idLow += 1 }
        try write { _, _, producer in producer.epoch += 1 }
        try write { _, _, producer in producer.sequence += 1 }
    }

    /// Producers in any order, also such as differ in the second half of their ids only.
    @Test func producersComeBackInTheOrderOfTheirIDs() throws {
        let directory = try TemporaryDirectory()
        let producers = [0, 1, 255, 256, .max].flatMap { high in
            [0, 1, 255, 256, .max].map { SavedProducer(idHigh: high, idLow: $0, epoch: $0, sequence: high) }
        }
        var random = RandomColumns(seed: 8)
        for number in UInt64(1)...8 {
            let shuffled = number == 1 ? producers.reversed() : producers.shuffled(using: &random.generator)
            _ = try directory.snapshots.write([], producers: shuffled, mark: .sample(number))
            #expect(try directory.snapshots.newest(.board)?.producers == producers)
        }
    }

    /// Directories may have any name: also one with characters that mean something in the address of a file.
    @Test(arguments: ["a b", "a#b", "a?b", "a%23b", "100%", "?mode=rw", "ü", "a&b=c", "a+b", "'a'", "file:a"])
    func anyDirectoryWillDo(_ name: String) throws {
        let parent = try TemporaryDirectory()
        let path = parent.path + "/" + name
        #expect(mkdir(path, 0o700) == 0)
        var random = RandomColumns(seed: 8)
        let tables = [random.table(id: 1, rows: 5)]
        let receipt = try SnapshotDirectory(path: path).write(tables, mark: .sample(1))
        #expect(receipt.path == path + "/" + SnapshotMark.sample(1).fileName)
        let snapshot = try #require(try SnapshotDirectory(path: path).newest(.board))
        #expect(areEqual(snapshot.tables, tables))
        #expect(try parent.names == [name])
    }

    /// Zeros take no memory, so a small file may have a great many of them: customers without a call.
    @Test func zerosAreNotTakenForABomb() throws {
        let directory = try TemporaryDirectory()
        var zeros = Column<Int64>()
        zeros.grow(to: 2 * SnapshotLimits.unpackedBytes / MemoryLayout<Int64>.size)
        let table = SavedTable(id: 1, name: "idle", columns: [SavedColumn(1, "calls", .signed64(zeros))])
        _ = try directory.snapshots.write([table], mark: .sample(1, kind: .statistics))
        let snapshot = try #require(try directory.snapshots.newest(.statistics))
        #expect(areEqual(snapshot.tables, [table]))
    }

    @Test func twoOfAKindAreKept() throws {
        let directory = try TemporaryDirectory()
        var random = RandomColumns(seed: 4)
        let table = random.table(id: 1, rows: 10)
        var oldest: [UInt64] = []
        for number in UInt64(1)...4 {
            oldest.append(try directory.snapshots.write([table], mark: .sample(number)).oldestNumber)
            _ = try directory.snapshots.write([table], mark: .sample(number, kind: .statistics))
        }
        #expect(oldest == [1, 1, 2, 3])
        #expect(try directory.snapshots.numbers(.board) == [4, 3])
        #expect(try directory.snapshots.numbers(.statistics) == [4, 3])
        #expect(try directory.names.count == 4)
    }

    /// Nothing of a snapshot that was given up is left, and the one before is as it was.
    @Test func aWritingThatEndsEarlyLeavesNothing() throws {
        let directory = try TemporaryDirectory()
        var random = RandomColumns(seed: 5)
        let table = random.table(id: 1, rows: 10)
        _ = try directory.snapshots.write([table], mark: .sample(1))
        #expect {
            try directory.snapshots.write([table], mark: .sample(2), between: { false })
        } throws: {
            ($0 as? SnapshotError)?.reason == .cancelled
        }
        #expect(try directory.names == [SnapshotMark.sample(1).fileName])
        // A crash leaves this.
        try directory.write([1, 2, 3], to: directory.path + "/" + SnapshotMark.sample(3).fileName + ".tmp")
        #expect(try directory.snapshots.newest(.board)?.mark.number == 1)
        try directory.snapshots.removeUnfinished()
        #expect(try directory.names == [SnapshotMark.sample(1).fileName])
    }

    /// What a person sees with the `sqlite3` shell.
    @Test func aPersonCanReadIt() throws {
        let directory = try TemporaryDirectory()
        var random = RandomColumns(seed: 6)
        let receipt = try directory.snapshots.write(
            [random.table(id: 1, rows: 30)], producers: SavedProducer.samples, mark: .sample(8))
        let database = try SnapshotDatabase(reading: receipt.path)
        #expect(try database.integer("SELECT value FROM meta WHERE key = 'lsn'") == 8)
        #expect(try database.integer("SELECT count(*) FROM meta WHERE meaning <> ''") == 8)
        #expect(try database.integer("SELECT rows FROM \"tables\" WHERE \"table\" = 'table 1'") == 30)
        #expect(try database.integer("SELECT count(*) FROM \"columns\" WHERE raw_bytes > 0 AND stored_bytes > 0") == 6)
        #expect(try database.integer("SELECT sum(blocks) FROM codecs") >= 6)
        #expect(try database.integer("SELECT count(*) FROM producer WHERE length(id) = 16") == 2)
        let taken = try database.prepare("SELECT utc FROM taken")
        #expect(try taken.step())
        #expect(taken.text(0, limit: 100) == "2025-10-09 08:53:20")
    }
}
