// Deadlines (silence, longest duration, the end of a tombstone) are in a wheel of buckets, one per second. A call is in
// the bucket of its deadline or an earlier one: postponing a deadline only writes a number, and a call found too early
// is put into a later bucket.

struct DeadlineWheel {
    fileprivate var buckets = [[UInt32]](repeating: [], count: seconds)
    /// Number of calls in the buckets.
    fileprivate var count = 0
    /// Buckets up to this one are done.
    fileprivate var doneSecond: UInt32 = 0

    /// A `CallLine` stores its bucket in 12 bits. Calls with later deadlines are checked now and then on the way.
    fileprivate static let seconds = 4_096

    fileprivate static func bucket(_ second: UInt32) -> Int { Int(second) & (seconds - 1) }

    /// The second at which a bucket comes next.
    @inline(__always)
    fileprivate func second(of bucket: Int) -> UInt32 {
        doneSecond &+ 1 &+ (UInt32(truncatingIfNeeded: bucket) &- doneSecond &- 1) & UInt32(DeadlineWheel.seconds - 1)
    }

    var byteSize: Int { count * 4 + DeadlineWheel.seconds * MemoryLayout<[UInt32]>.stride }
}

extension CallTable {
    /// Schedules the next check of the call for this second, and not before.
    @inline(__always)
    mutating func schedule(_ number: UInt32, second wanted: Int64) {
        let deadline = max(UInt32(clamping: wanted), wheel.doneSecond &+ 1)
        let line = line(number)
        line.pointee.deadlineSecond = deadline
        // An earlier bucket will find the later deadline and schedule it again.
        if let bucket = line.pointee.bucket, wheel.second(of: bucket) <= deadline { return }
        putIntoWheel(number, line, deadline)
    }

    @inline(__always)
    private mutating func putIntoWheel(
        _ number: UInt32, _ line: UnsafeMutablePointer<CallLine>, _ deadline: UInt32
    ) {
        // The very first deadline is a minute away; others may be nearer.
        if wheel.doneSecond == 0 { wheel.doneSecond = deadline - min(deadline, UInt32(DeadlineWheel.seconds) - 1) }
        let bucket = DeadlineWheel.bucket(min(deadline, wheel.doneSecond + UInt32(DeadlineWheel.seconds) - 1))
        line.pointee.bucket = bucket
        wheel.buckets[bucket].append(number)
        wheel.count += 1
    }

    /// Empties the wheel, whose time is this second from now on: each call must be scheduled again.
    mutating func forgetDeadlines(now: Int64) {
        for number in numbers { line(number).pointee.bucket = nil }
        wheel = DeadlineWheel()
        // Without deadlines this only sets the clock for later ones.
        _ = nextDue(upTo: now)
    }

    /// Some of the calls whose deadline has come; nil when none is due up to this second.
    mutating func nextDue(upTo now: Int64) -> [UInt32]? {
        let now = UInt32(clamping: now)
        if wheel.count > 0 && now > wheel.doneSecond && now - wheel.doneSecond > UInt32(DeadlineWheel.seconds) {
            return allDue(upTo: now)
        }
        while wheel.doneSecond < now {
            if wheel.count == 0 {
                wheel.doneSecond = now
                return nil
            }
            wheel.doneSecond += 1
            if !wheel.buckets[DeadlineWheel.bucket(wheel.doneSecond)].isEmpty { return takeDue() }
        }
        return nil
    }

    /// The clock jumped: every call is checked once, however many seconds went by.
    private mutating func allDue(upTo now: UInt32) -> [UInt32]? {
        var (due, later): ([UInt32], [UInt32]) = ([], [])
        for bucket in wheel.buckets.indices {
            // As in `takeDue`.
            for number in wheel.buckets[bucket] where line(number).pointee.bucket == bucket {
                line(number).pointee.bucket = nil
                if line(number).pointee.deadlineSecond > now { later.append(number) } else { due.append(number) }
            }
            wheel.buckets[bucket] = []
        }
        wheel.count = 0
        wheel.doneSecond = now
        for number in later { putIntoWheel(number, line(number), line(number).pointee.deadlineSecond) }
        due.sort { (line($0).pointee.deadlineSecond, $0) < (line($1).pointee.deadlineSecond, $1) }
        return due.isEmpty ? nil : due
    }

    private mutating func takeDue() -> [UInt32] {
        let second = wheel.doneSecond
        let bucket = DeadlineWheel.bucket(second)
        var numbers: [UInt32] = []
        swap(&numbers, &wheel.buckets[bucket])
        wheel.count -= numbers.count
        var dueCount = 0
        for position in numbers.indices {
            if position + 24 < numbers.count { prefetchCall(number: numbers[position + 24]) }
            let number = numbers[position]
            let line = line(number)
            // A number in a bucket may have moved to an earlier one since, or be another call by now.
            guard line.pointee.bucket == bucket else { continue }
            line.pointee.bucket = nil
            if line.pointee.deadlineSecond > second {
                putIntoWheel(number, line, line.pointee.deadlineSecond)
            } else {
                numbers[dueCount] = number
                dueCount += 1
            }
        }
        numbers.removeLast(numbers.count - dueCount)
        return numbers
    }
}
