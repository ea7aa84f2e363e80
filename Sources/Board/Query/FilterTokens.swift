/// The words, constants and symbols of a filter expression, with where each begins (in characters from 0).
struct FilterTokens {
    enum Kind { case word, number, text, symbol, end }

    struct Token {
        var kind: Kind
        /// Of a text: without its quotes, doubled quotes undone.
        var text: String
        var position: Int
    }

    private var tokens: [Token] = []
    private var next = 0

    var current: Token { tokens[next] }

    init(_ text: String) throws(QueryError) {
        let characters = Array(text)
        var position = 0
        while position < characters.count {
            let character = characters[position]
            if character.isWhitespace {
                position += 1
            } else if character == "'" {
                position = try readText(characters, position)
            } else if FilterTokens.isWordStart(character) {
                position = read(.word, characters, position) { FilterTokens.isWordPart($0) }
            } else if character.isASCII && character.isNumber || character == "-" || character == "+"
                || character == "."
            {
                position = readNumber(characters, position)
            } else {
                position = try readSymbol(characters, position)
            }
        }
        tokens.append(Token(kind: .end, text: "", position: characters.count))
    }

    /// The end stays the current token.
    mutating func advance() {
        if next + 1 < tokens.count { next += 1 }
    }

    /// Takes a keyword, whatever its case.
    mutating func takeWord(_ word: String) -> Bool {
        guard current.kind == .word, current.text.uppercased() == word else { return false }
        advance()
        return true
    }

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
        tokens.append(Token(kind: kind, text: String(characters[start..<end]), position: start))
        return end
    }

    private mutating func readNumber(_ characters: [Character], _ start: Int) -> Int {
        var end = start + 1
        while end < characters.count {
            let character = characters[end]
            let isSign = (character == "-" || character == "+") && "eE".contains(characters[end - 1])
            guard character.isASCII && (character.isNumber || ".eE".contains(character)) || isSign else { break }
            end += 1
        }
        tokens.append(Token(kind: .number, text: String(characters[start..<end]), position: start))
        return end
    }

    private mutating func readText(_ characters: [Character], _ start: Int) throws(QueryError) -> Int {
        var text = ""
        var position = start + 1
        while position < characters.count {
            if characters[position] == "'" {
                guard position + 1 < characters.count, characters[position + 1] == "'" else {
                    tokens.append(Token(kind: .text, text: text, position: start))
                    return position + 1
                }
                position += 1
            }
            text.append(characters[position])
            position += 1
        }
        throw QueryError(
            "the text that begins at position \(start + 1) of the filter has no closing quote", position: start)
    }

    private mutating func readSymbol(_ characters: [Character], _ start: Int) throws(QueryError) -> Int {
        let two = String(characters[start..<min(start + 2, characters.count)])
        for symbol in ["<=", ">=", "<>", "!="] where two == symbol {
            tokens.append(Token(kind: .symbol, text: symbol, position: start))
            return start + 2
        }
        guard "()=<>".contains(characters[start]) else {
            throw QueryError(
                "'\(characters[start])' at position \(start + 1) of the filter means nothing there; "
                    + "texts stand in single quotes", position: start)
        }
        tokens.append(Token(kind: .symbol, text: String(characters[start]), position: start))
        return start + 1
    }

    private static func isWordStart(_ character: Character) -> Bool { character.isLetter || character == "_" }

    /// A dot belongs to names as `causes.busy`.
    private static func isWordPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "."
    }
}
