// Random queries, with what SQLite is asked to find the same.

@testable import Board

/// A column of an answer and how SQLite works it out.
struct SampleOutput {
    var kind: SampleKind
    /// Of a row, or of a group.
    var sql: String
    /// Of all rows that match: of an answer of customers. Nil: null. Of money: a sum for each currency.
    var totalSQL: String?
    /// Whether the total is left unchecked: of expressions over money of several currencies.
    var hasUnknownTotal = false
}

struct SampleQuery {
    var query = BoardQuery()
    /// The condition of all three: `filter`, `search` and `status`.
    var sqlCondition = "1"
    var groupSQL: [String] = []
    var pivotSQL: String?
    /// Behind the group columns.
    var outputs: [SampleOutput] = []
    /// Positions in `groupSQL` and then in `outputs`.
    var sortKeys: [(position: Int, descending: Bool)] = []
    /// Of an answer of customers: SQLite's order, by numbers of columns from 1.
    var orderSQL: [String] = []

    /// To find a failing query again.
    var text: String {
        "where \(query.filter) | search \(query.search) | status \(query.status) | columns \(query.columns)"
            + " | group by \(query.groupBy) | pivot \(query.pivot) | sort \(query.sort) | limit \(query.limit)"
            + " | offset \(query.offset) | window \(query.window.name)"
    }
}

extension ExpressionMaker {
    mutating func query(grouped: Bool) -> SampleQuery {
        var sample = SampleQuery()
        sample.query.window = window
        addCondition(to: &sample)
        if grouped {
            addGroups(to: &sample)
        } else {
            addColumns(to: &sample)
        }
        sample.query.limit = pick([0, 1, 7, 50, 1_000, .max])
        sample.query.offset = pick([0, 0, 0, 1, 5, 400])
        return sample
    }

    private mutating func addCondition(to sample: inout SampleQuery) {
        var conditions: [String] = []
        if chance(4, in: 5) {
            let condition = condition(depth: pick([0, 1, 2, 3]))
            sample.query.filter = condition.board
            conditions.append(condition.sql)
        }
        if chance(1, in: 6) {
            let (text, folded) = pick(
                SampleBoard.words + [("VIP", "vip"), ("noël 1", "noel 1"), ("10.0.2", "10.0.2"), ("17", "17")])
            sample.query.search = text
            conditions.append("(instr(searched, '\(folded)') > 0 OR CAST(id AS TEXT) = '\(folded)')")
        }
        if chance(1, in: 6) {
            let status = pick(["Active", "dialing", "Penalty", "All", "Pending Approval"])
            sample.query.status = status
            switch status {
            case "All": break
            case "Active": conditions.append("status IN ('Active', 'Dialing')")
            case "dialing": conditions.append("status = 'Dialing'")
            default: conditions.append("status = '\(status)'")
            }
        }
        if !conditions.isEmpty { sample.sqlCondition = conditions.map { "(\($0))" }.joined(separator: " AND ") }
    }

    // MARK: Customers

    private mutating func addColumns(to sample: inout SampleQuery) {
        sample.query.columns = ["id"]
        sample.outputs = [SampleOutput(kind: .integer, sql: "id")]
        let totals =
            SampleColumn.sums + SampleColumn.moneySums + SampleColumn.metrics(window, ofGroup: true)
            + [SampleColumn.cost(window, ofGroup: true)]
        for number in 0..<Int.random(in: 1...6, using: &generator) {
            if chance(1, in: 2) {
                let plain = pick(
                    SampleColumn.fields + SampleColumn.metrics(window, ofGroup: false)
                        + [SampleColumn.cost(window, ofGroup: false)])
                sample.query.columns.append(plain.name)
                let isQuantile = plain.name.hasPrefix("pdd_p")
                sample.outputs.append(
                    SampleOutput(
                        kind: plain.kind, sql: plain.sql, totalSQL: totals.first { $0.name == plain.name }?.sql,
                        hasUnknownTotal: isQuantile))
            } else {
                let kind = pick([.integer, .number, .money, .text, .boolean] as [SampleKind])
                let computed = kind == .boolean ? condition(depth: 1) : value(kind, depth: pick([1, 1, 2]))
                let name = "x\(number)"
                let isNamedFirst = chance(1, in: 3)
                sample.query.columns.append(
                    isNamedFirst ? "\(name) = \(computed.board)" : "\(computed.board) AS \(name)")
                sample.outputs.append(SampleOutput(kind: kind, sql: computed.sql, hasUnknownTotal: true))
            }
        }
        for _ in 0..<pick([0, 1, 1, 2, 3]) {
            let position = Int.random(in: 0..<sample.outputs.count, using: &generator)
            guard sample.outputs[position].kind != .list else { continue }
            let column = sample.query.columns[position]
            let name = column.contains(" AS ") || column.contains(" = ") ? "x\(position - 1)" : column
            let descending = chance(1, in: 2)
            sample.query.sort.append((descending ? "-" : "") + name)
            sample.orderSQL.append("\(position + 1) \(descending ? "DESC" : "ASC") NULLS LAST")
        }
    }

    // MARK: Groups

    private mutating func addGroups(to sample: inout SampleQuery) {
        var fields = [
            "status", "currency", "country", "company", "account_manager", "portal_access", "channels", "created_at",
            "short_call_seconds", "credit", "last_call",
        ]
        for _ in 0..<pick([0, 1, 1, 2, 2, 3]) {
            sample.groupSQL.append(fields.remove(at: Int.random(in: 0..<fields.count, using: &generator)))
        }
        sample.query.groupBy = sample.groupSQL
        if sample.groupSQL.isEmpty || chance(1, in: 3) {
            let pivot = pick(fields.filter { !["created_at", "credit", "last_call"].contains($0) })
            sample.query.pivot = pivot
            sample.pivotSQL = pivot
        }
        addGroupColumns(to: &sample)
        for _ in 0..<pick([0, 1, 1, 2]) {
            let position = Int.random(in: 0..<(sample.groupSQL.count + sample.outputs.count), using: &generator)
            let isGroup = position < sample.groupSQL.count
            let output = position - sample.groupSQL.count
            // Numbers that are added up in another order may differ in their last bit and so change places.
            if !isGroup && sample.outputs[output].kind == .number && sample.query.columns[output].contains(" AS ") {
                continue
            }
            let column = isGroup ? sample.groupSQL[position] : sample.query.columns[output]
            let name = column.contains(" AS ") ? "x\(output)" : column
            let descending = chance(1, in: 2)
            sample.query.sort.append((descending ? "-" : "") + name)
            sample.sortKeys.append((position, descending))
        }
    }

    private mutating func addGroupColumns(to sample: inout SampleQuery) {
        ofGroup = true
        defer { ofGroup = false }
        sample.query.columns = ["count"]
        sample.outputs = [SampleOutput(kind: .integer, sql: "COUNT(*)")]
        for _ in 1...Int.random(in: 1...5, using: &generator) {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                let money = pick(SampleColumn.moneySums + [SampleColumn.cost(window, ofGroup: true)])
                // A field that is grouped by means the group's value and not a sum.
                guard !sample.groupSQL.contains(money.name) else { continue }
                sample.query.columns.append(money.name)
                sample.outputs.append(SampleOutput(kind: .money, sql: money.sql))
            case 1:
                let name = pick(["sum", "min", "max", "avg"])
                let field = pick(["credit", "available", "debit_limit"])
                sample.query.columns.append("\(name)(\(field))")
                let sql = "\(name)(\(field))"
                sample.outputs.append(
                    SampleOutput(kind: .money, sql: name == "avg" ? "CAST(round(\(sql)) AS INTEGER)" : sql))
            case 2:
                let plain = pick(SampleColumn.sums + SampleColumn.metrics(window, ofGroup: true))
                guard !sample.groupSQL.contains(plain.name) else { continue }
                sample.query.columns.append(plain.name)
                sample.outputs.append(SampleOutput(kind: plain.kind, sql: plain.sql))
            default:
                let kind = pick([.integer, .number] as [SampleKind])
                let computed = value(kind, depth: pick([0, 1, 2]))
                guard !sample.groupSQL.contains(where: { computed.board.contains($0) }) else { continue }
                sample.query.columns.append("\(computed.board) AS x\(sample.outputs.count)")
                sample.outputs.append(SampleOutput(kind: kind, sql: computed.sql))
            }
        }
    }
}
