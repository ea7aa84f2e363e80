import CallEvents

/// Values by key: open addressing over keys that are hashes already, so nothing is hashed again.
///
/// A slot has the number of an entry, counted from 1, and 32 bits of the key's mix: a missing key is mostly detected
/// by one read of memory. Keys of CDRs are hashes that an attacker can compute, so a key's slot is a product with a
/// secret factor (multiply-shift hashing): ids cannot be chosen to all fall into one slot.
struct KeyTable<Value: Sendable>: Sendable {
    /// 0: free. A power of two of them, at least twice as many as there are entries.
    private var slots: [UInt64] = []
    private var keys: [CallKey] = []
    private var values: [Value] = []
    /// The slot of a key is its mix without so many low bits.
    private var shift: UInt64 = 64
    private let factor = UInt64.random(in: 0...UInt64.max) | 1

    var count: Int { keys.count }

    subscript(key: CallKey) -> Value? { find(key).entry.map { values[$0] } }

    /// Stores a value in place of the one that the key has.
    mutating func store(_ value: Value, for key: CallKey) {
        if slots.count < 2 * (keys.count + 1) { grow() }
        let (place, entry) = find(key)
        if let entry {
            values[entry] = value
            return
        }
        keys.append(key)
        values.append(value)
        slots[place] = slot(key, entry: keys.count)
    }

    /// Removes everything; the memory stays.
    mutating func removeAll() {
        if keys.isEmpty { return }
        slots.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        keys.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
    }

    /// The entry of a key, and its slot, or the one it would have.
    @inline(__always)
    private func find(_ key: CallKey) -> (place: Int, entry: Int?) {
        if slots.isEmpty { return (0, nil) }
        let mix = mix(key)
        let mark = mix & 0xFFFF_FFFF
        var place = Int(truncatingIfNeeded: mix >> shift)
        // At least half of the slots are free.
        while true {
            let slot = slots[place]
            if slot == 0 { return (place, nil) }
            if slot >> 32 == mark {
                let entry = Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
                if keys[entry] == key { return (place, entry) }
            }
            place = (place + 1) & (slots.count - 1)
        }
    }

    @inline(__always)
    private func mix(_ key: CallKey) -> UInt64 { (key.high ^ key.low) &* factor }

    @inline(__always)
    private func slot(_ key: CallKey, entry: Int) -> UInt64 { mix(key) << 32 | UInt64(truncatingIfNeeded: entry) }

    private mutating func grow() {
        slots = Array(repeating: 0, count: max(16, slots.count * 2))
        shift = UInt64(64 - slots.count.trailingZeroBitCount)
        for (index, key) in keys.enumerated() { slots[find(key).place] = slot(key, entry: index + 1) }
    }
}
