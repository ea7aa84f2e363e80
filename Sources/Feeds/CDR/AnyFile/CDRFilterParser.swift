/// A filter that cannot be read, and where.
public struct CDRFilterError: Error, Equatable, Sendable {
    /// What is wrong and how to fix it.
    public let message: String
    /// In characters of the text, from 0; the length of the text stands for its end.
    public let position: Int
}

extension CDRFilter {
    /// Reads a filter: `=`, `!=`, `<>`, `<`, `<=`, `>`, `>=`, `in (...)`, `between a and b`, `like`, `is null`, `and`,
    /// `or`, `not`, and parentheses.
    /// - Throws: `CDRFilterError`.
    public init(_ text: String) throws(CDRFilterError) {
        var parser = CDRFilterParser(text)
        root = try parser.readAll()
        columns = parser.columns
        self.text = text
    }
}

/// Recursive descent over the characters of a filter: `or`, `and`, `not`, and single tests.
struct CDRFilterParser {
    private let characters: [Character]
    private var at = 0
    private var depth = 0
    private(set) var columns: [CDRMap.Column] = []

    init(_ text: String) { characters = Array(text) }

    mutating func readAll() throws(CDRFilterError) -> CDRFilter.Node {
        guard characters.count <= CDRLimits.filterCharacters else {
            throw CDRFilterError(
                message: "the filter is longer than \(CDRLimits.filterCharacters) characters; shorten it",
                position: CDRLimits.filterCharacters)
        }
        let node = try readOr()
        skipBlanks()
        if at < characters.count { throw fault("nothing is expected here; join conditions by and, or") }
        return node
    }

    // MARK: - Conditions

    private mutating func readOr() throws(CDRFilterError) -> CDRFilter.Node {
        var node = try readAnd()
        while takeWord("or") { node = .or(node, try readAnd()) }
        return node
    }

    private mutating func readAnd() throws(CDRFilterError) -> CDRFilter.Node {
        var node = try readNot()
        while takeWord("and") { node = .and(node, try readNot()) }
        return node
    }

    private mutating func readNot() throws(CDRFilterError) -> CDRFilter.Node {
        depth += 1
        defer { depth -= 1 }
        if depth > CDRLimits.filterDepth { throw fault("more than \(CDRLimits.filterDepth) levels; write it flatter") }
        if takeWord("not") { return .not(try readNot()) }
        if take("(") {
            let node = try readOr()
            guard take(")") else { throw fault("a parenthesis is not closed; write )") }
            return node
        }
        return try readComparison()
    }

    private mutating func readComparison() throws(CDRFilterError) -> CDRFilter.Node {
        let column = try readColumn()
        skipBlanks()
        if takeWord("is") {
            let isNegative = takeWord("not")
            guard takeWord("null") || takeWord("empty") else { throw fault("is null or is not null is expected") }
            return isNegative ? .not(.isEmpty(column)) : .isEmpty(column)
        }
        let isNegative = takeWord("not")
        if let node = try readTest(column) { return isNegative ? .not(node) : node }
        if isNegative { throw fault("in, between or like is expected behind not") }
        let operators: [(String, CDRFilter.Comparison)] = [
            ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("!=", .unequal), ("<>", .unequal), ("==", .equal),
            ("=", .equal), ("<", .less), (">", .greater),
        ]
        for (mark, comparison) in operators where take(mark) {
            return .compare(column, comparison, try readLiteral())
        }
        throw fault("a comparison is expected; write column = 'text', or column in ('a', 'b')")
    }

    /// `in`, `between` or `like`; nil: none of them.
    private mutating func readTest(_ column: Int) throws(CDRFilterError) -> CDRFilter.Node? {
        if takeWord("in") {
            guard take("(") else { throw fault("a list in parentheses is expected behind in") }
            var literals = [try readLiteral()]
            while take(",") { literals.append(try readLiteral()) }
            guard take(")") else { throw fault("the list is not closed; write )") }
            return .isAny(column, literals)
        }
        if takeWord("between") {
            let least = try readLiteral()
            guard takeWord("and") else { throw fault("between a and b is expected") }
            return .and(
                .compare(column, .greaterOrEqual, least), .compare(column, .lessOrEqual, try readLiteral()))
        }
        if takeWord("like") {
            guard case .text(let pattern) = try readLiteral() else { throw fault("a text in quotes is expected") }
            return .like(column, pattern)
        }
        return nil
    }

    // MARK: - Words

    private mutating func readColumn() throws(CDRFilterError) -> Int {
        skipBlanks()
        let start = at
        guard at < characters.count else { throw fault("a condition is expected; write column = 'text'") }
        var column: CDRMap.Column
        switch characters[at] {
        case "\"", "[", "`":
            column = .header(try readQuoted(characters[at] == "[" ? "]" : characters[at]))
        case "#":
            at += 1
            let digits = takeWhile(\.isWholeNumber)
            guard let place = Int(digits), (1...CDRLimits.fields).contains(place) else {
                at = start
                throw fault("# and the number of a column is expected, from #1 to #\(CDRLimits.fields)")
            }
            column = .place(place - 1)
        default:
            let name = takeWhile { $0.isLetter || $0.isNumber || "_.-".contains($0) }
            guard !name.isEmpty else { throw fault("the name of a column is expected") }
            column = .header(name)
        }
        if let known = columns.firstIndex(of: column) { return known }
        columns.append(column)
        return columns.count - 1
    }

    private mutating func readLiteral() throws(CDRFilterError) -> CDRFilter.Literal {
        skipBlanks()
        guard at < characters.count else { throw fault("a value is expected; write a number or a 'text'") }
        if characters[at] == "'" { return .text(try readQuoted("'").utf8.map(CDRFilter.folded)) }
        let start = at
        let word = takeWhile { $0.isLetter || $0.isNumber || "+-._".contains($0) }
        switch word.lowercased() {
        case "true": return .truth(true)
        case "false": return .truth(false)
        default:
            let bytes = Array(word.utf8)
            if let number = CDRNumber.fixed(bytes.span, CDRField(start: 0, end: bytes.count), places: 6) {
                return .number(number)
            }
            at = start
            throw fault(
                characters[at] == "\""
                    ? "a value is expected here; write texts in 'single' quotes, double ones are for columns"
                    : "a value is expected here; write texts in single quotes, such as 'Stop'")
        }
    }

    private mutating func readQuoted(_ close: Character) throws(CDRFilterError) -> String {
        let start = at
        var text = ""
        at += 1
        while at < characters.count {
            if characters[at] == close {
                at += 1
                // A doubled quote is one.
                guard at < characters.count, characters[at] == close else { return text }
            }
            text.append(characters[at])
            at += 1
        }
        at = start
        throw fault("the quote is not closed; write \(close)")
    }

    private mutating func takeWhile(_ isPart: (Character) -> Bool) -> String {
        let start = at
        while at < characters.count, isPart(characters[at]) { at += 1 }
        return String(characters[start..<at])
    }

    private mutating func skipBlanks() {
        while at < characters.count, characters[at].isWhitespace { at += 1 }
    }

    private mutating func take(_ mark: String) -> Bool {
        skipBlanks()
        guard characters[at...].starts(with: mark) else { return false }
        at += mark.count
        return true
    }

    /// A keyword of the language, in any case.
    private mutating func takeWord(_ word: String) -> Bool {
        skipBlanks()
        let end = at + word.count
        guard end <= characters.count, String(characters[at..<end]).lowercased() == word else { return false }
        if end < characters.count, characters[end].isLetter || characters[end].isNumber || characters[end] == "_" {
            return false
        }
        at = end
        return true
    }

    private func fault(_ message: String) -> CDRFilterError { CDRFilterError(message: message, position: at) }
}
