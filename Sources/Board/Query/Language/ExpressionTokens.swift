/// The words, constants and symbols of an expression, with where each begins (in characters from 0).
struct ExpressionTokens {
    enum Kind {
        case word, number
        /// Digits and a unit: `90s`, `5m`, `2h`, `7d`.
        case interval
        case text, symbol, end
    }

    struct Token {
        var kind: Kind
        /// The token's text; for a text constant without its quotes, doubled quotes undone.
        var text: String
        var position: Int
        /// One character beyond its last.
        var end: Int
    }

    private var tokens: [Token] = []
    private var next = 0

    var current: Token { tokens[next] }
    /// The token after the current one; at the end, the end token.
    var following: Token { tokens[min(next + 1, tokens.count - 1)] }
    /// Where the token before the current one ended.
    var lastEnd: Int { next == 0 ? 0 : tokens[next - 1].end }

    init(_ text: String) throws(QueryError) {
        let characters = Array(text)
        var position = 0
        while position < characters.count {
            let character = characters[position]
            if character.isWhitespace {
                position += 1
            } else if character == "'" {
                position = try readText(characters, position)
            } else if ExpressionTokens.isWordStart(character) {
                position = read(.word, characters, position) { ExpressionTokens.isWordPart($0) }
            } else if ExpressionTokens.isDigit(character)
                || character == "." && position + 1 < characters.count
                    && ExpressionTokens.isDigit(characters[position + 1])
            {
                position = try readNumber(characters, position)
            } else {
                position = try readSymbol(characters, position)
            }
        }
        tokens.append(Token(kind: .end, text: "", position: characters.count, end: characters.count))
    }

    /// At the end, the end token stays the current one.
    mutating func advance() {
        if next + 1 < tokens.count { next += 1 }
    }

    /// Consumes a keyword, whatever its case.
    mutating func takeWord(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        advance()
        return true
    }

    func isWord(_ word: String) -> Bool { current.kind == .word && current.text.uppercased() == word }

    mutating func takeSymbol(_ symbol: String) -> Bool {
        guard current.kind == .symbol, current.text == symbol else { return false }
        advance()
        return true
    }

    private mutating func read(
        _ kind: Kind, _ characters: [Character], _ start: Int, while belongs: (Character) -> Bool
    ) -> Int {
        var end = start + 1
        while end < characters.count && belongs(characters[end]) { end += 1 }
        tokens.append(Token(kind: kind, text: String(characters[start..<end]), position: start, end: end))
        return end
    }

    /// Digits with at most one point, and an exponent.
    private mutating func readNumber(_ characters: [Character], _ start: Int) throws(QueryError) -> Int {
        var end = start
        while end < characters.count {
            let character = characters[end]
            let isSign = (character == "-" || character == "+") && end > start && "eE".contains(characters[end - 1])
            guard ExpressionTokens.isDigit(character) || ".eE".contains(character) || isSign else { break }
            end += 1
        }
        let text = String(characters[start..<end])
        if end < characters.count, "smhd".contains(characters[end]), text.allSatisfy(ExpressionTokens.isDigit),
            end + 1 == characters.count || !ExpressionTokens.isWordPart(characters[end + 1])
        {
            let whole = text + String(characters[end])
            tokens.append(Token(kind: .interval, text: whole, position: start, end: end + 1))
            return end + 1
        }
        guard let value = Double(text), value.isFinite,
            end == characters.count || !ExpressionTokens.isWordPart(characters[end])
        else {
            while end < characters.count && ExpressionTokens.isWordPart(characters[end]) { end += 1 }
            throw QueryError(QueryError.quoted(String(characters[start..<end])) + " is no number", position: start)
        }
        tokens.append(Token(kind: .number, text: text, position: start, end: end))
        return end
    }

    private mutating func readText(_ characters: [Character], _ start: Int) throws(QueryError) -> Int {
        var text = ""
        var position = start + 1
        while position < characters.count {
            if characters[position] == "'" {
                guard position + 1 < characters.count, characters[position + 1] == "'" else {
                    tokens.append(Token(kind: .text, text: text, position: start, end: position + 1))
                    return position + 1
                }
                position += 1
            }
            text.append(characters[position])
            position += 1
        }
        throw QueryError("the text that begins at position \(start + 1) has no closing quote", position: start)
    }

    private mutating func readSymbol(_ characters: [Character], _ start: Int) throws(QueryError) -> Int {
        let two = String(characters[start..<min(start + 2, characters.count)])
        let isPair = ["<=", ">=", "<>", "!="].contains(two)
        guard isPair || "()=<>+-*/,".contains(characters[start]) else {
            throw QueryError(
                "unexpected \(QueryError.quoted(String(characters[start]))) at position \(start + 1); "
                    + "put text in single quotes",
                position: start)
        }
        let end = start + (isPair ? 2 : 1)
        tokens.append(Token(kind: .symbol, text: String(characters[start..<end]), position: start, end: end))
        return end
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private static func isWordStart(_ character: Character) -> Bool { character.isLetter || character == "_" }

    /// A dot is part of names such as `causes.busy`.
    private static func isWordPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "."
    }
}
