// Turns a filter into tests that kernels evaluate. What has no kernel is evaluated row by row, by the expression
// itself.

import Columnar

extension RowTest {
    /// `cell` returns the value of a column in a row.
    init(_ filter: Expression, _ engine: EngineState, cell: @escaping (BoardColumn, Int) -> Cell) {
        if let codes = RowTest.codes(filter, engine.customers) {
            self = codes
            return
        }
        let rowByRow = RowTest.rowByRow({ row in filter.truth { cell($0, row) } }, filter.dependencies)
        switch filter.node {
        case .all(let parts): self = .and(parts.map { RowTest($0, engine, cell: cell) })
        case .any(let parts): self = .or(parts.map { RowTest($0, engine, cell: cell) })
        case .not(let inner): self = .not(RowTest(inner, engine, cell: cell))
        case .constant(.boolean(let value)): self = value ? .and([]) : .or([])
        case .comparison(let comparison, let left, let right):
            if case .constant(let constant) = right.node, case .column(let column) = left.node {
                self = RowTest.comparison(column, comparison, constant) ?? rowByRow
            } else if case .constant(let constant) = left.node, case .column(let column) = right.node {
                self = RowTest.comparison(column, comparison.mirrored, constant) ?? rowByRow
            } else {
                self = rowByRow
            }
        case .oneOf(let inner, let constants):
            guard case .column(let column) = inner.node, !constants.contains(.null) else {
                self = rowByRow
                return
            }
            let tests = constants.compactMap { RowTest.comparison(column, .equal, $0) }
            self = tests.count == constants.count ? RowTest.any(of: tests) : rowByRow
        case .isNull(let inner):
            if case .column(let column) = inner.node {
                self = RowTest.isNull(column) ?? rowByRow
            } else {
                self = rowByRow
            }
        case .like(let inner, let pattern):
            if case .column(.field(.name)) = inner.node, let text = pattern.contained {
                self = .rows(FoundRows { engine.searchIndex.names(text, engine.customers) })
            } else {
                self = rowByRow
            }
        case .has(.field(.warnings), let name):
            if let kind = WarningKind(name: name) {
                self = .rows(FoundRows([.warnings]) { engine.rows(warnedOf: kind) })
            } else {
                self = .or([])
            }
        case .has(.field(.tags), let tag): self = .rows(FoundRows { engine.customers.rows(tagged: tag) })
        case .constant, .column, .aggregate, .arithmetic, .negative, .function, .has: self = rowByRow
        }
    }

    /// Exactly as cells compare: integers, money and times as whole numbers, everything else as real numbers.
    private static func comparison(
        _ column: BoardColumn, _ comparison: Expression.Comparison, _ constant: Cell
    ) -> RowTest? {
        guard let operand = RowOperand(column) else { return nil }
        switch (operand, column.kind, constant) {
        case (.ratio, _, _), (.amount, _, _):
            return constant.real.map { .numbers(operand, comparison.ranges($0)) }
        case (_, .integer, .integer(let value)), (_, .money, .money(let value)), (_, .time, .time(let value)):
            return .integers(operand, comparison.ranges(value))
        case (.integers(let sum), .integer, .number(let value)):
            // Below 2^52 a whole number compares with a real one as itself; beyond, as the real number nearest to it.
            return value.magnitude < 0x1p52
                ? .integers(operand, comparison.ranges(whole: value))
                : .numbers(.amount(sum, divisor: 1), comparison.ranges(value))
        case (.integers(let sum), .money, _):
            return constant.real.map { .numbers(.amount(sum, divisor: 1_000_000), comparison.ranges($0)) }
        default: return nil
        }
    }

    /// Tests of one operand become one test of all their ranges.
    private static func any(of tests: [RowTest]) -> RowTest {
        var integers: [RowOperand: [ClosedRange<Int64>]] = [:]
        var numbers: [RowOperand: [ClosedRange<Double>]] = [:]
        for test in tests {
            switch test {
            case .integers(let operand, let ranges): integers[operand, default: []] += ranges
            case .numbers(let operand, let ranges): numbers[operand, default: []] += ranges
            default: return .or(tests)
            }
        }
        // Each range is one value: sorted and unique, they are disjoint.
        let parts =
            integers.map { operand, ranges in
                RowTest.integers(operand, Set(ranges).sorted { $0.lowerBound < $1.lowerBound })
            }
            + numbers.map { operand, ranges in
                RowTest.numbers(operand, Set(ranges).sorted { $0.lowerBound < $1.lowerBound })
            }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private static func isNull(_ column: BoardColumn) -> RowTest? {
        if case .field(.name) = column { return .or([]) }
        switch RowOperand(column) {
        case .ratio(_, let denominator, _): return .integers(.integers(denominator), [0...0])
        case .times(let source): return .integers(.integers(NumberSum(source)), [0...0])
        case .integers, .amount: return .or([])
        case nil: return nil
        }
    }

    /// A condition on one field of few different values is evaluated once for each value.
    private static func codes(_ filter: Expression, _ customers: CustomerTable) -> RowTest? {
        guard case .field(let field)? = filter.onlyColumn, let codes = customers.codes(field) else { return nil }
        // With about as many values as customers nothing is gained.
        guard codes.domain <= max(4_096, customers.count / 4) else { return nil }
        return .codes(codes, (0..<codes.domain).map { code in filter.truth { _ in codes.values.cell(code) } })
    }
}

extension Expression {
    /// The only column that it reads; nil where it reads none, or anything else.
    fileprivate var onlyColumn: BoardColumn? {
        var only: CustomerField?
        let readsOthers = reads { column in
            guard case .field(let field) = column, only == nil || only == field else { return true }
            only = field
            return false
        }
        return readsOthers ? nil : only.map { .field($0) }
    }
}

extension Expression.Comparison {
    /// The ranges of numbers for which the comparison with a constant is true.
    func ranges(_ constant: Double) -> [ClosedRange<Double>] {
        switch self {
        case .equal: [constant...constant]
        case .notEqual: [-.infinity...constant.nextDown, constant.nextUp ... .infinity]
        case .less: [-.infinity...constant.nextDown]
        case .lessOrEqual: [-.infinity...constant]
        case .greater: [constant.nextUp ... .infinity]
        case .greaterOrEqual: [constant ... .infinity]
        }
    }

    func ranges(_ constant: Int64) -> [ClosedRange<Int64>] {
        let below = constant == .min ? [] : [Int64.min...constant - 1]
        let above = constant == .max ? [] : [constant + 1 ... .max]
        return switch self {
        case .equal: [constant...constant]
        case .notEqual: below + above
        case .less: below
        case .lessOrEqual: [.min...constant]
        case .greater: above
        case .greaterOrEqual: [constant ... .max]
        }
    }

    /// The ranges of whole numbers for which the comparison with a constant below 2^52 is true.
    func ranges(whole constant: Double) -> [ClosedRange<Int64>] {
        // Safe: checked by the callers to be far within 64 bits.
        let below = Int64(constant.rounded(.down))
        if Double(below) == constant { return ranges(below) }
        return switch self {
        case .equal: []
        case .notEqual: [.min ... .max]
        case .less, .lessOrEqual: [.min...below]
        case .greater, .greaterOrEqual: [below + 1 ... .max]
        }
    }
}
