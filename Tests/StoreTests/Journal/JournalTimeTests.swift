// The engine's time in a journal: the newest of its records, also where the clock went back.

import Testing

@testable import Store

@Suite struct JournalTimeTests {
    /// Frames of one or two records, whose times are all choices of three.
    @Test func theNewestTimeIsKept() throws {
        let times: [Int64] = [-5, 3, 9]
        for number in 0..<81 {
            let chosen = [number % 3, number / 3 % 3, number / 9 % 3, number / 27].map { times[$0] }
            let disk = SimulatedDisk(JournalWorkload.empty)
            var (journal, _) = try JournalWorkload.open(disk)
            // One buffer for all, as the writer has it.
            var frame = FrameBuffer()
            var expected: [UInt64: Int64] = [:]
            for group in [[0], [1, 2], [3]] {
                for place in group {
                    ExpectedRecord(lsn: UInt64(place) + 1, seed: 1).append(to: &frame, micros: chosen[place])
                    expected[UInt64(place) + 1] = group.map { chosen[$0] }.max()
                }
                try journal.append(&frame)
            }
            try journal.close()
            disk.endProgram()
            // A survey, a reader, and a start that rewrites the segment, twice.
            let survey = JournalSurvey(directory: JournalWorkload.directory, disk: disk)
            #expect(survey.segments.map(\.engineMicros) == [chosen.max()], "\(chosen)")
            for _ in 0..<2 {
                var read: [UInt64: Int64] = [:]
                let opened = try JournalWorkload.open(disk, apply: { read[$0.lsn] = $0.engineMicros })
                #expect(opened.contents.engineMicros == chosen.max() && read == expected, "\(chosen)")
                var again = opened.journal
                try again.close()
                disk.endProgram()
            }
        }
    }

    @Test func noRecordIsNoTime() throws {
        let disk = SimulatedDisk(JournalWorkload.empty)
        #expect(try JournalWorkload.open(disk).contents.engineMicros == nil)
        let survey = JournalSurvey(directory: JournalWorkload.directory, disk: disk)
        #expect(survey.segments.count == 1 && survey.segments.first?.engineMicros == nil)
    }
}
