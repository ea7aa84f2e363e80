// A table of Markdown. Where the terminal is too narrow for it, the widest columns are narrowed and their cells go on
// in further lines.

struct MarkdownTable: Equatable {
    private(set) var header: [String]
    private(set) var rows: [[String]] = []
    /// By column: numbers, which are set to the right.
    private(set) var isRight: [Bool] = []

    /// Cells between two columns.
    private static let gap = 2
    /// Cells that no column is narrowed below.
    private static let narrowest = 4

    init(header line: Substring) { header = Self.cells(line) }

    /// Adds a row, or the rule under the header, which says how columns are aligned.
    mutating func add(_ line: Substring) {
        let cells = Self.cells(line)
        let isRule = cells.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 == "-" || $0 == ":" } }
        if rows.isEmpty, isRight.isEmpty, isRule {
            isRight = cells.map { $0.hasSuffix(":") && !$0.hasPrefix(":") }
        } else {
            rows.append(cells)
        }
    }

    /// The texts between the bars. `\|` is a bar within a cell.
    private static func cells(_ line: Substring) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        for character in line.dropFirst() {
            if isEscaped {
                cell += character == "|" ? "|" : "\\" + String(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "|" {
                cells.append(cell)
                cell = ""
            } else {
                cell.append(character)
            }
        }
        if cell.contains(where: { $0 != " " }) { cells.append(cell) }
        return cells.map { cell in
            var cell = cell.drop { $0 == " " }
            while cell.last == " " { cell.removeLast() }
            return String(cell)
        }
    }

    func lines(width: Int, colours: Bool) -> [String] {
        let hasTitles = header.contains { !$0.isEmpty }
        let titles = header.map { StyledText(markdown: $0, colours: colours).bold }
        let body = rows.map { $0.map { StyledText(markdown: $0, colours: colours) } }
        let widths = widths((hasTitles ? [titles] : []) + body, into: width)
        var lines = hasTitles ? self.lines(titles, widths, colours) : []
        if hasTitles { lines.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")) }
        return lines + body.flatMap { self.lines($0, widths, colours) }
    }

    private func widths(_ rows: [[StyledText]], into width: Int) -> [Int] {
        let columns = rows.map(\.count).max() ?? 0
        var widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].width : 0 }.max() ?? 0 }
        var excess = widths.reduce(0, +) + Self.gap * max(0, columns - 1) - width
        while excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > Self.narrowest
        {
            // Down to the next widest one at a time, so that several wide columns share what there is.
            let others = widths.indices.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
            let step = max(1, min(excess, widths[widest] - max(others, Self.narrowest)))
            widths[widest] -= step
            excess -= step
        }
        return widths
    }

    private func lines(_ row: [StyledText], _ widths: [Int], _ colours: Bool) -> [String] {
        let cells = widths.indices.map { $0 < row.count ? row[$0].wrapped(to: max(1, widths[$0])) : [] }
        return (0..<max(1, cells.map(\.count).max() ?? 0)).map { line in
            var text = ""
            for column in widths.indices {
                let cell = line < cells[column].count ? cells[column][line] : StyledText()
                let padding = String(repeating: " ", count: max(0, widths[column] - cell.width))
                let shown = cell.text(colours: colours)
                if column > 0 { text += String(repeating: " ", count: Self.gap) }
                text += column < isRight.count && isRight[column] ? padding + shown : shown + padding
            }
            while text.last == " " { text.removeLast() }
            return text
        }
    }
}
