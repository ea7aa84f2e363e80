import CallEvents

/// The last keys that were seen: at least `capacity`, at most twice as many.
struct RecentKeys {
    private var keys: KeyedMemory<Bool>

    init(capacity: Int) {
        keys = KeyedMemory(capacity: capacity)
    }

    func contains(_ key: CallKey) -> Bool { keys[key] != nil }

    /// Returns false if the key was known.
    mutating func insert(_ key: CallKey) -> Bool {
        if contains(key) { return false }
        keys.store(true, for: key)
        return true
    }
}
