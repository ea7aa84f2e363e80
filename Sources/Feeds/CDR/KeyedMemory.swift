import CallEvents

/// The last values by key: at least `capacity`, at most twice as many, in two generations of which the older is dropped
/// whole.
struct KeyedMemory<Value: Sendable>: Sendable {
    private var current: [CallKey: Value] = [:]
    private var previous: [CallKey: Value] = [:]
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    subscript(key: CallKey) -> Value? { current[key] ?? previous[key] }

    mutating func store(_ value: Value, for key: CallKey) {
        current[key] = value
        if current.count >= capacity {
            swap(&current, &previous)
            current.removeAll(keepingCapacity: true)
        }
    }
}
