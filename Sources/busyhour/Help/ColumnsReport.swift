// `busyhour help columns`: every column on a line, then the rest of the language of expressions.

import Terminal

struct ColumnsReport: Report {
    func lines(_ page: Page) -> [String] {
        let sections: [(String, [(String, String, String)])] = [
            ("Fields of a customer", ColumnGuide.fields.map(Self.line)),
            (
                "Figures of traffic, in the window of --window (15m by default), or in their own: "
                    + WindowName.all.map { "asr_" + $0 }.joined(separator: ", "),
                ColumnGuide.metrics.map(Self.line)
            ),
            ("Several at a time", Self.several),
            ("With --group-by or --pivot: metrics come from sums, never from means; and", Self.aggregates),
            ("Expressions, for --where, --columns, --sort and edit --set", Self.language),
        ]
        return Array(
            sections.map { title, entries in
                DisplayWidth.wrapped(title, to: max(20, page.width ?? .max)) + entries.flatMap { Self.text($0, page) }
            }.joined(separator: [""]))
    }

    private static func line(_ column: ColumnGuide) -> (String, String, String) {
        (column.name, column.unit, column.meaning)
    }

    private static let several = [
        ("causes", "calls", "the nine causes.*"),
        ("all", "", "every column, for board --columns all"),
    ]

    private static let aggregates = [
        ("count", "number", "customers of the group"),
        ("sum(x), avg(x)", "", "over the customers of the group; x is a field, a metric or an expression"),
        ("min(x), max(x)", "", "the least and the greatest of them"),
    ]

    private static let language = [
        ("= <> < <= > >=", "", "comparisons: status = 'Active', asr_5m < asr_1h - 20"),
        ("IN, BETWEEN", "", "country IN ('DE', 'FR'), asr BETWEEN 30 AND 40"),
        ("LIKE, IS NULL", "", "name LIKE '%tele%' (no case, no accents), last_call IS NULL"),
        ("HAS", "", "tags HAS gold, warnings HAS credit_low"),
        ("AND, OR, NOT, ( )", "", "conditions joined"),
        ("+ - * /", "", "active * 100 / channels AS load"),
        ("functions", "", "abs round floor ceil coalesce nullif lower upper length"),
        ("texts and times", "", "in single quotes: 'Active', '2026-11-22T15:00:00Z'"),
        ("now()", "", "the board's clock: last_call < now() - 30m (s, m, h, d)"),
    ]

    private static let (nameWidth, unitWidth) = (20, 8)

    /// On a terminal a wrapped meaning is indented to its first line.
    private static func text(_ entry: (name: String, unit: String, meaning: String), _ page: Page) -> [String] {
        let head = "  " + padded(entry.name, nameWidth) + padded(entry.unit, unitWidth)
        let room = max(20, (page.width ?? .max) - head.count)
        return DisplayWidth.wrapped(entry.meaning, to: room).enumerated().map { number, part in
            (number == 0 ? head : String(repeating: " ", count: head.count)) + part
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    // ---- for programs ---------------------------------------------------------------------------------------

    var json: JSONValue { .array(jsonRows) }

    var jsonRows: [JSONValue] {
        ColumnGuide.all.map { column in
            .object([
                .init("name", .text(column.name)), .init("unit", .text(column.unit)),
                .init("windows", .array((column.hasWindow ? WindowName.all : []).map(JSONValue.text))),
                .init("meaning", .text(column.meaning)),
            ])
        }
    }

    var csv: [[CSVText.Cell]] {
        [["name", "unit", "windows", "meaning"].map(CSVText.Cell.text)]
            + ColumnGuide.all.map { column in
                [
                    .text(column.name), .text(column.unit), .text(CSVText.list(column.hasWindow ? WindowName.all : [])),
                    .text(column.meaning),
                ]
            }
    }
}
