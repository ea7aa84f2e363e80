// The board: which customers match, in which order or groups, and the requested cells, all at one instant.

import CallEvents
import Columnar

extension EngineState {
    mutating func board(_ query: BoardQuery, now: Int64) throws(QueryError) -> BoardAnswer {
        var task = try boardTask(query, now: now)
        defer { finish(task) }
        return try task.answer()
    }

    mutating func forgetQueries() { queryCache = QueryCache() }

    /// A window's first microsecond and the one after its last: slots up to the current one, cut at the clock.
    func bounds(of window: Window, asOf micros: Int64) -> (start: Int64, end: Int64) {
        window == .all
            ? (0, micros) : (Timeline.start(of: window, nowSecond: micros / 1_000_000) * 1_000_000, micros)
    }

    /// Fills a tally with a row's figures in a window.
    func load(_ row: Int, _ window: Window, into tally: inout MetricTally) {
        for field in CounterField.allCases {
            tally.counts[field.rawValue] =
                window == .all ? timeline.all.count(field, row) : timeline.sliding[window.rawValue].count(field, row)
        }
        for field in SumField.allCases {
            tally.sums[field.rawValue] =
                window == .all ? timeline.all.sum(field, row) : timeline.sliding[window.rawValue].sum(field, row)
        }
        tally.cpsPeak =
            Int64(window == .all ? timeline.all.peak[row] : timeline.sliding[window.rawValue].peak[row])
        tally.active = Int64(customers.active[row])
        tally.inboundActive = Int64(customers.inboundActive[row])
    }

    /// PDD histograms of some rows (nil: all) in a window, by row, and their sum. Costs a pass over its facts.
    func delayCounts(_ window: Window, rows: Set<UInt32>?) -> (byRow: [UInt32: [Int64]], sum: [Int64]) {
        var byRow: [UInt32: [Int64]] = [:]
        var sum = [Int64](repeating: 0, count: PDDHistogram.bucketCount)
        timeline.forEachDelay(in: window) { row, bucket, count in
            sum[Int(bucket) - 1] += count
            guard rows?.contains(row) ?? true else { return }
            byRow[row, default: [Int64](repeating: 0, count: PDDHistogram.bucketCount)][Int(bucket) - 1] += count
        }
        return (byRow, sum)
    }
}
