// Markdown for a terminal: the part of it that the pages of docs/ use. Headings, paragraphs, lists, fenced blocks and
// tables are laid out for a width; comments are left out.
//
// What does not follow the rules (a fence without an end, a table row with too many cells) is shown as well as it can
// be: nothing is an error.

public enum Markdown {
    /// The text as lines.
    /// - Parameters:
    ///   - width: cells of a line, 20 or more. Fenced blocks are not broken and may be wider.
    ///   - colours: headings, code and strong text are bold. Without, headings are underlined and code keeps its marks.
    public static func lines(_ text: String, width: Int, colours: Bool) -> [String] {
        let width = max(width, 20)
        var lines: [String] = []
        var before: MarkdownBlock?
        for block in MarkdownBlock.all(text) {
            if let before, !(before.isItem && block.isItem) { lines.append("") }
            lines += block.lines(width: width, colours: colours)
            before = block
        }
        return lines
    }
}

extension MarkdownBlock {
    /// Cells before a line of a fenced block.
    private static let codeIndent = "    "

    var isItem: Bool { if case .item = self { true } else { false } }

    func lines(width: Int, colours: Bool) -> [String] {
        switch self {
        case .heading(let level, let text):
            let title = StyledText(markdown: text, colours: colours)
            guard !colours else { return title.bold.wrapped(to: width).map { $0.text(colours: true) } }
            let lines = title.wrapped(to: width).map { $0.text(colours: false) }
            let rule = lines.map { DisplayWidth.of($0) }.max() ?? 0
            return level > 2 ? lines : lines + [String(repeating: level == 1 ? "=" : "-", count: rule)]
        case .paragraph(let text):
            return StyledText(markdown: text, colours: colours).wrapped(to: width).map { $0.text(colours: colours) }
        case .item(let marker, let text):
            let indent = String(repeating: " ", count: marker.count)
            let lines = StyledText(markdown: text, colours: colours).wrapped(to: width - marker.count)
            return lines.enumerated().map { ($0 == 0 ? marker : indent) + $1.text(colours: colours) }
        case .code(let name, let lines):
            return (name.map { [$0 + ":", ""] } ?? []) + lines.map { $0.isEmpty ? "" : Self.codeIndent + $0 }
        case .table(let table):
            return table.lines(width: width, colours: colours)
        }
    }
}
