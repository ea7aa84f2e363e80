/// How much one turn of looking at customers does. The loop answers no client meanwhile.
struct WatchPortion {
    /// Customers looked at; nil: so many that a second has time for all, or of very many customers as many as take half
    /// a millisecond.
    var rows: Int?
    /// Bytes of packed slots that `DayWatch` reads.
    var slotBytes: Int
    var delays: DelayPortion

    static let standard = WatchPortion(slotBytes: BoardLimits.watchedSlotBytes, delays: .standard)

    func rows(of customers: Int) -> Int {
        rows ?? min(max(BoardLimits.leastWatchedRows, customers / 90), BoardLimits.watchedRows)
    }
}

/// How much of the delays of a quarter of an hour one turn goes through.
struct DelayPortion {
    /// Customers gathered.
    var rows: Int
    /// Delays counted.
    var facts: Int
    /// Customers whose histograms are made ready, or read.
    var histograms: Int

    static let standard = DelayPortion(
        rows: BoardLimits.gatheredRows, facts: BoardLimits.countedDelays, histograms: BoardLimits.readHistograms)
    static let all = DelayPortion(rows: .max / 2, facts: .max / 2, histograms: .max / 2)
}
