// Every step of a workload is followed by losses of power: what was not synced is kept, dropped, torn or junk, sector
// by sector. What was acknowledged must be there afterwards, what is there must be a prefix of what was written, and
// the journal must open without help.

import Randomness
import Synchronization
import Testing

@testable import Store

@Suite struct PowerLossTests {
    /// A moment at which the power may go.
    private struct Moment: Sendable {
        var state: SimulatedDisk.State
        var progress: Progress
    }

    private final class Recorder: Sendable {
        let moments = Mutex<[Moment]>([])
        let progress = Mutex(Progress())
        let disk = Mutex<SimulatedDisk?>(nil)

        func record() {
            guard let disk = disk.withLock({ $0 }) else { return }
            let moment = Moment(state: disk.snapshot, progress: progress.withLock { $0 })
            moments.withLock { $0.append(moment) }
        }
    }

    /// All moments of a workload, from the first start on.
    private func moments(
        seed: UInt64, groups: Int, acknowledgesEarly: Bool = false, salts: (@Sendable () -> UInt64)? = nil,
        wrapping: (SimulatedDisk) -> any Disk = { $0 }
    ) throws -> [Moment] {
        let recorder = Recorder()
        let disk = SimulatedDisk(JournalWorkload.empty) { _, _, _ in recorder.record() }
        recorder.disk.withLock { $0 = disk }
        var (journal, _) = try JournalWorkload.open(wrapping(disk), seed: seed, salts: salts)
        try JournalWorkload.run(&journal, groups: groups, seed: seed, acknowledgesEarly: acknowledgesEarly) { now in
            recorder.progress.withLock { $0 = now }
        }
        try journal.close()
        recorder.record()
        return recorder.moments.withLock { $0 }
    }

    private func violations(
        _ moments: [Moment], seed: UInt64, images: Int, flaws: SeededFlaws = [], stopAtFirst: Bool = false
    ) -> [String] {
        var found: [String] = []
        for (index, moment) in moments.enumerated() {
            for image in 0..<images {
                let imageSeed = seed &* 1_000_003 &+ UInt64(index * 64 + image)
                let contents = SimulatedDisk.image(moment.state, seed: imageSeed)
                if let violation = JournalWorkload.violation(contents, moment.progress, seed: seed, flaws: flaws) {
                    found.append("seed \(seed), moment \(index), image \(imageSeed): \(violation)")
                    if stopAtFirst { return found }
                }
                // Where all is synced there is one image.
                if moment.state.unsynced.isEmpty { break }
            }
        }
        return found
    }

    @Test(arguments: Seeds.fixed(1...6)) func whatWasAcknowledgedIsThere(seed: UInt64) throws {
        let moments = try moments(seed: seed, groups: 40)
        #expect(violations(moments, seed: seed, images: 4) == [])
    }

    /// All combinations of kept and dropped, where there are at most six sectors and names.
    @Test func allCombinationsOfFewSectors() throws {
        let seed: UInt64 = 99
        var imageCount = 0
        for moment in try moments(seed: seed, groups: 12) {
            var parts = 0
            _ = SimulatedDisk.image(moment.state) { _, _ in
                parts += 1
                return .kept
            }
            guard parts <= 6 else { continue }
            for choice in 0..<(1 << parts) {
                var part = 0
                let contents = SimulatedDisk.image(moment.state) { _, _ in
                    defer { part += 1 }
                    return choice >> part & 1 == 1 ? .kept : .dropped
                }
                imageCount += 1
                #expect(JournalWorkload.violation(contents, moment.progress, seed: seed) == nil, "choice \(choice)")
            }
        }
        #expect(imageCount > 100)
    }

    // MARK: - Are the faults found?

    @Test func anAcknowledgementBeforeTheSyncIsFound() throws {
        let moments = try moments(seed: 5, groups: 12, acknowledgesEarly: true)
        #expect(!violations(moments, seed: 5, images: 4, stopAtFirst: true).isEmpty)
    }

    @Test(arguments: FlawedDisk.Flaw.allCases) func aFlawedUseOfTheDiskIsFound(flaw: FlawedDisk.Flaw) throws {
        let moments = try moments(seed: 6, groups: 40, wrapping: { FlawedDisk(disk: $0, flaw: flaw) })
        #expect(!violations(moments, seed: 6, images: 8, stopAtFirst: true).isEmpty)
    }

    @Test(arguments: [SeededFlaws.skipsChecksum, .cutsOneTooMany]) func aFlawedReaderIsFound(flaw: SeededFlaws) throws {
        let moments = try moments(seed: 7, groups: 40)
        #expect(!violations(moments, seed: 7, images: 8, flaws: flaw, stopAtFirst: true).isEmpty)
    }

    /// With the same salt in each segment, frames that an earlier use of the file left behind look like new ones.
    @Test func aSaltUsedAgainIsFound() throws {
        let seeds = 30...33 as ClosedRange<UInt64>
        let found = try seeds.contains { seed in
            let moments = try moments(seed: seed, groups: 60, salts: { 42 })
            return !violations(moments, seed: seed, images: 4, stopAtFirst: true).isEmpty
        }
        #expect(found)
    }
}
