import CallEvents
import Columnar

/// The keys of calls that were counted and are no longer kept in full, so that a record delivered again, or a capture
/// played again, changes nothing.
///
/// Two generations of an open-addressing table: when the younger is full, the older is dropped and they change places.
/// So at least `capacity` keys, and at most twice as many, are remembered; the newest ones always.
struct SeenCalls {
    private var young = KeySet()
    private var old = KeySet()
    private let capacity: Int

    init(capacity: Int = BoardLimits.seenKeysPerGeneration) {
        self.capacity = capacity
    }

    func contains(_ key: CallKey) -> Bool {
        young.contains(key) || old.contains(key)
    }

    /// True when the key was not there before.
    mutating func insert(_ key: CallKey) -> Bool {
        if old.contains(key) { return false }
        guard young.insert(key) else { return false }
        if young.count >= capacity {
            old = young
            young = KeySet()
        }
        return true
    }

    /// Asks for the memory where a key would be.
    @inline(__always)
    func prefetch(_ key: CallKey) {
        young.prefetch(key)
        old.prefetch(key)
    }

    var byteSize: Int { young.byteSize + old.byteSize }
}

/// A set of call keys by linear probing; `CallKey.none` marks a free place and is never stored.
private struct KeySet {
    private var places: [CallKey] = []
    private(set) var count = 0

    var byteSize: Int { places.count * MemoryLayout<CallKey>.stride }

    func contains(_ key: CallKey) -> Bool {
        guard count > 0 else { return false }
        return places[place(of: key)] == key
    }

    @inline(__always)
    func prefetch(_ key: CallKey) {
        guard count > 0 else { return }
        let place = key.spread & (places.count - 1)
        places.withUnsafeBufferPointer { Columnar.prefetch($0.baseAddress.unsafelyUnwrapped + place) }
    }

    /// True when the key was not there before.
    mutating func insert(_ key: CallKey) -> Bool {
        if (count + 1) * 2 > places.count { grow() }
        let place = place(of: key)
        guard places[place] != key else { return false }
        places[place] = key
        count += 1
        return true
    }

    /// Where the key is, or the free place where it belongs. Ends, for at most half of the places are taken.
    private func place(of key: CallKey) -> Int {
        let mask = places.count - 1
        var place = key.spread & mask
        while places[place] != key && places[place] != .none { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let before = places
        places = [CallKey](repeating: .none, count: max(1_024, before.count * 2))
        for key in before where key != .none { places[place(of: key)] = key }
    }
}
