/// A column of the board: a customer's field, or a metric in a window; or a column of a finished call.
enum BoardColumn: Sendable {
    case field(CustomerField)
    case metric(Metric, Window)
    /// Of a finished call: in filters of `calls --ended` alone.
    case call(CallColumn)

    /// Reads a name: a field, a metric (of the query's window), or a metric with a window's suffix (`asr_5m`).
    static func named(_ name: String, window: Window) throws(QueryError) -> BoardColumn {
        if let field = CustomerField(rawValue: name) { return .field(field) }
        if let metric = Metric.named(name) { return .metric(metric, window) }
        for other in Window.allCases where name.hasSuffix("_" + other.name) {
            if let metric = Metric.named(String(name.dropLast(other.name.count + 1))) { return .metric(metric, other) }
        }
        let hint = nearestName(to: name).map { "did you mean '\($0)'?" } ?? "the columns are listed in the README"
        throw QueryError("there is no column \(QueryError.quoted(name)); \(hint)")
    }

    /// Names that stand for several columns, or the name itself.
    static func expand(_ name: String) -> [String] {
        name == "causes" ? OutcomeClass.allCases.map { "causes.\($0.name)" } : [name]
    }

    /// What the board shows when nothing is asked for: what is looked at first comes first.
    static let defaultNames =
        [
            "id", "name", "status", "credit", "currency", "active", "channels", "cps", "attempts", "answered", "asr",
            "acd", "pdd", "last_call", "country", "warnings", "cps_peak", "bids", "failed", "asr_n", "ner", "ner_n",
            "abr", "abr_n", "acd_n", "acd_attempts", "acd_attempts_n", "pdd_n", "pdd_p50", "pdd_p95", "short_ratio",
            "short_ratio_n", "talk", "cost", "available", "debit_limit", "flow_speed", "portal_access", "company",
            "account_manager", "tags",
        ] + expand("causes") + ["inbound_active", "inbound_attempts", "inbound_asr", "inbound_asr_n"]

    static var allNames: [String] {
        CustomerField.allCases.map(\.rawValue) + Metric.all.map(\.name)
    }

    /// The column whose name needs the fewest changes of a letter, at most three.
    private static func nearestName(to name: String) -> String? {
        guard name.count <= 64 else { return nil }
        let distances = allNames.map { ($0, editDistance(Array(name.lowercased()), Array($0))) }
        guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= 3, best.1 < name.count else { return nil }
        return best.0
    }

    /// Levenshtein's distance, row by row.
    static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let substituted = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
