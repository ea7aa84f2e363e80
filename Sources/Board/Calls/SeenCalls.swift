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
///
/// The home of a key is given by the highest bits of its hash, so that keys lie in the order of their hashes (but for those
/// that were pushed on): a larger set is filled from a smaller one from end to end, and not here and there.
///
/// Unsafe, and why it is right: a place is a hash shifted, or a place masked, to be below the number of places, a power of
/// two.
private struct KeySet {
    /// Nil while nothing was inserted.
    private var memory: TableMemory<CallKey>?
    private var homeShift = 0
    private(set) var count = 0

    private static let smallestBits = 10
    /// Hashes have 63 bits.
    private static let hashBits = 63

    var byteSize: Int { memory?.byteSize ?? 0 }

    @inline(__always)
    func contains(_ key: CallKey) -> Bool {
        guard let memory else { return false }
        return memory.base[place(of: key, in: memory)] == key
    }

    @inline(__always)
    func prefetch(_ key: CallKey) {
        guard let memory else { return }
        Columnar.prefetch(memory.base + key.spread >> homeShift)
    }

    /// True when the key was not there before.
    @inline(__always)
    mutating func insert(_ key: CallKey) -> Bool {
        if (count + 1) * 2 > memory?.count ?? 0 { grow() }
        guard let memory else { return false }
        let place = place(of: key, in: memory)
        guard memory.base[place] != key else { return false }
        memory.base[place] = key
        count += 1
        return true
    }

    /// Where the key is, or the free place where it belongs. Ends, for at most half of the places are taken.
    @inline(__always)
    private func place(of key: CallKey, in memory: TableMemory<CallKey>) -> Int {
        let mask = memory.count - 1
        var place = key.spread >> homeShift
        while memory.base[place] != key && memory.base[place] != .none { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let before = memory
        let larger = TableMemory(
            repeating: CallKey.none, count: max(1 << KeySet.smallestBits, 2 * (before?.count ?? 0)))
        memory = larger
        homeShift = KeySet.hashBits - larger.count.trailingZeroBitCount
        guard let before else { return }
        for old in 0..<before.count where before.base[old] != .none {
            larger.base[place(of: before.base[old], in: larger)] = before.base[old]
        }
    }
}
