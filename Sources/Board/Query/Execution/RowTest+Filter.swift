// From the filter's tree to tests that kernels answer. What has no kernel is asked row by row, by the tree's own truth.

import Columnar

extension RowTest {
    /// `cell` gives the value of a column in a row.
    init(_ filter: Filter, _ customers: CustomerTable, cell: @escaping (BoardColumn, Int) -> Cell) {
        switch filter {
        case .and(let left, let right):
            self = .and([RowTest(left, customers, cell: cell), RowTest(right, customers, cell: cell)])
        case .or(let left, let right):
            self = .or([RowTest(left, customers, cell: cell), RowTest(right, customers, cell: cell)])
        case .not(let inner): self = .not(RowTest(inner, customers, cell: cell))
        case .comparison(let column, let comparison, let literal):
            self =
                RowTest.comparison(filter, column, comparison, literal, customers)
                ?? .rowByRow { row in filter.truth { cell($0, row) } }
        case .isNull(let column):
            self = RowTest.isNull(filter, column, customers) ?? .rowByRow { row in filter.truth { cell($0, row) } }
        case .has: self = .rowByRow { row in filter.truth { cell($0, row) } }
        }
    }

    private static func comparison(
        _ filter: Filter, _ column: BoardColumn, _ comparison: Filter.Comparison, _ literal: Filter.Literal,
        _ customers: CustomerTable
    ) -> RowTest? {
        if let codes = codes(filter, column, customers) { return codes }
        guard let operand = RowOperand(column), case .number(let number, let micros) = literal else { return nil }
        switch operand {
        case .ratio, .amount: return .numbers(operand, comparison.ranges(number))
        case .integers, .times:
            switch column.kind {
            case .money, .time:
                guard let micros else { return nil }
                return .integers(operand, comparison.ranges(micros))
            default: return .integers(operand, comparison.ranges(whole: number))
            }
        }
    }

    private static func isNull(_ filter: Filter, _ column: BoardColumn, _ customers: CustomerTable) -> RowTest? {
        if let codes = codes(filter, column, customers) { return codes }
        switch RowOperand(column) {
        case .ratio(_, let denominator, _): return .integers(.integers(denominator), [0...0])
        case .times(let source): return .integers(.integers(NumberSum(source)), [0...0])
        case .integers, .amount: return .or([])
        case nil: return nil
        }
    }

    /// A condition on a field of few different values is asked once for each value.
    private static func codes(_ filter: Filter, _ column: BoardColumn, _ customers: CustomerTable) -> RowTest? {
        guard case .field(let field) = column, let codes = customers.codes(field) else { return nil }
        return .codes(codes, (0..<codes.domain).map { code in filter.truth { _ in codes.values.cell(code) } })
    }
}

extension Filter.Comparison {
    /// The numbers that compare so with a constant.
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

    /// The whole numbers that compare so with any constant: exact, whatever it is.
    func ranges(whole constant: Double) -> [ClosedRange<Int64>] {
        if let whole = Int64(exactly: constant) { return ranges(whole) }
        // Between two whole numbers, or beyond all of them.
        guard let below = Int64(exactly: constant.rounded(.down)) else {
            let holds = constant > 0 ? [Filter.Comparison.less, .lessOrEqual] : [.greater, .greaterOrEqual]
            return holds.contains(self) || self == .notEqual ? [.min ... .max] : []
        }
        return switch self {
        case .equal: []
        case .notEqual: [.min ... .max]
        case .less, .lessOrEqual: [.min...below]
        case .greater, .greaterOrEqual: below == .max ? [] : [below + 1 ... .max]
        }
    }
}
