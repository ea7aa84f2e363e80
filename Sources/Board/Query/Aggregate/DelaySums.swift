// Histograms of post-dial delays, which no column holds: they are built from the facts of a window, for the rows or
// groups that an answer shows.

/// One histogram per place; the caller decides what a place is: a row, or a slot of a group.
struct DelaySums {
    private var histograms: [Int: [Int64]] = [:]

    /// - Parameter places: calls its second argument with each place that a row's delays belong to.
    /// Cost: the delays of the window.
    init(_ timeline: Timeline, _ window: Window, places: (_ row: Int, (Int) -> Void) -> Void) {
        timeline.forEachDelay(in: window) { row, bucket, count in
            places(Int(row)) { place in
                histograms[place, default: Array(repeating: 0, count: PDDHistogram.bucketCount)][Int(bucket) - 1] +=
                    count
            }
        }
    }

    /// The quantile in milliseconds; nil without delays.
    func quantile(_ quantile: Double, _ place: Int) -> Double? {
        histograms[place].flatMap { PDDHistogram.quantile(quantile, counts: $0) }
    }
}
