extension ExpressionParser {
    mutating func sum() throws(QueryError) -> Expression {
        var result = try product()
        while tokens.current.kind == .symbol, let operation = Expression.Arithmetic(rawValue: tokens.current.text),
            operation == .add || operation == .subtract
        {
            tokens.advance()
            result = try arithmetic(operation, result, try product())
        }
        return result
    }

    private mutating func product() throws(QueryError) -> Expression {
        var result = try factor()
        while tokens.current.kind == .symbol, let operation = Expression.Arithmetic(rawValue: tokens.current.text),
            operation == .multiply || operation == .divide
        {
            tokens.advance()
            result = try arithmetic(operation, result, try factor())
        }
        return result
    }

    private mutating func factor() throws(QueryError) -> Expression {
        let token = tokens.current
        switch token.kind {
        case .number:
            tokens.advance()
            return number(token.text, token)
        case .interval:
            tokens.advance()
            return try interval(token)
        case .text:
            tokens.advance()
            return constant(.text(token.text), token)
        case .symbol where token.text == "-":
            tokens.advance()
            return try negative(token)
        case .symbol where token.text == "(":
            try descend()
            defer { ascend() }
            tokens.advance()
            var inner = try expression()
            guard tokens.takeSymbol(")") else { throw expected("')'") }
            inner.position = token.position
            return inner
        case .word:
            return try word(token)
        case .symbol, .end:
            throw expected("a column's name, a number or a text in quotes")
        }
    }

    private mutating func negative(_ minus: ExpressionTokens.Token) throws(QueryError) -> Expression {
        // The smallest integer has no positive counterpart, so the sign belongs to the number.
        if tokens.current.kind == .number {
            let token = tokens.current
            tokens.advance()
            return number("-" + token.text, minus)
        }
        try descend()
        defer { ascend() }
        let inner = try factor()
        guard inner.kind.isNumeric || inner.isNullConstant else {
            throw QueryError("'-' wants a number, and this is \(inner.kind.words)", position: inner.position)
        }
        return Expression(node: .negative(inner), kind: inner.kind, position: minus.position)
    }

    /// An integer where it is written as one and fits, else a real number.
    private func number(_ text: String, _ token: ExpressionTokens.Token) -> Expression {
        var result = constant(Int64(text).map(Cell.integer) ?? .number((Double(text) ?? 0) + 0), token)
        result.decimal = Decimal(text)
        return result
    }

    private func constant(_ cell: Cell, _ token: ExpressionTokens.Token) -> Expression {
        let kind: CellKind =
            switch cell {
            case .integer: .integer
            case .number: .number
            case .boolean: .boolean
            case .time: .time
            default: .text
            }
        return Expression(node: .constant(cell), kind: kind, position: token.position)
    }

    /// A number of seconds.
    private func interval(_ token: ExpressionTokens.Token) throws(QueryError) -> Expression {
        let unit: Int64 =
            switch token.text.last {
            case "m": 60
            case "h": 3_600
            case "d": 86_400
            default: 1
            }
        guard let count = Int64(token.text.dropLast()),
            case (let seconds, false) = count.multipliedReportingOverflow(by: unit)
        else {
            throw QueryError(
                "\(QueryError.quoted(token.text)) is too long; give 5m, 2h or 7d", position: token.position)
        }
        return number(String(seconds), token)
    }

    /// The board's clock at the time of the query.
    private mutating func now(_ token: ExpressionTokens.Token) throws(QueryError) -> Expression {
        guard let nowMicros else {
            throw QueryError("now() can stand in filters and columns, and not in what is set", position: token.position)
        }
        tokens.advance()
        tokens.advance()
        guard tokens.takeSymbol(")") else { throw expected("')'; now() has no arguments") }
        readsClock = true
        return constant(.time(nowMicros), token)
    }

    // MARK: Words

    private mutating func word(_ token: ExpressionTokens.Token) throws(QueryError) -> Expression {
        let word = token.text.uppercased()
        if tokens.following.kind == .symbol, tokens.following.text == "(" {
            if let aggregate = Expression.Aggregate(rawValue: token.text.lowercased()) {
                tokens.advance()
                return try call(aggregate, token)
            }
            if word == "NOW" { return try now(token) }
            if let function = Expression.Function(rawValue: token.text.lowercased()) {
                tokens.advance()
                return try call(function, token)
            }
        }
        if ExpressionParser.keywords.contains(word) {
            throw expected("a column's name, a number or a text in quotes")
        }
        tokens.advance()
        switch word {
        case "TRUE": return constant(.boolean(true), token)
        case "FALSE": return constant(.boolean(false), token)
        case "NULL": return constant(.null, token)
        default: return try column(token)
        }
    }

    static let keywords: Set<String> = [
        "AND", "OR", "NOT", "IN", "IS", "BETWEEN", "LIKE", "HAS", "AS", "ESCAPE",
    ]

    private func column(_ token: ExpressionTokens.Token) throws(QueryError) -> Expression {
        if case .group = scope, token.text.lowercased() == "count" {
            return Expression(node: .aggregate(.count, nil), kind: .integer, position: token.position)
        }
        let column: BoardColumn
        do {
            column =
                scope == .call
                ? .call(try CallColumn.named(token.text)) : try BoardColumn.named(token.text, window: window)
        } catch {
            throw unquoted(before: token) ?? QueryError(error.message, position: token.position)
        }
        let plain = Expression(node: .column(column), kind: column.kind, position: token.position)
        guard case .group(let keys) = scope, case .field(let field) = column, !keys.contains(field) else {
            return plain
        }
        if field.isSummed {
            return Expression(node: .aggregate(.sum, plain), kind: column.kind, position: token.position)
        }
        let hint =
            column.kind.isNumeric ? "write sum(\(token.text)), or another of avg, min, max" : "group by it as well"
        throw QueryError(
            "'\(token.text)' differs from customer to customer of a group; \(hint)", position: token.position)
    }

    private mutating func call(
        _ aggregate: Expression.Aggregate, _ token: ExpressionTokens.Token
    ) throws(QueryError) -> Expression {
        guard case .group = scope else {
            throw QueryError(
                "'\(aggregate.rawValue)' adds customers of a group up; group by something, or leave it out",
                position: token.position)
        }
        try descend()
        defer { ascend() }
        tokens.advance()
        if aggregate == .count, tokens.takeSymbol("*") || tokens.current.text == ")" && tokens.current.kind == .symbol {
            guard tokens.takeSymbol(")") else { throw expected("')'") }
            return Expression(node: .aggregate(.count, nil), kind: .integer, position: token.position)
        }
        let outer = scope
        scope = .customer
        let inner = try expression()
        scope = outer
        guard tokens.takeSymbol(")") else { throw expected("')'") }
        guard
            aggregate == .count || inner.kind.isNumeric
                || (inner.kind == .time && aggregate != .sum && aggregate != .avg)
        else {
            throw QueryError(
                "\(aggregate.rawValue) wants a number, and this is \(inner.kind.words)", position: inner.position)
        }
        let kind: CellKind =
            aggregate == .count ? .integer : aggregate == .avg && inner.kind == .integer ? .number : inner.kind
        return Expression(node: .aggregate(aggregate, inner), kind: kind, position: token.position)
    }

    private mutating func call(
        _ function: Expression.Function, _ token: ExpressionTokens.Token
    ) throws(QueryError) -> Expression {
        try descend()
        defer { ascend() }
        tokens.advance()
        var parts = [try expression()]
        while tokens.takeSymbol(",") { parts.append(try expression()) }
        guard tokens.takeSymbol(")") else { throw expected("',' or ')'") }
        return try applied(function, parts, position: token.position)
    }
}

extension CustomerField {
    /// Fields that are shown as their sum in a group.
    var isSummed: Bool {
        switch self {
        case .credit, .debitLimit, .available, .channels, .flowSpeed: true
        default: false
        }
    }
}
