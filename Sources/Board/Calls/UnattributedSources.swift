import CallEvents

/// Sources of calls that match no customer: attempts by source, so that an operator sees which customer is missing.
///
/// Bounded: when the list is full, a new source replaces the one with the fewest attempts (a scanner that sends
/// from many addresses drives out others like it, not a customer whose address was forgotten).
struct UnattributedSources {
    struct Source {
        var attempts: Int64 = 0
        var lastSeenMicros: Int64 = 0
        var address: IPAddress?
    }

    var sources: [String: Source] = [:]
    /// All attempts, including those of forgotten sources.
    var total: Int64 = 0
    /// Sources listed at once, at most.
    private let limit: Int

    init(limit: Int = BoardLimits.unattributedSources) { self.limit = limit }

    mutating func count(_ party: Party?, micros: Int64, attempts: Int64 = 1) {
        total += attempts
        let name = UnattributedSources.name(of: party)
        // What is taken back may have been counted for another source, or for a forgotten one.
        if attempts < 0 && sources[name] == nil { return }
        if sources[name] == nil, sources.count >= limit,
            let least = sources.min(by: { $0.value.attempts < $1.value.attempts })
        {
            sources[least.key] = nil
        }
        sources[name, default: Source(address: party?.source)].attempts += attempts
        sources[name, default: Source()].lastSeenMicros = max(sources[name]?.lastSeenMicros ?? 0, micros)
        // All calls from there proved to be customers'.
        if let source = sources[name], source.attempts <= 0 { sources[name] = nil }
    }

    /// Forgets the counts of an address that turned out to be a switch of our own.
    mutating func remove(_ address: IPAddress) {
        for (name, source) in sources where source.address == address {
            total -= source.attempts
            sources[name] = nil
        }
    }

    /// The busiest sources, most attempts first, ties by name.
    func top(_ count: Int) -> [UnattributedSource] {
        sources.sorted { ($1.value.attempts, $0.key) < ($0.value.attempts, $1.key) }.prefix(count).map {
            UnattributedSource(source: $0.key, attempts: $0.value.attempts, lastSeenMicros: $0.value.lastSeenMicros)
        }
    }

    /// An address, else `sip:user`, else `account:code`.
    static func name(of party: Party?) -> String {
        if let source = party?.source { return source.description }
        if let user = party?.sipUser, !user.isEmpty { return "sip:" + user }
        if let account = party?.account, !account.isEmpty { return "account:" + account }
        return party.map { $0.customerID != 0 ? "customer:\($0.customerID)" : "unknown" } ?? "unknown"
    }
}
