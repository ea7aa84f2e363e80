// Raised warnings, one a line.

import Terminal
import Wire

struct WarningsReport: Report {
    var answer: Busyhour_V1_WarningsResponse

    func lines(_ page: Page) -> [String] {
        var table = TextTable([
            .init("id", .right), .init("name", .left), .init("warning", .left), .init("level", .left),
            .init("since", .left), .init("value", .right), .init("raise", .right), .init("clear", .right),
            .init("mark", .left),
        ])
        table.rows = answer.warnings.map { warning in
            [
                String(warning.customerID), warning.customerName, warning.warning, warning.level,
                warning.raisedAt == 0 ? "-" : Timestamp.text(micros: warning.raisedAt),
                warning.hasMeasured_p ? Number.fixed(warning.measured, decimals: 1) : "-",
                warning.raise == warning.clear ? "-" : Number.fixed(warning.raise, decimals: 1),
                warning.raise == warning.clear ? "-" : Number.fixed(warning.clear, decimals: 1), Self.mark(warning),
            ].map { .init($0) }
        }
        let left = answer.total - UInt64(answer.warnings.count)
        let noun = answer.total == 1 ? "warning" : "warnings"
        return ["\(Number.grouped(answer.total)) \(noun)"] + table.lines(page, hint: "see --format json or csv")
            + (left > 0 ? ["\(Number.grouped(left)) more; --limit N shows more"] : [])
    }

    private static func mark(_ warning: Busyhour_V1_Warning) -> String {
        func who(_ name: String) -> String { name.isEmpty ? "" : " by \(name)" }
        if warning.acknowledgedAt != 0 { return "seen\(who(warning.acknowledgedBy))" }
        if warning.mutedUntil != 0 {
            return "muted\(who(warning.mutedBy)) until \(Timestamp.text(micros: warning.mutedUntil))"
        }
        return "-"
    }

    var json: JSONValue {
        .object([.init("total", .unsigned(answer.total)), .init("warnings", .array(jsonRows))])
    }

    var jsonRows: [JSONValue] {
        answer.warnings.map { warning in
            .object([
                .init("id", .unsigned(UInt64(warning.customerID))), .init("name", .text(warning.customerName)),
                .init("warning", .text(warning.warning)), .init("level", .text(warning.level)),
                .init("raised_at", .time(warning.raisedAt)),
                .init("value", warning.hasMeasured_p && warning.measured.isFinite ? .number(warning.measured) : .null),
                .init("raise", .number(warning.raise)), .init("clear", .number(warning.clear)),
                .init("acknowledged_by", .optional(warning.acknowledgedBy)),
                .init("acknowledged_at", .time(warning.acknowledgedAt)),
                .init("muted_by", .optional(warning.mutedBy)), .init("muted_until", .time(warning.mutedUntil)),
                .init("meaning", .text(warning.meaning)),
            ])
        }
    }

    var csv: [[CSVText.Cell]] {
        [["id", "name", "warning", "level", "raised_at", "mark"].map { .text($0) }]
            + answer.warnings.map { warning in
                [
                    .number(String(warning.customerID)), .text(warning.customerName), .text(warning.warning),
                    .text(warning.level),
                    warning.raisedAt == 0 ? .empty : .text(Timestamp.text(micros: warning.raisedAt)),
                    .text(Self.mark(warning)),
                ]
            }
    }
}
