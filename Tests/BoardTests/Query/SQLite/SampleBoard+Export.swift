@testable import Board

extension SampleBoard {
    /// Fills the table `board`.
    mutating func export() throws {
        var names = [
            "id", "name", "name_folded", "status", "currency", "country", "company", "company_folded",
            "account_manager",
            "tags", "warnings", "credit", "debit_limit", "available", "channels", "flow_speed", "portal_access",
            "short_call_seconds", "created_at", "updated_at", "version", "last_call", "searched", "active", "cps",
        ]
        for window in Window.allCases { names += SampleBoard.windowColumns.map { "\($0)_\(window.name)" } }
        try database.rows("CREATE TABLE board (\(names.map { "\"\($0)\"" }.joined(separator: ", ")))")
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        let gauges = try plainColumns()
        try database.rows("BEGIN")
        for row in customers.indices where !deleted.contains(row) {
            var values = fields(row, active: gauges[0][row])
            values += gauges[0...1].map { $0[row] }
            for window in Window.allCases {
                values += figures(row, window)
                values += gauges[(2 + window.rawValue * 3)...][..<(5 + window.rawValue * 3)].map { $0[row] }
            }
            try database.rows("INSERT INTO board VALUES (\(marks))", values)
        }
        try database.rows("COMMIT")
    }

    private static let windowColumns =
        CounterField.allCases.map { "\($0)" } + SumField.allCases.map { "\($0)" } + ["cps_peak", "pdd_p50", "pdd_p95"]

    /// What has no counter: gauges, peaks and percentiles, by column and row.
    private mutating func plainColumns() throws -> [[SQLiteValue]] {
        var query = BoardQuery()
        query.columns = ["id", "active", "cps"]
        for window in Window.allCases {
            query.columns += ["cps_peak", "pdd_p50", "pdd_p95"].map { "\($0)_\(window.name)" }
        }
        query.limit = customers.count
        let answer = try state.board(query, now: now)
        var place: [Int64: Int] = [:]
        if case .integers(let ids) = answer.columns[0].values {
            for (index, id) in ids.enumerated() { place[id] = index }
        }
        return answer.columns.dropFirst().map { column in
            customers.indices.map { row in place[Int64(row) + 1].map { column.value($0) } ?? .null }
        }
    }

    private func figures(_ row: Int, _ window: Window) -> [SQLiteValue] {
        var tally = MetricTally()
        state.load(row, window, into: &tally)
        return CounterField.allCases.map { .integer(tally[$0]) } + SumField.allCases.map { .integer(tally[$0]) }
    }

    private func fields(_ row: Int, active: SQLiteValue) -> [SQLiteValue] {
        let customer = customers[row]
        let isDialing = customer.status == .active && active != .integer(0)
        let lastCall = state.customers[row].lastCallMicros
        let warnings =
            (customer.auth.isEmpty ? ["no_auth"] : [])
            + (customer.routes.contains { $0.enabled } ? [] : ["no_routing"])
            + (!customer.routes.isEmpty && !customer.routes.contains { $0.enabled } ? ["all_routes_disabled"] : [])
        return [
            .integer(Int64(row) + 1), .text(customer.name), .text(SampleBoard.folded(customer.name)),
            .text(isDialing ? "Dialing" : customer.status.rawValue), .text(customer.currency),
            SQLiteValue(optional: customer.country), SQLiteValue(optional: customer.company),
            SQLiteValue(optional: SampleBoard.folded(customer.company)), SQLiteValue(optional: customer.accountManager),
            .list(customer.tags), .list(warnings), .integer(customer.creditMicros), .integer(customer.debitLimitMicros),
            .integer(customer.creditMicros + customer.debitLimitMicros), .integer(Int64(customer.channels)),
            .integer(Int64(customer.flowSpeed)), .integer(customer.portalAccess ? 1 : 0),
            .integer(Int64(customer.shortCallSeconds == 0 ? 6 : customer.shortCallSeconds)),
            .integer(customer.createdAtMicros), .integer(customer.updatedAtMicros), .integer(Int64(customer.version)),
            lastCall == 0 ? .null : .integer(lastCall), .text(searched(customer)),
        ]
    }

    /// All that the search box looks into, a line each.
    private func searched(_ customer: Customer) -> String {
        var texts = [SampleBoard.folded(customer.name), SampleBoard.folded(customer.company)] + customer.tags
        for contact in customer.contacts {
            texts += [contact.name.replacing("Noël", with: "noel"), contact.email]
        }
        for case .ip(let address) in customer.auth { texts.append(address) }
        return texts.joined(separator: "\n")
    }

    /// By the table of words, not by the code that is tested.
    private static func folded(_ text: String) -> String {
        words.reduce(text) { $0.replacing($1.0, with: $1.1) }.replacing(" Ltd", with: " ltd")
    }
}

extension SQLiteValue {
    init(optional text: String) { self = text.isEmpty ? .null : .text(text) }

    /// `;a;b;`, so that `;a;` is in it exactly where `a` is an entry.
    static func list(_ texts: [String]) -> SQLiteValue { .text(";" + texts.map { $0 + ";" }.joined()) }
}

extension ResultColumn {
    /// A cell as SQLite would give it.
    func value(_ row: Int) -> SQLiteValue {
        if !nulls.isEmpty && nulls[row] { return .null }
        return switch values {
        case .integers(let values), .money(let values), .times(let values): .integer(values[row])
        case .numbers(let values): .real(values[row])
        case .texts(let codes, let dictionary): .text(dictionary[Int(codes[row])])
        case .textLists(let lists): .list(lists[row])
        case .booleans(let values): .integer(values[row] ? 1 : 0)
        }
    }

    var rowCount: Int {
        switch values {
        case .integers(let values), .money(let values), .times(let values): values.count
        case .numbers(let values): values.count
        case .texts(let codes, _): codes.count
        case .textLists(let lists): lists.count
        case .booleans(let values): values.count
        }
    }
}
