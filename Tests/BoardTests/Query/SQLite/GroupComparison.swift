// An answer of groups against SQLite's: a statement a level (and a value of the pivot), put in order here.

@testable import Board

struct GroupComparison {
    private let sample: SampleQuery
    private let board: SampleBoard

    /// What SQLite says of a group.
    private struct Group {
        var keys: [SQLiteValue]
        var cells: [SQLiteValue]
        /// Of the money columns, by their position among the outputs: amounts by currency.
        var money: [Int: [String: Int64]] = [:]
        var currencies: Set<String> = []
    }

    /// The groups of a level by their keys.
    private typealias Level = [[SQLiteValue]: Group]

    init(_ sample: SampleQuery, _ board: SampleBoard) {
        self.sample = sample
        self.board = board
    }

    func differences(_ answer: BoardAnswer) throws -> [String] {
        let depth = sample.groupSQL.count
        var conditions = [sample.sqlCondition]
        var pivots: [String?] = [nil]
        if let pivot = sample.pivotSQL {
            let values = try board.database.rows(
                "SELECT DISTINCT \(pivot) FROM board WHERE \(sample.sqlCondition) ORDER BY \(pivot) NULLS LAST")
            for value in values.map({ $0[0] }) {
                conditions.append("\(sample.sqlCondition) AND \(pivot) IS \(literal(value))")
                pivots.append(shown(value, isBoolean: pivot == "portal_access"))
            }
        }
        // By slot (all, then each value of the pivot) and level.
        let slots = try conditions.map { condition in try (0...depth).map { try level($0, where: condition) } }
        let empty = try level(0, where: "0")[[]]
        var differences: [String] = []
        let order = depth == 0 ? [] : rows(slots[0])
        differences += compareShape(answer, order, slots[0])
        guard differences.isEmpty else { return differences }
        for level in 0..<depth {
            for (row, keys) in order.enumerated() {
                let expected = level < keys.count ? keys[level] : .null
                differences += compare(answer.columns[level].value(row), expected, "row \(row), group \(level + 1)")
            }
        }
        var index = depth
        for (slot, pivot) in pivots.enumerated() {
            for output in sample.outputs.indices {
                let groups = order.map { keys in
                    slots[slot][keys.count][keys] ?? empty
                }
                differences += compare(answer, index, output, pivot, groups, total: slots[slot][0][[]] ?? empty)
                index += 1
            }
        }
        return differences
    }

    // MARK: What SQLite says

    private func level(_ level: Int, where condition: String) throws -> Level {
        let keys = sample.groupSQL.prefix(level)
        let grouping = level == 0 ? "" : " GROUP BY " + keys.joined(separator: ", ")
        let values = sample.outputs.map { $0.kind == .money ? "NULL" : $0.sql }
        var result: Level = [:]
        let select = "SELECT " + (Array(keys) + values).joined(separator: ", ")
        for row in try board.database.rows("\(select) FROM board WHERE \(condition)\(grouping)") {
            let keys = Array(row.prefix(level))
            result[keys] = Group(keys: keys, cells: Array(row.dropFirst(level)))
        }
        let money = sample.outputs.indices.filter { sample.outputs[$0].kind == .money }
        let columns = Array(keys) + ["currency"] + money.map { sample.outputs[$0].sql }
        let byCurrency = " GROUP BY " + (Array(keys) + ["currency"]).joined(separator: ", ")
        for row in try board.database.rows(
            "SELECT \(columns.joined(separator: ", ")) FROM board WHERE \(condition)\(byCurrency)")
        {
            let key = Array(row.prefix(level))
            guard case .text(let currency) = row[level] else { continue }
            result[key]?.currencies.insert(currency)
            for (position, output) in money.enumerated() {
                guard case .integer(let micros) = row[level + 1 + position] else { continue }
                result[key]?.money[output, default: [:]][currency] = micros
            }
        }
        // The cell of a group whose customers have one currency.
        for (key, group) in result {
            guard group.currencies.count == 1, let currency = group.currencies.first else { continue }
            for output in money {
                guard let micros = group.money[output]?[currency] else { continue }
                result[key]?.cells[output] = .integer(micros)
            }
        }
        return result
    }

    private func literal(_ value: SQLiteValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let text): "'\(text)'"
        }
    }

    private func shown(_ value: SQLiteValue, isBoolean: Bool) -> String {
        switch value {
        case .null: ""
        case .integer(let value): isBoolean ? (value == 1 ? "true" : "false") : "\(value)"
        case .real(let value): "\(value)"
        case .text(let text): text
        }
    }

    // MARK: Order

    /// The keys of the rows of the answer, in its order.
    private func rows(_ levels: [Level]) -> [[SQLiteValue]] {
        let depth = sample.groupSQL.count
        let families = levels.dropFirst().map { level in
            Dictionary(grouping: level.values) { Array($0.keys.dropLast()) }
        }
        func children(_ parent: [SQLiteValue]) -> [[SQLiteValue]] {
            let siblings = families[parent.count][parent] ?? []
            return siblings.sorted { isBefore($0, $1, level: parent.count + 1) }.map(\.keys)
        }
        func tree(_ keys: [SQLiteValue]) -> [[SQLiteValue]] {
            [keys] + (keys.count < depth ? children(keys).flatMap(tree) : [])
        }
        return children([]).dropFirst(sample.query.offset).prefix(sample.query.limit).flatMap(tree)
    }

    private func isBefore(_ left: Group, _ right: Group, level: Int) -> Bool {
        for key in sample.sortKeys {
            let isGroup = key.position < sample.groupSQL.count
            if isGroup && key.position != level - 1 { continue }
            let output = key.position - sample.groupSQL.count
            let (a, b) =
                isGroup ? (left.keys[level - 1], right.keys[level - 1]) : (left.cells[output], right.cells[output])
            if let isBefore = a.isBefore(b, descending: key.descending) { return isBefore }
        }
        return left.keys[level - 1].isBefore(right.keys[level - 1], descending: false) ?? false
    }

    // MARK: Comparing

    private func compareShape(_ answer: BoardAnswer, _ order: [[SQLiteValue]], _ levels: [Level]) -> [String] {
        var differences: [String] = []
        let depths = order.map { UInt8($0.count) }
        if answer.depths != depths { differences.append("depths \(answer.depths), SQLite \(depths)") }
        let groups = levels.count > 1 ? levels[1].count : 0
        if answer.groups != groups { differences.append("groups \(answer.groups), SQLite \(groups)") }
        if answer.groupColumns != sample.groupSQL.count { differences.append("group columns \(answer.groupColumns)") }
        return differences
    }

    private func compare(
        _ answer: BoardAnswer, _ index: Int, _ output: Int, _ pivot: String?, _ groups: [Group?], total: Group?
    ) -> [String] {
        guard answer.columns.indices.contains(index), answer.total.indices.contains(index) else {
            return ["\(answer.columns.count) columns and \(answer.total.count) totals, SQLite has more"]
        }
        let column = answer.columns[index]
        var differences: [String] = []
        let name = "\(column.name) [\(pivot ?? "all")]"
        if column.pivot != pivot { differences.append("\(name) is of \(column.pivot ?? "all")") }
        for (row, group) in groups.enumerated() {
            differences += compare(column.value(row), group?.cells[output] ?? .null, "row \(row), \(name)")
        }
        differences += compare(answer.total[index].value(0), total?.cells[output] ?? .null, "total \(name)")
        guard sample.outputs[output].kind == .money else { return differences }
        let byRow = Dictionary(grouping: answer.groupMoney.filter { $0.columnIndex == index }, by: \.row)
        for (row, group) in groups.enumerated() {
            let mixed = group.map { $0.currencies.count > 1 ? $0.money[output] ?? [:] : [:] } ?? [:]
            let amounts = Dictionary((byRow[row] ?? []).map { ($0.currency, $0.micros) }) { _, last in last }
            if amounts != mixed { differences.append("row \(row), \(name): \(amounts), SQLite \(mixed)") }
        }
        let found = answer.totalMoney.filter { $0.columnIndex == index }
        let amounts = Dictionary(found.map { ($0.currency, $0.micros) }) { _, last in last }
        if amounts != total?.money[output] ?? [:] {
            differences.append("total \(name): \(amounts), SQLite \(total?.money[output] ?? [:])")
        }
        return differences
    }

    private func compare(_ value: SQLiteValue, _ expected: SQLiteValue, _ place: @autoclosure () -> String) -> [String]
    {
        value.agrees(with: expected) ? [] : ["\(place()): \(value), SQLite \(expected)"]
    }
}

extension SQLiteValue {
    /// Null last either way; nil where both are equal.
    fileprivate func isBefore(_ other: SQLiteValue, descending: Bool) -> Bool? {
        switch (self, other) {
        case (.null, .null): nil
        case (.null, _): false
        case (_, .null): true
        case (.integer(let left), .integer(let right)): left == right ? nil : (left < right) != descending
        case (.text(let left), .text(let right)): left == right ? nil : (left < right) != descending
        case (.real(let left), .real(let right)): left == right ? nil : (left < right) != descending
        case (.integer(let left), .real(let right)): Double(left) == right ? nil : (Double(left) < right) != descending
        case (.real(let left), .integer(let right)): left == Double(right) ? nil : (left < Double(right)) != descending
        case (.text, _): false
        case (_, .text): true
        }
    }
}
