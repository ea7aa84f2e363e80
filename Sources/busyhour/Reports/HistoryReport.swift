// Changes, newest first: when, who, what.

import Terminal
import Wire

struct HistoryReport: Report {
    var answer: Busyhour_V1_HistoryResponse

    func lines(_ page: Page) -> [String] {
        var lines: [String] = []
        if answer.customerID != 0 {
            let gone = answer.deletedAt == 0 ? "" : ", deleted \(Timestamp.text(micros: answer.deletedAt))"
            lines.append(VisibleText.clean("customer \(answer.customerID) '\(answer.customerName)'\(gone)"))
        }
        var table = TextTable([
            .init("change", .right), .init("at", .left), .init("who", .left), .init("kind", .left),
            .init("customers", .right), .init("what", .left),
        ])
        table.rows = answer.changes.map { change in
            [
                String(change.change), Timestamp.text(micros: change.at), change.who.isEmpty ? "-" : change.who,
                change.kind, Number.grouped(change.customers), Self.what(change),
            ].map { .init($0) }
        }
        return lines + table.lines(page, hint: "see --format json or csv")
    }

    private static func what(_ change: Busyhour_V1_ChangeEntry) -> String {
        var parts = change.differences.map { difference in
            "\(difference.field): \(quoted(difference.old)) -> \(quoted(difference.new))"
        }
        if change.undoAt != 0 && change.undoneBy == 0 {
            parts.append("(until \(Timestamp.text(micros: change.undoAt)))")
        }
        if change.kind == "scheduled" && change.customers == 0 {
            return "nothing of \(change.undoes) was left to set back"
        }
        if change.undoes != 0 { parts.insert("takes back \(change.undoes)", at: 0) }
        if change.undoneBy != 0 { parts.append("(taken back by \(change.undoneBy))") }
        return parts.joined(separator: "; ")
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

    var csv: [[CSVText.Cell]] {
        [["change", "at", "who", "kind", "customers", "what"].map { .text($0) }]
            + answer.changes.map { change in
                [
                    .number(String(change.change)), .text(Timestamp.text(micros: change.at)), .text(change.who),
                    .text(change.kind), .number(String(change.customers)), .text(Self.what(change)),
                ]
            }
    }
}
