// From a hash to the numbers of finished calls (`RecentCalls.appended`) that may have it. An entry is a hint: the
// caller compares what was hashed. So half of a hash is enough, nothing needs to be removed, and a call takes 8 bytes.
//
// Two generations, as in `SeenCalls`: the numbers of the newest `capacity` calls are always in one of them.

import Columnar

struct FinishedCallIndex {
    private var young = NumberTable()
    private var old = NumberTable()
    private let capacity: Int

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var byteSize: Int { young.byteSize + old.byteSize }

    mutating func insert(_ hash: UInt32, _ number: UInt32) {
        if young.count >= capacity {
            old = young
            young = NumberTable()
        }
        young.insert(hash, number)
    }

    func forEach(_ hash: UInt32, _ take: (UInt32) -> Void) {
        young.forEach(hash, take)
        old.forEach(hash, take)
    }
}

/// Open addressing, linear probing; an entry is the hash above the number, and 0 is a free slot.
///
/// Unsafe, and why it is right: a slot is a hash shifted, or a slot masked, to be below the number of slots, a power of
/// two.
private struct NumberTable {
    /// Nil while nothing was inserted.
    private var memory: TableMemory<UInt64>?
    private var homeShift: UInt32 = 0
    private(set) var count = 0

    private static let smallestCount = 1_024

    var byteSize: Int { memory?.byteSize ?? 0 }

    func forEach(_ hash: UInt32, _ take: (UInt32) -> Void) {
        guard let memory else { return }
        var place = Int(truncatingIfNeeded: hash &>> homeShift)
        while memory.base[place] != 0 {
            if UInt32(truncatingIfNeeded: memory.base[place] >> 32) == hash {
                take(UInt32(truncatingIfNeeded: memory.base[place]))
            }
            place = (place + 1) & (memory.count - 1)
        }
    }

    /// For one hash the newest `BoardLimits.callsOfCallID` numbers are retained.
    mutating func insert(_ hash: UInt32, _ number: UInt32) {
        if (count + 1) * 4 > 3 * (memory?.count ?? 0) { grow() }
        let entry = UInt64(hash) << 32 | UInt64(number)
        guard let memory, entry != 0 else { return }
        var place = Int(truncatingIfNeeded: hash &>> homeShift)
        var (same, oldest, oldestAge) = (0, 0, Int32(0))
        while memory.base[place] != 0 {
            if memory.base[place] == entry { return }
            if UInt32(truncatingIfNeeded: memory.base[place] >> 32) == hash {
                // Below 0: it is newer. Details of an older call may arrive last.
                let age = Int32(bitPattern: number &- UInt32(truncatingIfNeeded: memory.base[place]))
                if same == 0 || age > oldestAge { (oldest, oldestAge) = (place, age) }
                same += 1
            }
            place = (place + 1) & (memory.count - 1)
        }
        if same >= BoardLimits.callsOfCallID {
            if oldestAge > 0 { memory.base[oldest] = entry }
        } else {
            memory.base[place] = entry
            count += 1
        }
    }

    private mutating func grow() {
        let before = memory
        let larger = TableMemory<UInt64>(repeating: 0, count: max(NumberTable.smallestCount, 2 * (before?.count ?? 0)))
        memory = larger
        // Hashes have 32 bits, and a table at most 2^26 slots: see `BoardLimits.finishedCalls`.
        homeShift = UInt32(32 - larger.count.trailingZeroBitCount)
        guard let before else { return }
        for old in 0..<before.count where before.base[old] != 0 {
            var place = Int(truncatingIfNeeded: UInt32(truncatingIfNeeded: before.base[old] >> 32) &>> homeShift)
            while larger.base[place] != 0 { place = (place + 1) & (larger.count - 1) }
            larger.base[place] = before.base[old]
        }
    }
}
