// A segment continues the one before it in all that ties them: a whole one of another history is refused.

import Columnar
import Testing

@testable import Store

@Suite struct JournalChainTests {
    /// A journal of three segments; records of the same lengths have other contents with another byte.
    private func journal(_ byte: UInt8) throws -> SimulatedDisk.Contents {
        let disk = SimulatedDisk(JournalWorkload.empty)
        var (journal, _) = try JournalWorkload.open(disk)
        while journal.header.number < 3 {
            var frame = FrameBuffer()
            let header = RecordHeader(type: RecordType(number: 1), schemaVersion: 1, key: .none)
            [UInt8](repeating: byte, count: 900).withUnsafeBytes { frame.append(header, payload: $0, micros: 1) }
            if !journal.hasRoom(for: frame) { try journal.change(to: journal.spares.take()) }
            try journal.append(&frame)
            while try journal.spares.workOnce() {}
        }
        try journal.close()
        return disk.contents
    }

    private func segments(_ contents: SimulatedDisk.Contents) -> [String] {
        contents.names.keys.filter { $0.hasSuffix(".log") }.sorted()
    }

    /// The reader stops at the segment, and the survey has the same fault.
    private func expectRefusal(_ contents: SimulatedDisk.Contents, _ path: String, _ what: Comment) {
        let disk = SimulatedDisk(contents)
        let expected = JournalError(path: path, .order("does not follow the segment before it"))
        let survey = JournalSurvey(directory: JournalWorkload.directory, disk: disk)
        #expect(survey.faults.map(\.path) == [path] && survey.faults.map(\.reason) == [expected.reason], what)
        #expect(throws: expected, what) {
            try Journal.read(directory: JournalWorkload.directory, disk: disk, after: 0, cluster: nil) { _ in }
        }
    }

    /// The same records of another history: number and first record fit, what was written before does not.
    @Test func aSegmentOfAnotherHistoryIsRefused() throws {
        let (one, other) = (try journal(1), try journal(2))
        let paths = segments(one)
        #expect(paths == segments(other) && paths.count == 3)
        for count in 1...2 {
            var mixed = one
            for path in paths.suffix(count) {
                mixed.files[try #require(one.names[path])] = other.files[try #require(other.names[path])]
            }
            expectRefusal(mixed, paths[3 - count], "the last \(count) are another's")
        }
    }

    /// Any other number than the next one.
    @Test func aSegmentWithAnotherNumberIsRefused() throws {
        let contents = try journal(1)
        let paths = segments(contents)
        let file = try #require(contents.names[paths[2]])
        for number in [1, 2, 4, UInt64.max] {
            var changed = contents
            var bytes = try #require(contents.files[file])
            bytes.store(number, at: 32)
            let hash = bytes.withBytes {
                ByteHash.hash(UnsafeRawBufferPointer(rebasing: $0[..<504]), seed: 0x7365_676D_656E_7431)
            }
            bytes.store(hash, at: 504)
            changed.files[file] = bytes
            expectRefusal(changed, paths[2], "number \(number)")
        }
    }
}
