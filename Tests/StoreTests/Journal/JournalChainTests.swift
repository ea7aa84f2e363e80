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

    /// What is told of segments that do not meet: records that are missing, and records that are there twice.
    @Test func segmentsThatDoNotMeetAreTold() throws {
        let contents = try journal(1)
        let paths = segments(contents)
        let starts = paths.compactMap { JournalFormat.firstLSN(ofSegment: String($0.suffix(20))) }
        var gap = contents
        gap.names[paths[1]] = nil
        var survey = JournalSurvey(directory: JournalWorkload.directory, disk: SimulatedDisk(gap))
        let missing = "records \(starts[1]) to \(starts[2] - 1) are missing"
        #expect(survey.faults == [JournalError(path: paths[2], .order(missing))])
        // The second segment again, under the name and with the first record of a later one.
        let file = try #require(contents.names[paths[1]])
        let bytes = try #require(contents.files[file])
        var header = try bytes.withBytes(SegmentHeader.init)
        header.firstLSN = starts[2] - 1
        var twice = contents
        twice.names[paths[2]] = nil
        let path = "\(JournalWorkload.directory)/\(JournalFormat.segmentName(firstLSN: header.firstLSN))"
        (twice.names[path], twice.files[99]) = (99, header.encoded() + bytes[512...])
        survey = JournalSurvey(directory: JournalWorkload.directory, disk: SimulatedDisk(twice))
        #expect(survey.faults.contains { $0.path == path && $0.reason == .order("has records of the one before it") })
    }

    /// Each frame of a segment damaged, with a snapshot of each record: what is behind it is made a segment only where
    /// nothing between is missing, and a mark alone makes none.
    @Test func onlyWhatASnapshotHasIsLeftOut() throws {
        let contents = try journal(1)
        for path in segments(contents) {
            let bytes = try #require(contents.names[path].flatMap { contents.files[$0] })
            var frames: [(first: UInt64, offset: Int)] = []
            bytes.withBytes { bytes in
                guard let header = try? SegmentHeader(bytes) else { return }
                var scan = SegmentScan(header, bytes)
                while true {
                    let (first, offset) = (scan.nextLSN, scan.offset)
                    guard case .frame = scan.next() else { return }
                    frames.append((first, offset))
                }
            }
            for (index, frame) in frames.enumerated() {
                var damaged = bytes
                damaged[frame.offset + FrameHeader.byteCount + 8] ^= 1
                var changed = contents
                changed.files[try #require(contents.names[path])] = damaged
                let survey = JournalSurvey(directory: JournalWorkload.directory, disk: SimulatedDisk(changed))
                let segment = try #require(survey.segments.first { $0.path == path })
                #expect(segment.nextLSN == frame.first && segment.endOffset == frame.offset)
                for lsn in frame.first - 1...frame.first + 3 {
                    let salvaged = JournalSurvey.salvage(segment, damaged, after: lsn)
                    let next = index + 1 < frames.count ? frames[index + 1].first : nil
                    let expected = next.flatMap { $0 - 1 <= lsn ? $0 : nil }
                    #expect(salvaged?.firstLSN == expected, "\(path), frame \(index), after \(lsn)")
                    #expect(salvaged.map { $0.bytes.count == damaged.count } ?? true)
                }
                #expect(JournalSurvey.salvage(segment, Array(damaged.dropLast()), after: .max) == nil)
            }
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
