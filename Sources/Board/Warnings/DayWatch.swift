// Goes through the slots of 24 h, a tile of customers at a time, whenever another slot has left the last hour: for what
// `DayTable` knows. All of it follows from slots that are saved, so after a restart it is known again within a minute.

import Columnar

struct DayWatch {
    private var nextTile = 0
    /// The tile that is being read.
    private var open: OpenDay?
    /// Of the slots, pooled: how much ASR differs from one to the next.
    private let pooled: Double
    private var numerator = 0.0
    private var denominator = 0.0

    init(pooled: Double) { self.pooled = pooled }

    /// Goes on for some tenths of a millisecond: with some slots of a tile, or some of its customers.
    /// - Parameter budget: bytes of slots that are read, and of counts that are looked at.
    /// - Returns: the pooled dispersion of slots, when all tiles are gone through; else nil.
    mutating func step(
        _ timeline: Timeline, _ table: inout DayTable, budget: Int = BoardLimits.watchedSlotBytes
    ) -> Double? {
        var left = budget
        while left > 0 {
            if open == nil {
                guard nextTile < FactTile.count(holding: timeline.rows) else {
                    return SlotSpread.pooled(numerator, denominator)
                }
                left -= begin(timeline, &table)
            } else if open?.isRead == false {
                left -= open?.readSlot(timeline.scratch.tile.weights) ?? 0
            } else {
                left -= judgeRow(&table)
            }
        }
        return nil
    }

    /// Opens the next tile; a tile whose customers had no calls is passed over.
    /// - Returns: bytes that were looked at.
    private mutating func begin(_ timeline: Timeline, _ table: inout DayTable) -> Int {
        let slots = timeline.slots.values.filter { $0.isPacked && !$0.tile(nextTile).isEmpty }
        if slots.isEmpty {
            table.forgetHours(ofTile: nextTile)
            nextTile += 1
            return 1_024
        }
        let sorted = slots.sorted { $0.start < $1.start }
        let firstRow = nextTile << FactTile.shift
        let firstSlot = DropWindow.allCases.map { window in
            sorted.firstIndex { $0.start >= timeline.nowSecond - window.seconds } ?? sorted.count
        }
        let opened = OpenDay(
            tiles: sorted.map { $0.tile(nextTile) }, firstSlot: firstSlot, firstRow: firstRow,
            rows: min(FactTile.rows, timeline.rows - firstRow))
        open = opened
        return opened.byteSize / 16
    }

    /// Takes over what the next customer's slots say, and ends the tile behind the last.
    /// - Returns: bytes that were looked at.
    private mutating func judgeRow(_ table: inout DayTable) -> Int {
        guard let (row, slots, firstSlot) = open?.nextRow() else {
            open = nil
            nextTile += 1
            return 1
        }
        // What is judged says nothing of how steady a customer is: a fall would hide itself.
        let spread = SlotSpread(slots.prefix(firstSlot[DropWindow.fourHours.rawValue]), pooled: pooled)
        numerator += spread.upward.numerator
        denominator += spread.upward.weight
        table.update(row) { day in
            day.twoHours = slots.dropFirst(firstSlot[DropWindow.twoHours.rawValue]).reduce(AnswerCount(), +)
            day.fourHours = slots.dropFirst(firstSlot[DropWindow.fourHours.rawValue]).reduce(AnswerCount(), +)
            day.spread = Float(spread.factor(pooled))
        }
        return 64 + slots.count * MemoryLayout<AnswerCount>.stride
    }
}

/// The slots of one tile's customers on their way into `DayTable`, as they were when the tile was begun.
private struct OpenDay {
    private let tiles: [PackedTile]
    /// By `DropWindow`, the first slot that is in it.
    private let firstSlot: [Int]
    private let firstRow: Int
    private let rows: Int
    private var nextSlot = 0
    private var next = 0
    /// The slots of one customer side by side.
    private var counts: [AnswerCount]

    init(tiles: [PackedTile], firstSlot: [Int], firstRow: Int, rows: Int) {
        (self.tiles, self.firstSlot, self.firstRow, self.rows) = (tiles, firstSlot, firstRow, rows)
        counts = Array(repeating: AnswerCount(), count: tiles.count * FactTile.rows)
    }

    var byteSize: Int { counts.count * MemoryLayout<AnswerCount>.stride }
    var isRead: Bool { nextSlot == tiles.count }

    /// - Returns: bytes that were read.
    mutating func readSlot(_ weights: OutcomeWeights) -> Int {
        let (tile, place, stride) = (tiles[nextSlot], nextSlot, tiles.count)
        tile.forEachRow(weights) { row, count in counts[row * stride + place] = count }
        nextSlot += 1
        return 64 + tile.bytes.count
    }

    /// The next customer with its slots; nil: that was the last.
    mutating func nextRow() -> (row: Int, slots: ArraySlice<AnswerCount>, firstSlot: [Int])? {
        guard next < rows else { return nil }
        defer { next += 1 }
        return (firstRow + next, counts[next * tiles.count..<(next + 1) * tiles.count], firstSlot)
    }
}
