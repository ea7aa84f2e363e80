import Foundation
import Testing

@testable import busyhour

/// Files that the command line writes, and disks that are full.
@Suite struct FileFailureTests {
    @Test func aFullDiskIsCalledSo() {
        for code in [ENOSPC, EDQUOT] {
            #expect(
                FileFailure.text("write", "/m/backup.db.part", code: code, remedy: "look at its folder")
                    == "disk full: cannot write /m/backup.db.part; free space there, or name a file on another disk")
        }
        #expect(
            FileFailure.text("write", "/m/x", code: EACCES, remedy: "look at its folder")
                == "cannot write /m/x: permission denied; look at its folder")
        #expect(FileFailure.text("create", "/m/x", code: ENOENT) == "cannot create /m/x: no such file or directory")
    }

    @Test func exportAndBackupNameTheFile() {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString)/x"
        #expect(throws: Refusal("cannot write \(path): no such file or directory; look at its folder")) {
            try OutputFile(path)
        }
        #expect(throws: Refusal("cannot create \(path).part: no such file or directory")) {
            try BackupOutput(path: path)
        }
    }
}
