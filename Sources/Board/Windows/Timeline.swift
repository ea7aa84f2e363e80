// The call statistics of all customers over time: every window at once.
//
// Facts are stored one by one for an hour, in a ring of seconds: adding one is an append, nothing else. A fold brings
// the columns of the windows up to date: facts added since the last fold are put in the order of the customers, 256 of
// them at a time (`FactTile`), and added to the columns of every window that covers them. When the clock passes a slot
// boundary of a window, the facts of the slots that left it are subtracted (or, where less stays than leaves, the
// window is rebuilt). A second that has left the hour goes to its slot of 24 h (`AgedSlot`), which packs its facts by
// customer.
//
// A fold happens before a figure is read and with every tick. So a query costs what its columns cost, however many
// calls they stand for, and a call costs a few nanoseconds at each of: append, fold, leaving a window.
//
//     Timeline+Adding  facts, to their second
//     Timeline+Fold    what came in, into the windows         Timeline+Peaks    the busiest second
//     Timeline+Slide   what left them                         Timeline+Details  final codes, delays
//     Timeline+Rewind  back to an earlier time

import Columnar

struct Timeline {
    var sliding: [Totals<Int32>]
    var all = Totals<Int64>()
    /// Seconds since 1970 of the last fold.
    var nowSecond: Int64 = .min
    /// First second of each sliding window at the last fold.
    var windowStart: [Int64]

    /// The facts of the last hour, second by second.
    let ring: SecondRing
    /// The memory of the facts.
    let pool = BlockPool()
    /// The ring's memory and its start, copied here so that adding a fact needs nothing else.
    let ringMemory: UnsafeMutablePointer<FactChains>
    private(set) var ringStart: Int64
    /// Seconds of the ring that may have facts not yet in any window; empty: none has.
    var newSeconds: Range<Int64> = 0..<0
    /// Facts that left the ring, by the first second of their slot.
    var slots: [Int64: AgedSlot] = [:]
    /// Facts older than 24 h; of those that came from slots, only codes and delays.
    let ancient: AgedSlot
    /// First seconds of the slots (and of `ancient`) that got late facts since the last fold.
    var lateSlots: Set<Int64> = []
    /// Set-ups that arrived after their second had left the ring.
    var lateSetups = SecondCounts()

    /// Until this second the ring retains more than the hour, because the clock jumped; see `Timeline+Rewind`.
    var heldUntil: Int64 = .min

    /// Facts of seconds before this one are in `ancient`, wherever 24 h begin, because the clock was put back.
    var ancientBefore: Int64 = .min

    var secondPeaks = SecondPeaks()
    /// The busiest second of each customer among those that left the ring.
    var retiredPeaks = Column<Int32>()
    /// One entry per window: whether `peak` may be out of date.
    var peakIsStale = [Bool](repeating: false, count: Window.allCases.count)

    /// Set-ups in the last full second, as of the last `countLastSecond`.
    private(set) var lastSecond = LastSecond()

    var rows = 0
    let scratch: FoldScratch

    /// How many facts a fold puts in order at a time.
    let factsAtATime: Int

    init(weights: OutcomeWeights, factsAtATime: Int = BoardLimits.factsAtATime) {
        self.factsAtATime = factsAtATime
        sliding = Window.sliding.map { _ in Totals<Int32>() }
        windowStart = Window.sliding.map { _ in Int64.min }
        scratch = FoldScratch(weights: weights)
        ring = SecondRing(pool: pool)
        ancient = AgedSlot(start: .min, pool: pool)
        ringMemory = ring.memory
        ringStart = ring.start
    }

    /// Sets the ring's first second, in both copies.
    mutating func beginRing(at second: Int64) {
        ring.begin(at: second)
        ringStart = ring.start
    }

    /// Moves the ring's first second back: the clock was put back.
    mutating func rewindRing(to second: Int64) {
        ring.rewind(to: second)
        ringStart = ring.start
    }

    mutating func forgetLastSecond() { lastSecond = LastSecond() }

    mutating func grow(to rows: Int) {
        self.rows = rows
        for index in sliding.indices { sliding[index].grow(to: rows) }
        all.grow(to: rows)
        retiredPeaks.grow(to: rows)
    }

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

    /// Brings every window to this time: slides them, then adds the new facts. Time does not go back: an earlier
    /// `nowSecond` only adds the new facts. Facts ahead of the clock wait for their time.
    mutating func fold(nowSecond: Int64) {
        guard nowSecond > self.nowSecond else { return foldNewFacts() }
        slide(to: nowSecond)
        foldNewFacts()
        retire()
        ringStart = ring.start
    }

    /// Brings `lastSecond` up to date. Cost: none while the second is the same, else its set-ups.
    mutating func countLastSecond() {
        let second = nowSecond == .min ? .min : nowSecond - 1
        let isKept = nowSecond > .min && ring.covers(second)
        lastSecond.count(
            second, isKept ? ring.chains(second).pointee.setups.foldedFacts : .empty, rows: rows)
    }

    var byteSize: Int {
        sliding.reduce(0) { $0 + $1.byteSize } + all.byteSize + retiredPeaks.byteSize
            + ring.byteSize + slots.values.reduce(0) { $0 + $1.byteSize } + ancient.byteSize
            + lateSetups.byteSize + secondPeaks.byteSize + lastSecond.byteSize + scratch.byteSize
    }
}
