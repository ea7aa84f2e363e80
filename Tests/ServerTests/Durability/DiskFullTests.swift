import Glibc
import Store
import Testing

@testable import Server

/// A full disk is called a full disk, with what is not saved, where, and what happens next.
@Suite struct DiskFullTests {
    private let full = SnapshotError(path: "/d/x.tmp", .system(call: "write", code: ENOSPC))

    @Test func whatIsNotSavedIsSaid() {
        func reason(_ kind: SnapshotMark.Kind, savedMicros: Int64 = 1_795_918_352_000_000) -> String {
            StateSaver.reason(full, kind, "/d", savedMicros: savedMicros)
        }
        #expect(
            reason(.statistics)
                == "disk full: statistics not saved since 2026-11-29T02:12:32Z (/d); free space, it retries every 10 s")
        #expect(
            reason(.statistics, savedMicros: 0)
                == "disk full: no statistics are saved yet (/d); free space, it retries every 10 s")
        #expect(
            reason(.board)
                == "disk full: no snapshot of the customers, whose changes stay in the journal (/d); free space, "
                + "it retries every 10 s")
        #expect(reason(.backup) == "disk full: a backup needs room in /d first; free space there and repeat")
    }

    @Test func otherFaultsAreNamed() {
        let damaged = SnapshotError(path: "/d/x.tmp", .rootHash)
        #expect(StateSaver.reason(damaged, .board, "/d", savedMicros: 1) == "\(damaged)")
    }
}
