// Which requests were done already. A client makes a key for each request and sends it again with a repetition, so that a
// request whose answer was lost is done once, and answered as the first time.

/// Outcomes of requests by their keys. The oldest go first: after their time, or when the table is full. An entry takes
/// some 90 octets and the outcome.
public struct IdempotencyTable<Outcome: Sendable>: Sendable {
    public enum Answer {
        /// Not seen, or so long ago that it is forgotten.
        case new
        /// The same request was done.
        case done(Outcome)
        /// The key was used for another request: the client is to make a new one.
        case keyReused
    }

    private struct Entry: Sendable {
        var digest: UInt64
        var atMicros: Int64
        var outcome: Outcome
    }

    private var entries: [IdempotencyKey: Entry] = [:]
    /// In the order of their coming; those before `oldest` are gone.
    private var order: [(key: IdempotencyKey, atMicros: Int64)] = []
    private var oldest = 0
    private let capacity: Int
    private let keptMicros: Int64

    public init(
        capacity: Int = RecordLimits.idempotencyEntries, keptMicros: Int64 = RecordLimits.idempotencyMicros
    ) {
        precondition(capacity > 0, "a table without places")
        (self.capacity, self.keptMicros) = (capacity, keptMicros)
    }

    public var count: Int { entries.count }

    /// What is known of a request.
    /// - Parameters:
    ///   - digest: of everything that the client asked for.
    ///   - now: microseconds since 1970.
    public func answer(_ key: IdempotencyKey, digest: UInt64, now: Int64) -> Answer {
        guard key != .none, let entry = entries[key], !isOver(entry.atMicros, now) else { return .new }
        return entry.digest == digest ? .done(entry.outcome) : .keyReused
    }

    /// Keeps the outcome of a request that was `new`; one without a key is not kept.
    public mutating func insert(_ key: IdempotencyKey, digest: UInt64, outcome: Outcome, now: Int64) {
        if key == .none { return }
        while let first = order[oldest...].first, entries.count >= capacity || isOver(first.atMicros, now) {
            removeOldest()
        }
        entries[key] = Entry(digest: digest, atMicros: now, outcome: outcome)
        order.append((key, now))
    }

    private mutating func removeOldest() {
        let (key, atMicros) = order[oldest]
        oldest += 1
        // Unless the key was used anew after its time.
        if entries[key]?.atMicros == atMicros { entries[key] = nil }
        if oldest > order.count / 2 {
            order.removeSubrange(..<oldest)
            oldest = 0
        }
    }

    /// A time before the entry's, after a clock was set back, is not over.
    private func isOver(_ atMicros: Int64, _ now: Int64) -> Bool {
        let (age, overflow) = now.subtractingReportingOverflow(atMicros)
        return overflow ? now > atMicros : age > keptMicros
    }
}
