// The value of an expression for one customer, cell by cell: the reference for what it means. The fast path gives the
// same.

extension Expression {
    /// - Parameters:
    ///   - cell: the value of a column for the customer, or for the group.
    ///   - aggregate: in a group, the value of the aggregate that begins at this position of the text.
    func value(_ cell: (BoardColumn) -> Cell, aggregate: (Int) -> Cell = { _ in .null }) -> Cell {
        switch node {
        case .constant(let constant): return constant
        case .column(let column): return cell(column)
        case .aggregate: return aggregate(position)
        case .arithmetic(let operation, let left, let right):
            return Cell.arithmetic(
                operation, left.value(cell, aggregate: aggregate), right.value(cell, aggregate: aggregate))
        case .negative(let inner): return inner.value(cell, aggregate: aggregate).negated
        case .function(let function, let parts):
            return Cell.apply(function, parts.map { $0.value(cell, aggregate: aggregate) })
        default:
            return truth(cell, aggregate: aggregate).map(Cell.boolean) ?? .null
        }
    }

    /// True, false, or nil where a null makes it unknown.
    func truth(_ cell: (BoardColumn) -> Cell, aggregate: (Int) -> Cell = { _ in .null }) -> Bool? {
        switch node {
        case .comparison(let comparison, let left, let right):
            return left.value(cell, aggregate: aggregate).compare(right.value(cell, aggregate: aggregate)).map(
                comparison.holds)
        case .isNull(let inner): return inner.value(cell, aggregate: aggregate) == .null
        case .oneOf(let inner, let constants):
            return inner.value(cell, aggregate: aggregate).isOne(of: constants)
        case .like(let inner, let pattern):
            guard case .text(let text) = inner.value(cell, aggregate: aggregate) else { return nil }
            return pattern.matches(folded: FoldedText.fold(text))
        case .has(let column, let text):
            guard case .texts(let texts) = cell(column) else { return nil }
            return texts.contains(text)
        case .not(let inner): return inner.truth(cell, aggregate: aggregate).map { !$0 }
        case .all(let parts):
            var isUnknown = false
            for part in parts {
                switch part.truth(cell, aggregate: aggregate) {
                case .some(false): return false
                case .some(true): continue
                case .none: isUnknown = true
                }
            }
            return isUnknown ? nil : true
        case .any(let parts):
            var isUnknown = false
            for part in parts {
                switch part.truth(cell, aggregate: aggregate) {
                case .some(true): return true
                case .some(false): continue
                case .none: isUnknown = true
                }
            }
            return isUnknown ? nil : false
        case .constant, .column, .aggregate, .arithmetic, .negative, .function:
            guard case .boolean(let value) = value(cell, aggregate: aggregate) else { return nil }
            return value
        }
    }
}

extension Expression.Comparison {
    /// From the order of two values: negative, zero or positive.
    @inline(__always)
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}

extension Cell {
    /// -1, 0 or 1; nil where either is null. The parser made sure that the kinds fit; numbers of different kinds are
    /// compared as real numbers, money as units.
    func compare(_ other: Cell) -> Int? {
        switch (self, other) {
        case (.integer(let left), .integer(let right)), (.money(let left), .money(let right)),
            (.time(let left), .time(let right)):
            return left < right ? -1 : left == right ? 0 : 1
        case (.text(let left), .text(let right)): return left < right ? -1 : left == right ? 0 : 1
        case (.boolean(let left), .boolean(let right)): return left == right ? 0 : right ? -1 : 1
        default:
            guard let left = real, let right = other.real else { return nil }
            return left < right ? -1 : left == right ? 0 : 1
        }
    }

    /// The value as a real number: money in units, times in seconds.
    var real: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .money(let micros), .time(let micros): Double(micros) / 1_000_000
        case .null, .text, .texts, .boolean: nil
        }
    }

    /// Whether it equals one of these constants, which are ascending and of its kind. Nil if it is null, or if it
    /// equals none of them and the last is null.
    func isOne(of constants: [Cell]) -> Bool? {
        if self == .null { return nil }
        var low = 0
        var high = constants.last == .null ? constants.count - 1 : constants.count
        while low < high {
            let middle = (low + high) / 2
            guard let order = compare(constants[middle]) else { return nil }
            if order == 0 { return true }
            if order < 0 { high = middle } else { low = middle + 1 }
        }
        return constants.last == .null ? nil : false
    }

    /// The negated value; null beyond 64 bits.
    var negated: Cell {
        switch self {
        case .integer(let value): value == .min ? .null : .integer(-value)
        case .money(let value): value == .min ? .null : .money(-value)
        case .number(let value): .real(-value)
        default: .null
        }
    }

    static func arithmetic(_ operation: Expression.Arithmetic, _ left: Cell, _ right: Cell) -> Cell {
        switch (left, operation, right) {
        case (.null, _, _), (_, _, .null): return .null
        case (.integer(let left), .add, .integer(let right)): return checked(left.addingReportingOverflow(right))
        case (.integer(let left), .subtract, .integer(let right)):
            return checked(left.subtractingReportingOverflow(right))
        case (.integer(let left), .multiply, .integer(let right)):
            return checked(left.multipliedReportingOverflow(by: right))
        case (.money(let left), .add, .money(let right)): return checkedMoney(left.addingReportingOverflow(right))
        case (.money(let left), .subtract, .money(let right)):
            return checkedMoney(left.subtractingReportingOverflow(right))
        case (.money(let money), .multiply, .integer(let factor)), (.integer(let factor), .multiply, .money(let money)):
            return checkedMoney(money.multipliedReportingOverflow(by: factor))
        case (.money(let money), .multiply, let factor): return rounded(Double(money) * (factor.real ?? .nan))
        case (let factor, .multiply, .money(let money)): return rounded(Double(money) * (factor.real ?? .nan))
        case (.money(let left), .divide, .money(let right)):
            return right == 0 ? .null : real(Double(left) / Double(right))
        case (.money(let money), .divide, let divisor): return rounded(Double(money) / (divisor.real ?? .nan))
        default:
            guard let left = left.real, let right = right.real else { return .null }
            switch operation {
            case .add: return real(left + right)
            case .subtract: return real(left - right)
            case .multiply: return real(left * right)
            case .divide: return right == 0 ? .null : real(left / right)
            }
        }
    }

    static func apply(_ function: Expression.Function, _ cells: [Cell]) -> Cell {
        switch (function, cells[0]) {
        case (.coalesce, _): return cells.first { $0 != .null } ?? .null
        case (.nullif, let first): return first.compare(cells[1]) == 0 ? .null : first
        case (.abs, .integer(let value)): return value < 0 ? Cell.integer(value).negated : .integer(value)
        case (.abs, .money(let value)): return value < 0 ? Cell.money(value).negated : .money(value)
        case (.abs, .number(let value)): return .number(value.magnitude)
        case (.round, .integer(let value)), (.floor, .integer(let value)), (.ceil, .integer(let value)):
            return .integer(value)
        case (.round, .number(let value)): return real(value.rounded())
        case (.floor, .number(let value)): return real(value.rounded(.down))
        case (.ceil, .number(let value)): return real(value.rounded(.up))
        case (.round, .money(let micros)): return wholeUnits(micros, .toNearestOrAwayFromZero)
        case (.floor, .money(let micros)): return wholeUnits(micros, .down)
        case (.ceil, .money(let micros)): return wholeUnits(micros, .up)
        case (.lower, .text(let text)): return .text(text.lowercased())
        case (.upper, .text(let text)): return .text(text.uppercased())
        case (.length, .text(let text)): return .integer(Int64(text.unicodeScalars.count))
        default: return .null
        }
    }

    private static func wholeUnits(_ micros: Int64, _ rule: FloatingPointRoundingRule) -> Cell {
        let (units, rest) = micros.quotientAndRemainder(dividingBy: 1_000_000)
        let step: Int64 =
            switch rule {
            case .down: rest < 0 ? -1 : 0
            case .up: rest > 0 ? 1 : 0
            default: rest.magnitude >= 500_000 ? rest.signum() : 0
            }
        return checkedMoney((units + step).multipliedReportingOverflow(by: 1_000_000))
    }

    private static func checked(_ result: (partialValue: Int64, overflow: Bool)) -> Cell {
        result.overflow ? .null : .integer(result.partialValue)
    }

    private static func checkedMoney(_ result: (partialValue: Int64, overflow: Bool)) -> Cell {
        result.overflow ? .null : .money(result.partialValue)
    }

    /// Null where it is not finite. Adding 0 turns -0 into 0.
    private static func real(_ value: Double) -> Cell { value.isFinite ? .number(value + 0) : .null }

    /// Rounds to whole micros, halves away from zero; null beyond 64 bits.
    private static func rounded(_ micros: Double) -> Cell { Int64(exactly: micros.rounded()).map(Cell.money) ?? .null }
}
