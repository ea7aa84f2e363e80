@testable import Board

extension SQLiteValue {
    /// Whether both are the same: numbers up to what adding them up in another order changes.
    func agrees(with other: SQLiteValue) -> Bool {
        guard let left = number, let right = other.number else { return self == other }
        if case .integer(let left) = self, case .integer(let right) = other { return left == right }
        return abs(left - right) <= 1e-9 * max(1, abs(left), abs(right))
    }

    private var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .null, .text: nil
        }
    }
}

/// An answer of customers against SQLite's.
struct CustomerComparison {
    private let sample: SampleQuery
    private let board: SampleBoard

    init(_ sample: SampleQuery, _ board: SampleBoard) {
        self.sample = sample
        self.board = board
    }

    func differences(_ answer: BoardAnswer) throws -> [String] {
        let values = sample.outputs.map(\.sql).joined(separator: ", ")
        let order = (sample.orderSQL + ["id"]).joined(separator: ", ")
        let sql =
            "SELECT \(values) FROM board WHERE \(sample.sqlCondition) ORDER BY \(order) "
            + "LIMIT \(sample.query.limit) OFFSET \(sample.query.offset)"
        let rows = try board.database.rows(sql)
        let matched = try board.database.rows("SELECT COUNT(*) FROM board WHERE \(sample.sqlCondition)")[0][0]
        var differences: [String] = []
        if .integer(Int64(answer.matched)) != matched {
            differences.append("matched \(answer.matched), SQLite \(matched)")
        }
        for (index, column) in answer.columns.enumerated() {
            guard column.rowCount == rows.count else {
                differences.append("\(column.name): \(column.rowCount) rows, SQLite \(rows.count)")
                continue
            }
            for row in rows.indices where !column.value(row).agrees(with: rows[row][index]) {
                differences.append("row \(row), \(column.name): \(column.value(row)), SQLite \(rows[row][index])")
            }
        }
        return differences + (try totals(answer))
    }

    private func totals(_ answer: BoardAnswer) throws -> [String] {
        var differences: [String] = []
        for (index, output) in sample.outputs.enumerated() where !output.hasUnknownTotal {
            let column = answer.total[index]
            guard output.kind == .money else {
                let expected = try output.totalSQL.map { sql in
                    try board.database.rows("SELECT \(sql) FROM board WHERE \(sample.sqlCondition)")[0][0]
                }
                if !column.value(0).agrees(with: expected ?? .null) {
                    differences.append("total \(column.name): \(column.value(0)), SQLite \(expected ?? .null)")
                }
                continue
            }
            let expected = try board.database.rows(
                "SELECT currency, \(output.totalSQL ?? "NULL") FROM board WHERE \(sample.sqlCondition) "
                    + "GROUP BY currency ORDER BY currency")
            let amounts = answer.totalMoney.filter { $0.columnIndex == index }
            let found = amounts.map { [SQLiteValue.text($0.currency), .integer($0.micros)] }
            if found != expected { differences.append("total \(column.name): \(found), SQLite \(expected)") }
        }
        return differences
    }
}
