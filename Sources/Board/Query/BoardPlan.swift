/// A query, read and checked: names looked up, the filter parsed, limits applied.
struct BoardPlan {
    let window: Window
    let columns: [(name: String, column: BoardColumn)]
    let sort: [(column: BoardColumn, descending: Bool)]
    let filter: Expression?
    /// Folded; empty: every customer.
    let search: String
    /// Empty: every one.
    let status: String
    let offset: Int
    let limit: Int

    init(_ query: BoardQuery) throws(QueryError) {
        window = query.window
        var columns: [(name: String, column: BoardColumn)] = []
        let asked = query.columns.isEmpty ? BoardColumn.defaultNames : query.columns
        for name in asked.flatMap(BoardColumn.expand) {
            columns.append((name, try BoardColumn.named(name, window: query.window)))
        }
        self.columns = columns
        var sort: [(column: BoardColumn, descending: Bool)] = []
        for key in query.sort where !key.isEmpty {
            let descending = key.hasPrefix("-")
            let name = descending || key.hasPrefix("+") ? String(key.dropFirst()) : key
            sort.append((try BoardColumn.named(name, window: query.window), descending))
        }
        self.sort = sort
        filter = try ExpressionParser.filter(query.filter, window: query.window)
        search = query.search.lowercased()
        status = try BoardPlan.status(query.status)
        guard query.offset >= 0, query.limit >= 0 else {
            throw QueryError("limit and offset count rows; give numbers of 0 or more")
        }
        offset = query.offset
        limit = min(query.limit, BoardLimits.answerRows)
    }

    private static func status(_ name: String) throws(QueryError) -> String {
        if name.isEmpty || name.lowercased() == "all" { return "" }
        let names = CustomerStatus.allCases.map(\.rawValue) + [CustomerTable.dialing]
        guard let known = names.first(where: { $0.lowercased() == name.lowercased() }) else {
            throw QueryError("there is no status '\(name)'; it is one of All, \(names.joined(separator: ", "))")
        }
        return known
    }

    /// Every metric column that the query reads, wherever.
    func reads(_ matches: (Metric, Window) -> Bool) -> Bool {
        func isRead(_ column: BoardColumn) -> Bool {
            if case .metric(let metric, let window) = column { matches(metric, window) } else { false }
        }
        return columns.contains { isRead($0.column) } || sort.contains { isRead($0.column) }
            || (filter?.reads(isRead) ?? false)
    }
}
