import CallEvents
import Wire

extension IngestSummary {
    /// Rows that were refused, by the name of the error.
    var refusedByName: [(name: String, count: Int)] {
        [
            (FeedCounts.invalid, invalid), (FeedCounts.otherCustomer, otherCustomers),
            (MoneyRefusal.Reason.currency.rawValue, otherCurrency),
            (MoneyRefusal.Reason.limit.rawValue, aboveLimit),
            (MoneyRefusal.Reason.creditWithoutID.rawValue, creditsWithoutID),
            (MoneyRefusal.Reason.overflow.rawValue, overflowed),
        ].filter { $0.count > 0 }
    }
}

extension Busyhour_V1_IngestResponse {
    /// The outcome of `read` records or events.
    /// - Parameter known: records before those of the summary that were counted earlier.
    init(_ summary: IngestSummary, read: UInt64, known: Int = 0) {
        self.init()
        self.read = read
        calls = UInt64(clamping: summary.calls)
        duplicates = UInt64(clamping: summary.duplicates)
        notCalls = UInt64(clamping: summary.ignored)
        for (name, count) in summary.refusedByName {
            errors += UInt64(clamping: count)
            errorsByName[name] = UInt64(clamping: count)
        }
        credits = UInt64(clamping: summary.credits)
        joined = UInt64(clamping: summary.joined)
        rerated = UInt64(clamping: summary.rerated)
        costs = UInt64(clamping: summary.costs)
        late = UInt64(clamping: summary.late)
        future = UInt64(clamping: summary.future)
        unattributed = UInt64(clamping: summary.unattributed)
        let first = UInt32(clamping: known)
        lateRows = summary.lateRows.map { $0 &+ first }
        futureRows = summary.futureRows.map { $0 &+ first }
        unattributedRows = summary.unattributedRows.map { $0 &+ first }
        otherCustomerRows = summary.otherCustomerRows.map { $0 &+ first }
    }
}
