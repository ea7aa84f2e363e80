// Saving the engine's state while it goes on: snapshots are taken on the engine's loop in microseconds, and written by a
// thread of their own.
//
// Customers are saved when the journal has grown by `Limits.snapshotJournalBytes` since, or after
// `Limits.customersInterval`, so that a restart has little to do again; that nothing is lost is the journal's care.
// Statistics are saved every `Limits.statisticsInterval`, and both when somebody asks and when the server ends. No snapshot
// gets its name before all that it has is durable in the journal, and the journal keeps its hash.

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
    /// What the parser of captures has in mind: it is saved with what came of it.
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

    /// Files that are being written or wait for it.
    private var writing = 0
    /// `Engine.customersVersion` of the newest file.
    private var savedVersion: UInt64
    /// `MutationJournal.submittedBytes` at the newest file.
    private var savedBytes: UInt64 = 0
    /// When customers that have changed are saved, and the time before which not even a long journal makes them so: a
    /// stream of changes must not keep the disk busy.
    private var nextCustomers = NIODeadline.now() + Limits.customersInterval
    private var earliestCustomers = NIODeadline.now()
    private var nextStatistics = NIODeadline.now() + Limits.statisticsInterval
    /// Why the newest file of a kind could not be written; none: it was.
    private var failures: [SnapshotMark.Kind: String] = [:]
    /// Why something is not saved; nil: everything is.
    var failure: String? { failures[.statistics] ?? failures[.board] }
    /// The engine's time of the newest statistics on the disk; 0: there are none.
    private(set) var savedStatisticsMicros: Int64
    /// How far each producer is in the newest statistics on the disk.
    private(set) var safe: [ProducerID: ProducerMarks]
    /// `Engine.producersVersion` of these.
    private var savedProducersVersion: UInt64
    /// A producer waits for its mark.
    private var isStatisticsWanted = false
    /// Not before, however many wait.
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

    /// Looks whether something is due; called with every tick.
    func tick(now: Int64) {
        guard writing == 0 else { return }
        let time = NIODeadline.now()
        // Parts of an import stand in the journal, which a snapshot would have let go of them.
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

    /// Saves the statistics before their turn.
    func saveSoon() { isStatisticsWanted = true }

    /// Saves everything, whether or not it has changed.
    func saveNow(now: Int64) -> EventLoopFuture<[SnapshotReceipt]> {
        let customers = saveCustomers()
        let statistics = saveStatistics(now: now)
        return customers.and(statistics).map { [$0] + ($1.map { [$0] } ?? []) }
    }

    /// Saves what has changed, closes the journal, and ends; once. The future is done when the files are.
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
        // The parts of an import that has not come to its end are in no snapshot, and none of the journal is read from before
        // it: whoever imports begins again.
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
            // A tenth of the disk's and the thread's time, at most.
            saver.earliestCustomers = now + .nanoseconds((now - began).nanoseconds * 9)
        }
    }

    /// - Parameter isLast: the server ends, so nothing is missing after them.
    /// - Returns: nil if there is nothing that a file could not have already.
    private func saveStatistics(now: Int64, isLast: Bool = false) -> EventLoopFuture<SnapshotReceipt?> {
        let began = NIODeadline.now()
        nextStatistics = began + Limits.statisticsInterval
        isStatisticsWanted = false
        let snapshot = engine.statistics(now: now, isLast: isLast)
        let producersVersion = engine.producersVersion
        // No event was heard yet, or none since the last time by the events' clock.
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
            // Half of the disk's and the thread's time, at most.
            let ended = NIODeadline.now()
            saver.earliestStatistics = ended + max(Limits.wantedStatisticsInterval, ended - began)
        }.map { $0 }
    }

    /// One file of everything at this instant.
    func backUp(now: Int64) -> EventLoopFuture<BackupFile> {
        let lsn = journal.submittedLSN
        let (customers, statistics, seed) = (engine.snapshot(), engine.statistics(now: now), hashSeed)
        let memory = captures()
        let mark = mark(.backup, number: lsn, lsn: lsn, customers.engineMicros)
        return write(mark) { directory throws(SnapshotError) in
            // In the order of their numbers, as a file has them.
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
    ///   - then: on the loop, when the file is there.
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

    /// - Parameter savedMicros: of the newest statistics on the disk; 0: there are none.
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
        // Who asked for a backup hears of it; the server has what it needs.
        guard kind != .backup else { return logger.error("no backup was made: \(reason)") }
        if failures[kind] == nil { logger.error("not saved: \(reason)") }
        failures[kind] = reason
        // Again after a while: the disk may have space by then.
        earliestStatistics = NIODeadline.now() + Limits.statisticsInterval
        if kind == .board { earliestCustomers = NIODeadline.now() + Limits.statisticsInterval }
    }
}

extension SavedProducer {
    /// For people who open the file; the engine's own tables have them as well.
    fileprivate init(_ id: ProducerID, _ marks: ProducerMarks) {
        self.init(idHigh: id.high, idLow: id.low, epoch: marks.epoch, sequence: marks.applied)
    }
}
