// The blocks of a Markdown text, in order.

enum MarkdownBlock: Equatable {
    /// Level 1 is the title.
    case heading(level: Int, String)
    /// Its lines, joined.
    case paragraph(String)
    /// One item of a list. The marker has its indentation and the blank after it: `- `, `  2. `.
    case item(marker: String, String)
    /// A fenced block; with a name if it is a file (```` ```file:NAME ````).
    case code(name: String?, [String])
    case table(MarkdownTable)

    static func all(_ text: String) -> [MarkdownBlock] {
        var reader = BlockReader()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { reader.read(line) }
        reader.endBlock()
        return reader.blocks
    }
}

/// The blocks as far as they have been read. One is open at most: the one that the next line may continue.
private struct BlockReader {
    var blocks: [MarkdownBlock] = []
    private var open: MarkdownBlock?
    private var isFenced = false

    mutating func read(_ line: Substring) {
        if isFenced { return readFenced(line) }
        let content = line.drop { $0 == " " }
        if content.hasPrefix("```") { return beginFence(content.dropFirst(3)) }
        if content.isEmpty { return endBlock() }
        if content.hasPrefix("<!--"), content.hasSuffix("-->") { return }
        if let heading = Self.heading(content) {
            endBlock()
            blocks.append(heading)
        } else if content.hasPrefix("|") {
            readRow(content)
        } else if let item = Self.item(line) {
            endBlock()
            open = item
        } else {
            readText(content)
        }
    }

    mutating func endBlock() {
        if let open { blocks.append(open) }
        open = nil
        isFenced = false
    }

    private mutating func beginFence(_ kind: Substring) {
        endBlock()
        open = .code(name: kind.hasPrefix("file:") ? String(kind.dropFirst(5)) : nil, [])
        isFenced = true
    }

    private mutating func readFenced(_ line: Substring) {
        if line.hasPrefix("```") { return endBlock() }
        if case .code(let name, let lines) = open { open = .code(name: name, lines + [String(line)]) }
    }

    private mutating func readRow(_ line: Substring) {
        if case .table(var table) = open {
            table.add(line)
            open = .table(table)
        } else {
            endBlock()
            open = .table(MarkdownTable(header: line))
        }
    }

    private mutating func readText(_ text: Substring) {
        switch open {
        case .paragraph(let before): open = .paragraph(before + " " + text)
        case .item(let marker, let before): open = .item(marker: marker, before + " " + text)
        default:
            endBlock()
            open = .paragraph(String(text))
        }
    }

    private static func heading(_ line: Substring) -> MarkdownBlock? {
        let level = line.prefix { $0 == "#" }.count
        guard 1...6 ~= level, line.dropFirst(level).first == " " else { return nil }
        return .heading(level: level, String(line.dropFirst(level + 1)))
    }

    private static func item(_ line: Substring) -> MarkdownBlock? {
        let content = line.drop { $0 == " " }
        let digits = content.prefix { $0.isASCII && $0.isNumber }
        let isNumbered = !digits.isEmpty && content.dropFirst(digits.count).hasPrefix(". ")
        guard content.hasPrefix("- ") || isNumbered else { return nil }
        let markerCount = line.count - content.count + (isNumbered ? digits.count + 2 : 2)
        return .item(marker: String(line.prefix(markerCount)), String(line.dropFirst(markerCount)))
    }
}
