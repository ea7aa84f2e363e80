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
            ? ""
            : ", \(Number.grouped(rowCount)) shown\(offset == 0 ? "" : " after the first \(Number.grouped(offset))")"
        let customers = answer.matched == 1 ? "customer" : "customers"
        return [
            VisibleText.clean("window \(answer.window)  \(start) to \(end)  as of \(asOf)"),
            "\(Number.grouped(answer.matched)) \(customers) matched\(shown)",
        ]
    }

    /// One row; where money is of several currencies, a further one for each of them. The currency stands in the row's
    /// title, or behind each amount where no column has room for a title.
    private var totalRows: [[TextTable.Cell]] {
        let currencies = Set(answer.totalMoney.map(\.currency)).sorted()
        if let currency = currencies.first, currencies.count == 1 {
            return [totalRow("total \(currency)", currency: currency, hasMetrics: true)]
        }
        return [totalRow("total", currency: nil, hasMetrics: true)]
            + currencies.map { totalRow("total \($0)", currency: $0, hasMetrics: false) }
    }

    private func totalRow(_ title: String, currency: String?, hasMetrics: Bool) -> [TextTable.Cell] {
        let titleColumn = names.firstIndex(of: "name") ?? answer.columns.firstIndex { $0.kind == .text }
        return answer.columns.enumerated().map { index, column in
            if index == titleColumn { return .init(title) }
            if column.kind == .money {
                guard let amount = totalMoney(column.name).first(where: { $0.currency == currency }) else { return "" }
                let text = Money.text(micros: amount.micros, grouped: true)
                return .init(titleColumn == nil ? text + " " + amount.currency : text)
            }
            // Of the fields that are no metrics there is no total.
            guard hasMetrics, total[index] != .null || column.kind == .number else { return "" }
            return Self.tableCell(total[index], of: column)
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
            return .init(
                Money.text(micros: micros, grouped: true), colour: isLeft ? Colour.ofCredit(micros: micros) : nil)
        case .text(let value): return .init(value)
        case .texts(let values): return .init(values.isEmpty ? "-" : values.joined(separator: ", "))
        case .time(let micros): return .init(Timestamp.short(micros: micros))
        case .boolean(let value): return .init(value ? "yes" : "no")
        }
    }
}
