// Every call of the disk fails once, with every error: what was acknowledged before is there after the next start, and
// nothing is acknowledged after the error.

import Glibc
import Testing

@testable import Store

@Suite struct DiskErrorTests {
    private static let groups = 12
    private static let seed: UInt64 = 21

    /// Runs a workload with a new start in the middle until the disk fails.
    private func run(_ disk: SimulatedDisk) -> (progress: Progress, failure: DiskError?) {
        var progress = Progress()
        for start in 0..<2 as Range<UInt64> {
            do throws(JournalError) {
                var (journal, _) = try JournalWorkload.open(disk, after: progress.released, seed: Self.seed &+ start)
                do throws(DiskError) {
                    try JournalWorkload.run(&journal, groups: Self.groups, seed: Self.seed) { now in
                        let released = max(progress.released, now.released)
                        progress = now
                        progress.released = released
                    }
                    try journal.close()
                } catch { return (progress, error) }
            } catch {
                guard case .disk(let failure) = error.reason else {
                    Issue.record("\(error)")
                    return (progress, nil)
                }
                return (progress, failure)
            }
        }
        return (progress, nil)
    }

    @Test(arguments: [EIO, ENOSPC, EDQUOT, EROFS]) func nothingAcknowledgedIsLost(code: Int32) {
        let undisturbed = SimulatedDisk(JournalWorkload.empty)
        #expect(run(undisturbed).failure == nil)
        let operations = undisturbed.operations
        #expect(Set(operations).isSuperset(of: [.create, .open, .read, .write, .sync, .rename, .syncDirectory, .lock]))
        for number in operations.indices {
            let disk = SimulatedDisk(JournalWorkload.empty)
            disk.fail(operation: number, code: code)
            let (progress, failure) = run(disk)
            let what = "\(operations[number]), number \(number), error \(code)"
            // A full disk is no failure where a spare is made; everything else is told.
            #expect(failure?.code == code || (failure == nil && (code == ENOSPC || code == EDQUOT)), "\(what)")
            // The next start sees, after a loss of power, what the disk has, or what the system shows.
            for image in 0..<2 {
                let contents = SimulatedDisk.image(disk.snapshot, seed: UInt64(number * 2 + image))
                #expect(JournalWorkload.violation(contents, progress, seed: Self.seed) == nil, "\(what), power lost")
            }
            #expect(JournalWorkload.violation(disk, progress, seed: Self.seed) == nil, "\(what)")
        }
    }

    /// The system shows what a failed sync did not store. What the next start shows to a client is stored by then.
    @Test func whatAFailedSyncLostIsWrittenAnew() throws {
        let disk = SimulatedDisk(JournalWorkload.empty)
        var (journal, _) = try JournalWorkload.open(disk)
        var frame = FrameBuffer()
        ExpectedRecord(lsn: 1, seed: 1).append(to: &frame, micros: 1)
        disk.fail(.sync, code: EIO)
        #expect(throws: DiskError.self) { try journal.append(&frame) }
        disk.endProgram()
        func lastLSNAfterLossOfPower() throws -> UInt64 {
            let image = SimulatedDisk.image(disk.snapshot) { _, _ in .kept }
            return try JournalWorkload.open(SimulatedDisk(image)).contents.lastLSN
        }
        #expect(try lastLSNAfterLossOfPower() == 0)
        #expect(try JournalWorkload.open(disk).contents.lastLSN == 1)
        #expect(try lastLSNAfterLossOfPower() == 1)
    }

    @Test func aFullDiskAtTheStartIsTold() throws {
        let disk = SimulatedDisk(JournalWorkload.empty)
        disk.limit(space: 4_096)
        #expect(throws: JournalError.self) { try JournalWorkload.open(disk) }
        #expect(disk.contents.names.keys.filter { $0.hasSuffix(".tmp") }.isEmpty)
        disk.limit(space: nil)
        #expect(try JournalWorkload.open(disk).contents.lastLSN == 0)
    }
}
