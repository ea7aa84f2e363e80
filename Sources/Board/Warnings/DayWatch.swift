// Goes through the slots of 24 h, a tile of customers at a time, whenever another slot has left the last hour: for what
// `DayTable` knows. All of it follows from slots that are saved, so after a restart it is known again within seconds.

import Columnar

struct DayWatch {
    private var nextTile = 0
    /// Of the slots, pooled: how much ASR differs from one to the next.
    private let pooled: Double
    private var numerator = 0.0
    private var denominator = 0.0

    init(pooled: Double) { self.pooled = pooled }

    /// Goes on with some tiles: one at least, and no more than some tenths of a millisecond are enough for.
    /// - Returns: the pooled dispersion of slots, when all tiles are gone through; else nil.
    mutating func step(_ timeline: Timeline, _ table: inout DayTable) -> Double? {
        let slots = timeline.slots.values.filter(\.isPacked).sorted { $0.start < $1.start }
        let tileCount = FactTile.count(holding: timeline.rows)
        var bytes = 0
        while nextTile < tileCount && bytes < BoardLimits.watchedSlotBytes {
            let own = slots.filter { !$0.tile(nextTile).isEmpty }
            bytes += own.reduce(64) { $0 + $1.tile(nextTile).octets.count }
            if own.isEmpty {
                table.forgetHours(ofTile: nextTile)
            } else {
                read(own, timeline, &table)
            }
            nextTile += 1
        }
        guard nextTile >= tileCount else { return nil }
        return SlotSpread.pooled(numerator, denominator)
    }

    private mutating func read(_ slots: [AgedSlot], _ timeline: Timeline, _ table: inout DayTable) {
        let tile = timeline.scratch.tile
        let rows = FactTile.rows
        var counts = [AnswerCount](repeating: AnswerCount(), count: slots.count * rows)
        for (place, slot) in slots.enumerated() {
            tile.begin(facts: .max)
            slot.tile(nextTile).add(to: tile, sign: 1)
            tile.deriveOutcomes()
            let (outcomes, answered) = (tile.counts(.outcomes), tile.counts(.answered))
            for row in 0..<rows {
                counts[row * slots.count + place] = AnswerCount(
                    outcomes: Int64(outcomes[row]), answered: Int64(answered[row]))
            }
        }
        let first = nextTile << FactTile.shift
        let firstSlot = DropWindow.allCases.map { window in
            slots.firstIndex { $0.start >= timeline.nowSecond - window.seconds } ?? slots.count
        }
        for row in 0..<min(rows, timeline.rows - first) {
            let own = counts[row * slots.count..<(row + 1) * slots.count]
            // What is judged says nothing of how steady a customer is: a fall would hide itself.
            let spread = SlotSpread(own.prefix(firstSlot[DropWindow.fourHours.rawValue]), pooled: pooled)
            numerator += spread.upward.numerator
            denominator += spread.upward.weight
            table.update(first + row) { day in
                day.twoHours = own.dropFirst(firstSlot[DropWindow.twoHours.rawValue]).reduce(AnswerCount(), +)
                day.fourHours = own.dropFirst(firstSlot[DropWindow.fourHours.rawValue]).reduce(AnswerCount(), +)
                day.spread = Float(spread.factor(pooled))
            }
        }
    }
}

/// What a customer's slots of a day say of how much its ASR differs from one to the next.
struct SlotSpread {
    private(set) var numerator = 0.0
    private(set) var weight = 0.0
    /// Of slots above the mean: of all customers these count, for a fault has no part in them.
    private(set) var upward = (numerator: 0.0, weight: 0.0)
    private var above = (numerator: 0.0, weight: 0.0)

    /// What others weigh in a customer's own figure: as much as so many slots of so many calls that chance is nothing in them.
    private static let pooledSlots = 8.0
    /// What the prior weighs in the figure of all.
    private static let priorSlots = 20.0
    /// How much steadier than others a customer may be taken for, and how much less steady.
    private static let factors = 0.25...30.0

    init(_ slots: some Sequence<AnswerCount>, pooled: Double) {
        let day = slots.reduce(AnswerCount(), +)
        guard day.isPossible, day.outcomes > 1 else { return }
        let mean = (Double(day.answered) + 0.5) / (Double(day.outcomes) + 1)
        guard mean > 0.02, mean < 0.98 else { return }
        // What lies far out is a fault, and says nothing of times without one; how far that is of one who differs much, is known
        // after the first time.
        add(slots, day, mean, pooled: pooled, usual: pooled)
        upward = above
        let own = pooled * factor(pooled)
        add(slots, day, mean, pooled: pooled, usual: max(own, pooled))
    }

    private mutating func add(
        _ slots: some Sequence<AnswerCount>, _ day: AnswerCount, _ mean: Double, pooled: Double, usual: Double
    ) {
        (numerator, weight, above) = (0, 0, (0, 0))
        for slot in slots where slot.outcomes > 1 {
            let chance = 1 / Double(slot.outcomes) + 1 / Double(day.outcomes)
            let distance = mean - Double(slot.answered) / Double(slot.outcomes)
            let square = min(distance * distance / (mean * (1 - mean)), 9 * (usual + chance))
            let share = pooled / (pooled + chance)
            numerator += share * share * (square - chance)
            weight += share * share
            guard distance <= 0 else { continue }
            above.numerator += share * share * (square - chance)
            above.weight += share * share
        }
    }

    /// Drawn to what holds for all, the more the less it has of its own.
    func factor(_ pooled: Double) -> Double {
        let own = (Self.pooledSlots * pooled + numerator) / (Self.pooledSlots + weight)
        return min(max(own / pooled, Self.factors.lowerBound), Self.factors.upperBound)
    }

    static func pooled(_ numerator: Double, _ weight: Double) -> Double {
        let value = (AnswerDispersion.prior * priorSlots + numerator) / (priorSlots + weight)
        return min(max(value, AnswerDispersion.bounds.lowerBound), AnswerDispersion.bounds.upperBound)
    }
}
