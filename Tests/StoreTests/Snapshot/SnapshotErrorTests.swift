import CSQLite
import Glibc
import Testing

@testable import Store

/// What is said of a snapshot, and what follows from it.
@Suite struct SnapshotErrorTests {
    /// No remedy for damage is named where only the disk is full, whether the system or SQLite says so.
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

    /// What a start does with a file: damage is set aside and an older file is taken, everything else stops it and
    /// leaves the file alone. SQLite's codes each with all the ways in which it tells more of them.
    @Test func onlyDamageSetsAFileAside() {
        let undamaged = [SQLITE_FULL, SQLITE_NOMEM, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH]
        for code in 1...28 as ClosedRange<Int32> {
            for more in [0, 1, 2, 5, 12] as [Int32] {
                let error = SnapshotError(path: "/d/s", .sqlite(code: code | more << 8, message: ""))
                #expect(error.isDamage == !undamaged.contains(code), "\(code), \(more)")
                #expect(error.isDiskFull == (code == SQLITE_FULL) && error.isNoSnapshot == (code == SQLITE_NOTADB))
                #expect(error.what.hasPrefix("cannot be opened") == (code == SQLITE_CANTOPEN), "\(code), \(more)")
            }
        }
        let reasons: [(SnapshotError.Reason, Bool)] = [
            (.system(call: "open", code: EIO), false), (.formatVersion(2), false), (.cancelled, false),
            (.notASnapshot, true), (.schema(""), true), (.order(""), true), (.rootHash, true), (.tooLarge, true),
            (.block(table: "", column: "", chunk: 0, part: 0, .malformed), true),
        ]
        for (reason, isDamage) in reasons {
            let error = SnapshotError(path: "/d/s", reason)
            #expect(error.isDamage == isDamage && !error.isDiskFull, "\(reason)")
            #expect(error.isNoSnapshot == (reason == .notASnapshot), "\(reason)")
        }
    }

    /// The file's name is told, not the address that SQLite is given.
    @Test func aFileThatIsNotThereIsNamed() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: SnapshotError.self) { try SnapshotDirectory.read(directory.path + "/nofile") }
        #expect(error?.path == directory.path + "/nofile")
    }
}
