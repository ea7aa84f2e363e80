// From a key's hash to the numbers of the calls that may have it: open addressing, linear probing.
//
// The home of an entry is given by the highest bits of its hash, so that the entries are in the order of their hashes
// (except displaced ones): a larger index is filled from a smaller one from end to end, not at random.

import Columnar

/// Unsafe, and why it is right: a slot is a hash shifted, or a slot masked, to be below the number of slots, a power
/// of two.
struct CallIndex {
    private struct Entry: BitwiseCopyable {
        var hash: UInt32
        var number: UInt32

        static let empty = Entry(hash: 0, number: .max)
        @inline(__always) var isEmpty: Bool { number == .max }
    }

    private var memory = TableMemory(repeating: Entry.empty, count: 1 << smallestBits)
    private var places: UnsafeMutablePointer<Entry>
    private var mask = 1 << smallestBits - 1
    private var homeShift = UInt32(32 - smallestBits)
    private(set) var count = 0

    private static let smallestBits = 6

    init() { places = memory.base }

    var byteSize: Int { memory.byteSize }

    @inline(__always)
    private func home(_ hash: UInt32) -> Int { Int(truncatingIfNeeded: hash &>> homeShift) }

    /// The number of the call with this hash that `isWanted`.
    @inline(__always)
    func find(_ hash: UInt32, _ isWanted: (UInt32) -> Bool) -> UInt32? {
        var place = home(hash)
        // Ends, for at most half of the slots are taken.
        while true {
            let entry = places[place]
            if entry.hash == hash && !entry.isEmpty && isWanted(entry.number) { return entry.number }
            if entry.isEmpty { return nil }
            place = (place &+ 1) & mask
        }
    }

    /// The first number with this hash in reach of its home, as a hint; to be called after `prefetch`.
    @inline(__always)
    func candidate(_ hash: UInt32) -> UInt32? {
        var place = home(hash)
        while true {
            let entry = places[place]
            if entry.isEmpty { return nil }
            if entry.hash == hash { return entry.number }
            place = (place &+ 1) & mask
        }
    }

    @inline(__always)
    func prefetch(_ hash: UInt32) { Columnar.prefetch(places + home(hash)) }

    /// Adds a number that is not in the index.
    @inline(__always)
    mutating func insert(_ hash: UInt32, _ number: UInt32) {
        if (count + 1) * 2 > memory.count { grow() }
        put(Entry(hash: hash, number: number))
        count += 1
    }

    @inline(__always)
    private func put(_ entry: Entry) {
        var place = home(entry.hash)
        while !places[place].isEmpty { place = (place &+ 1) & mask }
        places[place] = entry
    }

    /// Removes a number that is in the index, and closes the gap that it leaves in its run.
    mutating func remove(_ hash: UInt32, _ number: UInt32) {
        var gap = home(hash)
        while places[gap].number != number { gap = (gap &+ 1) & mask }
        var probe = gap
        while true {
            probe = (probe &+ 1) & mask
            let other = places[probe]
            if other.isEmpty { break }
            // It may move into the gap if its home is not cyclically within (gap, probe].
            if (probe &- home(other.hash)) & mask >= (probe &- gap) & mask {
                places[gap] = other
                gap = probe
            }
        }
        places[gap] = .empty
        count -= 1
    }

    /// Hashes have 32 bits: the index has at most 2^25 slots for `BoardLimits.trackedCalls`.
    private mutating func grow() {
        let before = memory
        memory = TableMemory(repeating: Entry.empty, count: before.count * 2)
        places = memory.base
        mask = memory.count - 1
        homeShift -= 1
        for place in 0..<before.count where !before.base[place].isEmpty { put(before.base[place]) }
    }
}
