// Saving the engine's state while it goes on: pictures are taken on the engine's loop in microseconds, and written by a
// thread of their own.
//
// Customers are saved some time after they changed, so that a restart has little to do again; that nothing is lost is the
// journal's care. Statistics are saved every `Limits.statisticsInterval`, and both when the server ends. No snapshot gets its
// name before all that it has is durable in the journal.

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
    private let writer: NIOThreadPool
    private let loop: any EventLoop
    private let logger: Logger
    private let cluster: ClusterID
    private var statisticsNumber: UInt64

    private var isWriting = false
    /// `Engine.customersVersion` of the newest file.
    private var savedVersion: UInt64
    /// Not before, so that a stream of changes does not keep the disk busy.
    private var nextCustomers = NIODeadline.now()
    private var nextStatistics = NIODeadline.now() + Limits.statisticsInterval
    /// Why the last snapshot could not be written; nil: it was.
    private(set) var failure: String?
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
        loop: any EventLoop, logger: Logger, captures: @escaping () -> HEPFeedMemory?
    ) {
        self.engine = engine
        self.captures = captures
        self.journal = journal
        self.directory = directory
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

    /// Looks whether something is due; called with every tick.
    func tick(now: Int64) {
        guard !isWriting else { return }
        let time = NIODeadline.now()
        if savedVersion != engine.customersVersion && time >= nextCustomers {
            saveCustomers()
        } else if time >= nextStatistics || isStatisticsWanted && time >= earliestStatistics {
            saveStatistics(now: now)
        }
    }

    /// Saves the statistics before their turn.
    func saveSoon() { isStatisticsWanted = true }

    /// Saves what has changed, closes the journal, and ends; once. The future is done when the files are.
    func finish(now: Int64) -> EventLoopFuture<Void> {
        // The writer does one thing after the other: whatever is under way comes before these.
        if savedVersion != engine.customersVersion { saveCustomers() }
        saveStatistics(now: now, isLast: true)
        isWriting = true
        let close = journal.close
        let writer = writer
        let ended = loop.makePromise(of: Void.self)
        writer.runIfActive(eventLoop: loop) { close() }.whenComplete { _ in
            writer.shutdownGracefully { _ in ended.succeed() }
        }
        return ended.futureResult
    }

    private func saveCustomers() {
        let version = engine.customersVersion
        let lsn = journal.submittedLSN
        let picture = engine.picture()
        let began = NIODeadline.now()
        write(mark(.board, number: lsn, lsn: lsn, picture.engineMicros)) {
            picture.tables()
        } then: { saver, receipt in
            saver.savedVersion = version
            saver.journal.release(through: receipt.oldestNumber)
            let took = NIODeadline.now() - began
            // A tenth of the disk's and the thread's time, at most.
            saver.nextCustomers = NIODeadline.now() + max(Limits.customersInterval, .nanoseconds(took.nanoseconds * 9))
        }
    }

    /// - Parameter isLast: the server ends, so nothing is missing after them.
    private func saveStatistics(now: Int64, isLast: Bool = false) {
        let began = NIODeadline.now()
        nextStatistics = began + Limits.statisticsInterval
        isStatisticsWanted = false
        let picture = engine.statistics(now: now, isLast: isLast)
        let producersVersion = engine.producersVersion
        // No event was heard yet, or none since the last time by the events' clock.
        guard
            isLast && picture.engineMicros != 0 || producersVersion != savedProducersVersion
                || picture.engineMicros != savedStatisticsMicros
        else { return }
        statisticsNumber += 1
        let mark = mark(.statistics, number: statisticsNumber, lsn: journal.submittedLSN, picture.engineMicros)
        let memory = captures()
        write(mark, producers: picture.marks) {
            picture.tables() + (memory?.tables ?? [])
        } then: { saver, _ in
            saver.savedStatisticsMicros = picture.engineMicros
            saver.safe = picture.marks
            saver.savedProducersVersion = producersVersion
            // Half of the disk's and the thread's time, at most.
            let ended = NIODeadline.now()
            saver.earliestStatistics = ended + max(Limits.wantedStatisticsInterval, ended - began)
        }
    }

    private func mark(_ kind: SnapshotMark.Kind, number: UInt64, lsn: UInt64, _ engineMicros: Int64) -> SnapshotMark {
        SnapshotMark(
            kind: kind, number: number, lsn: lsn, engineMicros: engineMicros, clusterHigh: cluster.high,
            clusterLow: cluster.low, writer: "busyhourd \(Release.version)")
    }

    /// - Parameters:
    ///   - tables: made on the writer's thread.
    ///   - then: on the loop, when the file is there.
    private func write(
        _ mark: SnapshotMark, producers: [ProducerID: ProducerMarks] = [:],
        _ tables: @escaping @Sendable () -> [SavedTable],
        then: @escaping (StateSaver, SnapshotReceipt) -> Void
    ) {
        isWriting = true
        let directory = directory
        let waitUntilDurable = journal.waitUntilDurable
        let written = writer.runIfActive(eventLoop: loop) {
            guard waitUntilDurable(mark.lsn) else { throw SnapshotError(path: directory.path, .cancelled) }
            return try directory.write(tables(), producers: producers.map(SavedProducer.init), mark: mark)
        }
        written.assumeIsolated().whenComplete { result in
            self.isWriting = false
            switch result {
            case .success(let receipt):
                self.failure = nil
                then(self, receipt)
            case .failure(let error): self.failed(mark.kind, error)
            }
        }
    }

    private func failed(_ kind: SnapshotMark.Kind, _ error: any Error) {
        failure = "\(error)"
        logger.error("nothing was saved: \(error)")
        // Again after a while: the disk may have space by then.
        earliestStatistics = NIODeadline.now() + Limits.statisticsInterval
        if kind == .board { nextCustomers = NIODeadline.now() + Limits.statisticsInterval }
    }
}

extension SavedProducer {
    /// For people who open the file; the engine's own tables have them as well.
    fileprivate init(_ id: ProducerID, _ marks: ProducerMarks) {
        self.init(idHigh: id.high, idLow: id.low, epoch: marks.epoch, sequence: marks.applied)
    }
}
