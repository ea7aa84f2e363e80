extension ExpressionParser {
    mutating func predicate() throws(QueryError) -> Expression {
        let left = try sum()
        if tokens.current.kind == .symbol, let comparison = comparison(tokens.current.text) {
            tokens.advance()
            try requireQuotes(beside: left)
            return try compared(left, comparison, try sum())
        }
        if tokens.takeWord("IS") {
            let isNegated = tokens.takeWord("NOT")
            guard tokens.takeWord("NULL") else { throw expected(isNegated ? "NULL" : "NULL or NOT NULL") }
            return negated(isNegated, .isNull(left), left)
        }
        let isNegated = tokens.isWord("NOT")
        if isNegated {
            guard ["IN", "BETWEEN", "LIKE", "HAS"].contains(tokens.following.text.uppercased()) else {
                throw expected("a comparison, IN, BETWEEN, LIKE, HAS, AND, OR or the end")
            }
            tokens.advance()
        }
        if tokens.takeWord("IN") { return negated(isNegated, try oneOf(left), left) }
        if tokens.takeWord("BETWEEN") { return negated(isNegated, try between(left), left) }
        if tokens.takeWord("LIKE") { return negated(isNegated, try like(left), left) }
        if tokens.takeWord("HAS") { return negated(isNegated, try has(left), left) }
        return left
    }

    private func comparison(_ symbol: String) -> Expression.Comparison? {
        Expression.Comparison(rawValue: symbol == "!=" ? "<>" : symbol)
    }

    private func negated(_ isNegated: Bool, _ node: Expression.Node, _ left: Expression) -> Expression {
        let inner = Expression(node: node, kind: .boolean, position: left.position)
        return isNegated ? Expression(node: .not(inner), kind: .boolean, position: left.position) : inner
    }

    private func compared(
        _ left: Expression, _ comparison: Expression.Comparison, _ right: Expression
    ) throws(QueryError) -> Expression {
        var (left, right) = try comparable(left, right)
        let isWhole = comparison == .equal || comparison == .notEqual
        right = try coded(right, beside: left, isWhole: isWhole)
        left = try coded(left, beside: right, isWhole: isWhole)
        // (An order would allow BETWEEN within BETWEEN, and double the work with every level.)
        guard left.kind != .boolean || isWhole else {
            throw QueryError("TRUE and FALSE have no order; compare them with = or <>", position: right.position)
        }
        return Expression.comparing(left, comparison, right)
    }

    private mutating func oneOf(_ left: Expression) throws(QueryError) -> Expression.Node {
        guard tokens.takeSymbol("(") else { throw expected("'(' and a list of constants") }
        var left = left
        var constants: [Cell] = []
        repeat {
            var item: Expression
            try requireQuotes(beside: left)
            (left, item) = try comparable(left, try sum())
            item = try coded(item, beside: left, isWhole: true)
            guard case .constant = item.node else {
                throw QueryError(
                    "expected a constant at position \(item.position + 1); IN compares with a list of them",
                    position: item.position)
            }
            if let cell = item.constant(of: left.kind) { constants.append(cell) }
        } while tokens.takeSymbol(",")
        guard tokens.takeSymbol(")") else { throw expected("',' or ')'") }
        constants.sort { $0.order($1, descending: false) ?? false }
        var unique: [Cell] = []
        for constant in constants where constant != unique.last { unique.append(constant) }
        return .oneOf(left, unique)
    }

    private mutating func between(_ left: Expression) throws(QueryError) -> Expression.Node {
        try requireQuotes(beside: left)
        let low = try compared(left, .greaterOrEqual, try sum())
        guard tokens.takeWord("AND") else { throw expected("AND and the upper bound of BETWEEN") }
        try requireQuotes(beside: left)
        return .all([low, try compared(left, .lessOrEqual, try sum())])
    }

    private mutating func like(_ left: Expression) throws(QueryError) -> Expression.Node {
        guard left.kind == .text || left.isNullConstant else {
            throw QueryError(
                "LIKE compares texts, and this is \(left.kind.words)", position: left.position)
        }
        let token = tokens.current
        guard token.kind == .text else { throw expected("a pattern in quotes ('%voice%')") }
        tokens.advance()
        var escape: Character?
        if tokens.takeWord("ESCAPE") {
            guard tokens.current.kind == .text, tokens.current.text.count == 1 else {
                throw expected("one character in quotes")
            }
            escape = tokens.current.text.first
            tokens.advance()
        }
        guard let pattern = LikePattern(token.text, escape: escape) else {
            throw QueryError(
                "in a pattern the escape character must precede %, _ or itself", position: token.position)
        }
        return .like(left, pattern)
    }

    private mutating func has(_ left: Expression) throws(QueryError) -> Expression.Node {
        guard case .column(let column) = left.node, left.kind == .texts else {
            throw QueryError("HAS asks a list: tags or warnings", position: left.position)
        }
        let token = tokens.current
        guard token.kind == .text || token.kind == .word else { throw expected("a text in quotes") }
        tokens.advance()
        return .has(column, token.text)
    }
}
