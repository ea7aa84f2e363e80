// The calls that are going on or ended lately, found by key in one place of an open-addressing index.
//
// A call lies in `calls` at a number that does not change while it is kept; the index holds numbers. Deadlines (silence,
// longest duration, the end of a tombstone) are kept in buckets by second: a call is in at most a few buckets and is
// looked at when the bucket of its `scheduledSecond` comes due.

import CallEvents

struct CallTable {
    private(set) var calls: [TrackedCall] = []
    private var free: [UInt32] = []
    /// Numbers into `calls`, `emptyPlace` where there is none. At most half full.
    private var index: [UInt32] = []
    private var buckets: [Int64: [UInt32]] = [:]
    private var dueSecond: Int64 = .min

    private static let emptyPlace = UInt32.max

    var count: Int { calls.count - free.count }

    var byteSize: Int {
        calls.capacity * MemoryLayout<TrackedCall>.stride + index.capacity * 4 + free.capacity * 4 + count * 8
    }

    @inline(__always)
    func find(_ key: CallKey) -> UInt32? {
        guard !index.isEmpty else { return nil }
        let number = index[place(of: key)]
        return number == CallTable.emptyPlace ? nil : number
    }

    @inline(__always)
    subscript(number: UInt32) -> TrackedCall {
        get { calls[Int(number)] }
        set { calls[Int(number)] = newValue }
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
        index[place(of: call.key)] = number
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
            if other == CallTable.emptyPlace { break }
            let home = calls[Int(other)].key.spread & mask
            // It may move into the gap if its home is not cyclically within (gap, probe].
            if (probe &- home) & mask >= (probe &- gap) & mask {
                index[gap] = other
                gap = probe
            }
        }
        index[gap] = CallTable.emptyPlace
        calls[Int(number)].key = .none
        calls[Int(number)].scheduledSecond = 0
        free.append(number)
    }

    /// Has the call looked at in this second, at the latest.
    mutating func schedule(_ number: UInt32, second wanted: Int64) {
        // Buckets up to `dueSecond` are done with.
        let second = dueSecond == .min ? wanted : max(wanted, dueSecond + 1)
        calls[Int(number)].deadlineSecond = second
        let scheduled = calls[Int(number)].scheduledSecond
        // A bucket that comes earlier will find the later deadline and schedule it again.
        if scheduled != 0 && scheduled <= second { return }
        calls[Int(number)].scheduledSecond = second
        buckets[second, default: []].append(number)
    }

    /// The calls whose deadline has come, at most one bucket of them, and nil when none is due up to this second.
    mutating func nextDue(upTo second: Int64) -> [UInt32]? {
        guard !buckets.isEmpty else {
            dueSecond = second
            return nil
        }
        // After a jump of the clock the buckets are fewer than the seconds.
        if dueSecond == .min || second - dueSecond > 86_400 {
            guard let earliest = buckets.keys.min(), earliest <= second else { return nil }
            return due(bucket: earliest)
        }
        while dueSecond < second {
            dueSecond += 1
            if buckets[dueSecond] != nil { return due(bucket: dueSecond) }
        }
        return nil
    }

    private mutating func due(bucket second: Int64) -> [UInt32] {
        dueSecond = second
        var due: [UInt32] = []
        for number in buckets.removeValue(forKey: second) ?? [] where calls[Int(number)].scheduledSecond == second {
            calls[Int(number)].scheduledSecond = 0
            if calls[Int(number)].deadlineSecond > second {
                schedule(number, second: calls[Int(number)].deadlineSecond)
            } else {
                due.append(number)
            }
        }
        return due
    }

    private func place(of key: CallKey) -> Int {
        let mask = index.count - 1
        var place = key.spread & mask
        // Ends, for at most half of the places are taken.
        while index[place] != CallTable.emptyPlace && calls[Int(index[place])].key != key {
            place = (place + 1) & mask
        }
        return place
    }

    private mutating func growIndex() {
        index = [UInt32](repeating: CallTable.emptyPlace, count: max(1_024, index.count * 2))
        for (number, call) in calls.enumerated() where call.key != .none {
            index[place(of: call.key)] = UInt32(number)
        }
    }
}
