/// A column requested by a query: `asr`, `active * 100 / channels`, `sum(credit) AS money`, or
/// `load = active / channels`.
struct ColumnExpression: Sendable {
    /// Its name in the answer: the name given, or the text as it was written.
    var name: String
    var expression: Expression

    init(
        _ text: String, window: Window, scope: ExpressionParser.Scope, nowMicros: Int64? = nil
    ) throws(QueryError) {
        var parser = try ExpressionParser(text, window: window, scope: scope, nowMicros: nowMicros)
        let first = parser.tokens.current
        let isDefinition =
            first.kind == .word && parser.tokens.following.kind == .symbol && parser.tokens.following.text == "="
            && (try? BoardColumn.named(first.text, window: window)) == nil
        if isDefinition {
            parser.tokens.advance()
            parser.tokens.advance()
        }
        expression = try parser.expression()
        expression.readsClock = parser.readsClock
        if isDefinition {
            name = first.text
        } else if parser.tokens.takeWord("AS") {
            let alias = parser.tokens.current
            guard alias.kind == .word || alias.kind == .text, !alias.text.isEmpty else {
                throw parser.expected("a name for the column")
            }
            parser.tokens.advance()
            name = alias.text
        } else {
            let written = text.dropFirst(first.position).prefix(parser.tokens.lastEnd - first.position)
            name = String(written)
        }
        guard parser.tokens.current.kind == .end else { throw parser.expected("an operator, AS or the end") }
    }
}
