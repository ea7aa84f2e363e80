import Terminal

/// What an import did, or why it did nothing.
struct ImportReport: Report {
    var file: String
    var rowCount: Int
    var created: Int
    var isDryRun: Bool
    var errors: ImportErrors

    func lines(_ page: Page) -> [String] {
        guard errors.isEmpty else { return errorLines }
        if isDryRun { return ["would create \(Number.grouped(rowCount)) customers"] }
        return ["created \(Number.grouped(created)) customers"]
    }

    /// The errors and, last, what was done in spite of them: nothing.
    var errorLines: [String] {
        let more = errors.count - errors.listed.count
        return errors.sorted.map(\.description)
            + (more > 0 ? ["\(Number.grouped(more)) more errors"] : []) + [conclusion]
    }

    var conclusion: String {
        let done =
            created == 0 ? "nothing was created" : "only the first \(Number.grouped(created)) customers were created"
        let nouns = (errors.count == 1 ? "error" : "errors", rowCount == 1 ? "row" : "rows")
        return "\(file): \(done): \(Number.grouped(errors.count)) \(nouns.0) in \(Number.grouped(rowCount)) \(nouns.1)"
    }

    var json: JSONValue {
        let entries = errors.sorted.map { error in
            JSONValue.object([
                .init("row", .integer(Int64(error.row))), .init("column", error.column.map(JSONValue.text) ?? .null),
                .init("field", .optional(error.field)), .init("message", .text(error.message)),
            ])
        }
        var members: [JSONValue.Member] = [.init("created", .integer(Int64(created)))]
        if isDryRun { members.append(.init("would_create", .integer(errors.isEmpty ? Int64(rowCount) : 0))) }
        return .object(
            members + [.init("errors", .array(entries)), .init("error_count", .integer(Int64(errors.count)))])
    }
}
