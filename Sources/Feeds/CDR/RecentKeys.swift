import CallEvents

/// The last keys that were seen: at least `capacity`, at most twice as many, in two generations of which the older is
/// dropped whole.
struct RecentKeys {
    private var current: Set<CallKey> = []
    private var previous: Set<CallKey> = []
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    func contains(_ key: CallKey) -> Bool { current.contains(key) || previous.contains(key) }

    /// Gives false when the key was there.
    mutating func insert(_ key: CallKey) -> Bool {
        if previous.contains(key) { return false }
        if !current.insert(key).inserted { return false }
        if current.count >= capacity {
            swap(&current, &previous)
            current.removeAll(keepingCapacity: true)
        }
        return true
    }
}
