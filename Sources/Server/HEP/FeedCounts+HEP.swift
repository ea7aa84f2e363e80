import Feeds

extension FeedCounts {
    /// What a HEP parser counted after `earlier`, an earlier value of its counters. The outcome of messages about
    /// calls is counted by the engine.
    init(_ counters: HEPFeed.Counters, since earlier: HEPFeed.Counters) {
        self.init()
        received = UInt64(clamping: counters.packets &- earlier.packets)
        notCalls = UInt64(clamping: counters.notCalls &- earlier.notCalls)
        guard counters.errorsByKind != earlier.errorsByKind else { return }
        let before = earlier.errorsByName
        for (name, count) in counters.errorsByName {
            countError(name, times: UInt64(clamping: count &- before[name, default: 0]))
        }
    }
}
