/// The counters and sums that a customer's facts add up to: one row of `Totals` on its way there.
///
/// Twenty Int64, first the counters in the order of `CounterField`, then the sums. Sums of facts cannot overflow: a fold
/// has at most 2^24 facts of at most 2^31 each; costs are clamped.
struct FactTally {
    static let width = CounterField.count + SumField.count

    /// Adds a fact, `sign` times (1 or -1), to the row at `values`.
    @inline(__always)
    static func add(
        _ entry: FactEntry, sign: Int64, table: OutcomeWeights, to values: UnsafeMutablePointer<Int64>
    ) {
        let count = sign &* Int64(entry.count)
        switch entry.fact.kindBits {
        case Fact.Kind.setup.rawValue:
            values[CounterField.bids.rawValue] &+= count
        case Fact.Kind.blockedSetup.rawValue:
            values[CounterField.blockedSetups.rawValue] &+= count
        case Fact.Kind.outcome.rawValue:
            let classIndex = entry.fact.classIndex
            values[CounterField.outcome(classIndex)] &+= count
            values[CounterField.outcomes.rawValue] &+= count &* table.seizure(classIndex)
            values[CounterField.effective.rawValue] &+= count &* table.effective(classIndex)
            if entry.fact.pddBucket != 0 {
                values[CounterField.pddCount.rawValue] &+= count
                values[CounterField.count + SumField.pddMilliseconds.rawValue] &+= sign &* Int64(entry.milliseconds)
            }
        case Fact.Kind.end.rawValue:
            values[CounterField.ended.rawValue] &+= count
            if entry.fact.talked {
                values[CounterField.talked.rawValue] &+= count
                if entry.fact.short { values[CounterField.short.rawValue] &+= count }
                values[CounterField.count + SumField.talkMilliseconds.rawValue] &+= sign &* Int64(entry.milliseconds)
            }
        case Fact.Kind.cost.rawValue:
            let field = CounterField.count + SumField.costMicros.rawValue
            let (cost, negated) = sign.multipliedReportingOverflow(by: entry.costMicros)
            let (sum, overflow) = values[field].addingReportingOverflow(negated ? .max : cost)
            values[field] = overflow ? (cost > 0 ? .max : .min) : sum
        default:
            break
        }
    }
}

/// The outcome table as two masks of nine bits: what the fold needs of it.
struct OutcomeWeights: Equatable, Sendable {
    private var seizureBits: UInt16 = 0
    private var effectiveBits: UInt16 = 0

    init(_ table: OutcomeTable) {
        for outcome in OutcomeClass.allCases {
            if table.countsAsSeizure(outcome) { seizureBits |= 1 << outcome.rawValue }
            if table.countsAsEffective(outcome) { effectiveBits |= 1 << outcome.rawValue }
        }
    }

    @inline(__always) func seizure(_ classIndex: Int) -> Int64 { Int64(seizureBits >> classIndex & 1) }
    @inline(__always) func effective(_ classIndex: Int) -> Int64 { Int64(effectiveBits >> classIndex & 1) }
}
