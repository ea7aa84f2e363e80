// 95th percentiles of post-dial delays, for `pdd_high`, worked out a little at a time, since they are put together from
// all outcomes of a quarter of an hour. Customers whose mean tells that they may be high are gathered first, then their
// delays second by second, then the percentiles. What comes meanwhile is for the next time.

import Columnar

/// A customer's delays in 15 minutes.
struct DelayFigure: Equatable, Sendable {
    /// The 95th percentile, milliseconds.
    var percentile: Double
    /// Number of delays, and of those longer than the warning's threshold.
    var count: Int64
    var above: Int64
}

/// One pass through customers and seconds.
struct DelayWatch {
    private enum Place {
        /// Customers before this row are gathered.
        case rows(Int)
        /// So many candidates have a histogram.
        case histograms(Int)
        /// Delays before this second are counted.
        case second(Int64)
        /// The figures of so many candidates are known.
        case figures(Int)
    }

    private let threshold: WarningThreshold
    /// By row, for customers with their own threshold.
    private let ownRaise: [UInt32: Double]
    private var place = Place.rows(0)
    private var candidates = DelayCandidates(limit: BoardLimits.watchedDelays)
    /// By row, the place in `candidates`; -1: none.
    private var placeOfRow: [Int32] = []
    /// `PDDHistogram.bucketCount` counts per candidate, end to end.
    private var counts: [Int32] = []
    private var figures: [UInt32: DelayFigure] = [:]

    init(_ threshold: WarningThreshold, ownRaise: [UInt32: Double] = [:]) {
        (self.threshold, self.ownRaise) = (threshold, ownRaise)
    }

    /// Goes on with a portion.
    /// - Returns: the figures by row, when all is gone through; else nil.
    mutating func step(_ timeline: Timeline, _ portion: DelayPortion = .standard) -> [UInt32: DelayFigure]? {
        switch place {
        case .rows(let first):
            let last = min(timeline.rows, first + portion.rows)
            if first == 0 { placeOfRow.reserveCapacity(timeline.rows) }
            placeOfRow.append(contentsOf: repeatElement(-1, count: last - first))
            gather(first..<last, timeline.sliding[Window.fifteenMinutes.rawValue])
            place = .rows(last)
            if last < timeline.rows { return nil }
            candidates.close()
            if candidates.rows.isEmpty { return [:] }
            counts.reserveCapacity(candidates.rows.count * PDDHistogram.bucketCount)
            place = .histograms(0)
        case .histograms(let first):
            let last = min(candidates.rows.count, first + portion.histograms)
            for own in first..<last { placeOfRow[Int(candidates.rows[own])] = Int32(own) }
            counts.append(contentsOf: repeatElement(0, count: (last - first) * PDDHistogram.bucketCount))
            place = .histograms(last)
            if last == candidates.rows.count {
                place = .second(timeline.recentSeconds(of: .fifteenMinutes).lowerBound)
            }
        case .second(let first):
            count(from: first, portion.facts, timeline)
        case .figures(let first):
            let last = min(candidates.rows.count, first + portion.histograms)
            for own in first..<last { readFigure(own) }
            if last == candidates.rows.count { return figures }
            place = .figures(last)
        }
        return nil
    }

    /// One call in twenty is above a 95th percentile, so the mean is at least a twentieth of it.
    private mutating func gather(_ rows: Range<Int>, _ totals: Totals<Int32>) {
        let leastMean = min(threshold.raise, threshold.clear) / 20
        for row in rows {
            let count = totals.count(.pddCount, row)
            guard count > 0, count >= threshold.sample else { continue }
            let mean = Double(totals.sum(.pddMilliseconds, row)) / Double(count)
            if mean >= leastMean { candidates.add(UInt32(row), mean: mean) }
        }
    }

    private mutating func count(from first: Int64, _ most: Int, _ timeline: Timeline) {
        // As they are now: a second that left the window since, and the ring, has none to show.
        let end = timeline.recentSeconds(of: .fifteenMinutes).upperBound
        var (second, left) = (first, most)
        // A second at least, however many facts it has.
        while second < end && left > 0 {
            if timeline.ring.covers(second) { left -= count(timeline.ring.chains(second).pointee) }
            second += 1
            left -= 1
        }
        place = second < end ? .second(second) : .figures(0)
    }

    /// - Returns: the number of facts read.
    private mutating func count(_ chains: FactChains) -> Int {
        var looked = 0
        for fact in chains.outcomes.foldedFacts {
            looked += 1
            let bucket = Int(fact.pddBucket)
            // A customer added since has no position.
            guard bucket != 0, Int(fact.customer) < placeOfRow.count else { continue }
            let place = Int(placeOfRow[Int(fact.customer)])
            // Below 2^31: a window has no more facts of a customer than fit into its columns.
            if place >= 0 { counts[place * PDDHistogram.bucketCount + bucket - 1] &+= fact.sign }
        }
        return looked
    }

    private mutating func readFigure(_ own: Int) {
        let row = candidates.rows[own]
        let first = own * PDDHistogram.bucketCount
        let own = counts[first..<first + PDDHistogram.bucketCount].map(Int64.init)
        guard let percentile = PDDHistogram.quantile(0.95, counts: own) else { return }
        let raise = min(max(ownRaise[row] ?? threshold.raise, 0), 1e9)
        // The first bucket, by its place, all of whose delays are longer.
        let firstAbove = Int(PDDHistogram.bucket(milliseconds: Int32(raise)))
        figures[row] = DelayFigure(
            percentile: percentile, count: own.reduce(0, +), above: own.dropFirst(firstAbove).reduce(0, +))
    }
}
