// How the columns of a layout are displayed: widths, pins, formats. They are stored with the layout and apply to
// tables; CSV and JSON are for programs, which get values as is.

import ArgumentParser
import Terminal
import Wire

/// The options of `layout save`.
struct ColumnStyleOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Characters of columns: name=20,asr=8.", valueName: "column=n,..."))
    var width: String = ""

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Columns that stay where there is no room for all.", valueName: "a,b"))
    var pin: String = ""

    @Option(
        name: .customLong("column-format"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "How a column's values are written: 0, 0.00, #,##0, #,##0.0; of times date, time, datetime. May be repeated.",
            valueName: "column=format"))
    var formats: [String] = []

    func validate() throws { _ = try styles() }

    /// - Throws: `UsageError`.
    func styles() throws(UsageError) -> [Busyhour_V1_ColumnStyle] {
        var styles: [Busyhour_V1_ColumnStyle] = []
        func change(_ column: String, _ body: (inout Busyhour_V1_ColumnStyle) -> Void) {
            if !styles.contains(where: { $0.column == column }) {
                var style = Busyhour_V1_ColumnStyle()
                style.column = column
                styles.append(style)
            }
            for index in styles.indices where styles[index].column == column { body(&styles[index]) }
        }
        for part in NameList.parse(width) {
            let (column, text) = try Self.sides(
                part, "--width: '\(part)' is not column=characters; write name=20,asr=8")
            guard let width = UInt32(text), (1...Limits.columnWidth).contains(width) else {
                throw UsageError("--width: '\(text)' is not a number from 1 to \(Limits.columnWidth)")
            }
            change(column) { $0.width = width }
        }
        for column in ColumnList.parse(pin) { change(column) { $0.pinned = true } }
        for part in formats {
            let (column, format) = try Self.sides(part, "--column-format: '\(part)' is not column=format")
            guard CellFormat(format) != nil else {
                throw UsageError(
                    "--column-format: there is no format '\(format)'; write 0, 0.00, #,##0, #,##0.0, date, time or datetime"
                )
            }
            change(column) { $0.format = format }
        }
        return styles
    }

    private static func sides(_ part: String, _ fault: String) throws(UsageError) -> (String, String) {
        let sides = part.split(separator: "=", maxSplits: 1).map { String($0[...].trimming(while: { $0 == " " })) }
        guard sides.count == 2 else { throw UsageError(fault) }
        return (sides[0], sides[1])
    }
}

/// How values are written. Values of other types are left as is.
enum CellFormat: Equatable {
    case number(decimals: Int, isGrouped: Bool)
    case date
    case time
    case datetime

    init?(_ text: String) {
        switch text {
        case "date": self = .date
        case "time": self = .time
        case "datetime": self = .datetime
        default:
            let isGrouped = text.hasPrefix("#,##0")
            let rest = isGrouped ? text.dropFirst(4) : text[...]
            guard rest.first == "0" else { return nil }
            let decimals = rest.dropFirst()
            guard decimals.isEmpty || decimals.first == "." && (2...7).contains(decimals.count),
                decimals.dropFirst().allSatisfy({ $0 == "0" })
            else { return nil }
            self = .number(decimals: max(0, decimals.count - 1), isGrouped: isGrouped)
        }
    }

    /// Nil: it is not for such values.
    func text(_ cell: ResultCell, _ zone: DisplayZone) -> String? {
        switch (self, cell) {
        case (.number(let decimals, let isGrouped), .integer(let value)):
            let text = isGrouped ? Number.grouped(value) : String(value)
            return decimals == 0 ? text : text + "." + String(repeating: "0", count: decimals)
        case (.number(let decimals, let isGrouped), .number(let value)):
            return Self.plain(Number.fixed(value, decimals: decimals), isGrouped)
        case (.number(let decimals, let isGrouped), .money(let micros)):
            return Self.plain(Money.text(micros: micros, decimals: decimals), isGrouped)
        case (.date, .time(let micros)): return Timestamp.local(micros: micros, in: zone).date
        case (.time, .time(let micros)): return Timestamp.local(micros: micros, in: zone).time
        case (.datetime, .time(let micros)): return Timestamp.short(micros: micros, in: zone)
        default: return nil
        }
    }

    private static func plain(_ text: String, _ isGrouped: Bool) -> String {
        isGrouped ? text : text.replacing(",", with: "")
    }
}

/// The styles of a board, by the names of its columns.
struct ColumnStyles {
    private var styles: [String: Busyhour_V1_ColumnStyle] = [:]

    init(_ styles: [Busyhour_V1_ColumnStyle] = []) {
        // An expression is named by the text after `AS`.
        for style in styles { self.styles[style.column] = style }
    }

    func width(_ column: String) -> Int? { styles[column].flatMap { $0.width == 0 ? nil : Int($0.width) } }

    func isPinned(_ column: String) -> Bool { styles[column]?.pinned ?? false }

    /// As the column's format has it; nil: it has none, or not for such values.
    func text(_ cell: ResultCell, _ column: String, _ zone: DisplayZone) -> String? {
        styles[column].flatMap { CellFormat($0.format) }?.text(cell, zone)
    }
}
