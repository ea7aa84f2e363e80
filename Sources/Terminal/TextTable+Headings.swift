// The line above the titles: each heading once above its columns, with a rule to where they end.
//
//                  Active ----------  Inactive --------
//     country      attempts    asr %  attempts    asr %

extension TextTable {
    struct Heading {
        /// Clean, at most `widestText` cells.
        var text: String
        var columns: Range<Int>

        /// Widens the last of its columns if the text needs it.
        func widen(_ widths: inout [Int]) {
            let missing = DisplayWidth.of(text) - TextTable.lineWidth(widths[columns])
            if missing > 0, let last = columns.last { widths[last] += missing }
        }

        /// - Parameter widths: widths of the columns that are shown.
        static func line(_ headings: [Heading], widths: [Int]) -> String {
            var line = ""
            for heading in headings where heading.columns.lowerBound < widths.count {
                let shown = heading.columns.clamped(to: 0..<widths.count)
                let before = TextTable.lineWidth(widths[..<shown.lowerBound]) + (shown.lowerBound > 0 ? 2 : 0)
                line += String(repeating: " ", count: max(0, before - DisplayWidth.of(line)))
                let width = TextTable.lineWidth(widths[shown])
                let text = DisplayWidth.cut(heading.text, to: max(width, 1))
                let rule = width - DisplayWidth.of(text) - 1
                line += rule > 0 ? text + " " + String(repeating: "-", count: rule) : text
            }
            return line
        }
    }

    /// Runs of columns with the same heading.
    var headings: [Heading] {
        var headings: [Heading] = []
        for (index, column) in columns.enumerated() {
            guard let text = column.heading else { continue }
            let clean = DisplayWidth.cut(VisibleText.clean(text), to: Self.widestText)
            if let last = headings.indices.last, headings[last].columns.upperBound == index,
                columns[index - 1].heading == text
            {
                headings[last].columns = headings[last].columns.lowerBound..<index + 1
            } else {
                headings.append(Heading(text: clean, columns: index..<index + 1))
            }
        }
        return headings
    }
}
