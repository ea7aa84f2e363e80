// What a server finds in its data directory when it starts.

import Board
import Logging
import Store

/// Tells the files of one server from those of another: 128 bits, made with the first of them.
struct StateIdentity: Equatable, Sendable {
    var high: UInt64
    var low: UInt64
}

/// What was restored, and what the next files are to be called.
struct RestoredState: Sendable {
    var identity = StateIdentity(high: .random(in: 1 ... .max), low: .random(in: 1 ... .max))
    /// The highest number of each kind that any file has.
    var numbers: [SnapshotMark.Kind: UInt64] = [:]
    var hasCustomers = false
    /// The engine's time of the statistics that were restored; 0: none were.
    var statisticsMicros: Int64 = 0

    init() {}

    /// Reads the newest files into an engine that has nothing yet.
    ///
    /// Damaged files are set aside, never deleted, and told in the log. Statistics that cannot be used are not missed for
    /// long: the server starts without them. Customers are never done without: where none of the files that there were can
    /// be read, there is no server.
    init(_ directory: SnapshotDirectory, into engine: Engine, logger: Logger) throws(ServerError) {
        do throws(SnapshotError) {
            try directory.removeUnfinished()
            for kind in SnapshotMark.Kind.allCases { numbers[kind] = try directory.numbers(kind).first ?? 0 }
            try restoreCustomers(directory, engine, logger)
        } catch {
            throw ServerError("\(error)", kind: .environment)
        }
        do {
            try restoreStatistics(directory, engine, logger)
        } catch {
            logger.error("the statistics begin anew: \(error)")
        }
    }

    private mutating func restoreCustomers(
        _ directory: SnapshotDirectory, _ engine: Engine, _ logger: Logger
    ) throws(SnapshotError) {
        let wereThere = numbers[.board] ?? 0 > 0
        var faults: [SnapshotError] = []
        let newest = try directory.newest(.board) { fault in
            faults.append(fault)
            logger.error("set aside: \(fault)")
        }
        guard let newest else {
            if wereThere, let fault = faults.first { throw fault }
            return
        }
        do throws(RestoreError) {
            try engine.restore(newest.tables)
        } catch {
            throw SnapshotError(path: directory.path, .schema(error.description))
        }
        identity = StateIdentity(high: newest.mark.clusterHigh, low: newest.mark.clusterLow)
        hasCustomers = true
        logger.info("\(engine.customerCount) customers restored")
    }

    private mutating func restoreStatistics(
        _ directory: SnapshotDirectory, _ engine: Engine, _ logger: Logger
    ) throws {
        guard hasCustomers else { return }
        let newest = try directory.newest(.statistics) { logger.error("set aside: \($0)") }
        guard let newest else { return }
        guard StateIdentity(high: newest.mark.clusterHigh, low: newest.mark.clusterLow) == identity else {
            throw ServerError("\(directory.path) has statistics of another server", kind: .environment)
        }
        try engine.restoreStatistics(newest.tables)
        statisticsMicros = newest.mark.engineMicros
        logger.info("statistics restored as of \(newest.mark.engineMicros / 1_000_000)")
    }
}
