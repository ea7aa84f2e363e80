// Saves the engine's state while it runs: snapshots are taken on the engine's loop in microseconds, and written by a
// thread of their own.
//
// Customers are saved when the journal has grown by `Limits.snapshotJournalBytes` since the last snapshot, or after
// `Limits.customersInterval`, so that a restart replays little; durability is the journal's job.
// Statistics are saved every `Limits.statisticsInterval`, and both on request and when the server ends. No snapshot
// gets its name before its whole contents are durable in the journal, and the journal records its hash.

import Board
import CallEvents
import Feeds
import Logging
import NIOCore
import NIOPosix
import Store
import Wire

/// Lives on the engine's loop.
final class StateSaver {
    private let engine: Engine
    /// The state of the captures' parser: it is saved with the figures that came of it.
    private let captures: () -> HEPFeedMemory?
    private let journal: MutationJournal
    private let directory: SnapshotDirectory
    /// One thread: files are written one after the other.
    private let writer: NIOThreadPool
    private let loop: any EventLoop
    private let logger: Logger
    private let cluster: ClusterID
    private let hashSeed: HashSeed
    private var statisticsNumber: UInt64

    /// Files being written or waiting for it.
    private var writing = 0
    /// `Engine.customersVersion` of the newest file.
    private var savedVersion: UInt64
    /// `MutationJournal.submittedBytes` at the newest file.
    private var savedBytes: UInt64 = 0
    /// When changed customers are saved next, and the earliest time at which a long journal triggers it sooner: a
    /// stream of changes must not keep the disk busy.
    private var nextCustomers = NIODeadline.now() + Limits.customersInterval
    private var earliestCustomers = NIODeadline.now()
    private var nextStatistics = NIODeadline.now() + Limits.statisticsInterval
    /// Why the newest file of a kind could not be written; no entry: it was.
    private var failures: [SnapshotMark.Kind: String] = [:]
    /// Why something is not saved; nil: everything is.
    var failure: String? { failures[.statistics] ?? failures[.board] }
    /// The engine's time of the newest durable statistics; 0: there are none.
    private(set) var savedStatisticsMicros: Int64
    /// Durable marks of each producer, as of the newest durable statistics.
    private(set) var safe: [ProducerID: ProducerMarks]
    /// `Engine.producersVersion` of `safe`.
    private var savedProducersVersion: UInt64
    /// A producer waits for its mark.
    private var isStatisticsWanted = false
    /// The earliest time of the next statistics, however many producers wait.
    private var earliestStatistics = NIODeadline.now()

    init(
        _ engine: Engine, _ restored: RestoredState, _ journal: MutationJournal, directory: SnapshotDirectory,
        hashSeed: HashSeed, loop: any EventLoop, logger: Logger, captures: @escaping () -> HEPFeedMemory?
    ) {
        self.engine = engine
        self.captures = captures
        self.journal = journal
        self.directory = directory
        self.hashSeed = hashSeed
        self.loop = loop
        self.logger = logger
        cluster = restored.cluster
        statisticsNumber = restored.statisticsNumber
        savedVersion = restored.savedVersion
        savedStatisticsMicros = restored.statisticsMicros
        safe = engine.producerMarks
        savedProducersVersion = engine.producersVersion
        writer = NIOThreadPool(numberOfThreads: 1)
        writer.start()
    }

    // MARK: - When

    /// Checks whether something is due; called with every tick.
    func tick(now: Int64) {
        guard writing == 0 else { return }
        let time = NIODeadline.now()
        // Parts of an import are in the journal; a snapshot would release them there.
        if engine.importCount == 0 && areCustomersDue(time) {
            _ = saveCustomers()
        } else if time >= nextStatistics || isStatisticsWanted && time >= earliestStatistics {
            _ = saveStatistics(now: now)
        }
    }

    private func areCustomersDue(_ time: NIODeadline) -> Bool {
        guard savedVersion != engine.customersVersion, time >= earliestCustomers else { return false }
        return time >= nextCustomers || journal.submittedBytes - savedBytes >= Limits.snapshotJournalBytes
    }

    /// Saves the statistics ahead of schedule.
    func saveSoon() { isStatisticsWanted = true }

    /// Saves everything, changed or not.
    func saveNow(now: Int64) -> EventLoopFuture<[SnapshotReceipt]> {
        let customers = saveCustomers()
        let statistics = saveStatistics(now: now)
        return customers.and(statistics).map { [$0] + ($1.map { [$0] } ?? []) }
    }

    /// Saves what has changed, closes the journal, and ends; once. The future completes when the files are written.
    func finish(now: Int64) -> EventLoopFuture<Void> {
        var files: [EventLoopFuture<Void>] = []
        if savedVersion != engine.customersVersion { files.append(saveCustomers().map { _ in }) }
        files.append(saveStatistics(now: now, isLast: true).map { _ in })
        // Nothing is due any more.
        writing += 1
        let (close, writer, loop) = (journal.close, writer, loop)
        return EventLoopFuture.andAllComplete(files, on: loop).flatMap {
            writer.runIfActive(eventLoop: loop) { close() }
        }.flatMapError { _ in loop.makeSucceededVoidFuture() }.flatMap {
            let ended = loop.makePromise(of: Void.self)
            writer.shutdownGracefully { _ in ended.succeed() }
            return ended.futureResult
        }
    }

    // MARK: - What

    private func saveCustomers() -> EventLoopFuture<SnapshotReceipt> {
        // The parts of an unfinished import are in no snapshot, and the journal is not read from before it: the client
        // starts the import again.
        engine.forgetImports(before: .max)
        let (version, bytes) = (engine.customersVersion, journal.submittedBytes)
        let lsn = journal.submittedLSN
        let snapshot = engine.snapshot()
        let began = NIODeadline.now()
        let mark = mark(.board, number: lsn, lsn: lsn, snapshot.engineMicros)
        return write(mark) { directory throws(SnapshotError) in
            try directory.write(snapshot.tables(), mark: mark)
        } then: { saver, receipt in
            (saver.savedVersion, saver.savedBytes) = (version, bytes)
            let isEarly = SeededFlaws.ofProcess.contains(.releasesEarly)
            saver.journal.release(through: isEarly ? mark.number : receipt.oldestNumber)
            saver.journal.note(
                SnapshotDone(number: mark.number, rootHash: receipt.rootHash), micros: mark.engineMicros)
            let now = NIODeadline.now()
            saver.nextCustomers = now + Limits.customersInterval
            // At most a tenth of the disk's and the thread's time.
            saver.earliestCustomers = now + .nanoseconds((now - began).nanoseconds * 9)
        }
    }

    /// - Parameter isLast: the server ends, so nothing may come after them.
    /// - Returns: nil if a file already has all of it.
    private func saveStatistics(now: Int64, isLast: Bool = false) -> EventLoopFuture<SnapshotReceipt?> {
        let began = NIODeadline.now()
        nextStatistics = began + Limits.statisticsInterval
        isStatisticsWanted = false
        let snapshot = engine.statistics(now: now, isLast: isLast)
        let producersVersion = engine.producersVersion
        // No event has been received yet or, by the events' clock, none since the last time.
        guard
            isLast && snapshot.engineMicros != 0 || producersVersion != savedProducersVersion
                || snapshot.engineMicros != savedStatisticsMicros
        else { return loop.makeSucceededFuture(nil) }
        statisticsNumber += 1
        let mark = mark(.statistics, number: statisticsNumber, lsn: journal.submittedLSN, snapshot.engineMicros)
        let memory = captures()
        return write(mark) { directory throws(SnapshotError) in
            try directory.write(
                snapshot.tables() + (memory?.tables ?? []), producers: snapshot.marks.map(SavedProducer.init),
                mark: mark)
        } then: { saver, _ in
            saver.savedStatisticsMicros = snapshot.engineMicros
            saver.safe = snapshot.marks
            saver.savedProducersVersion = producersVersion
            // At most half of the disk's and the thread's time.
            let ended = NIODeadline.now()
            saver.earliestStatistics = ended + max(Limits.wantedStatisticsInterval, ended - began)
        }.map { $0 }
    }

    /// Writes one file with everything as of this instant.
    func backUp(now: Int64) -> EventLoopFuture<BackupFile> {
        let lsn = journal.submittedLSN
        let (customers, statistics, seed) = (engine.snapshot(), engine.statistics(now: now), hashSeed)
        let memory = captures()
        let mark = mark(.backup, number: lsn, lsn: lsn, customers.engineMicros)
        return write(mark) { directory throws(SnapshotError) in
            // In ascending order of table id, as in a file.
            let figures = statistics.engineMicros == 0 ? [] : statistics.tables() + (memory?.tables ?? [])
            let tables = customers.tables() + figures + [BackupContents.table(of: seed)]
            return try directory.writeBackup(
                tables, producers: statistics.marks.map(SavedProducer.init), mark: mark)
        } then: { _, _ in
        }
    }

    private func mark(_ kind: SnapshotMark.Kind, number: UInt64, lsn: UInt64, _ engineMicros: Int64) -> SnapshotMark {
        SnapshotMark(
            kind: kind, number: number, lsn: lsn, engineMicros: engineMicros, clusterHigh: cluster.high,
            clusterLow: cluster.low, writer: "busyhourd \(Release.version)")
    }

    /// - Parameters:
    ///   - body: makes the file, on the writer's thread.
    ///   - then: called on the loop once the file is written.
    private func write<File: Sendable>(
        _ mark: SnapshotMark, _ body: @escaping @Sendable (SnapshotDirectory) throws(SnapshotError) -> File,
        then: @escaping (StateSaver, File) -> Void
    ) -> EventLoopFuture<File> {
        writing += 1
        let directory = directory
        let waitUntilDurable = journal.waitUntilDurable
        let written = writer.runIfActive(eventLoop: loop) {
            guard waitUntilDurable(mark.lsn) else { throw SnapshotError(path: directory.path, .cancelled) }
            return try body(directory)
        }
        written.assumeIsolated().whenComplete { result in
            self.writing -= 1
            switch result {
            case .success(let file):
                if self.failures.removeValue(forKey: mark.kind) != nil {
                    self.logger.notice("saved again: \(mark.fileName)")
                }
                then(self, file)
            case .failure(let error): self.failed(mark.kind, error)
            }
        }
        let savedMicros = savedStatisticsMicros
        return written.flatMapErrorThrowing { error in
            guard let error = error as? SnapshotError, error.isDiskFull else { throw error }
            throw RequestError(.diskFull, Self.reason(error, mark.kind, directory.path, savedMicros: savedMicros))
        }
    }

    /// - Parameter savedMicros: time of the newest durable statistics; 0: there are none.
    static func reason(
        _ error: any Error, _ kind: SnapshotMark.Kind, _ path: String, savedMicros: Int64
    ) -> String {
        guard let error = error as? SnapshotError, error.isDiskFull else { return "\(error)" }
        let retry = "free space, it retries every \(Limits.statisticsInterval.nanoseconds / 1_000_000_000) s"
        switch kind {
        case .statistics:
            let time = LogText.time(savedMicros)
            let since = savedMicros == 0 ? "no statistics are saved yet" : "statistics not saved since \(time)"
            return "disk full: \(since) (\(path)); \(retry)"
        case .board:
            return "disk full: no snapshot of the customers, whose changes stay in the journal (\(path)); \(retry)"
        case .backup: return "disk full: a backup needs room in \(path) first; free space there and repeat"
        }
    }

    private func failed(_ kind: SnapshotMark.Kind, _ error: any Error) {
        let reason = Self.reason(error, kind, directory.path, savedMicros: savedStatisticsMicros)
        // The client that requested a backup gets the error; the server itself lacks nothing.
        guard kind != .backup else { return logger.error("no backup was made: \(reason)") }
        if failures[kind] == nil { logger.error("not saved: \(reason)") }
        failures[kind] = reason
        // Retry after a while: the disk may have space by then.
        earliestStatistics = NIODeadline.now() + Limits.statisticsInterval
        if kind == .board { earliestCustomers = NIODeadline.now() + Limits.statisticsInterval }
    }
}

extension SavedProducer {
    /// For people who open the file; the engine's own tables hold them as well.
    fileprivate init(_ id: ProducerID, _ marks: ProducerMarks) {
        self.init(idHigh: id.high, idLow: id.low, epoch: marks.epoch, sequence: marks.applied)
    }
}
