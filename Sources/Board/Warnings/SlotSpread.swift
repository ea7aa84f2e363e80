/// What a customer's slots of a day say of how much its ASR differs from one to the next.
struct SlotSpread {
    private(set) var numerator = 0.0
    private(set) var weight = 0.0
    /// Of slots above the mean: of all customers these count, for a fault has no part in them.
    private(set) var upward = (numerator: 0.0, weight: 0.0)
    private var above = (numerator: 0.0, weight: 0.0)

    /// What others weigh in a customer's own figure: as much as so many slots of so many calls that chance is nothing
    /// in them.
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
        // What lies far out is a fault, and says nothing of times without one; how far that is of one who differs much,
        // is known after the first time.
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
