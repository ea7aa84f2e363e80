import CallEvents
import Wire

extension Busyhour_V1_IngestResponse {
    /// What became of `read` records or events.
    init(_ summary: IngestSummary, read: UInt64) {
        self.init()
        self.read = read
        calls = UInt64(clamping: summary.calls)
        duplicates = UInt64(clamping: summary.duplicates)
        notCalls = UInt64(clamping: summary.ignored)
        errors = UInt64(clamping: summary.invalid + summary.overflowed)
        late = UInt64(clamping: summary.late)
        future = UInt64(clamping: summary.future)
        unattributed = UInt64(clamping: summary.unattributed)
        if summary.invalid > 0 { errorsByName[FeedCounts.invalid] = UInt64(clamping: summary.invalid) }
        if summary.overflowed > 0 { errorsByName[FeedCounts.overflowed] = UInt64(clamping: summary.overflowed) }
    }
}
