// What a server finds in its data directory when it starts: the newest snapshot of the customers, the journal of later
// changes, and the statistics.

import Board
import Feeds
import Logging
import Store

/// What was restored, and the numbers for the next files.
struct RestoredState: Sendable {
    /// Distinguishes the files of one server from those of another; created with the journal.
    var cluster = ClusterID(high: 0, low: 0)
    /// The last record whose effect the newest snapshot of the customers has; 0: there is no snapshot.
    var customersLSN: UInt64 = 0
    /// The highest number of a statistics file.
    var statisticsNumber: UInt64 = 0
    /// The engine's time of the restored statistics; 0: none were restored.
    var statisticsMicros: Int64 = 0
    /// The state of the captures' parser saved with the statistics; nil: none.
    var captures: HEPFeedMemory?
    /// `Engine.customersVersion` of the newest snapshot.
    var savedVersion: UInt64 = 0
    /// Bytes of the replayed records.
    var replayedBytes: UInt64 = 0

    private let directory: SnapshotDirectory
    private let progress: RestoreProgress
    private let logger: Logger

    private init(_ directory: SnapshotDirectory, _ progress: RestoreProgress, _ logger: Logger) {
        (self.directory, self.progress, self.logger) = (directory, progress, logger)
    }

    /// Reads everything into an empty engine.
    ///
    /// Damaged snapshots are set aside, never deleted, and logged; an older one and the journal give the same state.
    /// Without the customers there is no server. Statistics are soon collected again: the server starts without them.
    static func read(
        _ directory: SnapshotDirectory, _ journal: JournalConfiguration, into engine: Engine, progress: RestoreProgress,
        logger: Logger
    ) throws(ServerError) -> (RestoredState, Journal) {
        var state = RestoredState(directory, progress, logger)
        let path = directory.path + "/journal"
        // The hashes that snapshots must have, before one is used. Damage is reported when it is read for the restore.
        let survey = JournalSurvey(directory: path, disk: POSIXDisk())
        var cluster: ClusterID?
        do throws(SnapshotError) {
            try directory.removeUnfinished()
            state.statisticsNumber = try directory.numbers(.statistics).first ?? 0
            cluster = try state.restoreCustomers(engine, survey)
        } catch {
            throw ServerError("\(error)", kind: .environment)
        }
        state.savedVersion = engine.customersVersion
        let opened = try state.replay(path, journal, cluster, engine, survey)
        do {
            try state.restoreStatistics(engine)
        } catch {
            logger.error("the statistics start from zero: \(error)")
        }
        return (state, opened)
    }

    private mutating func restoreCustomers(
        _ engine: Engine, _ survey: JournalSurvey
    ) throws(SnapshotError) -> ClusterID? {
        let began = ContinuousClock.now
        let newestNumber = try directory.numbers(.board).first ?? 0
        var faults: [SnapshotError] = []
        let newest = try directory.newest(.board, roots: survey.roots) { fault in
            faults.append(fault)
            logger.error("set aside: \(fault)")
        }
        guard let newest else {
            // The journal gives the same if it has everything from the first record on.
            if let fault = faults.first, survey.firstLSN != 1 || survey.lastLSN ?? 0 < newestNumber { throw fault }
            return nil
        }
        do throws(RestoreError) {
            try engine.restore(newest.tables)
        } catch {
            throw SnapshotError(path: directory.path, .schema(error.description))
        }
        customersLSN = newest.mark.lsn
        logger.info("\(engine.customerCount) customers restored in \(LogText.seconds(began.duration(to: .now)))")
        return ClusterID(high: newest.mark.clusterHigh, low: newest.mark.clusterLow)
    }

    private mutating func replay(
        _ path: String, _ configuration: JournalConfiguration, _ cluster: ClusterID?, _ engine: Engine,
        _ survey: JournalSurvey
    ) throws(ServerError) -> Journal {
        let began = ContinuousClock.now
        let (customersLSN, lastLSN) = (customersLSN, survey.lastLSN ?? customersLSN)
        var step = RestoreProgress.Step(phase: .changes, total: lastLSN > customersLSN ? lastLSN - customersLSN : 0)
        var bytes: UInt64 = 0
        progress.become(step)
        do throws(JournalError) {
            let (journal, contents) = try Journal.open(
                directory: path, disk: POSIXDisk(), configuration: configuration, after: customersLSN, cluster: cluster
            ) { record throws(RecordFault) in
                try MutationJournal.replay(record, engine)
                step.done += 1
                bytes += UInt64(record.payload.count)
                if step.done % 1_024 == 0 { progress.become(step) }
            }
            replayedBytes = bytes
            // Imports that were not completed leave no trace.
            engine.forgetImports(before: .max)
            if let known = contents.cluster { self.cluster = known }
            if contents.replayedCount > 0 {
                logger.info(
                    "replayed \(contents.replayedCount) journal records in \(LogText.seconds(began.duration(to: .now)))"
                )
            }
            if case .torn(let path, let offset) = contents.end {
                logger.info("\(path): truncated at \(offset), after the last acknowledged change")
            }
            return journal
        } catch {
            throw ServerError("\(error)", kind: .environment)
        }
    }

    /// From the newest file that can be restored: what an older one lacks is sent again, or reported as lost.
    private mutating func restoreStatistics(_ engine: Engine) throws {
        progress.become(RestoreProgress.Step(phase: .statistics))
        let cluster = cluster
        var captures: HEPFeedMemory?
        var refused = 0
        let taken = try directory.newest(.statistics) { fault in
            refused += 1
            logger.error("set aside: \(fault)")
        } take: { (file) throws(RestoreError) in
            guard ClusterID(high: file.mark.clusterHigh, low: file.mark.clusterLow) == cluster else {
                throw RestoreError(table: "snapshot", fault: "is of another server")
            }
            captures = try HEPFeedMemory.restored(file.tables)
            try engine.restoreStatistics(file.tables)
        }
        guard let taken else {
            if refused > 0 { logger.error("the statistics start from zero: none of \(refused) files can be used") }
            return
        }
        self.captures = captures
        statisticsMicros = taken.mark.engineMicros
        logger.info("statistics restored as of \(LogText.time(taken.mark.engineMicros))")
    }
}
