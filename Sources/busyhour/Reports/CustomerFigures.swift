// The figures of one customer, as its page shows them.

import CallEvents
import Terminal
import Wire

struct CustomerFigures {
    /// Of this customer alone; nil, or without a row: there are none.
    var board: BoardReport?
    var customer: Busyhour_V1_Customer

    /// What is asked of the board.
    static let columns = [
        "active", "cps", "cps_peak", "bids", "attempts", "answered", "failed", "asr", "asr_n", "ner", "abr", "acd",
        "pdd",
        "pdd_p95", "short_ratio", "talk", "cost", "causes",
    ]

    /// Names and values; the classes of outcomes that there are in one.
    func facts(_ page: Page) -> [(String, String)] {
        guard let board, board.rowCount == 1 else { return [] }
        var facts = [("window", board.windowText(page))]
        var causes: [String] = []
        for (column, cells) in zip(board.answer.columns, board.columns) {
            let name = column.name
            guard name.hasPrefix("causes.") else {
                facts.append((name, text(cells[0], name, page)))
                continue
            }
            if case .integer(let count) = cells[0], count != 0 {
                causes.append("\(name.dropFirst("causes.".count)) \(Number.grouped(count))")
            }
        }
        facts.append(("causes", causes.joined(separator: ", ")))
        return facts
    }

    private func text(_ cell: ResultCell, _ name: String, _ page: Page) -> String {
        let unit = MetricUnit.of(name).map { " " + $0.rawValue } ?? ""
        switch cell {
        case .integer(let value):
            let limit = name == "active" ? customer.channels : name == "cps" ? customer.flowSpeed : 0
            return Number.grouped(value) + unit + (limit == 0 ? "" : " of \(Number.grouped(limit))")
        case .number(let value): return MetricUnit.text(value, of: name) + unit
        case .money(let micros):
            let digits = page.moneyDigits ?? CurrencyCode.decimals(customer.currency)
            return Money.text(micros: micros, decimals: digits) + " " + customer.currency
        default: return ""
        }
    }

    /// The window and the figures by name; null: there are none.
    var json: JSONValue {
        guard let board, board.rowCount == 1 else { return .null }
        let answer = board.answer
        return .object(
            [
                .init("as_of", .time(answer.asOf)), .init("window", .text(answer.window)),
                .init("window_start", .time(answer.windowStart)), .init("window_end", .time(answer.windowEnd)),
            ] + JSONValue.nested(zip(answer.columns, board.columns).map { .init($0.name, $1[0].json) }))
    }
}
