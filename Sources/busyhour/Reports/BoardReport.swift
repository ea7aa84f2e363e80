// The board's answer: rows of cells with the total of all that matched.

import Terminal
import Wire

struct BoardReport: Report {
    var answer: Busyhour_V1_BoardResponse
    var offset: UInt64
    /// The cells by column, then row; the total's by column.
    private(set) var columns: [[ResultCell]]
    private(set) var total: [ResultCell]

    var names: [String] { answer.columns.map(\.name) }
    var rowCount: Int { columns.first?.count ?? 0 }

    /// - Parameter offset: of the request.
    /// - Throws: `Refusal` where the columns do not fit together.
    init(_ answer: Busyhour_V1_BoardResponse, offset: UInt64) throws {
        self.answer = answer
        self.offset = offset
        let columns = try answer.columns.map { try $0.cells() }
        let totals = try answer.total.map { try $0.cells() }
        let rowCount = columns.first?.count ?? 0
        guard columns.allSatisfy({ $0.count == rowCount }), totals.allSatisfy({ $0.count == 1 }),
            answer.total.isEmpty || answer.total.map(\.name) == answer.columns.map(\.name)
        else {
            throw Refusal("the answer's columns differ in length; is the server of another version?")
        }
        self.columns = columns
        total = totals.map { $0[0] }
    }

    /// The amounts of a column's total, by currency.
    func totalMoney(_ column: String) -> [(currency: String, micros: Int64)] {
        answer.totalMoney.filter { $0.column == column }.map { ($0.currency, $0.micros) }.sorted {
            $0.currency < $1.currency
        }
    }
}

extension BoardReport {
    var json: JSONValue {
        .object([
            .init("as_of", .text(Timestamp.text(micros: answer.asOf))), .init("window", .text(answer.window)),
            .init("window_start", .text(Timestamp.text(micros: answer.windowStart))),
            .init("window_end", .text(Timestamp.text(micros: answer.windowEnd))),
            .init("matched", .unsigned(answer.matched)), .init("rows", .array(jsonRows)), .init("total", jsonTotal),
        ])
    }

    var jsonRows: [JSONValue] {
        (0..<rowCount).map { row in
            .nested(zip(names, columns).map { name, cells in .init(name, cells[row].json) })
        }
    }

    /// The totals by column; money as an object by currency.
    private var jsonTotal: JSONValue {
        .nested(
            zip(answer.columns, total).map { column, cell in
                guard column.kind == .money else { return .init(column.name, cell.json) }
                let amounts = totalMoney(column.name)
                return .init(column.name, .object(amounts.map { .init($0.currency, .money($0.micros)) }))
            })
    }

    var csv: [[CSVText.Cell]] {
        [names.map(CSVText.Cell.text)] + (0..<rowCount).map { row in columns.map { $0[row].csv } }
    }
}
