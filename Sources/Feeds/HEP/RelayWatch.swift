import CallEvents

/// Detects which hosts pass calls on: the INVITE of a call (by Call-ID and From tag) comes from the very address to
/// which it was sent before. Those are our own proxies; what they send is another leg of a call that was counted. Also
/// detects whether the same INVITE came from another address shortly before: a customer's proxy fails over from another
/// of its addresses.
///
/// A table of fixed size in which newer calls replace older ones, and a bounded set of the hosts found.
struct RelayWatch: Sendable {
    private struct Hop: Sendable {
        var dialog: UInt64 = 0
        var source = IPAddress(high: 0, low: 0)
        var destination = IPAddress(high: 0, low: 0)
        /// The sender of the latest INVITE that was not passed on, the number it called, and when. Not saved: this
        /// loses a fail-over within a restart.
        var caller = IPAddress(high: 0, low: 0)
        var called: UInt32 = 0
        /// Modulo 2^32.
        var second: UInt32 = 0
    }

    private var hops = [Hop](repeating: Hop(), count: FeedLimits.rememberedHops)
    private var relays: Set<IPAddress> = []

    /// Records the INVITE of a call.
    /// - Parameters:
    ///   - called: a digest of the called number, equal in all INVITEs of an attempt.
    /// - Returns: whether its source passes it on; and which other host may have sent the same attempt before.
    mutating func note(
        dialog: UInt64, source: IPAddress, destination: IPAddress, called: UInt32, second: UInt32
    ) -> (isPassedOn: Bool, otherCaller: IPAddress?) {
        let place = Int(truncatingIfNeeded: dialog & UInt64(FeedLimits.rememberedHops - 1))
        let hop = hops[place]
        let isNextHop = hop.dialog == dialog && hop.destination == source && hop.source != source
        if isNextHop && relays.count < FeedLimits.relays { relays.insert(source) }
        let isOfAttempt =
            hop.dialog == dialog && hop.called == called
            && Int32(bitPattern: second &- hop.second).magnitude <= FeedLimits.failOverSeconds
        let isPassedOn = isNextHop || relays.contains(source)
        hops[place] = Hop(
            dialog: dialog, source: source, destination: destination,
            caller: isPassedOn && isOfAttempt ? hop.caller : source, called: called, second: second)
        return (isPassedOn, isPassedOn || !isOfAttempt || hop.caller == source ? nil : hop.caller)
    }
}

extension RelayWatch {
    var hopColumns: [[Int64]] {
        var columns = [[Int64]](repeating: [], count: 5)
        for hop in hops where hop.dialog != 0 {
            let words = [hop.dialog, hop.source.high, hop.source.low, hop.destination.high, hop.destination.low]
            for (column, word) in words.enumerated() { columns[column].append(Int64(bitPattern: word)) }
        }
        return columns
    }

    var relayColumns: [[Int64]] {
        let all = relays.sorted { ($0.high, $0.low) < ($1.high, $1.low) }
        return [all.map { Int64(bitPattern: $0.high) }, all.map { Int64(bitPattern: $0.low) }]
    }

    /// - Returns: nil if these are not such columns.
    init?(hops columns: [[Int64]], relays hosts: [[Int64]]) {
        guard HEPFeedMemory.areColumns(columns, count: 5, rows: FeedLimits.rememberedHops),
            HEPFeedMemory.areColumns(hosts, count: 2, rows: FeedLimits.relays)
        else { return nil }
        for row in columns[0].indices {
            let words = columns.map { UInt64(bitPattern: $0[row]) }
            let place = Int(truncatingIfNeeded: words[0] & UInt64(FeedLimits.rememberedHops - 1))
            hops[place] = Hop(
                dialog: words[0], source: IPAddress(high: words[1], low: words[2]),
                destination: IPAddress(high: words[3], low: words[4]))
        }
        for row in hosts[0].indices {
            relays.insert(
                IPAddress(high: UInt64(bitPattern: hosts[0][row]), low: UInt64(bitPattern: hosts[1][row])))
        }
    }
}
