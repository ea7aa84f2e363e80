// From cells to the columns of an answer, and how cells are ordered.

/// What a column of an answer holds.
enum CellKind: Equatable, Sendable {
    case integer, number, text, texts, boolean, money, time
}

extension BoardColumn {
    var kind: CellKind {
        switch self {
        case .field(let field):
            switch field {
            case .id, .channels, .flowSpeed, .shortCallSeconds, .version: .integer
            case .name, .status, .currency, .country, .company, .accountManager: .text
            case .tags, .warnings: .texts
            case .credit, .debitLimit, .available: .money
            case .portalAccess: .boolean
            case .createdAt, .updatedAt, .lastCall: .time
            }
        case .metric(let metric, _):
            switch metric.formula {
            case .count: .integer
            case .ratio, .amount, .pddQuantile: .number
            case .money: .money
            }
        }
    }

    /// Whether it is a metric of this name (nil: any) in this window.
    func isMetric(_ name: String?, _ window: Window) -> Bool {
        guard case .metric(let metric, let own) = self else { return false }
        return own == window && (name == nil || metric.name == name)
    }
}

extension Metric {
    /// The value from a tally; quantiles need histograms and are not worked out here.
    func cell(_ tally: MetricTally) -> Cell {
        switch formula {
        case .count(let count): .integer(count(tally))
        case .ratio(let numerator, let denominator, let scale):
            denominator(tally) == 0 ? .null : .number(scale * Double(numerator(tally)) / Double(denominator(tally)))
        case .amount(let amount, let divisor): .number(Double(amount(tally)) / divisor)
        case .money(let money): .money(money(tally))
        case .pddQuantile: .null
        }
    }
}

extension Cell {
    /// Whether this comes before another of the same column; nil when they are equal. Null comes last either way.
    func order(_ other: Cell, descending: Bool) -> Bool? {
        switch (self, other) {
        case (.null, .null): nil
        case (.null, _): false
        case (_, .null): true
        case (.integer(let left), .integer(let right)), (.money(let left), .money(let right)),
            (.time(let left), .time(let right)):
            left == right ? nil : (left < right) != descending
        case (.number(let left), .number(let right)): left == right ? nil : (left < right) != descending
        case (.text(let left), .text(let right)): left == right ? nil : (left < right) != descending
        case (.boolean(let left), .boolean(let right)): left == right ? nil : (!left && right) != descending
        case (.texts(let left), .texts(let right)):
            left == right ? nil : left.lexicographicallyPrecedes(right) != descending
        default: nil
        }
    }
}

extension ResultColumn {
    /// A column from cells that are all of its kind or null.
    init(name: String, kind: CellKind, cells: [Cell]) {
        let nulls = cells.map { $0 == .null }
        let integers = { cells.map { $0.int64 } }
        let values: ResultValues =
            switch kind {
            case .integer: .integers(integers())
            case .money: .money(integers())
            case .time: .times(integers())
            case .number: .numbers(cells.map { if case .number(let value) = $0 { value } else { 0 } })
            case .text: .texts(cells.map { if case .text(let value) = $0 { value } else { "" } })
            case .texts: .textLists(cells.map { if case .texts(let value) = $0 { value } else { [] } })
            case .boolean: .booleans(cells.map { $0 == .boolean(true) })
            }
        self.init(name: name, values: values, nulls: nulls.contains(true) ? nulls : [])
    }
}

extension Cell {
    fileprivate var int64: Int64 {
        switch self {
        case .integer(let value), .money(let value), .time(let value): value
        default: 0
        }
    }
}
