// Texts without their quotes: `status = Active` is a comparison of two columns, one of which does not exist.

extension ExpressionParser {
    /// Throws if the operand beside a text is a word that should have been in quotes.
    func requireQuotes(beside left: Expression) throws(QueryError) {
        let token = tokens.current
        guard left.kind == .text, token.kind == .word, !isCall, !Self.isReserved(token.text),
            column(named: token.text) == nil
        else { return }
        throw unquoted(token)
    }

    /// The error for a word that is no column and precedes a comparison; nil where the other side is no column of
    /// texts.
    func unquoted(before token: ExpressionTokens.Token) -> QueryError? {
        guard tokens.current.kind == .symbol, ["=", "<>", "!="].contains(tokens.current.text),
            tokens.following.kind == .word, column(named: tokens.following.text)?.kind == .text
        else { return nil }
        return unquoted(token)
    }

    private func unquoted(_ token: ExpressionTokens.Token) -> QueryError {
        let shown = QueryError.quoted(token.text)
        var message = "there is no column \(shown); put text in single quotes: \(shown)"
        if let near = BoardColumn.nearestName(to: token.text), column(named: near)?.kind == .text {
            message += "; or did you mean the column '\(near)'?"
        }
        return QueryError(message, position: token.position)
    }

    /// Whether the current word is the name of a function.
    private var isCall: Bool { tokens.following.kind == .symbol && tokens.following.text == "(" }

    private static func isReserved(_ word: String) -> Bool {
        keywords.contains(word.uppercased()) || ["TRUE", "FALSE", "NULL"].contains(word.uppercased())
    }

    private func column(named name: String) -> BoardColumn? {
        scope == .call ? (try? CallColumn.named(name)).map { .call($0) } : try? BoardColumn.named(name, window: window)
    }
}
