// Segments that a snapshot has made superfluous, and spares: at every record around a border, after every start, with
// releases at any moment.

import Glibc
import Synchronization
import Testing

@testable import Store

@Suite struct SparesTests {
    private static let directory = JournalWorkload.directory

    /// A journal of some segments; nothing is released yet.
    private func journal(_ disk: SimulatedDisk, records: Int = 60) throws -> Journal {
        var (journal, _) = try JournalWorkload.open(disk)
        while try journal.spares.workOnce() {}
        for _ in 0..<records {
            var frame = FrameBuffer()
            ExpectedRecord(lsn: journal.nextLSN, seed: 1).append(to: &frame, micros: 1)
            if !journal.hasRoom(for: frame) { try journal.change(to: journal.spares.take()) }
            try journal.append(&frame)
            while try journal.spares.workOnce() {}
        }
        return journal
    }

    private func starts(_ disk: SimulatedDisk) throws -> [UInt64] {
        try disk.list(Self.directory).compactMap(JournalFormat.firstLSN).sorted()
    }

    private func spares(_ disk: SimulatedDisk) -> [String] {
        disk.contents.names.keys.filter { $0.hasPrefix(Self.directory + "/spare-") }.sorted()
    }

    private func spares(on disk: SimulatedDisk, wanted: Int = 2) throws -> Spares {
        try Spares(disk: disk, directory: Self.directory, segmentBytes: JournalWorkload.segmentBytes, wanted: wanted)
    }

    /// Released record by record: a segment goes with its last one, and the newest segment never.
    @Test func aSegmentGoesWithItsLastRecord() throws {
        let disk = SimulatedDisk(JournalWorkload.empty)
        let journal = try journal(disk)
        let before = try starts(disk)
        #expect(before.count > 3)
        for lsn in 0...journal.nextLSN + 1 {
            journal.spares.release(through: lsn)
            while try journal.spares.workOnce() {}
            let needed = before.indices.filter { $0 == before.count - 1 || before[$0 + 1] - 1 > lsn }
            #expect(try starts(disk) == needed.map { before[$0] }, "released through \(lsn)")
            #expect(spares(disk).count == JournalLimits.spareSegments, "no more spares than wanted")
        }
    }

    /// A snapshot of before, which is told late, takes nothing back: the segments that may go do.
    @Test func anEarlierReleaseTakesNothingBack() throws {
        let disk = SimulatedDisk(JournalWorkload.empty)
        let journal = try journal(disk)
        let before = try starts(disk)
        journal.spares.release(through: before[2])
        journal.spares.release(through: before[1] - 2)
        while try journal.spares.workOnce() {}
        #expect(try starts(disk).first == before[2])
    }

    /// A release that arrives while the directory is read for an earlier one is done, too.
    @Test func aReleaseDuringAnotherIsDone() throws {
        let later = Mutex<(spares: Spares, lsn: UInt64)?>(nil)
        let disk = SimulatedDisk(JournalWorkload.empty) { _, operation, _ in
            guard operation == .list else { return }
            // Once.
            let release = later.withLock { later in
                defer { later = nil }
                return later
            }
            release?.spares.release(through: release?.lsn ?? 0)
        }
        let journal = try journal(disk)
        let before = try starts(disk)
        later.withLock { $0 = (journal.spares, before[2] - 1) }
        // Nothing may go because of this one.
        journal.spares.release(through: before[1] - 2)
        // The first call does nothing, and its caller calls again: there is still a release.
        for _ in 0..<5 { _ = try journal.spares.workOnce() }
        #expect(try starts(disk).first == before[2])
    }

    /// Names are not given twice, also after a start that finds many spares: numbers are not in the order of names.
    @Test(arguments: [[1, 2], [9, 10], [2, 9, 10, 11], [99, 100], [8, 1]])
    func aNewSpareReplacesNone(_ found: [Int]) throws {
        let disk = SimulatedDisk(JournalWorkload.empty)
        for number in found { try make("spare-\(number)", bytes: JournalWorkload.segmentBytes, on: disk) }
        let spares = try spares(on: disk, wanted: found.count + 3)
        #expect(spares.readyCount == found.count)
        while try spares.workOnce() {}
        var taken: [String] = []
        while let spare = spares.takeReady() { taken.append(spare) }
        #expect(taken.count == found.count + 3 && Set(taken).count == taken.count, "\(taken)")
        #expect(Set(taken) == Set(self.spares(disk)))
    }

    /// What is no whole spare is removed; only whole ones with a number are ready.
    @Test func whatIsNoSpareIsRemoved() throws {
        let disk = SimulatedDisk(JournalWorkload.empty)
        let whole = JournalWorkload.segmentBytes
        for name in ["spare-0", "spare--1", "spare-x", "spare-", "spare-7.tmp", "spare-\(Int.max)"] {
            try make(name, bytes: whole, on: disk)
        }
        for (number, bytes) in [(3, 0), (4, whole - 1), (5, whole), (6, whole + 1)] {
            try make("spare-\(number)", bytes: bytes, on: disk)
        }
        try make("other", bytes: 1, on: disk)
        let spares = try spares(on: disk)
        #expect(spares.readyCount == 1 && self.spares(disk) == [Self.directory + "/spare-5"])
        #expect(disk.contents.names[Self.directory + "/other"] != nil)
    }

    private func make(_ name: String, bytes: Int, on disk: SimulatedDisk) throws {
        let file = try disk.open(Self.directory + "/" + name, for: .creating)
        defer { disk.close(file) }
        try [UInt8](repeating: 0, count: bytes).withUnsafeBytes { try disk.write($0, to: file, at: 0) }
    }

    /// A full disk is told until there is space: by a spare that is made, by a segment that is used again, and by one
    /// that is removed.
    @Test(arguments: ["made", "used again", "removed"]) func spaceEndsTheRefusals(way: String) throws {
        let disk = SimulatedDisk(JournalWorkload.empty)
        let journal = try journal(disk)
        let spares = journal.spares
        let before = try starts(disk)
        _ = try spares.take()
        disk.limit(space: disk.contents.files.values.reduce(0) { $0 + $1.count })
        while try spares.workOnce() {}
        #expect(spares.full?.code == ENOSPC && spares.readyCount == 1)
        switch way {
        case "made":
            disk.limit(space: nil)
            #expect(try spares.workOnce())
        case "used again":
            spares.release(through: before[1] - 1)
            #expect(try spares.workOnce())
        default:
            // A segment of another size is no spare.
            let name = Self.directory + "/" + JournalFormat.segmentName(firstLSN: before[0])
            let file = try disk.open(name, for: .writing)
            disk.limit(space: nil)
            try [0].withUnsafeBytes { try disk.write($0, to: file, at: JournalWorkload.segmentBytes) }
            disk.close(file)
            disk.limit(space: 0)
            spares.release(through: before[1] - 1)
            #expect(try spares.workOnce() && spares.readyCount == 1)
        }
        #expect(spares.full == nil)
    }
}
