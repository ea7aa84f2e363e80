// A journal with its threads, on a disk whose syncs wait until the test lets them go.

import Columnar
import Glibc
import Testing

@testable import Store

/// A disk that can be made to stand still, with a journal on it.
final class JournalWriterFixture: Sendable {
    struct Events: Sendable {
        /// Syncs that may still go through; nil: all.
        var permits: Int?
        var waitingSyncs = 0
        var durable: [UInt64] = []
        var failures: [DiskError] = []
    }

    let events: Monitor<Events>
    let disk: SimulatedDisk
    let writer: JournalWriter

    /// - Parameters:
    ///   - waitingRequests: how many requests may wait.
    ///   - isFull: whether the disk has no room for a spare segment from the beginning.
    init(
        segmentBytes: Int = JournalWorkload.segmentBytes, waitingRequests: Int = JournalLimits.waitingRequests,
        isFull: Bool = false
    ) throws {
        let events = Monitor(Events())
        self.events = events
        disk = SimulatedDisk(JournalWorkload.empty) { _, operation, path in
            // Spares are made beside it.
            guard operation == .sync, path.hasSuffix(".log") else { return }
            events.withLock { events in
                events.value.waitingSyncs += 1
                events.signal()
                while events.value.permits == 0 { events.wait() }
                events.value.permits = events.value.permits.map { $0 - 1 }
                events.value.waitingSyncs -= 1
            }
        }
        var configuration = JournalWorkload.configuration
        configuration.segmentBytes = segmentBytes
        let (journal, _) = try Journal.open(
            directory: JournalWorkload.directory, disk: disk, configuration: configuration,
            random: JournalWorkload.salts(1), apply: { _ in })
        if isFull { disk.limit(space: disk.contents.files.values.reduce(0) { $0 + $1.count }) }
        writer = JournalWriter(
            journal, waitingRequests: waitingRequests,
            durable: { lsn in
                events.withLock {
                    $0.value.durable.append(lsn)
                    $0.signal()
                }
            },
            failed: { error in
                events.withLock {
                    $0.value.failures.append(error)
                    $0.signal()
                }
            })
    }

    func submit(bytes count: Int = 40, key: IdempotencyKey = .none) throws(JournalRefusal) -> UInt64 {
        let payload = [UInt8](repeating: 7, count: count)
        return try payload.withBytes { bytes throws(JournalRefusal) in
            try writer.submit(RecordType(number: 1), schemaVersion: 1, key: key, payload: bytes, micros: 5)
        }
    }

    func allow(syncs: Int?) {
        events.withLock {
            $0.value.permits = syncs
            $0.signal()
        }
    }

    /// Waits for something that the journal tells. What never comes is an issue, not a test without an end.
    func wait(until isThere: (Events) -> Bool) {
        let end = ContinuousClock.now + .seconds(60)
        events.withLock { events in
            while !isThere(events.value) {
                guard events.value.failures.isEmpty, ContinuousClock.now < end else {
                    Issue.record("waited in vain: \(events.value)")
                    return
                }
                events.wait(milliseconds: 1_000)
            }
        }
    }

    /// Waits for something that only the disk shows. What never comes is an issue, not a test without an end.
    func waitForDisk(_ what: String, _ isThere: (SimulatedDisk.Contents) throws -> Bool) rethrows {
        let end = ContinuousClock.now + .seconds(20)
        while try !isThere(disk.contents) {
            guard ContinuousClock.now < end else {
                Issue.record("waited in vain: \(what)")
                return
            }
            sched_yield()
        }
    }

    var durable: [UInt64] { events.withLock { $0.value.durable } }

    func replay() throws -> [UInt64] {
        disk.endProgram()
        var lsns: [UInt64] = []
        _ = try JournalWorkload.open(disk, apply: { lsns.append($0.lsn) })
        return lsns
    }
}
