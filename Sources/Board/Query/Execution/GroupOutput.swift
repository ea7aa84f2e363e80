// What a column shows of a group, from the sums of its measures. Ratios are computed here, last.

/// A sum of measures, each times a factor; by position among the measures of a table.
struct MeasureSum: Equatable {
    struct Term: Equatable {
        var measure: Int
        var factor: Int64
        /// The lower halves, where the sum was kept in two parts.
        var lowerHalves: Int?
    }

    var terms: [Term]

    /// The exact sum; nil where it does not fit 64 bits.
    func value(_ values: [MeasureColumn], _ slot: Int) -> Int64? {
        var sum: Int128 = 0
        for term in terms {
            // At most 2^64 x 2^32 a term, few terms: no overflow of 128 bits.
            var value = Int128(values[term.measure].integers[slot])
            if let lower = term.lowerHalves { value = value << 32 + Int128(values[lower].integers[slot]) }
            sum += value * Int128(term.factor)
        }
        return Int64(exactly: sum)
    }

    /// The same where every part and the sum is known to fit: counts of calls and milliseconds.
    @inline(__always)
    func fastValue(_ values: [MeasureColumn], _ slot: Int) -> Int64 {
        var sum: Int64 = 0
        for term in terms { sum &+= values[term.measure].integers[slot] &* term.factor }
        return sum
    }

    var isNarrow: Bool { terms.allSatisfy { $0.lowerHalves == nil } }
}

enum GroupOutput {
    /// The value of a group column, by its level from 1.
    case group(Int)
    case integers(MeasureSum)
    case ratio(numerator: MeasureSum, denominator: MeasureSum, scale: Double)
    case amount(MeasureSum, divisor: Double)
    /// An amount a currency: of measures of the money table.
    case money(MeasureSum)
    /// The quantile of the summed histograms of a window.
    case pddQuantile(Double, Window)
    /// A field that says nothing of several customers.
    case none(CellKind)
}

extension GroupOutput {
    func kind(_ columns: [GroupColumn]) -> CellKind {
        switch self {
        case .group(let level): columns[level - 1].values.kind
        case .integers: .integer
        case .ratio, .amount, .pddQuantile: .number
        case .money: .money
        case .none(let kind): kind
        }
    }
}

extension GroupValues {
    var kind: CellKind {
        switch self {
        case .texts, .names: .text
        case .booleans: .boolean
        case .integers, .ids: .integer
        case .money: .money
        case .times: .time
        }
    }
}
