// Scheduled changes, in the order in which they are done.

import Terminal
import Wire

struct ScheduledReport: Report {
    var answer: Busyhour_V1_ScheduledResponse

    func lines(_ page: Page) -> [String] {
        let noun = answer.total == 1 ? "change" : "changes"
        var lines = ["\(Number.grouped(answer.total)) \(noun) to come"]
        if !answer.entries.isEmpty {
            var table = TextTable([
                .init("change", .right), .init("at", .left), .init("who", .left), .init("customers", .left),
                .init("what", .left),
            ])
            table.rows = answer.entries.map { entry in
                [
                    String(entry.change), page.time(entry.at), entry.who.isEmpty ? "-" : entry.who,
                    Self.customers(entry), PlannedText.what(entry, page.zone),
                ].map { .init($0) }
            }
            lines += table.lines(page, hint: "see --format json or csv")
        }
        let left = answer.total - min(answer.total, UInt64(answer.entries.count))
        if left > 0 { lines.append("\(Number.grouped(left)) more; --limit N shows more") }
        if !answer.failed.isEmpty {
            lines += ["", "could not be carried out in the last seven days:"]
            lines += answer.failed.map { change in
                let of = change.of != 0 ? change.of : change.undoes
                let who = change.who.isEmpty ? "" : " by \(change.who)"
                return VisibleText.clean(
                    "  \(page.time(change.at))  change \(of)\(who): \(change.remark) (change \(change.change))"
                )
            }
        }
        return lines
    }

    private static func customers(_ entry: Busyhour_V1_ScheduledEntry) -> String {
        entry.hasEdit ? PlannedText.customers(entry.edit) : Number.grouped(entry.customers)
    }

    var json: JSONValue {
        .object([
            .init("as_of", .time(answer.asOf)), .init("total", .unsigned(answer.total)),
            .init("changes", .array(jsonRows)),
            .init("failed", .array(HistoryReport(answer: failed).jsonRows)),
        ])
    }

    private var failed: Busyhour_V1_HistoryResponse {
        var history = Busyhour_V1_HistoryResponse()
        history.changes = answer.failed
        return history
    }

    var jsonRows: [JSONValue] {
        answer.entries.map { entry in
            let edit = entry.hasEdit ? entry.edit : Busyhour_V1_PlannedEdit()
            return .object([
                .init("change", .unsigned(UInt64(entry.change))), .init("at", .time(entry.at)),
                .init("kind", .text(entry.hasEdit ? "edit" : "set_back")), .init("who", .optional(entry.who)),
                .init("asked_at", .time(entry.askedAt)),
                .init("selection", entry.hasEdit ? PlannedText.json(edit) : .null),
                .init(
                    "customers",
                    entry.hasEdit && edit.customers == 0
                        ? .null : .unsigned(entry.hasEdit ? edit.customers : entry.customers)),
                .init("set", .array(edit.set.map { .text($0) })), .init("until", .time(edit.undoAt)),
                .init("fields", .array(entry.fields.map { .text($0) })),
            ])
        }
    }

    var csv: [[CSVText.Cell]] {
        [["change", "at", "who", "customers", "what"].map { .text($0) }]
            + answer.entries.map { entry in
                [
                    .number(String(entry.change)), .text(Timestamp.text(micros: entry.at)), .text(entry.who),
                    .text(Self.customers(entry)), .text(PlannedText.what(entry, .utc)),
                ]
            }
    }
}

/// A planned edit in words.
enum PlannedText {
    /// What is done at its time.
    static func what(_ entry: Busyhour_V1_ScheduledEntry, _ zone: DisplayZone) -> String {
        guard entry.hasEdit else { return "sets back \(entry.fields.joined(separator: ", "))" }
        let set = entry.edit.set.joined(separator: "; ")
        return entry.edit.undoAt == 0 ? set : "\(set) (until \(Timestamp.short(micros: entry.edit.undoAt, in: zone)))"
    }

    /// The customers it applies to.
    static func customers(_ edit: Busyhour_V1_PlannedEdit) -> String {
        let selection = edit.selection
        guard edit.customers == 0 else {
            let shown = selection.ids.prefix(5).map(String.init).joined(separator: ",")
            return edit.customers > 5 ? "\(Number.grouped(edit.customers)): \(shown),..." : shown
        }
        let parts = [
            selection.where, selection.search.isEmpty ? "" : "with '\(selection.search)'",
            selection.status.isEmpty ? "" : "status \(selection.status)",
        ].filter { !$0.isEmpty }
        return parts.isEmpty ? "all" : parts.joined(separator: " AND ")
    }

    /// In the history.
    static func what(_ edit: Busyhour_V1_PlannedEdit, _ zone: DisplayZone) -> String {
        let until = edit.undoAt == 0 ? "" : " until \(Timestamp.short(micros: edit.undoAt, in: zone))"
        let set = edit.set.joined(separator: "; ")
        return "from \(Timestamp.short(micros: edit.beginAt, in: zone))\(until), for \(customers(edit)): \(set)"
    }

    static func json(_ edit: Busyhour_V1_PlannedEdit) -> JSONValue {
        let selection = edit.selection
        guard edit.customers == 0 else {
            return .object([.init("ids", .array(selection.ids.map { .unsigned(UInt64($0)) }))])
        }
        return .object([
            .init("all", .bool(selection.all)), .init("where", .optional(selection.where)),
            .init("search", .optional(selection.search)), .init("status", .optional(selection.status)),
            .init("window", .text(selection.window)),
        ])
    }
}
