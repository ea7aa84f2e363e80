// Changes, newest first: time, actor, effect.

import Terminal
import Wire

struct HistoryReport: Report {
    var answer: Busyhour_V1_HistoryResponse

    func lines(_ page: Page) -> [String] {
        var lines: [String] = []
        if answer.customerID != 0 {
            let gone = answer.deletedAt == 0 ? "" : ", deleted \(page.time(answer.deletedAt))"
            lines.append(VisibleText.clean("customer \(answer.customerID) '\(answer.customerName)'\(gone)"))
        }
        var table = TextTable([
            .init("change", .right), .init("at", .left), .init("who", .left), .init("kind", .left),
            .init("customers", .right),
        ])
        table.rows = answer.changes.map { change in
            [
                String(change.change), page.time(change.at), change.who.isEmpty ? "-" : change.who,
                change.kind, Number.grouped(change.customers),
            ].map { .init($0) }
        }
        return lines + Self.lines(table, answer.changes.map { Self.what($0, page.zone) }, page)
    }

    /// The effect is beside the rest or, if the terminal is too narrow for one of them, on lines of its own below:
    /// it is what people look for, so none of it is cut.
    private static func lines(_ table: TextTable, _ what: [String], _ page: Page) -> [String] {
        var whole = table
        whole.columns.append(.init("what", .left))
        for index in what.indices { whole.rows[index].append(.init(what[index])) }
        let lines = whole.render().lines
        guard let width = page.width, lines.contains(where: { DisplayWidth.of($0) > width }) else { return lines }
        let rows = table.lines(page, hint: "see --format json or csv")
        guard rows.count > what.count else { return rows }
        let indent = "        "
        return [rows[0]]
            + what.indices.flatMap { index in
                [rows[index + 1]]
                    + DisplayWidth.wrapped(VisibleText.clean(what[index]), to: max(20, width - indent.count)).map {
                        indent + $0
                    }
            } + rows[(what.count + 1)...]
    }

    private static func what(_ change: Busyhour_V1_ChangeEntry, _ zone: DisplayZone) -> String {
        var parts = change.differences.map { difference in
            difference.field == "deleted"
                ? difference.new == "true" ? "deleted" : "restored"
                : "\(difference.field): \(quoted(difference.old)) -> \(quoted(difference.new))"
        }
        if let fate = fate(of: change, zone) { return fate }
        if let asked = asked(change) { parts.append(parts.isEmpty ? asked : "(\(asked))") }
        let isLeft = change.leftOut > 0 && change.differences.isEmpty && (change.customers == 0 || change.leftOut == 1)
        if change.leftOut > 0 { parts.append(leftOut(change, isAll: isLeft)) }
        if change.undoAt != 0 && change.undoneBy == 0 && change.calledOffBy == 0 {
            parts.append("(until \(Timestamp.short(micros: change.undoAt, in: zone)))")
        }
        if change.kind == "scheduled" && change.of == 0 && change.customers == 0 && change.leftOut == 0 {
            return "nothing of \(change.undoes) was left to set back"
        }
        if change.of != 0 {
            let none = change.customers == 0 ? ", which changes no customer" : ""
            parts.insert("carries out \(change.of)\(none)", at: 0)
        }
        if change.undoes != 0 && !isLeft { parts.insert("takes back \(change.undoes)", at: 0) }
        if !change.remark.isEmpty { parts.append("(\(change.remark))") }
        parts += late(change)
        if change.calledOffBy != 0 { parts.append("(no longer to be set back, by \(change.calledOffBy))") }
        if change.undoneBy != 0 { parts.append("(taken back by \(change.undoneBy))") }
        return parts.joined(separator: "; ")
    }

    /// The request, for changes of many; for one customer the differences show it.
    private static func asked(_ change: Busyhour_V1_ChangeEntry) -> String? {
        var words: [String] = []
        if change.byCondition || change.customers != 1 {
            if !change.set.isEmpty { words.append("set " + change.set.joined(separator: ", ")) }
        }
        if change.byCondition {
            var conditions: [String] = []
            if !change.where.isEmpty { conditions.append("where \(change.where)") }
            if !change.search.isEmpty { conditions.append("with the text '\(change.search)'") }
            if !change.status.isEmpty { conditions.append("of status \(change.status)") }
            let all = change.set.isEmpty ? "all customers" : "for all customers"
            words.append(conditions.isEmpty ? all : conditions.joined(separator: ", "))
        }
        if change.rows > 0 {
            let rows = "\(Number.grouped(Int(change.rows))) row\(change.rows == 1 ? "" : "s")"
            words.append(change.file.isEmpty ? rows : "from \(change.file), \(rows)")
        }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// Why something was not set back.
    /// - Parameter isAll: nothing was set back.
    private static func leftOut(_ change: Busyhour_V1_ChangeEntry, isAll: Bool) -> String {
        let who = "\(Number.grouped(change.leftOut)) customer\(change.leftOut == 1 ? "" : "s")"
        return (isAll ? "change \(change.undoes)" : who) + " not set back: "
            + (change.leftOutFor == 0
                ? "what was there before is another customer's by now" : "changed since by change \(change.leftOutFor)")
    }

    /// What begins later, what could not be done, and what is called off. Nil: it is a change of customers.
    private static func fate(of change: Busyhour_V1_ChangeEntry, _ zone: DisplayZone) -> String? {
        if change.hasPlanned {
            let what = PlannedText.what(change.planned, zone)
            if change.carriedOutBy != 0 { return "\(what) (it came to \(change.carriedOutBy))" }
            return change.calledOffBy == 0 ? what : "\(what) (called off by \(change.calledOffBy))"
        }
        if change.kind == "rerated" { return change.remark }
        if change.kind == "called_off" { return "calls off what was to come of \(change.of)" }
        guard change.failed else { return nil }
        let what = change.of != 0 ? "\(change.of) could not be carried out" : "\(change.undoes) could not be set back"
        return (["\(what): \(change.remark)"] + late(change)).joined(separator: "; ")
    }

    private static func late(_ change: Busyhour_V1_ChangeEntry) -> [String] {
        change.lateMicros == 0 ? [] : ["(\(Timestamp.duration(seconds: change.lateMicros / 1_000_000)) late)"]
    }

    private static func quoted(_ value: String) -> String { value.isEmpty ? "-" : value }

    var json: JSONValue {
        .object([
            .init("customer", answer.customerID == 0 ? .null : .unsigned(UInt64(answer.customerID))),
            .init("name", .optional(answer.customerName)), .init("deleted_at", .time(answer.deletedAt)),
            .init("changes", .array(jsonRows)),
        ])
    }

    var jsonRows: [JSONValue] {
        answer.changes.map { change in
            .object([
                .init("change", .unsigned(UInt64(change.change))), .init("at", .time(change.at)),
                .init("who", .optional(change.who)), .init("kind", .text(change.kind)),
                .init("customers", .unsigned(change.customers)),
                .init("undoes", change.undoes == 0 ? .null : .unsigned(UInt64(change.undoes))),
                .init("undo_at", .time(change.undoAt)),
                .init("undone_by", change.undoneBy == 0 ? .null : .unsigned(UInt64(change.undoneBy))),
                .init("set", .array(change.set.map { .text($0) })),
                .init("by_condition", .bool(change.byCondition)), .init("where", .optional(change.where)),
                .init("search", .optional(change.search)), .init("status", .optional(change.status)),
                .init("file", .optional(change.file)),
                .init("rows", change.rows == 0 ? .null : .unsigned(UInt64(change.rows))),
                .init("left_out", .unsigned(change.leftOut)),
                .init("left_out_for", change.leftOutFor == 0 ? .null : .unsigned(UInt64(change.leftOutFor))),
                .init("planned", change.hasPlanned ? Self.planned(change.planned) : .null),
                .init("of", change.of == 0 ? .null : .unsigned(UInt64(change.of))),
                .init("carried_out_by", change.carriedOutBy == 0 ? .null : .unsigned(UInt64(change.carriedOutBy))),
                .init("called_off_by", change.calledOffBy == 0 ? .null : .unsigned(UInt64(change.calledOffBy))),
                .init("late_seconds", .unsigned(UInt64(max(0, change.lateMicros / 1_000_000)))),
                .init("failed", .bool(change.failed)), .init("remark", .optional(change.remark)),
                .init(
                    "differences",
                    .array(
                        change.differences.map { difference in
                            .object([
                                .init("id", .unsigned(UInt64(difference.customerID))),
                                .init("field", .text(difference.field)), .init("old", .text(difference.old)),
                                .init("new", .text(difference.new)),
                            ])
                        })),
            ])
        }
    }

    private static func planned(_ edit: Busyhour_V1_PlannedEdit) -> JSONValue {
        .object([
            .init("begin_at", .time(edit.beginAt)), .init("selection", PlannedText.json(edit)),
            .init("set", .array(edit.set.map { .text($0) })), .init("undo_at", .time(edit.undoAt)),
        ])
    }

    var csv: [[CSVText.Cell]] {
        [["change", "at", "who", "kind", "customers", "what"].map { .text($0) }]
            + answer.changes.map { change in
                [
                    .number(String(change.change)), .text(Timestamp.text(micros: change.at)), .text(change.who),
                    .text(change.kind), .number(String(change.customers)), .text(Self.what(change, .utc)),
                ]
            }
    }
}
