// What a column shows of a group, from the sums of its measures. Ratios are computed here, last.

/// A sum of measures, each times a factor; measures are positions among those of a table.
struct MeasureSum: Equatable {
    struct Term: Equatable {
        var measure: Int
        var factor: Int64 = 1
        /// The lower halves, where the sum is held in two parts.
        var lowerHalves: Int?
    }

    var terms: [Term]

    /// The exact sum; nil where it does not fit 64 bits.
    func value(_ values: [MeasureColumn], _ slot: Int) -> Int64? {
        var sum: Int128 = 0
        for term in terms {
            // At most 2^96 x 2^32 a term, few terms: no overflow of 128 bits.
            var value = Int128(values[term.measure].integers[slot])
            if let lower = term.lowerHalves { value = value << 32 + Int128(values[lower].integers[slot]) }
            sum += value * Int128(term.factor)
        }
        return Int64(exactly: sum)
    }

    /// The sum for counts of calls and milliseconds, which fit.
    func count(_ values: [MeasureColumn], _ slot: Int) -> Int64 {
        var sum: Int64 = 0
        for term in terms { sum &+= values[term.measure].integers[slot] &* term.factor }
        return sum
    }
}

/// An aggregate over a group's customers that have a value; null where none has.
struct AggregateOutput {
    let operation: Expression.Aggregate
    /// The sum, or the single measure that has the least or greatest value or the number.
    let sum: MeasureSum
    /// The measure of the number of customers that have a value.
    let count: Int
    /// The kind of the result.
    let kind: CellKind

    /// The measure whose sum over all customers this is; nil where it is anything else.
    var onlySum: Int? {
        guard operation == .sum, count == MeasureList.customers, sum.terms.count == 1, sum.terms[0].factor == 1,
            sum.terms[0].lowerHalves == nil
        else { return nil }
        return sum.terms[0].measure
    }

    func cell(_ values: [MeasureColumn], _ slot: Int) -> Cell {
        let number = values[count].integers[slot]
        if operation == .count { return .integer(number) }
        if number == 0 { return .null }
        if operation == .avg && kind != .money {
            if values[sum.terms[0].measure].isNumber {
                return AggregateOutput.finite(values[sum.terms[0].measure].numbers[slot] / Double(number))
            }
            return sum.value(values, slot).map { .number(Double($0) / Double(number)) } ?? .null
        }
        if kind == .number, values[sum.terms[0].measure].isNumber {
            return AggregateOutput.finite(values[sum.terms[0].measure].numbers[slot])
        }
        guard let value = sum.value(values, slot) else { return .null }
        switch kind {
        case .money:
            return operation == .avg ? Cell.arithmetic(.divide, .money(value), .integer(number)) : .money(value)
        case .time: return .time(value)
        case .boolean: return .boolean(value != 0)
        default: return .integer(value)
        }
    }

    private static func finite(_ value: Double) -> Cell { value.isFinite ? .number(value) : .null }
}

indirect enum GroupOutput {
    /// The value of a group column, by its level, counted from 1.
    case group(Int)
    case integers(MeasureSum)
    case ratio(numerator: MeasureSum, denominator: MeasureSum, scale: Double)
    case amount(MeasureSum, divisor: Double)
    /// An amount per currency, from measures of the money table.
    case money(AggregateOutput)
    case aggregate(AggregateOutput)
    /// A quantile of the summed histograms of a window.
    case pddQuantile(Double, Window)
    /// An expression over other outputs: `columns` by name, `aggregates` by the position where they begin.
    case computed(Expression, columns: [String: GroupOutput], aggregates: [Int: GroupOutput])
    /// A field that is meaningless for several customers.
    case none(CellKind)
}

extension GroupOutput {
    /// The kind of the column. `values`: the values of the group columns.
    func kind(_ values: [GroupValues]) -> CellKind {
        switch self {
        case .group(let level): values[level - 1].kind
        case .integers: .integer
        case .ratio, .amount, .pddQuantile: .number
        case .money: .money
        case .aggregate(let aggregate): aggregate.kind
        case .computed(let expression, _, _): expression.kind
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

extension BoardColumn {
    /// Distinguishes columns.
    var key: String {
        switch self {
        case .field(let field): field.rawValue
        case .metric(let metric, let window): metric.name + " " + window.name
        case .call(let column): "call " + column.rawValue
        }
    }
}
