// Raised warnings, one per line.

import Terminal
import Wire

struct WarningsReport: Report {
    var answer: Busyhour_V1_WarningsResponse

    func lines(_ page: Page) -> [String] {
        // Leaves room in 80 columns for the time and the value.
        let longest = answer.warnings.map { DisplayWidth.of($0.customerName) }.max() ?? 0
        let nameWidth = page.width.flatMap { $0 < 120 ? min(max(longest, 4), 20) : nil }
        var table = TextTable([
            .init("id", .right, isPinned: true), .init("name", .left, width: nameWidth, isPinned: true),
            .init("warning", .left, isPinned: true), .init("value", .right, isPinned: true),
            .init("since", .left, isPinned: true), .init("level", .left), .init("raise", .right),
            .init("clear", .right), .init("mark", .left),
        ])
        let hasReasons = answer.warnings.contains { !$0.reason.isEmpty }
        if hasReasons { table.columns.append(.init("reason", .left)) }
        table.rows = answer.warnings.map { warning in
            [
                String(warning.customerID), warning.customerName, warning.warning,
                warning.hasMeasured_p ? Number.fixed(warning.measured, decimals: 1) : "-",
                page.timeOrDash(warning.raisedAt), warning.level,
                warning.raise == warning.clear ? "-" : Number.fixed(warning.raise, decimals: 1),
                warning.raise == warning.clear ? "-" : Number.fixed(warning.clear, decimals: 1),
                Self.mark(warning, page),
            ].map { .init($0) } + (hasReasons ? [.init(warning.reason)] : [])
        }
        let left = answer.total - UInt64(answer.warnings.count)
        let noun = answer.total == 1 ? "warning" : "warnings"
        return ["\(Number.grouped(answer.total)) \(noun)"] + table.lines(page, hint: "see --format json or csv")
            + (left > 0 ? ["\(Number.grouped(left)) more; --limit N shows more"] : [])
    }

    static func mark(_ warning: Busyhour_V1_Warning, _ page: Page) -> String {
        func who(_ name: String) -> String { name.isEmpty ? "" : " by \(name)" }
        if warning.acknowledgedAt != 0 { return "seen\(who(warning.acknowledgedBy))" }
        if warning.mutedUntil != 0 {
            return "muted\(who(warning.mutedBy)) until \(page.time(warning.mutedUntil))"
        }
        return "-"
    }

    var json: JSONValue {
        .object([
            .init("total", .unsigned(answer.total)), .init("counts", WarningCountsReport(answer: answer).json),
            .init("warnings", .array(jsonRows)),
        ])
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
                .init("meaning", .text(warning.meaning)), .init("reason", .optional(warning.reason)),
            ])
        }
    }

    var csv: [[CSVText.Cell]] {
        let names = [
            "id", "name", "warning", "level", "raised_at", "value", "raise", "clear", "acknowledged_by",
            "acknowledged_at", "muted_by", "muted_until", "reason",
        ]
        func time(_ micros: Int64) -> CSVText.Cell { micros == 0 ? .empty : .text(Timestamp.text(micros: micros)) }
        func text(_ text: String) -> CSVText.Cell { text.isEmpty ? .empty : .text(text) }
        func number(_ value: Double) -> CSVText.Cell { value.isFinite ? .number("\(value)") : .empty }
        return [names.map { .text($0) }]
            + answer.warnings.map { warning in
                let hasThresholds = warning.raise != warning.clear
                return [
                    .number(String(warning.customerID)), .text(warning.customerName), .text(warning.warning),
                    .text(warning.level), time(warning.raisedAt),
                    warning.hasMeasured_p ? number(warning.measured) : .empty,
                    hasThresholds ? number(warning.raise) : .empty, hasThresholds ? number(warning.clear) : .empty,
                    text(warning.acknowledgedBy), time(warning.acknowledgedAt), text(warning.mutedBy),
                    time(warning.mutedUntil), text(warning.reason),
                ]
            }
    }
}

/// The number of warnings of each kind.
struct WarningCountsReport: Report {
    var answer: Busyhour_V1_WarningsResponse

    func lines(_ page: Page) -> [String] {
        var table = TextTable([.init("warning", .left), .init("level", .left), .init("count", .right)])
        table.rows = answer.counts.map { [$0.warning, $0.level, Number.grouped($0.count)].map { .init($0) } }
        table.totals = [["total", "", Number.grouped(answer.total)].map { .init($0) }]
        return table.lines(page, hint: "see --format json or csv")
    }

    var json: JSONValue { .array(jsonRows) }
    var jsonRows: [JSONValue] {
        answer.counts.map { count in
            .object([
                .init("warning", .text(count.warning)), .init("level", .text(count.level)),
                .init("count", .unsigned(count.count)),
            ])
        }
    }

    var csv: [[CSVText.Cell]] {
        [["warning", "level", "count"].map { .text($0) }]
            + answer.counts.map { [.text($0.warning), .text($0.level), .number(String($0.count))] }
    }
}
