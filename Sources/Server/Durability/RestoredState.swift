// What a server finds in its data directory when it starts: the newest snapshot of the customers, the journal of what was done
// since, and the statistics.

import Board
import Feeds
import Logging
import Store

/// What was restored, and what the next files are to be called.
struct RestoredState: Sendable {
    /// Tells the files of one server from those of another; made with the journal.
    var cluster = ClusterID(high: 0, low: 0)
    /// The last record whose effect the newest snapshot of the customers has; 0: there is none.
    var customersLSN: UInt64 = 0
    /// The highest number of a file of statistics.
    var statisticsNumber: UInt64 = 0
    /// The engine's time of the statistics that were restored; 0: none were.
    var statisticsMicros: Int64 = 0
    /// What the parser of captures had in mind with the statistics; nil: nothing.
    var captures: HEPFeedMemory?
    /// `Engine.customersVersion` of the newest snapshot.
    var savedVersion: UInt64 = 0

    private init() {}

    /// Reads everything into an engine that has nothing yet.
    ///
    /// Damaged snapshots are set aside, never deleted, and told in the log; an older one and the journal give the same.
    /// Without the customers there is no server. Statistics are not missed for long: it starts without them.
    static func read(
        _ directory: SnapshotDirectory, into engine: Engine, logger: Logger
    ) throws(ServerError) -> (RestoredState, Journal) {
        var state = RestoredState()
        var cluster: ClusterID?
        do throws(SnapshotError) {
            try directory.removeUnfinished()
            state.statisticsNumber = try directory.numbers(.statistics).first ?? 0
            cluster = try state.restoreCustomers(directory, engine, logger)
        } catch {
            throw ServerError("\(error)", kind: .environment)
        }
        state.savedVersion = engine.customersVersion
        let journal = try state.replay(directory.path + "/journal", cluster, engine, logger)
        do {
            try state.restoreStatistics(directory, engine, logger)
        } catch {
            logger.error("the statistics begin anew: \(error)")
        }
        return (state, journal)
    }

    private mutating func restoreCustomers(
        _ directory: SnapshotDirectory, _ engine: Engine, _ logger: Logger
    ) throws(SnapshotError) -> ClusterID? {
        var faults: [SnapshotError] = []
        let newest = try directory.newest(.board) { fault in
            faults.append(fault)
            logger.error("set aside: \(fault)")
        }
        guard let newest else {
            // The journal may have begun after the file that is lost.
            if let fault = faults.first { throw fault }
            return nil
        }
        do throws(RestoreError) {
            try engine.restore(newest.tables)
        } catch {
            throw SnapshotError(path: directory.path, .schema(error.description))
        }
        customersLSN = newest.mark.lsn
        logger.info("\(engine.customerCount) customers restored")
        return ClusterID(high: newest.mark.clusterHigh, low: newest.mark.clusterLow)
    }

    private mutating func replay(
        _ path: String, _ cluster: ClusterID?, _ engine: Engine, _ logger: Logger
    ) throws(ServerError) -> Journal {
        do throws(JournalError) {
            let (journal, contents) = try Journal.open(
                directory: path, disk: POSIXDisk(), after: customersLSN, cluster: cluster
            ) { record throws(RecordFault) in try MutationJournal.replay(record, engine) }
            if let known = contents.cluster { self.cluster = known }
            if contents.replayedCount > 0 { logger.info("\(contents.replayedCount) changes since done again") }
            if case .torn(let path, let offset) = contents.end {
                logger.info("\(path): cut at \(offset), behind the last change that anybody was told of")
            }
            return journal
        } catch {
            throw ServerError("\(error)", kind: .environment)
        }
    }

    private mutating func restoreStatistics(
        _ directory: SnapshotDirectory, _ engine: Engine, _ logger: Logger
    ) throws {
        let newest = try directory.newest(.statistics) { logger.error("set aside: \($0)") }
        guard let newest else { return }
        guard ClusterID(high: newest.mark.clusterHigh, low: newest.mark.clusterLow) == cluster else {
            throw ServerError("\(directory.path) has statistics of another server", kind: .environment)
        }
        let captures = try HEPFeedMemory.restored(newest.tables)
        try engine.restoreStatistics(newest.tables)
        self.captures = captures
        statisticsMicros = newest.mark.engineMicros
        logger.info("statistics restored as of \(newest.mark.engineMicros / 1_000_000)")
    }
}
