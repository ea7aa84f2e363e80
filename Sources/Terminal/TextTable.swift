// A table for people: titles, rows, a total under a rule; numbers right-aligned, texts left-aligned. Adjacent columns
// may have a common heading above their titles. If the terminal is narrower, the last columns are dropped and
// `hiddenColumns` is their number.

public struct TextTable: Sendable {
    public enum Alignment: Sendable {
        case left, right
    }

    public struct Column: Sendable {
        public var title: String
        public var alignment: Alignment
        /// Shown once above adjacent columns with the same heading.
        public var heading: String?
        /// Cells of the terminal; nil: as wide as its texts.
        public var width: Int?
        /// Whether it stays when other columns are dropped. Without effect under headings.
        public var isPinned: Bool

        public init(
            _ title: String, _ alignment: Alignment = .left, heading: String? = nil, width: Int? = nil,
            isPinned: Bool = false
        ) {
            self.title = title
            self.alignment = alignment
            self.heading = heading
            self.width = width
            self.isPinned = isPinned
        }
    }

    public struct Cell: Sendable, ExpressibleByStringLiteral {
        public var text: String
        public var colour: Colour?

        public init(_ text: String, colour: Colour? = nil) {
            self.text = text
            self.colour = colour
        }

        public init(stringLiteral text: String) { self.init(text) }
    }

    public var columns: [Column]
    public var rows: [[Cell]] = []
    /// Rows under a rule. If columns do not fit, total rows after the first that would have nothing but their title are
    /// not shown.
    public var totals: [[Cell]] = []

    public init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Removes the last rows, so that the table takes at most this many lines, and returns how many were removed.
    /// Titles and totals stay.
    public mutating func removeRows(beyond lines: Int) -> Int {
        let others = 1 + (headings.isEmpty ? 0 : 1) + (totals.isEmpty ? 0 : 1 + totals.count)
        let kept = min(rows.count, max(0, lines - others))
        defer { rows.removeLast(rows.count - kept) }
        return rows.count - kept
    }

    public struct Rendering: Sendable {
        public var lines: [String]
        /// How many columns at the end did not fit.
        public var hiddenColumns: Int
    }

    /// On a terminal, a text column is not wider than this while other columns do not fit.
    static let widestText = 40

    /// The table as lines. Cells are cleaned here, so that no caller can forget to.
    /// - Parameters:
    ///   - width: cells of the terminal; nil: no terminal, and nothing is cut.
    ///   - colours: whether to use them.
    public func render(width: Int? = nil, colours: Bool = false) -> Rendering {
        let headings = headings
        let titles = columns.map { Cell(VisibleText.clean($0.title)) }
        let body = rows.map(Self.cleaned)
        let foot = totals.map(Self.cleaned)
        var widths = columns.indices.map { index in
            columns[index].width
                ?? ([titles] + body + foot).map { index < $0.count ? DisplayWidth.of($0[index].text) : 0 }.max() ?? 0
        }
        for heading in headings { heading.widen(&widths) }
        if let width, Self.lineWidth(widths[...]) > width {
            for index in widths.indices where columns[index].alignment == .left && columns[index].width == nil {
                widths[index] = min(widths[index], Self.widestText)
            }
        }
        let shown = width.map { fittingColumns(widths, into: $0) } ?? Array(widths.indices)
        if let width, let first = shown.first, widths[first] > width { widths[first] = max(width, 1) }
        widths = shown.map { widths[$0] }

        var lines = headings.isEmpty ? [] : [Heading.line(headings, widths: widths)]
        lines.append(line(titles, shown, widths: widths, colours: false))
        lines += body.map { line($0, shown, widths: widths, colours: colours) }
        if !foot.isEmpty {
            let foot = foot.prefix(1) + foot.dropFirst().filter { saysSomething($0, shown) }
            lines.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
            lines += foot.map { line($0, shown, widths: widths, colours: colours) }
        }
        return Rendering(lines: lines, hiddenColumns: columns.count - shown.count)
    }

    private static func cleaned(_ row: [Cell]) -> [Cell] {
        row.map { Cell(VisibleText.clean($0.text), colour: $0.colour) }
    }

    /// Whether a total has a value in a column that is shown. (The total of a currency has none if amounts are cut
    /// off.)
    private func saysSomething(_ row: [Cell], _ shown: [Int]) -> Bool {
        func count(_ columns: some Sequence<Int>) -> Int { columns.count { $0 < row.count && !row[$0].text.isEmpty } }
        return count(shown) > 1 || count(shown) == count(row.indices)
    }

    static func lineWidth(_ widths: ArraySlice<Int>) -> Int {
        widths.reduce(0, +) + 2 * max(0, widths.count - 1)
    }

    /// The columns that fit, at least one: the last are dropped first, pinned ones after the others.
    private func fittingColumns(_ widths: [Int], into width: Int) -> [Int] {
        var shown = Array(widths.indices)
        // A heading covers adjacent columns, so they are dropped from the end.
        let hasHeadings = columns.contains { $0.heading != nil }
        while shown.count > 1 && Self.lineWidth(shown.map { widths[$0] }[...]) > width {
            let place = hasHeadings ? nil : shown.lastIndex { !columns[$0].isPinned }
            shown.remove(at: place ?? shown.count - 1)
        }
        return shown
    }

    private func line(_ row: [Cell], _ shown: [Int], widths: [Int], colours: Bool) -> String {
        var line = ""
        for (place, index) in shown.enumerated() {
            let width = widths[place]
            let cell = index < row.count ? row[index] : Cell("")
            let text = DisplayWidth.cut(cell.text, to: max(width, 1))
            let padding = String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
            let shown = colours ? cell.colour.map { $0.applied(to: text) } ?? text : text
            if place > 0 { line += "  " }
            line += columns[index].alignment == .right ? padding + shown : shown + padding
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
