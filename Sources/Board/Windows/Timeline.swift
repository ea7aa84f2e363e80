// The call statistics of all customers over time: every window at once.
//
// Facts arrive in an inbox. A fold sorts the inbox by customer, adds each customer's facts to the columns of every window
// that covers them, and files the facts in slots. The slots are the memory of what to take away again:
//
//     level 0: slots of 1 s   back to the start of 1m       (60 slots)
//     level 1: slots of 5 s   from there to the start of 5m
//     level 2: slots of 15 s  ... 15m,  level 3: 60 s ... 1h,  level 4: 24 min ... 24h
//
// so a fact is stored once, in the slot whose length the windows that still cover its age need. When the clock passes a
// slot border of a window, the slots that left it are subtracted from its columns; slots that left a level are united into
// slots of the next. What is older than 24 h stays in the columns of `all` alone.
//
// Nothing is done per call but to append to the inbox: a fold happens before a figure is read, when the inbox is full, and
// with every tick. A query then costs what its columns cost, whatever number of calls they stand for.

import Columnar

struct Timeline {
    private(set) var sliding: [Totals<Int32>]
    private(set) var all = Totals<Int64>()
    /// Codes and delays of what is older than every slot.
    private(set) var oldDetails = DetailCounts()
    /// Seconds since 1970 of the last fold.
    private(set) var nowSecond: Int64 = .min
    /// First second of each sliding window at the last fold.
    private(set) var windowStart: [Int64]

    private var inbox: [PendingFact] = []
    private var levels: [SlotRing]
    private var seconds = SecondCounts()
    private var rows = 0
    private var weights: OutcomeWeights
    /// The peak of these windows may be too high since a slot left them.
    private var peakIsStale = [Bool](repeating: false, count: Window.sliding.count)
    private var pendingScratch: [PendingFact] = []
    private var entryScratch: [FactEntry] = []

    init(weights: OutcomeWeights) {
        self.weights = weights
        sliding = Window.sliding.map { _ in Totals<Int32>() }
        windowStart = Window.sliding.map { _ in Int64.min }
        levels = Window.sliding.map { SlotRing(slotSeconds: $0.slotSeconds) }
    }

    mutating func grow(to rows: Int) {
        self.rows = rows
        for index in sliding.indices { sliding[index].grow(to: rows) }
        all.grow(to: rows)
    }

    /// Files a fact of a customer's row; `second` is its time since 1970.
    @inline(__always)
    mutating func add(_ entry: FactEntry, second: UInt32) {
        inbox.append(PendingFact(entry: entry, second: second))
    }

    var isInboxFull: Bool { inbox.count >= BoardLimits.inboxFacts }

    /// True when a second is older than the longest window at this time.
    static func isLate(second: Int64, nowSecond: Int64) -> Bool {
        second < start(of: .oneDay, nowSecond: nowSecond)
    }

    /// The first second of a sliding window at a time: the current slot and the full slots before it.
    static func start(of window: Window, nowSecond: Int64) -> Int64 {
        floor(nowSecond, window.slotSeconds) + window.slotSeconds - window.seconds
    }

    /// The largest multiple of `length` that is not above `second`.
    @inline(__always)
    static func floor(_ second: Int64, _ length: Int64) -> Int64 {
        let remainder = second % length
        return second - (remainder < 0 ? remainder + length : remainder)
    }

    /// Brings every window to this time: slides them, then adds what came in. Time does not go back: an earlier `nowSecond`
    /// only adds what came in.
    mutating func fold(nowSecond: Int64) {
        if nowSecond > self.nowSecond { slide(to: nowSecond) }
        if !inbox.isEmpty { drainInbox() }
    }

    var byteSize: Int {
        sliding.reduce(0) { $0 + $1.byteSize } + all.byteSize + oldDetails.byteSize + seconds.byteSize
            + levels.reduce(0) { $0 + $1.byteSize }
            + inbox.capacity * MemoryLayout<PendingFact>.stride
            + pendingScratch.capacity * MemoryLayout<PendingFact>.stride
            + entryScratch.capacity * MemoryLayout<FactEntry>.stride
    }
}

// MARK: - Sliding

extension Timeline {
    private mutating func slide(to second: Int64) {
        nowSecond = second
        let starts = Window.sliding.map { Timeline.start(of: $0, nowSecond: second) }
        for window in sliding.indices where starts[window] > windowStart[window] {
            expire(window: window, before: starts[window])
        }
        windowStart = starts
        unite()
    }

    /// Takes the slots between the old start of a window and the new one away from its columns.
    private mutating func expire(window: Int, before start: Int64) {
        var leaving: [Slot] = []
        var staying = false
        for level in 0...window {
            levels[level].visit { slot in
                if slot.start >= start {
                    staying = true
                } else if slot.start >= windowStart[window] {
                    leaving.append(slot)
                }
            }
        }
        guard staying else {
            if !leaving.isEmpty || peakIsStale[window] { sliding[window].clear() }
            peakIsStale[window] = false
            return
        }
        for slot in leaving { subtract(slot, window: window) }
        if !leaving.isEmpty { peakIsStale[window] = true }
    }

    private mutating func subtract(_ slot: Slot, window: Int) {
        slot.merge(scratch: &entryScratch)
        var writer = TotalsWriter<Int32>()
        let entries = slot.entries
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: FactTally.width) { tally in
            guard let values = tally.baseAddress else { return }
            var index = 0
            while index < entries.count {
                values.initialize(repeating: 0, count: FactTally.width)
                let customer = entries[index].customer
                while index < entries.count && entries[index].customer == customer {
                    FactTally.add(entries[index], sign: -1, table: weights, to: values)
                    index += 1
                }
                writer.add(values, row: Int(customer), to: &sliding[window])
            }
        }
    }

    /// Unites the slots that left a level into slots of the level that their age needs; of those that left the last one
    /// only codes and delays are kept. Oldest level first, so that a place in a level is free before a slot moves in.
    private mutating func unite() {
        let starts = levels.indices.map { levelStart($0) }
        for level in levels.indices.reversed() {
            for slot in levels[level].removeSlots(before: starts[level]) {
                guard let target = levels.indices.first(where: { slot.start >= starts[$0] }) else {
                    for entry in slot.entries { oldDetails.add(entry) }
                    continue
                }
                let united = levels[target].slot(start: Timeline.floor(slot.start, levels[target].slotSeconds))
                united.append(contentsOf: slot)
                united.mergeIfWorthwhile(scratch: &entryScratch)
            }
        }
    }

    /// The first second that is kept in slots of this level: whole slots of the next level leave at once.
    private func levelStart(_ level: Int) -> Int64 {
        level + 1 < levels.count
            ? Timeline.floor(windowStart[level], levels[level + 1].slotSeconds) : windowStart[level]
    }
}

// MARK: - Adding

extension Timeline {
    private mutating func drainInbox() {
        var facts = inbox
        inbox = []
        let ahead = removeFactsAhead(&facts)
        facts.sortByCustomer(scratch: &pendingScratch)
        let starts = (0..<levels.count).map { levelStart($0) }
        var slidingWriters = sliding.map { _ in TotalsWriter<Int32>() }
        var allWriter = TotalsWriter<Int64>()
        let bands = sliding.count + 1
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: bands * FactTally.width) { tally in
            guard let values = tally.baseAddress else { return }
            var index = 0
            while index < facts.count {
                values.initialize(repeating: 0, count: bands * FactTally.width)
                let customer = facts[index].customer
                var youngest = bands - 1
                while index < facts.count && facts[index].customer == customer {
                    let band = file(facts[index], levelStarts: starts)
                    FactTally.add(
                        facts[index].entry, sign: 1, table: weights, to: values + band * FactTally.width)
                    youngest = min(youngest, band)
                    index += 1
                }
                // A window has what the next shorter one has and what lies between the two.
                for band in youngest..<bands {
                    let row = values + band * FactTally.width
                    if band > youngest {
                        for field in 0..<FactTally.width { row[field] &+= (row - FactTally.width)[field] }
                    }
                    if band < sliding.count {
                        slidingWriters[band].add(row, row: Int(customer), to: &sliding[band])
                    } else {
                        allWriter.add(row, row: Int(customer), to: &all)
                    }
                }
            }
        }
        facts.removeAll(keepingCapacity: true)
        facts.append(contentsOf: ahead)
        inbox = facts
    }

    /// Facts ahead of the clock (by at most the tolerance for clocks that differ) wait for their time.
    private func removeFactsAhead(_ facts: inout [PendingFact]) -> [PendingFact] {
        guard facts.contains(where: { Int64($0.second) > nowSecond }) else { return [] }
        let ahead = facts.filter { Int64($0.second) > nowSecond }
        facts.removeAll { Int64($0.second) > nowSecond }
        return ahead
    }

    /// Puts a fact into its slot and returns the shortest window that covers it (the number of sliding windows: only `all`).
    @inline(__always)
    private mutating func file(_ fact: PendingFact, levelStarts: [Int64]) -> Int {
        let second = Int64(fact.second)
        var band = 0
        while band < windowStart.count && second < windowStart[band] { band += 1 }
        let isSetup = fact.entry.fact == .setup
        let peak =
            isSetup
            ? seconds.add(customer: fact.customer, second: fact.second, count: fact.entry.count) : 0
        if peak > 0 { raisePeaks(Int(fact.customer), to: peak, from: band) }
        guard second >= levelStarts[levels.count - 1] else {
            oldDetails.add(fact.entry)
            return band
        }
        var level = 0
        while second < levelStarts[level] { level += 1 }
        let slot = levels[level].slot(start: Timeline.floor(second, levels[level].slotSeconds))
        slot.append(fact.entry)
        // One set-up in a second is told by the set-up itself.
        if peak > 1 { slot.append(FactEntry(customer: fact.customer, fact: .peak, count: peak)) }
        return band
    }

    private mutating func raisePeaks(_ row: Int, to peak: Int32, from band: Int) {
        for window in band..<sliding.count { sliding[window].raisePeak(row, to: peak) }
        all.raisePeak(row, to: peak)
    }
}

// MARK: - Reading what columns do not hold

extension Timeline {
    /// Makes the peaks of a window right again after slots have left it. Cost: the facts of the window, if any left.
    mutating func refreshPeaks(_ window: Window) {
        guard window != .all, peakIsStale[window.rawValue] else { return }
        peakIsStale[window.rawValue] = false
        var peaks = Column<Int32>()
        peaks.grow(to: rows)
        forEachEntry(in: window) { entry in
            let row = Int(entry.customer)
            let kind = entry.fact.kindBits
            if kind == Fact.Kind.setup.rawValue, entry.count > 0, peaks[row] < 1 { peaks[row] = 1 }
            if kind == Fact.Kind.peak.rawValue, entry.count > peaks[row] { peaks[row] = entry.count }
        }
        sliding[window.rawValue].peak = peaks
    }

    /// Every fact that a sliding window covers; of `all`, those that are in slots still (the rest is in `oldDetails`).
    func forEachEntry(in window: Window, _ body: (FactEntry) -> Void) {
        let window = window == .all ? Window.oneDay : window
        for level in 0...window.rawValue {
            levels[level].visit { slot in
                if slot.start >= windowStart[window.rawValue] { slot.entries.forEach(body) }
            }
        }
    }

    /// Set-ups of one row in the last full second. O(1).
    func setupsInLastSecond(row: Int) -> Int64 {
        guard let customer = UInt32(exactly: row), nowSecond > 0, let second = UInt32(exactly: nowSecond - 1) else {
            return 0
        }
        return Int64(seconds.count(customer: customer, second: second))
    }

    /// Set-ups by row in the last full second.
    func setupsInLastSecond() -> [UInt32: Int64] {
        var result: [UInt32: Int64] = [:]
        guard nowSecond > .min, let slot = levels[0].existingSlot(start: nowSecond - 1) else { return result }
        for entry in slot.entries where entry.fact == .setup {
            result[entry.customer, default: 0] += Int64(entry.count)
        }
        return result
    }
}
