import CallEvents

/// The last values by key: at least `capacity`, at most twice as many, in two generations of which the older is dropped
/// whole.
struct KeyedMemory<Value: Sendable>: Sendable {
    private var current = KeyTable<Value>()
    private var previous = KeyTable<Value>()
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    subscript(key: CallKey) -> Value? { current[key] ?? previous[key] }

    mutating func store(_ value: Value, for key: CallKey) {
        current.store(value, for: key)
        if current.count >= capacity {
            swap(&current, &previous)
            current.removeAll()
        }
    }
}
