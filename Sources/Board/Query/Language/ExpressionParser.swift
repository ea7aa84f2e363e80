// Parses an expression and checks the kinds of everything in it.
//
//     expression = conjunction { OR conjunction }
//     conjunction= negation { AND negation }
//     negation   = NOT negation | predicate
//     predicate  = sum [ comparison sum | IS [NOT] NULL | [NOT] (IN "(" constants ")" | BETWEEN sum AND sum
//                                                             | LIKE text [ESCAPE text] | HAS text) ]
//     sum        = product { ("+" | "-") product }
//     product    = factor { ("*" | "/") factor }
//     factor     = "-" factor | constant | column | function "(" expressions ")" | "(" expression ")"
//     constant   = number | 'text' | TRUE | FALSE | NULL | now() | interval; a time is a text where a time is wanted
//     interval   = digits (s | m | h | d), a number of seconds; now() +/- seconds is a time
//
//     +Predicates  what may follow a sum             +Values  sums, products, functions, names
//     +Kinds       which kinds go together

struct ExpressionParser {
    /// What an expression is evaluated for.
    enum Scope: Equatable, Sendable {
        /// One customer.
        case customer
        /// Groups of customers by these columns; other fields need an aggregate.
        case group(by: [CustomerField])
        /// One finished call.
        case call
    }

    var tokens: ExpressionTokens
    let window: Window
    /// The scope; inside an aggregate, that of the group's customers.
    var scope: Scope
    private var depth = 0
    /// The value of `now()`, microseconds since 1970; nil: not allowed here.
    let nowMicros: Int64?
    /// Whether `now()` has been read so far.
    var readsClock = false

    /// A filter: true or false for one customer. Nil for a blank text, which passes everything.
    static func filter(
        _ text: String, window: Window, scope: Scope = .customer, nowMicros: Int64? = nil
    ) throws(QueryError) -> Expression? {
        if text.allSatisfy(\.isWhitespace) { return nil }
        var parser = try ExpressionParser(text, window: window, scope: scope, nowMicros: nowMicros)
        let expression = try parser.whole()
        guard expression.kind == .boolean || expression.isNullConstant else {
            throw QueryError(
                "this is \(expression.kind.words) and no condition; compare it with something", position: 0)
        }
        return expression
    }

    init(_ text: String, window: Window, scope: Scope, nowMicros: Int64? = nil) throws(QueryError) {
        guard text.utf8.count <= BoardLimits.expressionBytes else {
            throw QueryError("the expression has more than \(BoardLimits.expressionBytes) bytes; shorten it")
        }
        tokens = try ExpressionTokens(text)
        self.window = window
        self.scope = scope
        self.nowMicros = nowMicros
    }

    /// Parses an expression up to the end of the text.
    mutating func whole() throws(QueryError) -> Expression {
        var result = try expression()
        result.readsClock = readsClock
        guard tokens.current.kind == .end else { throw expected("AND, OR or the end") }
        return result
    }

    mutating func expression() throws(QueryError) -> Expression {
        let first = try conjunction()
        guard tokens.isWord("OR") else { return first }
        var parts = [try condition(first)]
        while tokens.takeWord("OR") { parts.append(try condition(conjunction())) }
        return Expression(node: .any(parts), kind: .boolean, position: first.position)
    }

    private mutating func conjunction() throws(QueryError) -> Expression {
        let first = try negation()
        guard tokens.isWord("AND") else { return first }
        var parts = [try condition(first)]
        while tokens.takeWord("AND") { parts.append(try condition(negation())) }
        return Expression(node: .all(parts), kind: .boolean, position: first.position)
    }

    private mutating func negation() throws(QueryError) -> Expression {
        let position = tokens.current.position
        guard tokens.takeWord("NOT") else { return try predicate() }
        try descend()
        defer { ascend() }
        return Expression(node: .not(try condition(negation())), kind: .boolean, position: position)
    }

    /// Counts one level of nesting, which bounds the stack here and wherever the tree is walked.
    mutating func descend() throws(QueryError) {
        depth += 1
        guard depth <= BoardLimits.expressionDepth else {
            throw QueryError(
                "the expression is nested more than \(BoardLimits.expressionDepth) deep; write it flatter",
                position: tokens.current.position)
        }
    }

    mutating func ascend() { depth -= 1 }

    /// Checks that an operand of AND, OR or NOT is true or false.
    private func condition(_ expression: Expression) throws(QueryError) -> Expression {
        guard expression.kind == .boolean || expression.isNullConstant else {
            throw QueryError(
                "expected a condition at position \(expression.position + 1), found \(expression.kind.words)",
                position: expression.position)
        }
        return expression
    }

    func expected(_ what: String) -> QueryError {
        let token = tokens.current
        let found =
            token.kind == .end ? "the end" : (token.kind == .text ? "the text " : "") + QueryError.quoted(token.text)
        return QueryError(
            "expected \(what) at position \(token.position + 1), found \(found)", position: token.position)
    }
}
