/// A query, read and checked: names looked up, expressions parsed, limits applied.
struct BoardPlan {
    /// The query as it was asked.
    let query: BoardQuery
    let window: Window
    /// Fields grouped by; empty: the answer lists customers.
    let groupBy: [CustomerField]
    let pivot: CustomerField?
    let columns: [PlannedColumn]
    let sort: [PlannedSort]
    let filter: Expression?
    /// Everything that a customer must meet, as the user wrote it.
    let condition: Condition
    /// The folded search text; empty: every customer.
    let search: String
    /// A status; empty: every status.
    let status: String
    let offset: Int
    let limit: Int
    /// Whether the query contains `now()` anywhere: then the plan is valid only once.
    let readsClock: Bool
    /// Windows for which the answer shows quantiles of delays.
    let quantileWindows: Set<Window>
    /// Windows for which quantiles are computed for every row: by the filter, the order, or an aggregate.
    let rowQuantileWindows: Set<Window>
    /// The metrics that the query reads anywhere.
    private let metrics: [(metric: Metric, window: Window)]
    /// The fields read by columns of the answer, by their aggregates, or by its order.
    private let fieldsShown: Set<CustomerField>

    /// The fields that customers are grouped by, the pivot last.
    var fields: [CustomerField] { groupBy + (pivot.map { [$0] } ?? []) }

    var isGrouped: Bool { !groupBy.isEmpty || pivot != nil }

    /// - Parameter nowMicros: what `now()` means.
    init(_ query: BoardQuery, nowMicros: Int64) throws(QueryError) {
        self.query = query
        window = query.window
        groupBy = try BoardPlan.groupColumns(query.groupBy)
        pivot = query.pivot.isEmpty ? nil : try BoardPlan.groupColumns([query.pivot]).first
        let isGrouped = !groupBy.isEmpty || pivot != nil
        let scope = isGrouped ? ExpressionParser.Scope.group(by: groupBy) : .customer
        let columns = try BoardPlan.columns(query, groupBy, scope, nowMicros)
        self.columns = columns
        guard query.sort.count <= BoardLimits.sortKeys else {
            throw QueryError("at most \(BoardLimits.sortKeys) columns can be sorted by; leave some out")
        }
        var sort: [PlannedSort] = []
        for key in query.sort where !key.isEmpty {
            let descending = key.hasPrefix("-")
            let name = descending || key.hasPrefix("+") ? String(key.dropFirst()) : key
            var column = columns.first { $0.name == name }
            if column == nil {
                column = try PlannedColumn(name, window: query.window, scope: scope, nowMicros: nowMicros)
            }
            if let column { sort.append(PlannedSort(expression: column.expression, descending: descending)) }
        }
        self.sort = sort
        let filter = try ExpressionParser.filter(query.filter, window: query.window, nowMicros: nowMicros)
        self.filter = filter
        let search = FoldedText.fold(query.search)
        self.search = search
        let status = try BoardPlan.status(query.status)
        self.status = status
        condition = Condition(
            filter: filter == nil ? "" : query.filter, search: search, status: status, window: query.window)
        guard query.offset >= 0, query.limit >= 0 else {
            throw QueryError("limit and offset count rows; give numbers of 0 or more")
        }
        offset = query.offset
        limit = min(query.limit, BoardLimits.answerRows)
        let order = sort.map(\.expression)
        let tests = filter.map { [$0] } ?? []
        let (shown, totals) = (columns.map(\.expression), columns.compactMap(\.total))
        readsClock = (columns.map(\.expression) + order + tests).contains { $0.readsClock }
        metrics = BoardPlan.metrics(of: shown + totals + order + tests)
        fieldsShown = BoardPlan.fields(of: totals + order)
        quantileWindows = BoardPlan.quantileWindows(of: shown + totals + (isGrouped ? order : []))
        rowQuantileWindows = BoardPlan.quantileWindows(
            of: (isGrouped ? [] : order) + shown.flatMap(\.aggregated) + tests)
    }

    /// Positions of the page's rows among `count`.
    func page(of count: Int) -> Range<Int> {
        let last = offset.addingReportingOverflow(limit)
        return min(offset, count)..<min(last.overflow ? .max : last.partialValue, count)
    }

    /// The columns of the answer; in groups, the columns grouped by come first, requested or not.
    private static func columns(
        _ query: BoardQuery, _ groupBy: [CustomerField], _ scope: ExpressionParser.Scope, _ nowMicros: Int64
    ) throws(QueryError) -> [PlannedColumn] {
        let isGrouped = scope != .customer
        var asked = query.columns.flatMap { name in
            // For a group, everything that is meaningful for it.
            isGrouped && name == "all"
                ? ["count"] + BoardColumn.expand(name).filter(saysOfGroups) : BoardColumn.expand(name)
        }
        var columns: [PlannedColumn] = []
        if isGrouped {
            if asked.isEmpty { asked = ["count"] + defaultSums }
            for field in groupBy {
                columns.append(
                    try PlannedColumn(field.rawValue, window: query.window, scope: scope, nowMicros: nowMicros))
            }
            asked.removeAll { name in groupBy.contains { $0.rawValue == name } }
        } else if asked.isEmpty {
            asked = BoardColumn.defaultNames
        }
        guard columns.count + asked.count <= BoardLimits.queryColumns else {
            throw QueryError(
                "at most \(BoardLimits.queryColumns) columns can be shown at a time; ask for \(columns.count + asked.count) "
                    + "in several queries")
        }
        for text in asked {
            columns.append(try PlannedColumn(text, window: query.window, scope: scope, nowMicros: nowMicros))
        }
        return columns
    }

    /// The default columns that are meaningful for a group.
    private static let defaultSums = BoardColumn.defaultNames.filter(saysOfGroups)

    /// Metrics, and fields that are shown as their sum.
    private static func saysOfGroups(_ name: String) -> Bool { CustomerField(rawValue: name)?.isSummed ?? true }

    private static func groupColumns(_ names: [String]) throws(QueryError) -> [CustomerField] {
        guard names.count <= BoardLimits.groupColumns else {
            throw QueryError("at most \(BoardLimits.groupColumns) columns can be grouped by; leave some out")
        }
        var fields: [CustomerField] = []
        for name in names {
            guard case .field(let field) = try BoardColumn.named(name, window: .all), field != .tags, field != .warnings
            else {
                throw QueryError(
                    "\(QueryError.quoted(name)) cannot be grouped by; give a field with one value, as country or currency"
                )
            }
            guard !fields.contains(field) else {
                throw QueryError("\(QueryError.quoted(name)) is grouped by twice; leave one out")
            }
            fields.append(field)
        }
        return fields
    }

    private static func status(_ name: String) throws(QueryError) -> String {
        if name.isEmpty || name.lowercased() == "all" { return "" }
        let names = CustomerStatus.allCases.map(\.rawValue) + [CustomerTable.dialing]
        guard let known = names.first(where: { $0.lowercased() == name.lowercased() }) else {
            throw QueryError(
                "there is no status \(QueryError.quoted(name)); it is one of All, \(names.joined(separator: ", "))")
        }
        return known
    }
}

/// A column of an answer.
struct PlannedColumn {
    let name: String
    let expression: Expression
    /// What the total row shows: the same expression over all customers; nil where it is meaningless for several.
    let total: Expression?

    init(
        _ text: String, window: Window, scope: ExpressionParser.Scope, nowMicros: Int64
    ) throws(QueryError) {
        let column: ColumnExpression
        do throws(QueryError) {
            column = try ColumnExpression(text, window: window, scope: scope, nowMicros: nowMicros)
        } catch {
            throw QueryError(error.message, position: error.position, expression: text)
        }
        name = column.name
        expression = column.expression
        total =
            scope == .customer
            ? (try? ColumnExpression(text, window: window, scope: .group(by: []), nowMicros: nowMicros))?.expression
            : column.expression
    }
}

struct PlannedSort {
    let expression: Expression
    let descending: Bool
}

// MARK: - What a query reads

extension BoardPlan {
    /// Whether the query reads such a metric anywhere.
    func reads(_ matches: (Metric, Window) -> Bool) -> Bool { metrics.contains { matches($0.metric, $0.window) } }

    /// Whether a column or an aggregate of the answer, or its order, reads a field.
    func reads(field: CustomerField) -> Bool { fieldsShown.contains(field) }

    /// Whether names are searched.
    var searches: Bool { !search.isEmpty || filter?.hasLike ?? false }

    private static func metrics(of expressions: [Expression]) -> [(metric: Metric, window: Window)] {
        expressions.flatMap(\.columnsRead).compactMap {
            if case .metric(let metric, let window) = $0 { (metric, window) } else { nil }
        }
    }

    private static func fields(of expressions: [Expression]) -> Set<CustomerField> {
        Set(expressions.flatMap(\.columnsRead).compactMap { if case .field(let field) = $0 { field } else { nil } })
    }

    private static func quantileWindows(of expressions: [Expression]) -> Set<Window> {
        Set(
            metrics(of: expressions).compactMap { metric, window in
                if case .pddQuantile = metric.formula { window } else { nil }
            })
    }
}

extension Expression {
    fileprivate var hasLike: Bool { if case .like = node { true } else { parts.contains(where: \.hasLike) } }

    /// Every column that it reads, once per occurrence.
    fileprivate var columnsRead: [BoardColumn] {
        var columns: [BoardColumn] = []
        _ = reads { column in
            columns.append(column)
            return false
        }
        return columns
    }

    /// The expressions inside its aggregates.
    fileprivate var aggregated: [Expression] {
        if case .aggregate(_, let inner) = node { return inner.map { [$0] } ?? [] }
        return parts.flatMap(\.aggregated)
    }
}
