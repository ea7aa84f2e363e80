import CallEvents
import Wire

extension Busyhour_V1_IngestResponse {
    /// What became of `read` records or events.
    /// - Parameter known: how many before those that the summary is of were counted earlier.
    init(_ summary: IngestSummary, read: UInt64, known: Int = 0) {
        self.init()
        self.read = read
        calls = UInt64(clamping: summary.calls)
        duplicates = UInt64(clamping: summary.duplicates)
        notCalls = UInt64(clamping: summary.ignored)
        errors = UInt64(clamping: summary.invalid + summary.overflowed + summary.otherCustomers)
        joined = UInt64(clamping: summary.joined)
        late = UInt64(clamping: summary.late)
        future = UInt64(clamping: summary.future)
        unattributed = UInt64(clamping: summary.unattributed)
        let first = UInt32(clamping: known)
        lateRows = summary.lateRows.map { $0 &+ first }
        futureRows = summary.futureRows.map { $0 &+ first }
        unattributedRows = summary.unattributedRows.map { $0 &+ first }
        otherCustomerRows = summary.otherCustomerRows.map { $0 &+ first }
        if summary.invalid > 0 { errorsByName[FeedCounts.invalid] = UInt64(clamping: summary.invalid) }
        if summary.overflowed > 0 { errorsByName[FeedCounts.overflowed] = UInt64(clamping: summary.overflowed) }
        if summary.otherCustomers > 0 {
            errorsByName[FeedCounts.otherCustomer] = UInt64(clamping: summary.otherCustomers)
        }
    }
}
