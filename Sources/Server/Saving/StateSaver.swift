// Saving the engine's state while it goes on: pictures are taken on the engine's loop in microseconds, and written by a
// thread of their own.
//
// Customers are saved soon after each change, statistics every `Limits.statisticsInterval`, and both when the server ends. At
// most one snapshot is under way. Customers go first: statistics never know a customer that the newest file does not.

import Board
import Logging
import NIOCore
import NIOPosix
import Store
import Wire

/// Lives on the engine's loop.
final class StateSaver {
    private let engine: Engine
    private let directory: SnapshotDirectory
    private let writer: NIOThreadPool
    private let loop: any EventLoop
    private let logger: Logger
    private let identity: StateIdentity
    private var numbers: [SnapshotMark.Kind: UInt64]

    private var isWriting = false
    /// `Engine.customersVersion` of the newest file; nil: there is none.
    private var savedVersion: UInt64?
    /// Not before, so that a stream of changes does not keep the disk busy.
    private var nextCustomers = NIODeadline.now()
    private var nextStatistics = NIODeadline.now() + Limits.statisticsInterval
    /// Why the last snapshot could not be written; nil: it was.
    private(set) var failure: String?
    /// The engine's time of the newest statistics on the disk; 0: there are none.
    private(set) var savedStatisticsMicros: Int64 = 0

    init(
        _ engine: Engine, _ restored: RestoredState, directory: SnapshotDirectory, loop: any EventLoop, logger: Logger
    ) {
        self.engine = engine
        self.directory = directory
        self.loop = loop
        self.logger = logger
        identity = restored.identity
        numbers = restored.numbers
        savedVersion = restored.hasCustomers ? engine.customersVersion : nil
        savedStatisticsMicros = restored.statisticsMicros
        writer = NIOThreadPool(numberOfThreads: 1)
        writer.start()
    }

    /// Looks whether something is due; called with every tick.
    func tick(now: Int64) {
        guard !isWriting else { return }
        let time = NIODeadline.now()
        if savedVersion != engine.customersVersion && engine.customerCount > 0 && time >= nextCustomers {
            saveCustomers()
        } else if time >= nextStatistics {
            saveStatistics(now: now)
        }
    }

    /// Saves what has changed, and ends; once. The future is done when the files are.
    func finish(now: Int64) -> EventLoopFuture<Void> {
        let hasChanged = savedVersion != engine.customersVersion && engine.customerCount > 0
        let customers = hasChanged ? saveCustomers() : loop.makeSucceededVoidFuture()
        let statistics = saveStatistics(now: now)
        isWriting = true
        let writer = writer
        return customers.and(statistics).flatMap { _, _ in
            let stopped = self.loop.makePromise(of: Void.self)
            writer.shutdownGracefully { _ in stopped.succeed() }
            return stopped.futureResult
        }
    }

    @discardableResult
    private func saveCustomers() -> EventLoopFuture<Void> {
        let version = engine.customersVersion
        let picture = engine.picture()
        let began = NIODeadline.now()
        return write(.board, engineMicros: picture.engineMicros) {
            picture.tables()
        } then: { saver in
            saver.savedVersion = version
            let took = NIODeadline.now() - began
            // A tenth of the disk's and the thread's time, at most.
            saver.nextCustomers = NIODeadline.now() + max(Limits.customersInterval, .nanoseconds(took.nanoseconds * 9))
        }
    }

    @discardableResult
    private func saveStatistics(now: Int64) -> EventLoopFuture<Void> {
        nextStatistics = NIODeadline.now() + Limits.statisticsInterval
        let picture = engine.statistics(now: now)
        // No event was heard yet, or none since the last time by the events' clock.
        guard picture.engineMicros != savedStatisticsMicros, picture.engineMicros != 0 else {
            return loop.makeSucceededVoidFuture()
        }
        return write(.statistics, engineMicros: picture.engineMicros) {
            picture.tables()
        } then: { saver in
            saver.savedStatisticsMicros = picture.engineMicros
        }
    }

    /// - Parameters:
    ///   - tables: made on the writer's thread.
    ///   - then: on the loop, when the file is there.
    private func write(
        _ kind: SnapshotMark.Kind, engineMicros: Int64, _ tables: @escaping @Sendable () -> [SavedTable],
        then: @escaping (StateSaver) -> Void
    ) -> EventLoopFuture<Void> {
        isWriting = true
        let number = numbers[kind, default: 0] + 1
        numbers[kind] = number
        let mark = SnapshotMark(
            kind: kind, number: number, lsn: number, engineMicros: engineMicros, clusterHigh: identity.high,
            clusterLow: identity.low, writer: "busyhourd \(Release.version)")
        let directory = directory
        let written = writer.runIfActive(eventLoop: loop) { _ = try directory.write(tables(), mark: mark) }
        let done = loop.makePromise(of: Void.self)
        written.assumeIsolated().whenComplete { result in
            self.isWriting = false
            switch result {
            case .success:
                self.failure = nil
                then(self)
            case .failure(let error): self.failed(kind, error)
            }
            done.succeed()
        }
        return done.futureResult
    }

    private func failed(_ kind: SnapshotMark.Kind, _ error: any Error) {
        failure = "\(error)"
        logger.error("nothing was saved: \(error)")
        // Again after a while: the disk may have space by then.
        if kind == .board { nextCustomers = NIODeadline.now() + Limits.statisticsInterval }
    }
}
