// The names of columns: names that stand for several columns, and the error for unknown names.

extension BoardColumn {
    /// The columns that a name stands for, or the name itself.
    static func expand(_ name: String) -> [String] {
        switch name {
        case "causes": OutcomeClass.allCases.map { "causes.\($0.name)" }
        case "all": everyName
        default: [name]
        }
    }

    /// What the board shows by default, the most important columns first.
    static let defaultNames =
        [
            "id", "name", "status", "credit", "currency", "active", "channels", "cps", "attempts", "answered", "asr",
            "acd", "pdd", "last_call", "country", "warnings", "cps_peak", "bids", "failed", "asr_n", "ner", "ner_n",
            "abr", "abr_n", "acd_n", "acd_attempts", "acd_attempts_n", "pdd_n", "pdd_p50", "pdd_p95", "short_ratio",
            "short_ratio_n", "talk", "cost", "available", "debit_limit", "flow_speed", "portal_access", "company",
            "account_manager", "tags",
        ] + expand("causes") + ["inbound_active", "inbound_attempts", "inbound_asr", "inbound_asr_n"]

    /// Every field and every metric, the default columns first.
    private static let everyName = defaultNames + allNames.filter { !defaultNames.contains($0) }

    private static let allNames = CustomerField.allCases.map(\.rawValue) + Metric.all.map(\.name)

    // MARK: - Unknown names

    /// Suggests what was probably meant, and says where the columns are listed.
    static func unknown(_ name: String) -> QueryError {
        let hint = windowHint(name) ?? nearestName(to: name).map { "did you mean '\($0)'?" }
        let message = "there is no column \(QueryError.quoted(name))" + (hint.map { "; \($0)" } ?? "")
        return QueryError(message + (hint?.hasSuffix("?") ?? false ? " " : "; ") + "`busyhour help columns` lists them")
    }

    /// For `asr_10m`, the windows that exist; for `credit_5m`, that a field has none; nil if the name does not end in a
    /// length of time.
    private static func windowHint(_ name: String) -> String? {
        guard let place = name.lastIndex(of: "_"), let unit = name.last, "smhd".contains(unit) else { return nil }
        let digits = name[name.index(after: place)...].dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        let column = String(name[..<place])
        if Metric.named(column) != nil {
            let names = Window.allCases.map { "\(column)_\($0.name)" }
            return "the windows are \(names.joined(separator: ", "))"
        }
        return CustomerField(rawValue: column).map { "\($0.rawValue) is a field of the customer and has no windows" }
    }

    /// The column whose name needs the fewest changed letters, at most three.
    static func nearestName(to name: String) -> String? {
        guard name.count <= 64 else { return nil }
        let distances = allNames.map { ($0, editDistance(Array(name.lowercased()), Array($0))) }
        guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= 3, best.1 < name.count else { return nil }
        return best.0
    }

    /// The Levenshtein distance, row by row.
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
