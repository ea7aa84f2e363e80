// The calls that are going on or ended lately, found by key in an open-addressing index.
//
// A call lies in `calls` at a number that does not change while it is kept; the index holds numbers, each with half of its
// key's hash, so that the calls themselves are looked at only where they are the ones wanted. Both are far larger than the
// processor's caches: whoever has many keys to find asks for the memory of all of them first (`prefetch...`).
//
// Deadlines (silence, longest duration, the end of a tombstone) are kept in a wheel of buckets, one a second: a call is in
// at most a few buckets and is looked at when the bucket of its `scheduledSecond` comes due.

import CallEvents
import Columnar

struct CallTable {
    private(set) var calls: [TrackedCall] = []
    private var free: [UInt32] = []
    /// At most half full.
    private var index: [IndexEntry] = []
    private var wheel = [[UInt32]](repeating: [], count: wheelSeconds)
    /// Calls in the wheel.
    private var scheduledCount = 0
    /// Buckets up to this one are done with.
    private var dueSecond: UInt32 = 0

    /// Longer than the longest call as a rule: later deadlines are looked at once in a while on their way.
    private static let wheelSeconds = 16_384

    private struct IndexEntry: BitwiseCopyable {
        /// The lower half of the key's hash; the home of the entry follows from it.
        var hash: UInt32
        var number: UInt32

        static let empty = IndexEntry(hash: 0, number: .max)
        var isEmpty: Bool { number == .max }
    }

    var count: Int { calls.count - free.count }

    var byteSize: Int {
        calls.capacity * MemoryLayout<TrackedCall>.stride + index.capacity * MemoryLayout<IndexEntry>.stride
            + free.capacity * 4 + scheduledCount * 4 + CallTable.wheelSeconds * MemoryLayout<[UInt32]>.stride
    }

    @inline(__always)
    subscript(number: UInt32) -> TrackedCall {
        get { calls[Int(number)] }
        set { calls[Int(number)] = newValue }
    }

    @inline(__always)
    func find(_ key: CallKey) -> UInt32? {
        guard !index.isEmpty else { return nil }
        let entry = index[place(of: key)]
        return entry.isEmpty ? nil : entry.number
    }

    /// Adds a call whose key is not there yet.
    mutating func insert(_ call: TrackedCall) -> UInt32 {
        if (count + 1) * 2 > index.count { growIndex() }
        let number: UInt32
        if let reused = free.popLast() {
            number = reused
            calls[Int(number)] = call
        } else {
            number = UInt32(calls.count)
            calls.append(call)
        }
        index[place(of: call.key)] = IndexEntry(hash: CallTable.hash(call.key), number: number)
        return number
    }

    /// Removes a call and closes the gap it leaves in its run of the index.
    mutating func remove(_ number: UInt32) {
        let mask = index.count - 1
        var gap = place(of: calls[Int(number)].key)
        var probe = gap
        while true {
            probe = (probe + 1) & mask
            let other = index[probe]
            if other.isEmpty { break }
            // It may move into the gap if its home is not cyclically within (gap, probe].
            if (probe &- Int(other.hash)) & mask >= (probe &- gap) & mask {
                index[gap] = other
                gap = probe
            }
        }
        index[gap] = .empty
        calls[Int(number)].key = .none
        calls[Int(number)].scheduledSecond = 0
        free.append(number)
    }

    @inline(__always)
    private static func hash(_ key: CallKey) -> UInt32 { UInt32(truncatingIfNeeded: key.spread) }

    /// Where the key is, or the free place where it belongs.
    @inline(__always)
    private func place(of key: CallKey) -> Int {
        let mask = index.count - 1
        let hash = CallTable.hash(key)
        var place = Int(hash) & mask
        // Ends, for at most half of the places are taken.
        while true {
            let entry = index[place]
            if entry.isEmpty || (entry.hash == hash && calls[Int(entry.number)].key == key) { return place }
            place = (place + 1) & mask
        }
    }

    /// Hashes have 32 bits: the index has at most 2^25 places for `BoardLimits.trackedCalls`.
    private mutating func growIndex() {
        let before = index
        index = [IndexEntry](repeating: .empty, count: max(1_024, before.count * 2))
        let mask = index.count - 1
        for entry in before where !entry.isEmpty {
            var place = Int(entry.hash) & mask
            while !index[place].isEmpty { place = (place + 1) & mask }
            index[place] = entry
        }
    }
}

// MARK: - Asking for memory in advance

extension CallTable {
    /// The place in the index where a key would be.
    @inline(__always)
    func prefetchIndex(_ key: CallKey) {
        guard !index.isEmpty else { return }
        let place = Int(CallTable.hash(key)) & (index.count - 1)
        index.withUnsafeBufferPointer { prefetch($0.baseAddress.unsafelyUnwrapped + place) }
    }

    /// The call that the index has there, and its number, or nil; to be asked after `prefetchIndex`. Most calls are found
    /// so: no more than their home is looked at.
    @inline(__always)
    func prefetchCall(_ key: CallKey) -> UInt32? {
        guard !index.isEmpty else { return nil }
        let hash = CallTable.hash(key)
        let entry = index[Int(hash) & (index.count - 1)]
        guard !entry.isEmpty && entry.hash == hash else { return nil }
        prefetchCall(number: entry.number)
        return entry.number
    }

    @inline(__always)
    private func prefetchCall(number: UInt32) {
        calls.withUnsafeBufferPointer { calls in
            let call = UnsafeRawPointer(calls.baseAddress.unsafelyUnwrapped + Int(number))
            prefetch(call)
            prefetch(call + MemoryLayout<TrackedCall>.size - 1)
        }
    }
}

// MARK: - Deadlines

extension CallTable {
    /// Has the call looked at in this second, at the latest.
    mutating func schedule(_ number: UInt32, second wanted: Int64) {
        let wanted = UInt32(clamping: wanted)
        // The very first deadline is a minute away; others may be nearer.
        if dueSecond == 0 { dueSecond = wanted - min(wanted, UInt32(CallTable.wheelSeconds) - 1) }
        let deadline = max(wanted, dueSecond + 1)
        calls[Int(number)].deadlineSecond = deadline
        let scheduled = calls[Int(number)].scheduledSecond
        // A bucket that comes earlier will find the later deadline and schedule it again.
        if scheduled != 0 && scheduled <= deadline { return }
        let second = min(deadline, dueSecond + UInt32(CallTable.wheelSeconds) - 1)
        calls[Int(number)].scheduledSecond = second
        wheel[Int(second) & (CallTable.wheelSeconds - 1)].append(number)
        scheduledCount += 1
    }

    /// The calls whose deadline has come, at most one bucket of them, and nil when none is due up to this second.
    mutating func nextDue(upTo now: Int64) -> [UInt32]? {
        let now = UInt32(clamping: now)
        while dueSecond < now {
            if scheduledCount == 0 {
                dueSecond = now
                return nil
            }
            dueSecond += 1
            if !wheel[Int(dueSecond) & (CallTable.wheelSeconds - 1)].isEmpty { return takeDue() }
        }
        return nil
    }

    private mutating func takeDue() -> [UInt32] {
        let second = dueSecond
        let place = Int(second) & (CallTable.wheelSeconds - 1)
        let bucket = wheel[place]
        wheel[place] = []
        scheduledCount -= bucket.count
        var due: [UInt32] = []
        for (position, number) in bucket.enumerated() {
            if position + 8 < bucket.count { prefetchCall(number: bucket[position + 8]) }
            guard calls[Int(number)].scheduledSecond == second else { continue }
            calls[Int(number)].scheduledSecond = 0
            let deadline = calls[Int(number)].deadlineSecond
            if deadline > second { schedule(number, second: Int64(deadline)) } else { due.append(number) }
        }
        return due
    }
}
