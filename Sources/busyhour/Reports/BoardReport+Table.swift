// The board as people see it: a head line, the rows, the total, what is not shown.

import Terminal
import Wire

extension BoardReport {
    func lines(_ page: Page) -> [String] {
        var table = TextTable(answer.columns.map(Self.tableColumn))
        table.rows = (0..<rowCount).map { row in
            zip(answer.columns, columns).map { Self.tableCell($1[row], of: $0) }
        }
        if !total.isEmpty { table.totals = totalRows }
        let hint = "choose with --columns a,b, or see all with: busyhour board | less -S"
        return headLines + table.lines(page, hint: hint)
    }

    private var headLines: [String] {
        let start = Timestamp.short(micros: answer.windowStart)
        let end = Timestamp.short(micros: answer.windowEnd)
        let asOf = Timestamp.text(micros: answer.asOf)
        let shown =
            UInt64(rowCount) == answer.matched
            ? "" : ", \(Number.grouped(rowCount)) shown\(offset == 0 ? "" : " after the first \(Number.grouped(offset))")"
        let customers = answer.matched == 1 ? "customer" : "customers"
        return [
            VisibleText.clean("window \(answer.window)  \(start) to \(end)  as of \(asOf)"),
            "\(Number.grouped(answer.matched)) \(customers) matched\(shown)",
        ]
    }

    /// One row; where money is of several currencies, a further one for each of them.
    private var totalRows: [[TextTable.Cell]] {
        let currencies = Set(answer.totalMoney.map(\.currency)).sorted()
        let label = answer.columns.firstIndex { $0.name == "name" } ?? answer.columns.firstIndex { $0.kind == .text }
        func row(_ title: String, _ cell: (Int, Busyhour_V1_ResultColumn) -> TextTable.Cell) -> [TextTable.Cell] {
            answer.columns.enumerated().map { index, column in
                index == label ? TextTable.Cell(title) : cell(index, column)
            }
        }
        func amount(_ column: Busyhour_V1_ResultColumn, _ currency: String) -> TextTable.Cell {
            let total = totalMoney(column.name).first { $0.currency == currency }
            return TextTable.Cell(total.map { Money.text(micros: $0.micros, grouped: true) + " " + currency } ?? "")
        }
        let first = row("total") { index, column in
            if column.kind == .money { return currencies.count == 1 ? amount(column, currencies[0]) : "" }
            return total[index] == .null && column.kind != .number ? "" : Self.tableCell(total[index], of: column)
        }
        guard currencies.count > 1 else { return [first] }
        return [first]
            + currencies.map { currency in
                row("total \(currency)") { _, column in column.kind == .money ? amount(column, currency) : "" }
            }
    }

    private static func tableColumn(_ column: Busyhour_V1_ResultColumn) -> TextTable.Column {
        let unit = MetricUnit.of(column.name).map { " " + $0.rawValue } ?? ""
        switch column.kind {
        case .integer, .number, .money: return .init(column.name + unit, .right)
        default: return .init(column.name)
        }
    }

    private static func tableCell(_ cell: ResultCell, of column: Busyhour_V1_ResultColumn) -> TextTable.Cell {
        switch cell {
        case .null: return "-"
        case .integer(let value):
            return .init(column.name == "id" ? String(value) : Number.grouped(value))
        case .number(let value):
            let colour = MetricUnit.metric(of: column.name) == "asr" ? Colour.ofASR(value) : nil
            return .init(MetricUnit.text(value, of: column.name), colour: colour)
        case .money(let micros):
            let isLeft = column.name == "available" || column.name == "credit"
            return .init(Money.text(micros: micros, grouped: true), colour: isLeft ? Colour.ofCredit(micros: micros) : nil)
        case .text(let value): return .init(value)
        case .texts(let values): return .init(values.isEmpty ? "-" : values.joined(separator: ", "))
        case .time(let micros): return .init(Timestamp.short(micros: micros))
        case .boolean(let value): return .init(value ? "yes" : "no")
        }
    }
}
