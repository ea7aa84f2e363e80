/// A query, read and checked: names looked up, the filter parsed, limits applied.
struct BoardPlan {
    let window: Window
    /// Fields grouped by; empty: an answer of customers.
    let groupBy: [CustomerField]
    let pivot: CustomerField?
    let columns: [(name: String, column: PlannedColumn)]
    let sort: [(column: PlannedColumn, descending: Bool)]
    let filter: Filter?
    /// Folded; empty: every customer.
    let search: String
    /// Empty: every one.
    let status: String
    let offset: Int
    let limit: Int

    var isGrouped: Bool { !groupBy.isEmpty || pivot != nil }

    init(_ query: BoardQuery) throws(QueryError) {
        window = query.window
        groupBy = try BoardPlan.groupColumns(query.groupBy)
        pivot = query.pivot.isEmpty ? nil : try BoardPlan.groupColumns([query.pivot]).first
        let grouped = !query.groupBy.isEmpty || !query.pivot.isEmpty
        let asked =
            query.columns.isEmpty
            ? grouped ? ["count"] + BoardPlan.defaultSums : BoardColumn.defaultNames
            : query.columns.flatMap(BoardColumn.expand)
        var columns: [(name: String, column: PlannedColumn)] = groupBy.enumerated().map { level, field in
            (field.rawValue, .group(level + 1))
        }
        for name in asked where !query.groupBy.contains(name) {
            columns.append((name, try BoardPlan.column(name, query, grouped: grouped)))
        }
        self.columns = columns
        var sort: [(column: PlannedColumn, descending: Bool)] = []
        for key in query.sort where !key.isEmpty {
            let descending = key.hasPrefix("-")
            let name = descending || key.hasPrefix("+") ? String(key.dropFirst()) : key
            if let level = query.groupBy.firstIndex(of: name) {
                sort.append((.group(level + 1), descending))
            } else {
                sort.append((try BoardPlan.column(name, query, grouped: grouped), descending))
            }
        }
        self.sort = sort
        let text = query.filter
        filter = text.allSatisfy(\.isWhitespace) ? nil : try FilterParser.parse(text, window: query.window)
        search = query.search.lowercased()
        status = try BoardPlan.status(query.status)
        guard query.offset >= 0, query.limit >= 0 else {
            throw QueryError("limit and offset count rows; give numbers of 0 or more")
        }
        offset = query.offset
        limit = min(query.limit, BoardLimits.answerRows)
    }

    /// Rows of the page among `count`.
    func page(of count: Int) -> Range<Int> {
        let last = offset.addingReportingOverflow(limit)
        return min(offset, count)..<min(last.overflow ? .max : last.partialValue, count)
    }

    private static let defaultSums = BoardColumn.defaultNames.filter { name in
        guard let field = CustomerField(rawValue: name) else { return true }
        return field.isSummed
    }

    private static func groupColumns(_ names: [String]) throws(QueryError) -> [CustomerField] {
        guard names.count <= BoardLimits.groupColumns else {
            throw QueryError("at most \(BoardLimits.groupColumns) columns can be grouped by; leave some out")
        }
        var fields: [CustomerField] = []
        for name in names {
            guard let field = CustomerField(rawValue: name), field != .tags, field != .warnings else {
                throw QueryError("'\(name)' cannot be grouped by; give a field with one value, as country or currency")
            }
            guard !fields.contains(field) else { throw QueryError("'\(name)' is grouped by twice; leave one out") }
            fields.append(field)
        }
        return fields
    }

    private static func column(
        _ name: String, _ query: BoardQuery, grouped: Bool
    ) throws(QueryError) -> PlannedColumn {
        if grouped && name == "count" { return .customers }
        let column = try BoardColumn.named(name, window: query.window)
        if grouped, case .field(let field) = column, !field.isSummed {
            throw QueryError("'\(name)' has no one value for a group; group by it, or leave it out")
        }
        return .board(column)
    }

    private static func status(_ name: String) throws(QueryError) -> String {
        if name.isEmpty || name.lowercased() == "all" { return "" }
        let names = CustomerStatus.allCases.map(\.rawValue) + [CustomerTable.dialing]
        guard let known = names.first(where: { $0.lowercased() == name.lowercased() }) else {
            throw QueryError("there is no status '\(name)'; it is one of All, \(names.joined(separator: ", "))")
        }
        return known
    }

    /// Windows of which the answer shows quantiles of delays.
    var quantileWindows: Set<Window> {
        let sorted = isGrouped ? sort.map(\.column) : []
        return Set((columns.map(\.column) + sorted).compactMap(\.quantileWindow))
    }

    /// Windows of which quantiles are looked at for every row: by the filter or the order.
    var rowQuantileWindows: Set<Window> {
        var windows = isGrouped ? [] : Set(sort.compactMap(\.column.quantileWindow))
        for window in Window.allCases {
            let isFiltered = filter?.contains { PlannedColumn.board($0).quantileWindow == window } ?? false
            if isFiltered { windows.insert(window) }
        }
        return windows
    }

    /// Whether the query reads such a metric, wherever.
    func reads(_ matches: (Metric, Window) -> Bool) -> Bool {
        func isRead(_ column: BoardColumn) -> Bool {
            if case .metric(let metric, let window) = column { matches(metric, window) } else { false }
        }
        func isRead(_ column: PlannedColumn) -> Bool { if case .board(let column) = column { isRead(column) } else { false } }
        return columns.contains { isRead($0.column) } || sort.contains { isRead($0.column) }
            || (filter?.contains(isRead) ?? false)
    }
}

enum PlannedColumn {
    /// The group column of a level, from 1.
    case group(Int)
    /// Customers in the group.
    case customers
    case board(BoardColumn)

    /// The window of a quantile; nil for everything else.
    var quantileWindow: Window? {
        guard case .board(.metric(let metric, let window)) = self, case .pddQuantile = metric.formula else { return nil }
        return window
    }
}

extension CustomerField {
    /// Fields whose sum means something.
    var isSummed: Bool {
        switch self {
        case .credit, .debitLimit, .available, .channels, .flowSpeed: true
        default: false
        }
    }
}

extension Filter {
    /// Whether any column of the tree is such a one.
    func contains(_ matches: (BoardColumn) -> Bool) -> Bool {
        switch self {
        case .comparison(let column, _, _), .isNull(let column), .has(let column, _): matches(column)
        case .not(let inner): inner.contains(matches)
        case .and(let left, let right), .or(let left, let right): left.contains(matches) || right.contains(matches)
        }
    }
}
