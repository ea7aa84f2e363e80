// Text of which some characters are bold, so that it can be broken into lines without breaking escape sequences.

struct StyledText: Equatable {
    private struct Styled: Equatable {
        var character: Character
        var isBold: Bool
    }

    private var characters: [Styled] = []

    init() {}

    /// Reads `code`, **strong**, *emphasis* and [links](to somewhere).
    /// - Parameter colours: code and strong text are bold; without, code keeps its marks.
    init(markdown: String, colours: Bool) {
        var rest = Substring(markdown)
        while let first = rest.first {
            if first == "`", let code = Self.enclosed(rest, by: "`") {
                append(colours ? code : "`" + code + "`", isBold: colours)
                rest = rest.dropFirst(code.count + 2)
            } else if first == "*", let text = Self.enclosed(rest, by: "**") ?? Self.enclosed(rest, by: "*") {
                let isStrong = rest.hasPrefix("**")
                let inner = StyledText(markdown: text, colours: colours)
                characters += (colours && isStrong ? inner.bold : inner).characters
                rest = rest.dropFirst(text.count + (isStrong ? 4 : 2))
            } else if first == "[", let link = rest.prefixMatch(of: /\[([^\]]+)\]\(([^)\s]+)\)/) {
                characters += StyledText(markdown: String(link.output.1), colours: colours).characters
                append(Self.destination(String(link.output.2), shownAs: link.output.1), isBold: false)
                rest = rest[link.range.upperBound...]
            } else {
                append(String(first), isBold: false)
                rest = rest.dropFirst()
            }
        }
    }

    private mutating func append(_ text: String, isBold: Bool) {
        characters += text.map { Styled(character: $0, isBold: isBold) }
    }

    /// The text between a mark at the beginning and the next one; nil where that is no pair.
    private static func enclosed(_ text: Substring, by mark: String) -> String? {
        guard text.hasPrefix(mark) else { return nil }
        let inner = text.dropFirst(mark.count)
        guard let first = inner.first, first != " " || mark == "`", !inner.hasPrefix(mark) else { return nil }
        guard let end = inner.firstRange(of: mark)?.lowerBound else { return nil }
        return String(inner[..<end])
    }

    /// What a link leads to, in parentheses: an address, or the topic of a page unless the text says it.
    private static func destination(_ target: String, shownAs text: Substring) -> String {
        if target.contains("://") { return target.hasSuffix(text) ? "" : " (\(target))" }
        let page = target.prefix { $0 != "#" }
        guard page.hasSuffix(".md"), let name = page.dropLast(3).split(separator: "/").last else { return "" }
        return name == text.lowercased() || page == text ? "" : " (\(name))"
    }

    var bold: StyledText {
        var text = self
        for index in text.characters.indices { text.characters[index].isBold = true }
        return text
    }

    /// Cells of a terminal.
    var width: Int { characters.reduce(0) { $0 + DisplayWidth.of($1.character) } }

    /// Lines of at most so many cells, broken at blanks, and within a word only if it is longer than a line.
    func wrapped(to width: Int) -> [StyledText] {
        var lines: [StyledText] = []
        var line = StyledText()
        for word in characters.split(separator: Styled(character: " ", isBold: false)).flatMap(Self.unbound) {
            let word = StyledText(word)
            if !line.characters.isEmpty && line.width + 1 + word.width > width {
                lines.append(line)
                line = StyledText()
            }
            if !line.characters.isEmpty { line.append(" ", isBold: word.characters[0].isBold && line.endsBold) }
            for styled in word.characters {
                if !line.characters.isEmpty && line.width + DisplayWidth.of(styled.character) > width {
                    lines.append(line)
                    line = StyledText()
                }
                line.characters.append(styled)
            }
        }
        return lines + [line]
    }

    private init(_ characters: ArraySlice<Styled>) { self.characters = Array(characters) }

    private var endsBold: Bool { characters.last?.isBold ?? false }

    /// Bold text has blanks of its own.
    private static func unbound(_ words: ArraySlice<Styled>) -> [ArraySlice<Styled>] {
        words.split(separator: Styled(character: " ", isBold: true))
    }

    /// - Parameter colours: with escape sequences around what is bold.
    func text(colours: Bool) -> String {
        var text = ""
        var rest = characters[...]
        while let first = rest.first {
            let run = rest.prefix { $0.isBold == first.isBold }
            let plain = String(run.map(\.character))
            text += colours && first.isBold ? Colour.bold.applied(to: plain) : plain
            rest = rest.dropFirst(run.count)
        }
        return text
    }
}
