import Terminal

/// What an import did or would do, or why it did nothing.
struct ImportReport: Report {
    var file: String
    var rowCount: Int
    var created: Int
    var updated: Int
    var unchanged: Int
    var failed: Int
    /// The number of the change; nil: none was made.
    var change: UInt32?
    var isDryRun: Bool
    var errors: ImportErrors

    func lines(_ page: Page) -> [String] {
        guard errors.isEmpty else { return errorLines }
        if isDryRun {
            return [
                "would create \(customers(created)), update \(Number.grouped(updated)), unchanged "
                    + "\(Number.grouped(unchanged)), errors 0"
            ]
        }
        let others =
            updated == 0 && unchanged == 0
            ? "" : ", updated \(Number.grouped(updated)), unchanged \(Number.grouped(unchanged))"
        let undo = change.map { "; `busyhour customer undo --change \($0)` takes it back" } ?? ""
        return ["created \(customers(created))\(others)\(undo)"]
    }

    private func customers(_ count: Int) -> String { "\(Number.grouped(count)) customer\(count == 1 ? "" : "s")" }

    /// The errors and, last, the conclusion: nothing was imported.
    var errorLines: [String] { errors.lines + [conclusion] }

    var conclusion: String {
        let nouns = (errors.count == 1 ? "error" : "errors", rowCount == 1 ? "row" : "rows")
        return "\(file): nothing was created or changed: \(Number.grouped(errors.count)) \(nouns.0) in "
            + "\(Number.grouped(rowCount)) \(nouns.1) (would create \(Number.grouped(created)), update "
            + "\(Number.grouped(updated)), leave \(Number.grouped(unchanged)), refuse \(Number.grouped(failed)))"
    }

    var json: JSONValue {
        let entries = errors.sorted.map { error in
            JSONValue.object([
                .init("row", .integer(Int64(error.row))), .init("column", error.column.map(JSONValue.text) ?? .null),
                .init("field", .optional(error.field)), .init("message", .text(error.message)),
            ])
        }
        let isDone = !isDryRun && errors.isEmpty
        return .object([
            .init("rows", .integer(Int64(rowCount))), .init("dry_run", .bool(isDryRun)),
            .init("created", .integer(isDone ? Int64(created) : 0)),
            .init("updated", .integer(isDone ? Int64(updated) : 0)),
            .init("would_create", .integer(isDone ? 0 : Int64(created))),
            .init("would_update", .integer(isDone ? 0 : Int64(updated))),
            .init("unchanged", .integer(Int64(unchanged))), .init("failed", .integer(Int64(failed))),
            .init("change", change.map { .unsigned(UInt64($0)) } ?? .null), .init("errors", .array(entries)),
            .init("error_count", .integer(Int64(errors.count))),
        ])
    }
}
