// Deadlines (silence, longest duration, the end of a tombstone) are kept in a wheel of buckets, one a second. A call is in a
// bucket as early as its deadline or earlier: putting a deadline off is writing a number, and whoever finds the call too
// early puts it into a later bucket.

struct DeadlineWheel {
    fileprivate var buckets = [[UInt32]](repeating: [], count: seconds)
    /// Calls in the buckets.
    fileprivate var count = 0
    /// Buckets up to this one are done with.
    fileprivate var doneSecond: UInt32 = 0

    /// Longer than the longest call as a rule: later deadlines are looked at once in a while on their way.
    fileprivate static let seconds = 16_384

    fileprivate static func place(_ second: UInt32) -> Int { Int(second) & (seconds - 1) }

    var byteSize: Int { count * 4 + DeadlineWheel.seconds * MemoryLayout<[UInt32]>.stride }
}

extension CallTable {
    /// Has the call looked at in this second, and not before.
    @inline(__always)
    mutating func schedule(_ number: UInt32, second wanted: Int64) {
        let deadline = max(UInt32(clamping: wanted), wheel.doneSecond &+ 1)
        let place = memory.deadline(number)
        place.pointee.wantedSecond = deadline
        // A bucket that comes earlier will find the later deadline and schedule it again.
        if place.pointee.scheduledSecond &- 1 >= deadline { putIntoWheel(number, deadline) }
    }

    @inline(__always)
    private mutating func putIntoWheel(_ number: UInt32, _ deadline: UInt32) {
        // The very first deadline is a minute away; others may be nearer.
        if wheel.doneSecond == 0 { wheel.doneSecond = deadline - min(deadline, UInt32(DeadlineWheel.seconds) - 1) }
        let second = min(deadline, wheel.doneSecond + UInt32(DeadlineWheel.seconds) - 1)
        memory.deadline(number).pointee.scheduledSecond = second
        wheel.buckets[DeadlineWheel.place(second)].append(number)
        wheel.count += 1
    }

    /// The calls whose deadline has come, at most one bucket of them, and nil when none is due up to this second.
    mutating func nextDue(upTo now: Int64) -> [UInt32]? {
        let now = UInt32(clamping: now)
        while wheel.doneSecond < now {
            if wheel.count == 0 {
                wheel.doneSecond = now
                return nil
            }
            wheel.doneSecond += 1
            if !wheel.buckets[DeadlineWheel.place(wheel.doneSecond)].isEmpty { return takeDue() }
        }
        return nil
    }

    private mutating func takeDue() -> [UInt32] {
        let second = wheel.doneSecond
        var bucket: [UInt32] = []
        swap(&bucket, &wheel.buckets[DeadlineWheel.place(second)])
        wheel.count -= bucket.count
        var dueCount = 0
        for position in bucket.indices {
            let number = bucket[position]
            let deadline = memory.deadline(number)
            guard deadline.pointee.scheduledSecond == second else { continue }
            deadline.pointee.scheduledSecond = 0
            if deadline.pointee.wantedSecond > second {
                putIntoWheel(number, deadline.pointee.wantedSecond)
            } else {
                bucket[dueCount] = number
                dueCount += 1
            }
        }
        bucket.removeLast(bucket.count - dueCount)
        return bucket
    }
}
