// A journal used as a server uses it, on a simulated disk, step by step in one thread; and the oracle that knows what
// must be there after a crash.

import Randomness
import Testing

@testable import Store

/// What record `lsn` of a workload is: it follows from the seed, so a test can tell whether one that was read is right.
struct ExpectedRecord: Equatable {
    var type: UInt16
    var key: IdempotencyKey
    var payload: [UInt8]

    init(lsn: UInt64, seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ lsn &* 0x1_0000_0001)
        type = UInt16.random(in: 0..<5, using: &generator)
        key = IdempotencyKey(high: generator.next(), low: lsn)
        let count = Bool.random(using: &generator) ? Int.random(in: 0...900, using: &generator) : 40
        payload = [UInt8](repeating: UInt8(truncatingIfNeeded: generator.next()) | 1, count: count)
    }

    init(_ record: JournalRecord) {
        (type, key, payload) = (record.type.number, record.key, Array(record.payload))
    }

    func append(to frame: inout FrameBuffer, micros: Int64) {
        payload.withUnsafeBytes {
            frame.append(
                RecordHeader(type: RecordType(number: type), schemaVersion: 1, key: key), payload: $0, micros: micros)
        }
    }
}

/// Where a workload stands.
struct Progress: Sendable {
    /// Newest record that the workload has acknowledged as durable.
    var acknowledged: UInt64 = 0
    var submitted: UInt64 = 0
    /// What a snapshot has.
    var released: UInt64 = 0
}

enum JournalWorkload {
    static let directory = "/data/journal"
    static let segmentBytes = JournalLimits.leastSegmentBytes
    static let cluster = ClusterID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)

    static var configuration: JournalConfiguration {
        var configuration = JournalConfiguration()
        configuration.segmentBytes = segmentBytes
        return configuration
    }

    /// Where a journal's directory can be made.
    static var empty: SimulatedDisk.Contents {
        SimulatedDisk.Contents(names: ["/data": -1], files: [:])
    }

    static func salts(_ seed: UInt64) -> @Sendable () -> UInt64 {
        let generator = Monitor(SeededGenerator(seed: seed))
        return { generator.withLock { $0.value.next() } }
    }

    static func open(
        _ disk: any Disk, after lsn: UInt64 = 0, seed: UInt64 = 1, flaws: SeededFlaws = [],
        salts: (@Sendable () -> UInt64)? = nil, apply: (JournalRecord) throws(RecordFault) -> Void = { _ in }
    ) throws(JournalError) -> (journal: Journal, contents: JournalContents) {
        var configuration = configuration
        configuration.flaws = flaws
        return try Journal.open(
            directory: directory, disk: disk, configuration: configuration, after: lsn, cluster: nil,
            random: salts ?? self.salts(seed &+ 77), apply: apply)
    }

    /// Groups of records, now and then with marks, spares and snapshots between them.
    /// - Parameters:
    ///   - acknowledgesEarly: a fault that the oracle has to find.
    ///   - progress: is told of each step.
    static func run(
        _ journal: inout Journal, groups: Int, seed: UInt64, acknowledgesEarly: Bool = false,
        progress: (Progress) -> Void = { _ in }
    ) throws(DiskError) {
        var generator = SeededGenerator(seed: seed)
        var now = Progress()
        (now.acknowledged, now.submitted) = (journal.nextLSN - 1, journal.nextLSN - 1)
        for _ in 0..<groups {
            var frame = FrameBuffer()
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                now.submitted += 1
                ExpectedRecord(lsn: now.submitted, seed: seed).append(to: &frame, micros: Int64(now.submitted))
            }
            if acknowledgesEarly { now.acknowledged = now.submitted }
            progress(now)
            if !journal.hasRoom(for: frame) { try journal.change(to: journal.spares.take()) }
            try journal.append(&frame)
            now.acknowledged = now.submitted
            progress(now)
            if Int.random(in: 0..<3, using: &generator) == 0 { try journal.seal() }
            if Int.random(in: 0..<6, using: &generator) == 0 {
                now.released = now.acknowledged
                progress(now)
                journal.spares.release(through: now.released)
            }
            while try journal.spares.workOnce() {}
        }
    }

    /// Opens the journal on a disk as it was left, loses power once more without anything kept, opens it again, and
    /// says what is wrong. What the first start replayed must be there at the second: a client may have seen it.
    static func violation(
        _ contents: SimulatedDisk.Contents, _ progress: Progress, seed: UInt64, flaws: SeededFlaws = []
    ) -> String? {
        violation(SimulatedDisk(contents), progress, seed: seed, flaws: flaws)
    }

    /// The same where the machine went on.
    static func violation(
        _ disk: SimulatedDisk, _ progress: Progress, seed: UInt64, flaws: SeededFlaws = []
    ) -> String? {
        var progress = progress
        disk.endProgram()
        if let violation = violation(disk, &progress, seed: seed, flaws: flaws) { return violation }
        let second = SimulatedDisk(SimulatedDisk.image(disk.snapshot) { _, _ in .dropped })
        return violation(second, &progress, seed: seed, flaws: []).map { "after a second start: " + $0 }
    }

    /// - Parameter progress: what was replayed is acknowledged afterwards.
    private static func violation(
        _ disk: SimulatedDisk, _ progress: inout Progress, seed: UInt64, flaws: SeededFlaws
    ) -> String? {
        var next = progress.released + 1
        var wrong: UInt64?
        do throws(JournalError) {
            _ = try open(
                disk, after: progress.released, seed: seed &+ 1_000, flaws: flaws,
                apply: { record in
                    if record.lsn != next || ExpectedRecord(record) != ExpectedRecord(lsn: record.lsn, seed: seed) {
                        wrong = wrong ?? record.lsn
                    }
                    next += 1
                })
        } catch {
            return "refused: \(error)"
        }
        if let wrong { return "record \(wrong) is not what was written" }
        if next - 1 < progress.acknowledged { return "ends with \(next - 1), acknowledged \(progress.acknowledged)" }
        if next - 1 > progress.submitted { return "ends with \(next - 1), submitted \(progress.submitted)" }
        progress.acknowledged = next - 1
        return nil
    }
}
