// Reads a filter expression: comparisons of a column with a constant, joined by AND, OR, NOT and parentheses.
//
//     filter     = conjunction { OR conjunction }
//     conjunction= negation { AND negation }
//     negation   = NOT negation | "(" filter ")" | column rest
//     rest       = ("=" | "<>" | "!=" | "<" | "<=" | ">" | ">=") constant | IS [NOT] NULL | HAS text
//     constant   = number | 'text' | TRUE | FALSE | a time as 'YYYY-MM-DDThh:mm:ssZ'

struct FilterParser {
    private var tokens: FilterTokens
    private let window: Window
    private var depth = 0

    static func parse(_ text: String, window: Window) throws(QueryError) -> Filter {
        guard text.utf8.count <= BoardLimits.filterBytes else {
            throw QueryError("the filter has more than \(BoardLimits.filterBytes) octets; shorten it")
        }
        var parser = FilterParser(tokens: try FilterTokens(text), window: window)
        let filter = try parser.filter()
        guard parser.tokens.current.kind == .end else {
            throw parser.expected("AND, OR or the end")
        }
        return filter
    }

    private init(tokens: FilterTokens, window: Window) {
        self.tokens = tokens
        self.window = window
    }

    private mutating func filter() throws(QueryError) -> Filter {
        var result = try conjunction()
        while tokens.takeWord("OR") { result = .or(result, try conjunction()) }
        return result
    }

    private mutating func conjunction() throws(QueryError) -> Filter {
        var result = try negation()
        while tokens.takeWord("AND") { result = .and(result, try negation()) }
        return result
    }

    private mutating func negation() throws(QueryError) -> Filter {
        depth += 1
        defer { depth -= 1 }
        guard depth <= BoardLimits.filterDepth else {
            throw QueryError(
                "the filter is nested more than \(BoardLimits.filterDepth) deep; write it flatter",
                position: tokens.current.position)
        }
        if tokens.takeWord("NOT") { return .not(try negation()) }
        if tokens.takeSymbol("(") {
            let inner = try filter()
            guard tokens.takeSymbol(")") else { throw expected("')'") }
            return inner
        }
        return try condition()
    }

    private mutating func condition() throws(QueryError) -> Filter {
        let token = tokens.current
        guard token.kind == .word else { throw expected("a column's name") }
        let column: BoardColumn
        do {
            column = try BoardColumn.named(token.text, window: window)
        } catch {
            throw QueryError(error.message, position: token.position)
        }
        tokens.advance()
        if tokens.takeWord("IS") {
            let negated = tokens.takeWord("NOT")
            guard tokens.takeWord("NULL") else { throw expected("NULL") }
            return negated ? .not(.isNull(column)) : .isNull(column)
        }
        if tokens.takeWord("HAS") { return try has(column, token.text) }
        guard tokens.current.kind == .symbol,
            let comparison = Filter.Comparison(rawValue: tokens.current.text == "!=" ? "<>" : tokens.current.text)
        else { throw expected("a comparison (=, <>, <, <=, >, >=), IS or HAS") }
        tokens.advance()
        return .comparison(column, comparison, try constant(for: column, named: token.text))
    }

    private mutating func has(_ column: BoardColumn, _ name: String) throws(QueryError) -> Filter {
        guard case .field(let field) = column, field == .tags || field == .warnings else {
            throw QueryError("HAS looks into lists, and '\(name)' is none; use it with tags or warnings")
        }
        guard tokens.current.kind == .word || tokens.current.kind == .text else {
            throw expected("an entry of the list")
        }
        defer { tokens.advance() }
        return .has(column, tokens.current.text)
    }

    /// A constant of the column's kind.
    private mutating func constant(for column: BoardColumn, named name: String) throws(QueryError) -> Filter.Literal {
        let token = tokens.current
        defer { tokens.advance() }
        switch column.valueKind {
        case .number:
            guard token.kind == .number, let number = Double(token.text), number.isFinite else {
                throw expected("a number, for '\(name)' is one")
            }
            return .number(number, micros: Money.micros(token.text))
        case .text:
            guard token.kind == .text else { throw expected("a text in quotes ('...'), for '\(name)' is text") }
            return .text(token.text)
        case .boolean:
            guard token.kind == .word, let value = Bool(token.text.lowercased()) else {
                throw expected("TRUE or FALSE")
            }
            return .boolean(value)
        case .time:
            guard token.kind == .text, let micros = Timestamp.micros(token.text) else {
                throw expected("a time in quotes ('2026-11-22T15:00:00Z')")
            }
            return .number(Double(micros), micros: micros)
        case .list:
            throw QueryError("'\(name)' is a list; ask with HAS", position: token.position)
        }
    }

    private func expected(_ what: String) -> QueryError {
        let token = tokens.current
        let found = token.kind == .end ? "the end" : "'\(token.text)'"
        return QueryError(
            "expected \(what) at position \(token.position + 1) of the filter, found \(found)", position: token.position
        )
    }
}

extension BoardColumn {
    enum ValueKind { case number, text, boolean, time, list }

    var valueKind: ValueKind {
        guard case .field(let field) = self else { return .number }
        switch field {
        case .name, .status, .currency, .country, .company, .accountManager: return .text
        case .tags, .warnings: return .list
        case .portalAccess: return .boolean
        case .createdAt, .updatedAt, .lastCall: return .time
        case .id, .credit, .available, .debitLimit, .channels, .flowSpeed, .shortCallSeconds, .version: return .number
        }
    }
}
