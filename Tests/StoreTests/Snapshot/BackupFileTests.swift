import Board
import Randomness
import Testing

@testable import Store

/// Backups: a snapshot without a name, read piece by piece.
@Suite struct BackupFileTests {
    private func backup(_ directory: TemporaryDirectory) throws -> (BackupFile, [SavedTable]) {
        var random = RandomColumns(seed: 4)
        let tables = [random.table(id: 1, rows: 30)]
        let mark = SnapshotMark.sample(7, kind: .backup)
        return (try directory.snapshots.writeBackup(tables, producers: SavedProducer.samples, mark: mark), tables)
    }

    @Test func itsPiecesAreAWholeSnapshot() throws {
        let directory = try TemporaryDirectory()
        let (file, tables) = try backup(directory)
        #expect(try directory.names == [], "it has no name")
        #expect(file.receipt.mark == .sample(7, kind: .backup) && file.receipt.oldestNumber == 7)
        var whole: [UInt8] = []
        while true {
            let piece = try file.read(at: UInt64(whole.count), count: 1_000)
            if piece.isEmpty { break }
            whole += piece
        }
        #expect(whole.count == file.receipt.byteCount)
        let copy = directory.path + "/copy"
        try directory.write(whole, to: copy)
        let snapshot = try SnapshotDirectory.read(copy)
        #expect(areEqual(snapshot.tables, tables) && snapshot.producers == SavedProducer.samples.reversed())
        #expect(snapshot.mark == file.receipt.mark && snapshot.rootHash == file.receipt.rootHash)
    }

    /// Every kind of piece: at the beginning, across the end, at it and behind it, of any length.
    @Test func anyPieceIsThatPartOfTheFile() throws {
        let directory = try TemporaryDirectory()
        let (file, _) = try backup(directory)
        let count = file.receipt.byteCount
        let whole = try file.read(at: 0, count: count)
        #expect(whole.count == count)
        for offset in [0, 1, 4_095, 4_096, count - 2, count - 1, count, count + 1, .max] {
            for length in [0, 1, 2, 4_096, count, count + 1] {
                let expected = offset < count ? Array(whole[offset..<min(count, offset + length)]) : []
                #expect(try file.read(at: UInt64(offset), count: length) == expected, "\(length) at \(offset)")
            }
        }
        #expect(try file.read(at: .max, count: 1) == [])
    }

    /// What a crash has left of one before is no hindrance; other files stay.
    @Test func whatIsLeftIsReplaced() throws {
        let directory = try TemporaryDirectory()
        let mark = SnapshotMark.sample(7, kind: .backup)
        try directory.write([1, 2, 3], to: directory.path + "/" + mark.fileName + ".tmp")
        try directory.write([4], to: directory.path + "/other")
        let (file, _) = try backup(directory)
        #expect(file.receipt.byteCount > 3)
        #expect(try directory.names == ["other"])
    }
}
