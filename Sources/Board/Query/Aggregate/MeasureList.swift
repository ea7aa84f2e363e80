// The measures that the columns of a query need, each once: plain ones, and money, which is added up by currency.

struct MeasureList {
    private(set) var plain: [Measure]
    private(set) var money: [Measure]
    /// The expressions that `MeasureSource.expression` refers to by position.
    private(set) var expressions: [Expression] = []
    private let groupBy: [CustomerField]
    /// Whether a source's sum over all customers may not fit 64 bits.
    private let isLarge: (NumberSource) -> Bool

    /// Position of the number of customers, in both lists.
    static let customers = 0

    init(groupBy: [CustomerField], isLarge: @escaping (NumberSource) -> Bool) {
        self.groupBy = groupBy
        self.isLarge = isLarge
        plain = [Measure(operation: .count, source: .customers)]
        money = plain
    }

    /// The columns that the measures read.
    var sources: [NumberSource] {
        (plain + money).compactMap { if case .column(let source) = $0.source { source } else { nil } }
    }

    /// How a group shows an expression.
    mutating func output(_ expression: Expression) -> GroupOutput {
        switch expression.node {
        case .column(.field(let field)):
            groupBy.firstIndex(of: field).map { .group($0 + 1) } ?? .none(expression.kind)
        case .column(.metric(let metric, let window)): output(metric, window)
        case .aggregate(let aggregate, let inner): output(aggregate, inner, kind: expression.kind)
        default: computed(expression)
        }
    }

    mutating func sortKey(_ sort: PlannedSort) -> GroupSortKey {
        let output = output(sort.expression)
        if case .group(let level) = output { return .group(level: level, descending: sort.descending) }
        return .output(output, descending: sort.descending)
    }

    private mutating func output(_ metric: Metric, _ window: Window) -> GroupOutput {
        switch metric.formula {
        case .count(let sum): .integers(sumOfMetric(sum, window))
        case .ratio(let numerator, let denominator, let scale):
            .ratio(
                numerator: sumOfMetric(numerator, window), denominator: sumOfMetric(denominator, window), scale: scale)
        case .amount(let sum, let divisor): .amount(sumOfMetric(sum, window), divisor: divisor)
        case .money(let sum):
            .money(
                AggregateOutput(
                    operation: .sum, sum: columnSum(NumberSum(sum, window), isMoney: true),
                    count: MeasureList.customers, kind: .money))
        case .pddQuantile(let quantile): .pddQuantile(quantile, window)
        }
    }

    private mutating func computed(_ expression: Expression) -> GroupOutput {
        var columns: [String: GroupOutput] = [:]
        var aggregates: [Int: GroupOutput] = [:]
        collect(expression, &columns, &aggregates)
        return .computed(expression, columns: columns, aggregates: aggregates)
    }

    private mutating func collect(
        _ expression: Expression, _ columns: inout [String: GroupOutput], _ aggregates: inout [Int: GroupOutput]
    ) {
        switch expression.node {
        case .column(let column): columns[column.key] = output(expression)
        case .aggregate: aggregates[expression.position] = output(expression)
        default: for part in expression.parts { collect(part, &columns, &aggregates) }
        }
    }
}

// MARK: - Aggregates

extension MeasureList {
    private mutating func output(
        _ aggregate: Expression.Aggregate, _ inner: Expression?, kind: CellKind
    ) -> GroupOutput {
        guard let inner else { return .integers(MeasureSum(terms: [.init(measure: MeasureList.customers)])) }
        let isMoney = kind == .money
        let result: AggregateOutput
        if case .column(let column) = inner.node, case .integers(let sum)? = RowOperand(column),
            aggregate == .sum || aggregate == .avg || aggregate == .count
        {
            // Never null: all customers have a value.
            let total = aggregate == .count ? MeasureSum(terms: []) : columnSum(sum, isMoney: isMoney)
            result = AggregateOutput(operation: aggregate, sum: total, count: MeasureList.customers, kind: kind)
        } else {
            result = ofExpression(aggregate, inner, kind: kind)
        }
        return isMoney ? .money(result) : .aggregate(result)
    }

    private mutating func ofExpression(
        _ aggregate: Expression.Aggregate, _ inner: Expression, kind: CellKind
    ) -> AggregateOutput {
        let source = MeasureSource.expression(expressions.count)
        expressions.append(inner)
        let isMoney = kind == .money
        let count = position(Measure(operation: .count, source: source), isMoney: isMoney)
        var terms: [MeasureSum.Term] = []
        switch aggregate {
        case .count: break
        case .min: terms = [.init(measure: position(Measure(operation: .minimum, source: source), isMoney: isMoney))]
        case .max: terms = [.init(measure: position(Measure(operation: .maximum, source: source), isMoney: isMoney))]
        case .sum, .avg: terms = [sumTerm(source, isLarge: inner.kind != .number, isMoney: isMoney)]
        }
        return AggregateOutput(operation: aggregate, sum: MeasureSum(terms: terms), count: count, kind: kind)
    }

    /// The sum of a metric's inputs; for peaks, the largest.
    private mutating func sumOfMetric(_ sum: MetricSum, _ window: Window) -> MeasureSum {
        MeasureSum(
            terms: NumberSum(sum, window).terms.map { term in
                let isPeak = if case .input(.cpsPeak, _) = term.source { true } else { false }
                let measure = Measure(operation: isPeak ? .peak : .sum, source: .column(term.source))
                return .init(measure: position(measure, isMoney: false), factor: term.factor)
            })
    }

    private mutating func columnSum(_ sum: NumberSum, isMoney: Bool) -> MeasureSum {
        MeasureSum(
            terms: sum.terms.map { term in
                var result = sumTerm(.column(term.source), isLarge: isLarge(term.source), isMoney: isMoney)
                result.factor = term.factor
                return result
            })
    }

    private mutating func sumTerm(_ source: MeasureSource, isLarge: Bool, isMoney: Bool) -> MeasureSum.Term {
        guard isLarge else {
            return .init(measure: position(Measure(operation: .sum, source: source), isMoney: isMoney))
        }
        return .init(
            measure: position(Measure(operation: .sumOfUpperHalves, source: source), isMoney: isMoney),
            lowerHalves: position(Measure(operation: .sumOfLowerHalves, source: source), isMoney: isMoney))
    }

    private mutating func position(_ measure: Measure, isMoney: Bool) -> Int {
        if let position = (isMoney ? money : plain).firstIndex(of: measure) { return position }
        if isMoney { money.append(measure) } else { plain.append(measure) }
        return (isMoney ? money : plain).count - 1
    }
}
