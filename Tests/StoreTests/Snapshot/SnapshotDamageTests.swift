// Damaged files: an older snapshot, or a refusal; never other rows, a crash or a hang.

import Board
import CSQLite
import Columnar
import Foundation
import Testing

@testable import Store

@Suite struct SnapshotDamageTests {
    /// A small snapshot: 20 rows of every kind.
    private func smallSnapshot(_ directory: TemporaryDirectory) throws -> (SnapshotReceipt, [SavedTable], [UInt8]) {
        var random = RandomColumns(seed: 11)
        let tables = [random.table(id: 1, rows: 20)]
        let receipt = try directory.snapshots.write(tables, producers: SavedProducer.samples, mark: .sample(1))
        return (receipt, tables, try directory.bytes(receipt.path))
    }

    /// True: the file is refused. False: it is read, and gives what was written.
    private func isRefused(_ file: String, _ tables: [SavedTable], _ rootHash: UInt64) -> Bool {
        do {
            let snapshot = try SnapshotDirectory.read(file)
            #expect(areEqual(snapshot.tables, tables), "other rows")
            #expect(snapshot.mark == .sample(1) && snapshot.rootHash == rootHash)
            #expect(snapshot.producers == SavedProducer.samples.reversed())
            return false
        } catch {
            return true
        }
    }

    /// D5: one bit of every byte that means anything, one of it in every page.
    @Test func aFlippedBitIsFoundOrHarmless() throws {
        let directory = try TemporaryDirectory()
        let (receipt, tables, bytes) = try smallSnapshot(directory)
        let file = directory.path + "/flipped"
        var refused = 0
        var damaged = bytes
        for place in bytes.indices {
            // Most of a small file are zeros between the cells of a page: every sixteenth of those does.
            let isEmpty = bytes[max(0, place - 8)..<min(bytes.count, place + 8)].allSatisfy { $0 == 0 }
            if isEmpty && place % 16 != 0 { continue }
            damaged[place] ^= 1 << UInt8(place % 8)
            try directory.write(damaged, to: file)
            if isRefused(file, tables, receipt.rootHash) { refused += 1 }
            damaged[place] = bytes[place]
        }
        // Bytes that matter are some thousands; the rest is free space and words for people.
        #expect(refused > 1_500, "\(refused) of \(bytes.count)")
    }

    @Test func aTruncatedFileIsRefused() throws {
        let directory = try TemporaryDirectory()
        let (receipt, tables, bytes) = try smallSnapshot(directory)
        let file = directory.path + "/cut"
        for count in stride(from: 0, to: bytes.count, by: 97) {
            try directory.write(Array(bytes[..<count]), to: file)
            #expect(isRefused(file, tables, receipt.rootHash), "\(count) of \(bytes.count) bytes")
        }
    }

    /// Files that SQLite finds in order, but that are not what was written.
    @Test(arguments: [
        "UPDATE block SET rowid = -rowid",
        "UPDATE block SET rowid = 1000 WHERE rowid = 2",
        "UPDATE block SET data = (SELECT data FROM block o WHERE o.column_id = 4 AND o.part = 0) WHERE column_id = 3",
        """
        UPDATE block SET (codec, hash64, data) =
            (SELECT codec, hash64, data FROM block o WHERE o.column_id = 4 AND o.part = 0) WHERE column_id = 3
        """,
        "UPDATE block SET column_id = CASE column_id WHEN 3 THEN 4 WHEN 4 THEN 3 ELSE column_id END",
        "UPDATE block SET raw_len = raw_len + 1 WHERE column_id = 5",
        "UPDATE block SET raw_len = 9223372036854775807 WHERE column_id = 5",
        "UPDATE block SET rows = 19",
        "UPDATE block SET codec = 99 WHERE column_id = 1",
        "UPDATE block SET codec = 'raw' WHERE column_id = 1",
        "UPDATE block SET hash64 = 0 WHERE column_id = 1",
        "UPDATE block SET data = NULL WHERE column_id = 1",
        "UPDATE block SET data = zeroblob(1000000) WHERE column_id = 1",
        "UPDATE block SET data = zeroblob(100000000) WHERE column_id = 1",
        "DELETE FROM block WHERE column_id = 6",
        "DELETE FROM block",
        "INSERT INTO block SELECT * FROM block LIMIT 1",
        "UPDATE col SET rows = 21",
        "UPDATE col SET rows = 9223372036854775807",
        "UPDATE col SET rows = -1",
        "UPDATE col SET type = 'u64' WHERE column_id = 1",
        "UPDATE col SET type = 'i32' WHERE type = 'u32'",
        "UPDATE col SET name = 'other' WHERE column_id = 1",
        "UPDATE col SET name = CAST(zeroblob(5000) AS TEXT) WHERE column_id = 1",
        "UPDATE col SET table_id = 70000",
        "DELETE FROM col WHERE column_id = 6",
        "INSERT INTO col VALUES(1, 7, 'table 1', 'more', 'u8', 20)",
        "UPDATE meta SET value = value + 1 WHERE key = 'lsn'",
        "UPDATE meta SET value = value + 1 WHERE key = 'engine_micros'",
        "UPDATE meta SET value = 'soft' WHERE key = 'kind'",
        "DELETE FROM meta WHERE key = 'root_hash'",
        "UPDATE col SET rows = 19 WHERE column_id = 2",
        "UPDATE col SET table_name = 'other' WHERE column_id = 2",
        "UPDATE col SET table_id = 2 WHERE column_id > 3",
        "UPDATE block SET chunk = 1",
        "UPDATE block SET part = part + 1",
        "UPDATE meta SET value = value + 1 WHERE key = 'number'",
        "UPDATE meta SET value = value + 1 WHERE key = 'cluster_low'",
        "UPDATE meta SET value = 'another' WHERE key = 'writer'",
        "DELETE FROM meta WHERE key = 'writer'",
        "UPDATE producer SET epoch = epoch + 1",
        "UPDATE producer SET seq = seq + 1",
        "DELETE FROM producer",
        "UPDATE producer SET id = substr(id, 2)",
        "ALTER TABLE block RENAME TO blocks; CREATE VIEW block AS SELECT * FROM blocks",
        "ALTER TABLE block ADD COLUMN more",
        "PRAGMA application_id = 0",
        "PRAGMA user_version = 2",
    ]) func aChangedFileIsRefused(_ sql: String) throws {
        let directory = try TemporaryDirectory()
        let (receipt, tables, _) = try smallSnapshot(directory)
        var handle: OpaquePointer?
        #expect(sqlite3_open(receipt.path, &handle) == SQLITE_OK)
        #expect(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle)))")
        sqlite3_close(handle)
        #expect(isRefused(receipt.path, tables, receipt.rootHash))
    }

    /// D11: the newest is destroyed in each of ten ways; the one before is taken, and the newest is set aside.
    @Test(arguments: [
        "emptied", "zeroed head", "zeroed", "cut in half", "noise", "a text", "older content", "another server's block",
        "half of another", "removed",
    ]) func theOlderSnapshotIsTaken(_ way: String) throws {
        let directory = try TemporaryDirectory()
        var random = RandomColumns(seed: 12)
        let old = [random.table(id: 1, rows: 40)]
        let older = try directory.snapshots.write(old, mark: .sample(1))
        let newest = try directory.snapshots.write([random.table(id: 1, rows: 41)], mark: .sample(2))
        var bytes = try directory.bytes(newest.path)
        let half = bytes.count / 2
        switch way {
        case "emptied": bytes = []
        case "zeroed head": bytes.replaceSubrange(..<100, with: [UInt8](repeating: 0, count: 100))
        case "zeroed": bytes = [UInt8](repeating: 0, count: bytes.count)
        case "cut in half": bytes.removeLast(half)
        case "noise": bytes = bytes.map { _ in UInt8.random(in: 0...255, using: &random.generator) }
        case "a text": bytes = Array("this is no snapshot".utf8)
        case "older content": bytes = try directory.bytes(older.path)
        case "another server's block":
            bytes[half] ^= 0xFF
            bytes[half + 1] ^= 0xFF
            bytes[half * 3 / 2] ^= 1
        case "half of another": bytes.replaceSubrange(half..., with: try directory.bytes(older.path).dropFirst(half))
        default: break
        }
        try directory.write(bytes, to: newest.path)
        if way == "removed" { #expect(unlink(newest.path) == 0) }
        var setAside: [SnapshotError] = []
        let roots = [older.mark.number: older.rootHash, newest.mark.number: newest.rootHash]
        let found = try directory.snapshots.newest(.board, roots: roots) { setAside.append($0) }
        let snapshot = try #require(found)
        if snapshot.mark.number == 2 {
            // What was changed means nothing: allowed for flipped bits only.
            #expect(way == "another server's block" && snapshot.rootHash == newest.rootHash)
            return
        }
        #expect(snapshot.mark.number == 1 && areEqual(snapshot.tables, old))
        #expect(setAside.count == (way == "removed" ? 0 : 1))
        if way != "removed" {
            let name = SnapshotMark.sample(2).fileName + ".bad"
            #expect(try directory.names == [SnapshotMark.sample(1).fileName, name])
            #expect(try directory.bytes(directory.path + "/" + name) == bytes, "set aside as it was")
        }
    }

    /// All are damaged: none is taken and none is lost.
    @Test func nothingIsTakenWhereNothingVerifies() throws {
        let directory = try TemporaryDirectory()
        for number in UInt64(1)...2 {
            try directory.write([1], to: directory.path + "/" + SnapshotMark.sample(number).fileName)
        }
        #expect(try directory.snapshots.newest(.board) == nil)
        #expect(try directory.names == [1, 2].map { SnapshotMark.sample($0).fileName + ".bad" })
    }

    /// A right file that the journal says something else about.
    @Test func aFileThatTheJournalDoesNotKnowIsNotTaken() throws {
        let directory = try TemporaryDirectory()
        let (receipt, _, _) = try smallSnapshot(directory)
        #expect(try directory.snapshots.newest(.board, roots: [1: receipt.rootHash])?.mark == receipt.mark)
        #expect(try directory.snapshots.newest(.board, roots: [1: receipt.rootHash ^ 1]) == nil)
    }

    /// A whole file under a name that is not its own: of another kind, or of another number.
    @Test func aFileUnderAnotherNameIsNotTaken() throws {
        for kind in SnapshotMark.Kind.allCases {
            for number in [1, 2] as [UInt64] {
                let directory = try TemporaryDirectory()
                let (receipt, _, bytes) = try smallSnapshot(directory)
                let name = SnapshotMark.sample(number, kind: kind).fileName
                try directory.write(bytes, to: directory.path + "/" + name)
                if directory.path + "/" + name != receipt.path { #expect(unlink(receipt.path) == 0) }
                let found = try directory.snapshots.newest(kind)
                let isItself = kind == .board && number == 1
                #expect((found?.rootHash == receipt.rootHash) == isItself, "\(name)")
                #expect(try directory.names == [isItself ? name : name + ".bad"])
            }
        }
    }

    /// Each damaged file of one name stays, however many there are.
    @Test func everyDamagedFileOfANameIsKept() throws {
        let directory = try TemporaryDirectory()
        let name = SnapshotMark.sample(1).fileName
        for number in UInt8(1)...4 {
            try directory.write([number], to: directory.path + "/" + name)
            #expect(try directory.snapshots.newest(.board) == nil)
        }
        let kept = ["", "2", "3", "4"].map { name + ".bad" + $0 }
        #expect(try directory.names == kept)
        for (number, name) in kept.enumerated() {
            #expect(try directory.bytes(directory.path + "/" + name) == [UInt8(number + 1)])
        }
    }

    /// A whole file that its taker refuses is set aside, and the one before is offered.
    @Test func aFileThatIsRefusedIsSetAside() throws {
        let directory = try TemporaryDirectory()
        var random = RandomColumns(seed: 12)
        for number in UInt64(1)...2 {
            _ = try directory.snapshots.write([random.table(id: 1, rows: 3)], mark: .sample(number))
        }
        var (offered, setAside): ([UInt64], [SnapshotError]) = ([], [])
        let found = try directory.snapshots.newest(
            .board, setAside: { setAside.append($0) },
            take: { snapshot throws(RestoreError) in
                offered.append(snapshot.mark.number)
                if snapshot.mark.number == 2 { throw RestoreError(table: "t", fault: "is not ours") }
            })
        #expect(found?.mark.number == 1 && offered == [2, 1] && setAside.count == 1)
        #expect(setAside.first?.description.contains("the saved table t is not ours") == true)
        #expect(try directory.names == [SnapshotMark.sample(1).fileName, SnapshotMark.sample(2).fileName + ".bad"])
    }

    /// A newer program's snapshot is neither read nor moved.
    @Test func aNewerFormatStopsTheStart() throws {
        let directory = try TemporaryDirectory()
        let (receipt, _, _) = try smallSnapshot(directory)
        var handle: OpaquePointer?
        #expect(sqlite3_open(receipt.path, &handle) == SQLITE_OK)
        #expect(sqlite3_exec(handle, "PRAGMA user_version = 2", nil, nil, nil) == SQLITE_OK)
        sqlite3_close(handle)
        #expect {
            try directory.snapshots.newest(.board)
        } throws: {
            ($0 as? SnapshotError)?.reason == .formatVersion(2)
        }
        #expect(try directory.names == [SnapshotMark.sample(1).fileName])
    }

    /// A file that cannot be opened now is not damaged.
    @Test func aFileThatCannotBeOpenedStaysWhereItIs() throws {
        let directory = try TemporaryDirectory()
        let name = SnapshotMark.sample(1).fileName
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/" + name, withDestinationPath: directory.path + "/nowhere")
        #expect(throws: SnapshotError.self) { try directory.snapshots.newest(.board) }
        #expect(try directory.names == [name])
    }

    /// A file of some kilobytes that would unpack to gigabytes.
    @Test func aSmallFileCannotTakeMuchMemory() throws {
        let directory = try TemporaryDirectory()
        var column = Column<Int64>()
        column.grow(to: 2_000 * ChunkSize.rows)
        // One chunk that is not zero, as often as there are chunks: each block takes some 40 bytes.
        for chunk in 0..<2_000 { column.withMutableChunk(chunk) { $0.update(repeating: 5) } }
        let table = SavedTable(id: 1, name: "bomb", columns: [SavedColumn(1, "c", .signed64(column))])
        #expect {
            try directory.snapshots.write([table], mark: .sample(1))
        } throws: {
            ($0 as? SnapshotError)?.reason == .tooLarge
        }
        #expect(try directory.names == [])
    }
}
