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
        case .call(let column): column.kind
        }
    }

}

extension Metric {
    /// The metric's value from its inputs; quantiles need histograms and are not computed here.
    func cell(_ value: (MetricInput) -> Int64) -> Cell {
        switch formula {
        case .count(let count): return .integer(count(value))
        case .ratio(let numerator, let denominator, let scale):
            let divisor = denominator(value)
            return divisor == 0 ? .null : .number(scale * Double(numerator(value)) / Double(divisor))
        case .amount(let amount, let divisor): return .number(Double(amount(value)) / divisor)
        case .money(let money): return .money(money(value))
        case .pddQuantile: return .null
        }
    }
}

extension Cell {
    /// Whether this precedes another cell of the same column; nil when they are equal. Null comes last either way.
    func order(_ other: Cell, descending: Bool) -> Bool? {
        switch (self, other) {
        case (.null, .null): return nil
        case (.null, _): return false
        case (_, .null): return true
        case (.texts(let left), .texts(let right)):
            return left == right ? nil : left.lexicographicallyPrecedes(right) != descending
        default:
            guard let order = compare(other), order != 0 else { return nil }
            return (order < 0) != descending
        }
    }
}

extension ResultColumn {
    /// A column from cells that are all null or of its kind.
    init(name: String, kind: CellKind, cells: [Cell]) {
        let nulls = cells.map { $0 == .null }
        let integers = { cells.map { $0.int64 } }
        let values: ResultValues =
            switch kind {
            case .integer: .integers(integers())
            case .money: .money(integers())
            case .time: .times(integers())
            // Whole numbers may be among them: `coalesce(asr, 0)`.
            case .number: .numbers(cells.map { $0.real ?? 0 })
            case .text: .texts(cells.map { if case .text(let value) = $0 { value } else { "" } })
            case .texts: .textLists(cells.map { if case .texts(let value) = $0 { value } else { [] } })
            case .boolean: .booleans(cells.map { $0 == .boolean(true) })
            }
        self.init(name: name, values: values, nulls: nulls.contains(true) ? nulls : [])
    }
}

extension ResultColumn {
    /// A text column from codes of a dictionary; `nullCode` is shown as null. The answer's dictionary has only the
    /// texts shown, unless there are few anyway.
    init(name: String, codes: [UInt32], dictionary: [String], nullCode: UInt32?) {
        let nulls = nullCode.map { null in codes.map { $0 == null } } ?? []
        let values: ResultValues =
            dictionary.count <= max(256, codes.count)
            ? .texts(codes: codes, dictionary: dictionary) : .texts(codes.map { dictionary[Int($0)] })
        self.init(name: name, values: values, nulls: nulls.contains(true) ? nulls : [])
    }
}

extension ResultValues {
    /// Stores each distinct text once, in the order of its first row.
    static func texts(_ texts: [String]) -> ResultValues {
        var codeOfText: [String: UInt32] = [:]
        var dictionary: [String] = []
        let codes = texts.map { text in
            if let code = codeOfText[text] { return code }
            // Safe: an answer has at most `BoardLimits.answerRows` rows.
            let code = UInt32(truncatingIfNeeded: dictionary.count)
            codeOfText[text] = code
            dictionary.append(text)
            return code
        }
        return .texts(codes: codes, dictionary: dictionary)
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
