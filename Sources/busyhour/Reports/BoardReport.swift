// The board's answer: rows of cells with the total of all customers that matched. If grouped, the rows are a tree
// written out from the top; if pivoted, columns occur once for all customers and once for each value of the pivot's
// field.

import Terminal
import Wire

struct BoardReport: Report {
    let answer: Busyhour_V1_BoardResponse
    /// Offset of the request.
    let offset: UInt64
    /// The cells by column, then row; the total's by column.
    let columns: [[ResultCell]]
    let total: [ResultCell]
    /// Amounts of the cells of several currencies.
    let money: MoneyTable
    let totalMoney: MoneyTable
    /// Styles of its layout, for tables.
    let styles: ColumnStyles
    /// The currency of each row's money; nil: not known.
    let currencies: [String?]

    let rowCount: Int
    /// Number of leading columns that the rows are grouped by; 0: none.
    var groupColumns: Int { Int(answer.groupColumns) }
    var isPivoted: Bool { answer.columns.contains { $0.pivoted } }

    /// - Parameter hidesCurrency: the last column is each customer's currency, and not to be shown.
    /// - Throws: `Refusal` if the columns do not fit together.
    init(
        _ answer: Busyhour_V1_BoardResponse, offset: UInt64, styles: ColumnStyles = ColumnStyles(),
        hidesCurrency: Bool = false
    ) throws {
        self.styles = styles
        self.offset = offset
        var columns = try answer.columns.map { try $0.cells() }
        let totals = try answer.total.map { try $0.cells() }
        let rowCount = columns.first?.count ?? 0
        self.rowCount = rowCount
        guard columns.allSatisfy({ $0.count == rowCount }), totals.allSatisfy({ $0.count == 1 }),
            answer.total.isEmpty || answer.total.map(\.name) == answer.columns.map(\.name)
        else {
            throw Refusal("the answer's columns differ in length; is the server of another version?")
        }
        guard answer.groupColumns <= columns.count, answer.depths.count == (answer.groupColumns == 0 ? 0 : rowCount),
            answer.depths.allSatisfy({ (1...answer.groupColumns).contains($0) })
        else { throw Refusal("the answer's levels are malformed; is the server of another version?") }
        currencies = Self.currencies(answer, columns)
        let isHidden = hidesCurrency && answer.columns.last?.name == "currency"
        self.answer = isHidden ? answer.withoutLastColumn : answer
        total = totals.prefix(self.answer.columns.count).map { $0[0] }
        if isHidden { columns.removeLast() }
        self.columns = columns
        money = try MoneyTable(answer.groupMoney, rows: rowCount, columns: answer.columns.count)
        totalMoney = try MoneyTable(answer.totalMoney, rows: nil, columns: answer.columns.count)
    }

    /// The currency of a group, if the rows are grouped by it down to this level.
    private static func currencies(_ answer: Busyhour_V1_BoardResponse, _ columns: [[ResultCell]]) -> [String?] {
        guard let place = answer.columns.lastIndex(where: { $0.name == "currency" && $0.kind == .text }) else {
            return Array(repeating: nil, count: columns.first?.count ?? 0)
        }
        return columns[place].map { if case .text(let currency) = $0 { currency } else { nil } }
    }

    /// 1 for the outermost group; 0 when not grouped.
    func level(_ row: Int) -> Int { groupColumns == 0 ? 0 : Int(answer.depths[row]) }
}

extension Busyhour_V1_BoardResponse {
    fileprivate var withoutLastColumn: Self {
        var answer = self
        answer.columns.removeLast()
        if !answer.total.isEmpty { answer.total.removeLast() }
        return answer
    }
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

extension BoardReport {
    var json: JSONValue {
        let head: [JSONValue.Member] =
            [
                .init("as_of", .text(Timestamp.text(micros: answer.asOf))), .init("window", .text(answer.window)),
                .init("window_start", .text(Timestamp.text(micros: answer.windowStart))),
                .init("window_end", .text(Timestamp.text(micros: answer.windowEnd))),
                .init("coverage_from", answer.coverageFrom == 0 ? .null : .time(answer.coverageFrom)),
                .init("matched", .unsigned(answer.matched)),
            ] + (answer.notice.isEmpty ? [] : [.init("notice", .text(answer.notice))])
        let groups: [JSONValue.Member] = groupColumns == 0 ? [] : [.init("groups", .unsigned(answer.groups))]
        return .object(head + groups + [.init("rows", .array(jsonRows)), .init("total", jsonTotal)])
    }

    var jsonRows: [JSONValue] {
        (0..<rowCount).map { row in
            let cell = { (column: Int) in self.money[row, column]?.json ?? self.columns[column][row].json }
            let level: [JSONValue.Member] =
                groupColumns == 0 ? [] : [.init("level", .integer(Int64(self.level(row))))]
            return .object(
                Self.members(answer.columns, 0..<groupColumns, cell) + level
                    + valueMembers(answer.columns, cell))
        }
    }

    /// The totals by column; money as an object by currency.
    private var jsonTotal: JSONValue {
        let cell = { (column: Int) -> JSONValue in
            let isAmount = self.answer.total[column].kind == .money && self.total[column] == .null
            return self.totalMoney[0, column]?.json ?? (isAmount ? .object([]) : self.total[column].json)
        }
        return .object(
            Self.members(answer.total, 0..<min(groupColumns, total.count), cell) + valueMembers(answer.total, cell))
    }

    /// The value columns of all customers, and an object of those of each pivot value.
    private func valueMembers(
        _ columns: [Busyhour_V1_ResultColumn], _ cell: (Int) -> JSONValue
    ) -> [JSONValue.Member] {
        let values = columns.indices.dropFirst(groupColumns)
        let plain = Self.members(columns, values.filter { !columns[$0].pivoted }, cell)
        guard isPivoted else { return plain }
        var pivots: [(value: String, columns: [Int])] = []
        for column in values where columns[column].pivoted {
            if let known = pivots.firstIndex(where: { $0.value == columns[column].pivot }) {
                pivots[known].columns.append(column)
            } else {
                pivots.append((columns[column].pivot, [column]))
            }
        }
        let objects = pivots.map { JSONValue.Member($0.value, .object(Self.members(columns, $0.columns, cell))) }
        return plain + [.init("pivot", .object(objects))]
    }

    private static func members(
        _ columns: [Busyhour_V1_ResultColumn], _ indices: some Sequence<Int>, _ cell: (Int) -> JSONValue
    ) -> [JSONValue.Member] {
        JSONValue.nested(indices.map { .init(columns[$0].name, cell($0)) })
    }
}

// ---- CSV ------------------------------------------------------------------------------------------------------------

extension BoardReport {
    /// Grouped rows have their level after the group columns; a pivoted column is `name[value]`.
    var csv: [[CSVText.Cell]] {
        var header = answer.columns.map { CSVText.Cell.text($0.pivoted ? "\($0.name)[\($0.pivot)]" : $0.name) }
        if groupColumns > 0 { header.insert(.text("level"), at: groupColumns) }
        return [header]
            + (0..<rowCount).map { row in
                var cells = columns.indices.map { money[row, $0]?.csv ?? columns[$0][row].csv }
                if groupColumns > 0 { cells.insert(.number(String(level(row))), at: groupColumns) }
                return cells
            }
    }
}
