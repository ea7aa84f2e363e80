// The board as a table: a head line, the rows, the total, the number of rows not shown.
//
// If grouped, the group columns are one column: each row shows its own value, indented by its level.
// A cell of several currencies takes one line per currency.

import CallEvents
import Terminal
import Wire

extension BoardReport {
    func lines(_ page: Page) -> [String] {
        let head = headLines(page)
        var table = table(page)
        let hidden = page.height.map { table.removeRows(beyond: $0 - head.count - 2) } ?? 0
        let note = hidden == 0 ? [] : ["\(Self.counted(UInt64(hidden), "more line")) not shown"]
        return head
            + table.lines(page, hint: "choose with --columns a,b or see all by | less -S") + note
    }

    /// Columns of the answer that are shown as such.
    private var shownColumns: Range<Int> { groupColumns..<answer.columns.count }

    private func headLines(_ page: Page) -> [String] {
        // Before, no server listened, or one crashed: the window has less than there was.
        let coverage = answer.coverageFrom == 0 ? "" : "  whole from \(page.time(answer.coverageFrom))"
        let notice = answer.notice.isEmpty ? [] : [VisibleText.clean("NOTE: " + answer.notice)]
        return notice + [
            VisibleText.clean("window " + windowText(page) + coverage),
            "\(Self.counted(answer.matched, "customer")) matched" + (groupColumns > 0 ? groupsFound : rowsShown),
        ]
    }

    /// `15m  2026-03-04 04:51:15 to 05:06:07Z`, and the time of the answer where that is another than the window's end.
    func windowText(_ page: Page) -> String {
        let span = Timestamp.span(from: answer.windowStart, to: answer.windowEnd, in: page.zone)
        let (asOf, end) = (page.time(answer.asOf), page.time(answer.windowEnd))
        return "\(answer.window)  \(span)" + (asOf == end ? "" : "  as of \(asOf)")
    }

    private var rowsShown: String {
        // A pivot without groups has one row for all customers.
        isPivoted ? "" : Self.shown(UInt64(rowCount), of: answer.matched, after: offset)
    }

    private var groupsFound: String {
        let first = UInt64(answer.depths.count { $0 == 1 })
        return " in " + Self.counted(answer.groups, "group") + Self.shown(first, of: answer.groups, after: offset)
    }

    private static func shown(_ count: UInt64, of total: UInt64, after offset: UInt64) -> String {
        if count == total { return "" }
        return ", \(Number.grouped(count)) shown" + (offset == 0 ? "" : " after the first \(Number.grouped(offset))")
    }

    private static func counted(_ count: UInt64, _ noun: String) -> String {
        Number.grouped(count) + " " + noun + (count == 1 ? "" : "s")
    }

    private func table(_ page: Page) -> TextTable {
        var columns = shownColumns.map(tableColumn)
        if groupColumns > 0 {
            columns.insert(.init(answer.columns[..<groupColumns].map(\.name).joined(separator: " / ")), at: 0)
        }
        var table = TextTable(columns)
        table.rows = (0..<rowCount).flatMap { tableRows($0, page) }
        // If a pivot without groups has a row, it is the total.
        if !total.isEmpty && (groupColumns > 0 || !isPivoted || rowCount == 0) { table.totals = totalRows(page) }
        for (place, column) in shownColumns.enumerated() where answer.columns[column].kind == .money {
            table.alignAmounts(column: groupColumns > 0 ? place + 1 : place)
        }
        return table
    }

    private func tableColumn(_ index: Int) -> TextTable.Column {
        let column = answer.columns[index]
        let unit = MetricUnit.of(column.name).map { " " + $0.rawValue } ?? ""
        let heading = isPivoted ? (column.pivoted ? Self.shownValue(column.pivot) : "all") : nil
        let isNumber = [.integer, .number, .money].contains(column.kind)
        return .init(
            column.name + (isNumber ? unit : ""), isNumber ? .right : .left, heading: heading,
            width: styles.width(column.name), isPinned: styles.isPinned(column.name))
    }

    /// A group's value; an empty one gets a visible text.
    private static func shownValue(_ text: String) -> String { text.isEmpty ? "(none)" : text }

    // ---- rows -----------------------------------------------------------------------------------------------

    /// The row, and one more for each further currency of its money.
    private func tableRows(_ row: Int, _ page: Page) -> [[TextTable.Cell]] {
        let amounts = shownColumns.map { money[row, $0]?.amounts ?? [] }
        let lineCount = max(1, amounts.map(\.count).max() ?? 0)
        return (0..<lineCount).map { line in
            let cells = zip(shownColumns, amounts).map { column, amounts -> TextTable.Cell in
                if line < amounts.count {
                    let name = answer.columns[column].name
                    let (currency, micros) = amounts[line]
                    let text = moneyText(micros, name, page.moneyDigits ?? CurrencyCode.decimals(currency))
                    return .init(text + " " + currency, colour: Self.moneyColour(micros, name))
                }
                guard line == 0 else { return "" }
                let digits = page.moneyDigits ?? digits(currency: currencies[row], column)
                return tableCell(columns[column][row], of: answer.columns[column], digits, page.zone)
            }
            return groupColumns == 0 ? cells : [line == 0 ? title(row, page) : ""] + cells
        }
    }

    /// The row's own value of the columns that it is grouped by.
    private func title(_ row: Int, _ page: Page) -> TextTable.Cell {
        let level = level(row)
        let cell = columns[level - 1][row]
        let text = cell == .null ? "(none)" : tableCell(cell, of: answer.columns[level - 1], 2, page.zone).text
        return .init(
            String(repeating: "  ", count: level - 1) + Self.shownValue(text),
            colour: level < groupColumns ? .bold : nil)
    }

    /// - Parameter digits: decimals of money.
    private func tableCell(
        _ cell: ResultCell, of column: Busyhour_V1_ResultColumn, _ digits: Int, _ zone: DisplayZone
    ) -> TextTable.Cell {
        var shown = Self.standardCell(cell, of: column, digits, zone)
        if let text = styles.text(cell, column.name, zone) { shown.text = text }
        return shown
    }

    private static func standardCell(
        _ cell: ResultCell, of column: Busyhour_V1_ResultColumn, _ digits: Int, _ zone: DisplayZone
    ) -> TextTable.Cell {
        switch cell {
        case .null: return "-"
        case .integer(let value):
            return .init(column.name == "id" ? String(value) : Number.grouped(value))
        case .number(let value):
            let colour = MetricUnit.metric(of: column.name) == "asr" ? Colour.ofASR(value) : nil
            return .init(MetricUnit.text(value, of: column.name), colour: colour)
        case .money(let micros):
            return .init(Money.text(micros: micros, decimals: digits), colour: moneyColour(micros, column.name))
        case .text(let value): return .init(value)
        case .texts(let values): return .init(values.isEmpty ? "-" : values.joined(separator: ", "))
        case .time(let micros): return .init(Timestamp.short(micros: micros, in: zone))
        case .boolean(let value): return .init(value ? "yes" : "no")
        }
    }

    private func moneyText(_ micros: Int64, _ column: String, _ digits: Int) -> String {
        styles.text(.money(micros), column, .utc) ?? Money.text(micros: micros, decimals: digits)
    }

    /// Decimals of an amount: those of its currency; if that is not known, the most in the column.
    private func digits(currency: String?, _ column: Int) -> Int {
        if let currency { return CurrencyCode.decimals(currency) }
        return totalMoney[0, column]?.currencies.map(CurrencyCode.decimals).max() ?? 2
    }

    private static func moneyColour(_ micros: Int64, _ column: String) -> Colour? {
        column == "available" || column == "credit" ? Colour.ofCredit(micros: micros) : nil
    }

    // ---- the total ------------------------------------------------------------------------------------------

    /// One row; if money is in several currencies, a further one for each of them. The currency is in the row's
    /// title, or after each amount if no column has room for a title.
    private func totalRows(_ page: Page) -> [[TextTable.Cell]] {
        let currencies = totalMoney.currencies
        if let currency = currencies.first, currencies.count == 1 {
            return [totalRow("total \(currency)", currency: currency, hasMetrics: true, page)]
        }
        return [totalRow("total", currency: nil, hasMetrics: true, page)]
            + currencies.map { totalRow("total \($0)", currency: $0, hasMetrics: false, page) }
    }

    private func totalRow(
        _ title: String, currency: String?, hasMetrics: Bool, _ page: Page
    ) -> [TextTable.Cell] {
        let titleColumn =
            answer.columns.firstIndex { $0.name == "name" } ?? answer.columns.firstIndex { $0.kind == .text }
        let cells = shownColumns.map { index -> TextTable.Cell in
            let column = answer.columns[index]
            if groupColumns == 0 && index == titleColumn { return .init(title) }
            if column.kind == .money && total[index] == .null {
                guard let currency, let micros = totalMoney[0, index]?.micros(in: currency) else { return "" }
                let text = moneyText(micros, column.name, page.moneyDigits ?? CurrencyCode.decimals(currency))
                return .init(groupColumns == 0 && titleColumn == nil ? text + " " + currency : text)
            }
            // Fields that are not metrics have no total.
            guard hasMetrics, total[index] != .null || column.kind == .number else { return "" }
            return tableCell(total[index], of: column, page.moneyDigits ?? digits(currency: nil, index), page.zone)
        }
        return groupColumns == 0 ? cells : [.init(title)] + cells
    }
}
