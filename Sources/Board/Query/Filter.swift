// A filter as a tree, and its truth for a row: true, false, or unknown (nil) where a null takes part, as in SQL. Only rows
// for which the whole is true match.

indirect enum Filter: Sendable {
    case comparison(BoardColumn, Comparison, Literal)
    case isNull(BoardColumn)
    case has(BoardColumn, String)
    case not(Filter)
    case and(Filter, Filter)
    case or(Filter, Filter)

    enum Comparison: String, Sendable {
        case equal = "="
        case notEqual = "<>"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    /// A constant of the expression; a number keeps its micros, for money is compared exactly.
    enum Literal: Sendable {
        case number(Double, micros: Int64?)
        case text(String)
        case boolean(Bool)
    }
}

extension Filter {
    /// The truth for a row whose cells `cell` gives.
    func truth(_ cell: (BoardColumn) -> Cell) -> Bool? {
        switch self {
        case .comparison(let column, let comparison, let literal): comparison.holds(cell(column), literal)
        case .isNull(let column): cell(column) == .null
        case .has(let column, let text):
            if case .texts(let texts) = cell(column) { texts.contains(text) } else { nil }
        case .not(let inner): inner.truth(cell).map { !$0 }
        case .and(let left, let right):
            switch (left.truth(cell), right.truth(cell)) {
            case (false, _), (_, false): false
            case (true, true): true
            default: nil
            }
        case .or(let left, let right):
            switch (left.truth(cell), right.truth(cell)) {
            case (true, _), (_, true): true
            case (false, false): false
            default: nil
            }
        }
    }
}

extension Filter.Comparison {
    fileprivate func holds(_ cell: Cell, _ literal: Filter.Literal) -> Bool? {
        switch (cell, literal) {
        case (.null, _): nil
        case (.integer(let value), .number(let other, _)): ordered(Double(value), other)
        case (.number(let value), .number(let other, _)): ordered(value, other)
        case (.money(let value), .number(let other, let micros)):
            if let micros { ordered(value, micros) } else { ordered(Double(value) / 1_000_000, other) }
        case (.text(let value), .text(let other)): ordered(value, other)
        case (.boolean(let value), .boolean(let other)): ordered(value ? 1 : 0, other ? 1 : 0)
        case (.time(let value), .number(_, let micros)): micros.flatMap { ordered(value, $0) }
        default: nil
        }
    }

    private func ordered<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}
