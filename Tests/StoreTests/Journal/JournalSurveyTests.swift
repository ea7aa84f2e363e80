// A survey finds what the reader finds, goes on behind a fault, and can leave out what a snapshot has.

import Columnar
import Randomness
import Testing

@testable import Store

@Suite struct JournalSurveyTests {
    private static let directory = "/data/journal"

    /// A journal of some short segments.
    private func journal(records: Int) throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        try disk.createDirectory("/data")
        var configuration = JournalConfiguration()
        configuration.segmentBytes = JournalLimits.leastSegmentBytes
        let (journal, _) = try Journal.open(
            directory: Self.directory, disk: disk, configuration: configuration, apply: { _ in })
        let writer = JournalWriter(journal, durable: { _ in }, failed: { Issue.record("\($0)") })
        for number in 1...records {
            // One frame each.
            let lsn = try Self.submit(number, to: writer)
            while writer.durableLSN < lsn {}
        }
        writer.close()
        disk.endProgram()
        return disk
    }

    private static func submit(_ number: Int, to writer: JournalWriter) throws -> UInt64 {
        while writer.refusal(payloadBytes: 900) == .busy {}
        if number % 7 == 0 {
            return try writer.submit(
                EncodedRecord(SnapshotDone(number: UInt64(number), rootHash: UInt64(number) * 3)), key: .none, micros: 5
            )
        }
        return try [UInt8](repeating: UInt8(number % 251), count: 900).withBytes {
            try writer.submit(RecordType(number: 1), schemaVersion: 1, payload: $0, micros: 5)
        }
    }

    @Test func findsEverySegmentAndTheHashesOfSnapshots() throws {
        let disk = try journal(records: 40)
        var seen: [UInt64] = []
        let survey = JournalSurvey(directory: Self.directory, disk: disk) { seen.append($0.lsn) }
        #expect(survey.faults.isEmpty && seen == Array(1...40))
        #expect(survey.segments.count > 3 && survey.firstLSN == 1 && survey.lastLSN == 40)
        #expect(survey.roots == [7: 21, 14: 42, 21: 63, 28: 84, 35: 105])
        #expect(survey.segments.allSatisfy { $0.engineMicros == 5 && !$0.isTorn })
    }

    @Test func nothingIsNoFault() {
        let survey = JournalSurvey(directory: Self.directory, disk: SimulatedDisk())
        #expect(survey.segments.isEmpty && survey.faults.isEmpty && survey.lastLSN == nil)
    }

    /// One bit of every byte, each alone: where the reader refuses, the survey has a fault in the same file, and where
    /// the survey has none, the reader gives everything.
    @Test func agreesWithTheReader() throws {
        let contents = try journal(records: 24).contents
        for (name, file) in contents.names where name.hasSuffix(".log") {
            for offset in stride(from: 0, to: contents.files[file]?.count ?? 0, by: 3) {
                var damaged = contents
                damaged.files[file]?[offset] ^= 1 << UInt8(offset % 8)
                let disk = SimulatedDisk(damaged)
                let survey = JournalSurvey(directory: Self.directory, disk: disk)
                var read: [UInt64] = []
                do {
                    _ = try Journal.read(directory: Self.directory, disk: disk, after: 0, cluster: nil) {
                        read.append($0.lsn)
                    }
                    #expect(survey.faults.isEmpty, "\(name), byte \(offset)")
                } catch {
                    #expect(survey.faults.contains { $0.path == name }, "\(name), byte \(offset): \(error)")
                }
            }
        }
    }

    @Test func goesOnBehindADamagedSegment() throws {
        let contents = try journal(records: 40).contents
        let names = contents.names.keys.filter { $0.hasSuffix(".log") }.sorted()
        var damaged = contents
        let file = try #require(contents.names[names[1]])
        damaged.files[file]?[700] ^= 4
        let survey = JournalSurvey(directory: Self.directory, disk: SimulatedDisk(damaged))
        #expect(survey.faults.count == 1 && survey.faults[0].path == names[1] && survey.faults[0].offset == 512)
        #expect(survey.segments.count == names.count && survey.lastLSN == 40)
    }

    /// The first frames of a segment are damaged, and a snapshot has them.
    @Test func whatASnapshotHasCanBeLeftOut() throws {
        let contents = try journal(records: 40).contents
        let names = contents.names.keys.filter { $0.hasSuffix(".log") }.sorted()
        let last = names[names.count - 2]
        let file = try #require(contents.names[last])
        var damaged = contents
        damaged.files[file]?[700] ^= 4
        let survey = JournalSurvey(directory: Self.directory, disk: SimulatedDisk(damaged))
        let segment = survey.segments[names.count - 2]
        let bytes = try #require(damaged.files[file])
        // The frame behind the damage begins with the next record but one.
        #expect(JournalSurvey.salvage(segment, bytes, after: segment.nextLSN - 1) == nil)
        let salvaged = try #require(JournalSurvey.salvage(segment, bytes, after: segment.nextLSN))
        #expect(salvaged.firstLSN == segment.nextLSN + 1)
        damaged.names[last] = nil
        damaged.files[999] = salvaged.bytes
        damaged.names["\(Self.directory)/\(JournalSurvey.segmentName(firstLSN: salvaged.firstLSN))"] = 999
        var read: [UInt64] = []
        _ = try Journal.read(
            directory: Self.directory, disk: SimulatedDisk(damaged), after: segment.nextLSN, cluster: nil
        ) { read.append($0.lsn) }
        #expect(read == Array(salvaged.firstLSN...40))
    }

    @Test func aJournalCanBeginBehindASnapshot() throws {
        let disk = SimulatedDisk()
        try disk.createDirectory("/data")
        let cluster = ClusterID(high: 1, low: 2)
        #expect(throws: JournalError.self) {
            try Journal.open(directory: Self.directory, disk: disk, after: 41, cluster: cluster, apply: { _ in })
        }
        try Journal.begin(directory: Self.directory, disk: disk, after: 41, cluster: cluster)
        let (journal, contents) = try Journal.open(
            directory: Self.directory, disk: disk, after: 41, cluster: cluster, apply: { _ in })
        #expect(journal.nextLSN == 42 && contents.lastLSN == 41 && contents.cluster == cluster)
    }
}
