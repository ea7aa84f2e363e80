/// A column of the board: a customer's field, or a metric in a window; or a column of a finished call.
enum BoardColumn: Sendable {
    case field(CustomerField)
    case metric(Metric, Window)
    /// A column of a finished call: only in filters of `calls --ended`.
    case call(CallColumn)

    /// Reads a name: a field, a metric (of the query's window), or a metric with a window's suffix (`asr_5m`).
    static func named(_ name: String, window: Window) throws(QueryError) -> BoardColumn {
        if let field = CustomerField(rawValue: name) { return .field(field) }
        if let metric = Metric.named(name) { return .metric(metric, window) }
        for other in Window.allCases where name.hasSuffix("_" + other.name) {
            if let metric = Metric.named(String(name.dropLast(other.name.count + 1))) { return .metric(metric, other) }
        }
        throw unknown(name)
    }
}
