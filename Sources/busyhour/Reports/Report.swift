// The output of a command, in the four formats.

import Terminal

/// The page that a table is laid out for.
struct Page: Sendable {
    /// Cells in a line; nil: no limit.
    var width: Int?
    /// Lines of the screen; nil: no limit.
    var height: Int?
    var colours = false
    /// Decimals of amounts of money; nil: as many as their currency has.
    var moneyDigits: Int?
    /// That times are shown in.
    var zone = DisplayZone.utc

    static let plain = Page()

    /// For people, to the second: `2026-03-04 05:06:07Z`.
    func time(_ micros: Int64) -> String { Timestamp.short(micros: micros, in: zone) }

    /// The same, or `-` for 0: it did not happen.
    func timeOrDash(_ micros: Int64) -> String { micros == 0 ? "-" : time(micros) }
}

protocol Report: Sendable {
    /// For people.
    func lines(_ page: Page) -> [String]
    /// The whole answer as one value.
    var json: JSONValue { get }
    /// For NDJSON: one value per line.
    var jsonRows: [JSONValue] { get }
    /// For CSV: the header and the rows.
    var csv: [[CSVText.Cell]] { get }
}

extension Report {
    var jsonRows: [JSONValue] { [json] }

    /// Of output that is not a table: names and values, one pair per line.
    var csv: [[CSVText.Cell]] { [[.text("name"), .text("value")]] + json.flattened(name: "") }

    /// All of it, each line ended.
    func text(
        as format: OutputFormat, page: Page = .plain, style: CSVStyle = .standard, visibleOnly: Bool = false
    ) -> String {
        let lines: [String] =
            switch format {
            case .table: lines(page)
            case .json: [json.text]
            case .ndjson: jsonRows.map(\.text)
            case .csv: csv.map { CSVText.line($0, style: style, visibleOnly: visibleOnly) }
            }
        return lines.map { $0 + "\n" }.joined()
    }

    /// - Parameters:
    ///   - moneyDigits: of tables, see `Page`.
    ///   - zone: of tables; nil: this machine's on a terminal, else UTC.
    func print(
        as format: OutputFormat, style: CSVStyle = .standard, moneyDigits: Int? = nil, zone: DisplayZone? = nil,
        on device: OutputDevice = .standardOutput
    ) throws {
        let page = Page(
            width: device.width, colours: device.colours, moneyDigits: moneyDigits,
            zone: zone ?? (device.isTerminal ? .local : .utc))
        if format == .csv && !device.isTerminal { try device.write(style.mark) }
        try device.write(text(as: format, page: page, style: style, visibleOnly: device.isTerminal))
    }
}

extension JSONValue {
    /// Names joined by dots (elements of arrays by their number) with the values of the leaves.
    fileprivate func flattened(name: String) -> [[CSVText.Cell]] {
        func inner(_ key: String) -> String { name.isEmpty ? key : name + "." + key }
        switch self {
        case .object(let members): return members.flatMap { $0.value.flattened(name: inner($0.key)) }
        case .array(let values):
            return values.enumerated().flatMap { $1.flattened(name: inner(String($0))) }
        case .null: return [[.text(name), .empty]]
        case .text(let text): return [[.text(name), .text(text)]]
        case .bool, .integer, .unsigned, .number: return [[.text(name), .number(text)]]
        }
    }

    /// A time, or null for 0: it did not happen.
    static func time(_ micros: Int64) -> JSONValue { micros == 0 ? .null : .text(Timestamp.text(micros: micros)) }

    static func money(_ micros: Int64) -> JSONValue { .text(Money.text(micros: micros)) }

    /// Counts by name, in the order of the names.
    static func counts(_ counts: [String: UInt64]) -> JSONValue {
        .object(counts.sorted { $0.key < $1.key }.map { Member($0.key, .unsigned($0.value)) })
    }
}

extension TextTable {
    /// Aligns the amounts of a column at their points.
    mutating func alignAmounts(column: Int) {
        let texts = Money.aligned((rows + totals).map { column < $0.count ? $0[column].text : "" })
        for (row, text) in texts.prefix(rows.count).enumerated() where column < rows[row].count {
            rows[row][column].text = text
        }
        for (row, text) in texts.dropFirst(rows.count).enumerated() where column < totals[row].count {
            totals[row][column].text = text
        }
    }

    /// The lines of the table, and a last one that states what was left out.
    func lines(_ page: Page, hint: String) -> [String] {
        let rendering = render(width: page.width, colours: page.colours)
        guard rendering.hiddenColumns > 0 else { return rendering.lines }
        let noun = rendering.hiddenColumns == 1 ? "column does" : "columns do"
        return rendering.lines + ["\(rendering.hiddenColumns) more \(noun) not fit; \(hint)"]
    }
}
