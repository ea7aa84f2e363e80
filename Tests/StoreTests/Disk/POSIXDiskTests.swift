// The system's disk, and the journal on it.

import Columnar
import Glibc
import Testing

@testable import Store

@Suite struct POSIXDiskTests {
    private let disk = POSIXDisk()

    private func inDirectory(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/busyhour-store-XXXXXX".utf8CString)
        let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer {
            for path in [directory + "/journal", directory] {
                for name in (try? disk.list(path)) ?? [] { unlink(path + "/" + name) }
                rmdir(path)
            }
        }
        try body(directory)
    }

    @Test func filesAreWrittenReadNamedAndRemoved() throws {
        try inDirectory { directory in
            let path = directory + "/a"
            let file = try disk.open(path, for: .creating)
            try Array("sector".utf8).withBytes { try disk.write($0, to: file, at: 3) }
            try disk.sync(file)
            #expect(try disk.byteCount(of: file) == 9)
            var bytes = [UInt8](repeating: 1, count: 20)
            let count = try bytes.withUnsafeMutableBytes { try disk.read(into: $0, from: file, at: 0) }
            #expect(count == 9 && Array(bytes[..<9]) == [0, 0, 0] + Array("sector".utf8))
            disk.close(file)
            #expect(throws: DiskError(.create, path, code: EEXIST)) { try disk.open(path, for: .creating) }
            try disk.rename(path, to: directory + "/b")
            try disk.syncDirectory(directory)
            #expect(try disk.list(directory) == ["b"])
            #expect(throws: DiskError(.open, path, code: ENOENT)) { try disk.open(path, for: .reading) }
            try disk.remove(directory + "/b")
            #expect(try disk.list(directory).isEmpty)
        }
    }

    @Test func linksAreNotFollowed() throws {
        try inDirectory { directory in
            #expect(symlink("/etc/hostname", directory + "/link") == 0)
            #expect(throws: DiskError(.open, directory + "/link", code: ELOOP)) {
                try disk.open(directory + "/link", for: .reading)
            }
        }
    }

    @Test func aSecondJournalInADirectoryIsRefused() throws {
        try inDirectory { directory in
            var configuration = JournalConfiguration()
            configuration.segmentBytes = 65_536
            let open = {
                try Journal.open(
                    directory: directory + "/journal", disk: disk, configuration: configuration, apply: { _ in })
            }
            var (journal, _) = try open()
            #expect(throws: JournalError.self) { try open() }
            try journal.close()
            #expect(try open().contents.lastLSN == 0)
        }
    }

    /// A lock that another has leaves nothing open, however often it is asked for, and a released one can be taken.
    @Test func aLockThatIsRefusedLeavesNothingOpen() throws {
        try inDirectory { directory in
            let path = directory + "/lock"
            func openFiles() throws -> Int {
                try disk.list("/proc/self/fd").count { number in
                    var target = [CChar](repeating: 0, count: 4_096)
                    let count = readlink("/proc/self/fd/" + number, &target, target.count)
                    return count > 0 && target[..<count].elementsEqual(path.utf8CString.dropLast())
                }
            }
            let lock = try disk.lock(path)
            for _ in 0..<3 {
                #expect(throws: DiskError(.lock, path, code: EWOULDBLOCK)) { try disk.lock(path) }
                #expect(try openFiles() == 1)
            }
            disk.close(lock)
            #expect(try openFiles() == 0)
            disk.close(try disk.lock(path))
        }
    }

    @Test func aJournalOnARealDiskIsReadAgain() throws {
        try inDirectory { directory in
            var configuration = JournalConfiguration()
            configuration.segmentBytes = 65_536
            var expected: [UInt64] = []
            for _ in 0..<3 {
                var lsns: [UInt64] = []
                let (journal, contents) = try Journal.open(
                    directory: directory + "/journal", disk: disk, configuration: configuration,
                    apply: { lsns.append($0.lsn) })
                #expect(lsns == expected && contents.end == .clean)
                let writer = JournalWriter(journal, durable: { _ in }, failed: { Issue.record("\($0)") })
                for _ in 0..<50 {
                    let bytes = [UInt8](repeating: 1, count: 3_000)
                    while writer.refusal(payloadBytes: bytes.count) != nil { sched_yield() }
                    try bytes.withBytes {
                        expected.append(
                            try writer.submit(RecordType(number: 1), schemaVersion: 1, payload: $0, micros: 0))
                    }
                }
                writer.close()
            }
        }
    }

    // MARK: - Calls that do less than asked

    @Test func shortAndInterruptedTransfersGoOn() throws {
        var results = [(3, Int32(0)), (-1, EINTR), (1, 0), (-1, EINTR), (6, 0)][...]
        var offsets: [Int] = []
        let done = try Transfer.all(10) { offset in
            offsets.append(offset)
            guard let (result, code) = results.popFirst() else { return 0 }
            errno = code
            return result
        }
        #expect(done == 10 && offsets == [0, 3, 3, 4, 4])
    }

    @Test func aTransferEndsWithNothingOrAnError() throws {
        #expect(try Transfer.all(10) { $0 == 0 ? 4 : 0 } == 4)
        #expect(throws: Transfer.Failure(code: EIO)) {
            try Transfer.all(10) { offset in
                errno = EIO
                return offset == 0 ? 5 : -1
            }
        }
    }

    @Test func errorsSayWhatAndHowToMendIt() {
        let error = DiskError(.sync, "/data/journal/x", code: EIO)
        #expect(
            error.description
                == "cannot bring to the disk /data/journal/x: Input/output error; look at the disk: the system's log "
                + "names the fault")
        #expect(
            DiskError(.write, "/data/journal/x", code: ENOSPC).description
                == "disk full: cannot write to /data/journal/x; free space on its disk")
        #expect(
            DiskError(.create, "/data/x", code: EDQUOT).description
                == "disk full: cannot create /data/x; raise the user's quota or free space")
        for operation in DiskError.Operation.allCases {
            for code in [ENOSPC, EDQUOT, EROFS, EACCES, EIO, EMFILE, ENOENT, EWOULDBLOCK] {
                let text = DiskError(operation, "/p", code: code).description
                #expect(text.contains("/p") && text.contains("; ") && !text.contains("\n"))
            }
        }
    }
}
