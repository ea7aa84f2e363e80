// 95th percentiles of post-dial delays, for `pdd_high`, worked out a little at a time, since they are put together from all
// outcomes of a quarter of an hour. Customers whose mean tells that they may be high are gathered first, and then their delays
// second by second. What comes meanwhile is for the next time.

import Columnar

/// A customer's delays of 15 minutes.
struct DelayFigure: Equatable, Sendable {
    /// The 95th percentile, milliseconds.
    var percentile: Double
    /// Delays, and those of them that are longer than the warning's threshold.
    var count: Int64
    var above: Int64
}

/// One time through customers and seconds.
struct DelayWatch {
    private enum Place {
        /// Customers before this row are gathered.
        case rows(Int)
        /// Delays before this second are counted.
        case second(Int64)
    }

    private let threshold: WarningThreshold
    /// By row, where a customer has its own.
    private let ownRaise: [UInt32: Double]
    private var place = Place.rows(0)
    private var candidates: [(row: UInt32, mean: Double)] = []
    /// By row, the place in `candidates`; -1: none.
    private var placeOfRow: [Int32] = []
    /// `PDDHistogram.bucketCount` of each candidate, end to end.
    private var counts: [Int32] = []
    private var end: Int64 = 0

    init(_ threshold: WarningThreshold, ownRaise: [UInt32: Double] = [:]) {
        (self.threshold, self.ownRaise) = (threshold, ownRaise)
    }

    /// Goes on for so many rows or facts.
    /// - Returns: the figures by row, when all is gone through; else nil.
    mutating func step(_ timeline: Timeline, rows: Int, facts: Int) -> [UInt32: DelayFigure]? {
        switch place {
        case .rows(let first):
            let last = min(timeline.rows, first + rows)
            gather(first..<last, timeline.sliding[Window.fifteenMinutes.rawValue])
            place = .rows(last)
            if last == timeline.rows { beginCounting(timeline) }
            return candidates.isEmpty && last == timeline.rows ? [:] : nil
        case .second(let first):
            count(from: first, facts, timeline)
            if case .second(let next) = place, next < end { return nil }
            return figures
        }
    }

    /// One call in twenty is above a 95th percentile, so the mean is at least a twentieth of it.
    private mutating func gather(_ rows: Range<Int>, _ totals: Totals<Int32>) {
        let leastMean = min(threshold.raise, threshold.clear) / 20
        for row in rows {
            let count = totals.count(.pddCount, row)
            guard count > 0, count >= threshold.sample else { continue }
            let mean = Double(totals.sum(.pddMilliseconds, row)) / Double(count)
            if mean >= leastMean { candidates.append((UInt32(row), mean)) }
        }
    }

    private mutating func beginCounting(_ timeline: Timeline) {
        if candidates.count > BoardLimits.watchedDelays {
            candidates.sort { ($0.mean, $1.row) > ($1.mean, $0.row) }
            candidates.removeLast(candidates.count - BoardLimits.watchedDelays)
        }
        let seconds = timeline.recentSeconds(of: .fifteenMinutes)
        (place, end) = (.second(seconds.lowerBound), seconds.upperBound)
        guard !candidates.isEmpty else { return }
        placeOfRow = Array(repeating: -1, count: timeline.rows)
        for (place, candidate) in candidates.enumerated() { placeOfRow[Int(candidate.row)] = Int32(place) }
        counts = Array(repeating: 0, count: candidates.count * PDDHistogram.bucketCount)
    }

    private mutating func count(from first: Int64, _ most: Int, _ timeline: Timeline) {
        var (second, left) = (first, most)
        // A second at least, however many facts it has; one that left the ring since has none to show.
        while second < end && left > 0 {
            if timeline.ring.covers(second) { left -= count(timeline.ring.lanes(second).pointee) }
            second += 1
            left -= 1
        }
        place = .second(second)
    }

    /// - Returns: facts that were looked at.
    private mutating func count(_ lanes: FactLanes) -> Int {
        var looked = 0
        for fact in lanes.outcomes.foldedFacts {
            looked += 1
            let bucket = Int(fact.pddBucket)
            // A customer that came since is at no place.
            guard bucket != 0, Int(fact.customer) < placeOfRow.count else { continue }
            let place = Int(placeOfRow[Int(fact.customer)])
            // Below 2^31: a window has no more facts of a customer than fit into its columns.
            if place >= 0 { counts[place * PDDHistogram.bucketCount + bucket - 1] &+= fact.sign }
        }
        return looked
    }

    private var figures: [UInt32: DelayFigure] {
        var result: [UInt32: DelayFigure] = [:]
        for (place, candidate) in candidates.enumerated() {
            let first = place * PDDHistogram.bucketCount
            let own = counts[first..<first + PDDHistogram.bucketCount].map(Int64.init)
            guard let percentile = PDDHistogram.quantile(0.95, counts: own) else { continue }
            let raise = min(max(ownRaise[candidate.row] ?? threshold.raise, 0), 1e9)
            // The first bucket, by its place, all of whose delays are longer.
            let firstAbove = Int(PDDHistogram.bucket(milliseconds: Int32(raise)))
            result[candidate.row] = DelayFigure(
                percentile: percentile, count: own.reduce(0, +), above: own.dropFirst(firstAbove).reduce(0, +))
        }
        return result
    }
}
