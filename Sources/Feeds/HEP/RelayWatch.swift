import CallEvents

/// Which hosts pass calls on: the INVITE of a call (by Call-ID and From tag) comes from the very address to which it was
/// sent before. Those are our own proxies; what they send is another leg of a call that was counted.
///
/// A table of fixed size in which newer calls take the place of older ones, and a bounded set of the hosts found.
struct RelayWatch {
    private struct Hop {
        var dialog: UInt64 = 0
        var source = IPAddress(high: 0, low: 0)
        var destination = IPAddress(high: 0, low: 0)
    }

    private var hops = [Hop](repeating: Hop(), count: FeedLimits.rememberedHops)
    private var relays: Set<IPAddress> = []

    /// Notes the INVITE of a call and returns whether its source passes it on.
    mutating func passesOn(dialog: UInt64, source: IPAddress, destination: IPAddress) -> Bool {
        let place = Int(truncatingIfNeeded: dialog & UInt64(FeedLimits.rememberedHops - 1))
        let hop = hops[place]
        let isNextHop = hop.dialog == dialog && hop.destination == source && hop.source != source
        if isNextHop && relays.count < FeedLimits.relays { relays.insert(source) }
        hops[place] = Hop(dialog: dialog, source: source, destination: destination)
        return isNextHop || relays.contains(source)
    }
}
