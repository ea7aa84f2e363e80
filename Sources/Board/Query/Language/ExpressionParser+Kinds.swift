// Which kinds go together, and what constants mean beside them: `credit < 99.5` compares amounts of money, `last_call >
// '2026-11-22T15:00:00Z'` times.

extension ExpressionParser {
    /// Both sides of a comparison, constants converted to the kind of the other side.
    func comparable(
        _ left: Expression, _ right: Expression
    ) throws(QueryError) -> (left: Expression, right: Expression) {
        let right = try adapted(right, to: left)
        let left = try adapted(left, to: right)
        if left.isNullConstant || right.isNullConstant { return (left, right) }
        if left.kind == .texts {
            throw QueryError("this is a list; ask it with HAS", position: left.position)
        }
        guard left.kind == right.kind || (left.kind.isNumeric && right.kind.isNumeric) else {
            throw QueryError(
                "expected \(ExpressionParser.wanted(left)) at position \(right.position + 1), found \(right.kind.words)",
                position: right.position)
        }
        return (left, right)
    }

    private static func wanted(_ left: Expression) -> String {
        switch left.kind {
        case .text: "a text in quotes"
        case .time: "a time in quotes ('2026-11-22T15:00:00Z')"
        case .boolean: "TRUE or FALSE"
        default: left.kind.words
        }
    }

    /// A constant converted to the kind of the other side, where possible.
    private func adapted(_ expression: Expression, to other: Expression) throws(QueryError) -> Expression {
        guard case .constant(let cell) = expression.node else { return expression }
        if case .constant = other.node { return expression }
        var result = expression
        switch (other.kind, cell) {
        case (.money, .integer), (.money, .number):
            guard case .at(let micros) = expression.decimal?.place(decimals: 6) else { return expression }
            result.node = .constant(.money(micros))
            result.kind = .money
        case (.time, .text(let text)):
            guard let micros = Timestamp.micros(text) else {
                throw QueryError(
                    "expected a time as '2026-11-22T15:00:00Z' at position \(expression.position + 1)",
                    position: expression.position)
            }
            result.node = .constant(.time(micros))
            result.kind = .time
        default:
            break
        }
        return result
    }

    func arithmetic(
        _ operation: Expression.Arithmetic, _ left: Expression, _ right: Expression
    ) throws(QueryError) -> Expression {
        var (left, right) = (left, right)
        if operation == .add || operation == .subtract {
            right = try adapted(right, to: left)
            left = try adapted(left, to: right)
        }
        if left.kind == .time, operation == .add || operation == .subtract,
            right.kind == .integer || right.kind == .number
        {
            return try moved(left, operation, right)
        }
        guard let kind = ExpressionParser.kind(operation, left, right) else {
            throw QueryError(
                "'\(operation.rawValue)' does not go with \(left.kind.words) and \(right.kind.words)",
                position: right.position)
        }
        let result = Expression(node: .arithmetic(operation, left, right), kind: kind, position: left.position)
        guard result.depth <= BoardLimits.expressionChain else {
            throw QueryError(
                "more than \(BoardLimits.expressionChain) operators in a row; leave some out or use parentheses",
                position: right.position)
        }
        return result
    }

    /// A time some seconds later or earlier, both known now.
    private func moved(
        _ time: Expression, _ operation: Expression.Arithmetic, _ seconds: Expression
    ) throws(QueryError) -> Expression {
        guard case .constant(.time(let start)) = time.node, case .constant(let cell) = seconds.node,
            let count = cell.real
        else {
            throw QueryError(
                "only now() is moved by seconds known beforehand; write last_call < now() - 30m",
                position: time.position)
        }
        guard let micros = Int64(exactly: (count * 1_000_000).rounded()),
            case (let moved, false) =
                operation == .add
                ? start.addingReportingOverflow(micros) : start.subtractingReportingOverflow(micros)
        else { throw QueryError("there is no time so far from now", position: seconds.position) }
        return Expression(node: .constant(.time(moved)), kind: .time, position: time.position)
    }

    private static func kind(
        _ operation: Expression.Arithmetic, _ left: Expression, _ right: Expression
    ) -> CellKind? {
        if left.isNullConstant { return right.kind.isNumeric || right.isNullConstant ? .number : nil }
        if right.isNullConstant { return left.kind.isNumeric ? .number : nil }
        switch (left.kind, operation, right.kind) {
        case (.integer, .divide, .integer): return .number
        case (.integer, _, .integer): return .integer
        case (.money, .add, .money), (.money, .subtract, .money): return .money
        case (.money, .divide, .money): return .number
        case (.money, .multiply, .integer), (.money, .multiply, .number): return .money
        case (.integer, .multiply, .money), (.number, .multiply, .money): return .money
        case (.money, .divide, .integer), (.money, .divide, .number): return .money
        case (.money, _, _), (_, _, .money): return nil
        case (.time, .subtract, .time): return .number
        default: return left.kind.isNumeric && right.kind.isNumeric ? .number : nil
        }
    }

    func applied(
        _ function: Expression.Function, _ parts: [Expression], position: Int
    ) throws(QueryError) -> Expression {
        let counts: ClosedRange<Int> =
            switch function {
            case .abs, .round, .floor, .ceil, .lower, .upper, .length: 1...1
            case .nullif: 2...2
            case .coalesce: 2...BoardLimits.expressionDepth
            }
        guard counts.contains(parts.count) else {
            let count =
                counts.lowerBound == counts.upperBound ? "\(counts.lowerBound)" : "at least \(counts.lowerBound)"
            throw QueryError(
                "\(function.rawValue) takes \(count) argument\(count == "1" ? "" : "s"), not \(parts.count)",
                position: position)
        }
        var parts = parts
        let kind: CellKind
        switch function {
        case .abs, .round, .floor, .ceil:
            try require(parts[0], "a number") { $0.isNumeric }
            kind = parts[0].kind
        case .lower, .upper, .length:
            try require(parts[0], "a text") { $0 == .text }
            kind = function == .length ? .integer : .text
        case .coalesce, .nullif:
            for index in parts.indices.dropFirst() {
                (parts[0], parts[index]) = try comparable(parts[0], parts[index])
            }
            let kinds = Set(parts.filter { !$0.isNullConstant }.map(\.kind))
            kind = kinds.count == 1 ? kinds.first ?? .number : kinds.contains(.money) ? .money : .number
            guard kinds.count < 2 || kind != .money else {
                throw QueryError("an amount of money and a number do not go together here", position: position)
            }
        }
        return Expression(node: .function(function, parts), kind: kind, position: position)
    }

    private func require(
        _ expression: Expression, _ what: String, _ holds: (CellKind) -> Bool
    ) throws(QueryError) {
        guard expression.isNullConstant || holds(expression.kind) else {
            throw QueryError(
                "expected \(what) at position \(expression.position + 1), found \(expression.kind.words)",
                position: expression.position)
        }
    }
}
