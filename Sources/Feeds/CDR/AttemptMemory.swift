import CallEvents

/// What the accounting rows of Kamailio have told about an attempt so far.
struct Attempt {
    /// Number of the last INVITE transaction: 1, then 2 after a challenge or a redirection, ...
    var sequence: UInt32
    var isAnswered: Bool
    /// When that transaction ended, microseconds since 1970.
    var timeMicros: Int64
    /// It was challenged or redirected, so that another one may follow.
    var mayGoOn = false
    /// Who sent it.
    var partyKey: CallKey
}

/// The last attempts by key: at least `capacity`, at most twice as many, in two generations of which the older is
/// dropped whole. An attempt that is looked up stays.
struct AttemptMemory {
    private var current: [CallKey: Attempt] = [:]
    private var previous: [CallKey: Attempt] = [:]
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    subscript(key: CallKey) -> Attempt? { current[key] ?? previous[key] }

    mutating func store(_ attempt: Attempt, for key: CallKey) {
        current[key] = attempt
        if current.count >= capacity {
            swap(&current, &previous)
            current.removeAll(keepingCapacity: true)
        }
    }
}
