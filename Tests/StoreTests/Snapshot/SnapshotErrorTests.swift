import CSQLite
import Glibc
import Testing

@testable import Store

/// What is said of a snapshot, and what follows from it.
@Suite struct SnapshotErrorTests {
    /// No remedy for damage is named where only the disk is full, whoever says so.
    @Test(arguments: [
        SnapshotError.Reason.system(call: "write", code: ENOSPC), .system(call: "fsync", code: EDQUOT),
        .sqlite(code: SQLITE_FULL, message: "database or disk is full"),
    ])
    func aFullDiskIsCalledSo(reason: SnapshotError.Reason) {
        let error = SnapshotError(path: "/d/snap.tmp", reason)
        #expect(error.isDiskFull && !error.isDamage && !error.isNoSnapshot)
        #expect(error.description == "disk full: /d/snap.tmp cannot be written; free space on its disk")
    }

    @Test func otherErrorsAreNot() {
        let denied = SnapshotError(path: "/d/s", .system(call: "open", code: EACCES))
        #expect(!denied.isDiskFull)
        #expect(denied.description == "snapshot /d/s: open failed: Permission denied; look at the disk")
        let damaged = SnapshotError(path: "/d/s", .sqlite(code: SQLITE_CORRUPT, message: "malformed"))
        #expect(damaged.isDamage && !damaged.isDiskFull && !damaged.isNoSnapshot)
        #expect(SnapshotError(path: "/d/s", .sqlite(code: SQLITE_NOTADB, message: "")).isNoSnapshot)
        #expect(SnapshotError(path: "/d/s", .notASnapshot).isNoSnapshot)
    }

    /// The file's name is told, not the address that SQLite is given.
    @Test func aFileThatIsNotThereIsNamed() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: SnapshotError.self) { try SnapshotDirectory.read(directory.path + "/nofile") }
        #expect(error?.path == directory.path + "/nofile")
    }
}
