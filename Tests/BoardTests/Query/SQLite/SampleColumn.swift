@testable import Board

/// What a value is, as far as writing SQL for it goes. Money is micros in SQLite, times are microseconds, truth is 0
/// and 1.
enum SampleKind: CaseIterable { case integer, number, money, text, boolean, time, list }

/// A column of the board, with what SQLite works out for it from the table's raw counters.
struct SampleColumn {
    let name: String
    let kind: SampleKind
    let sql: String

    static let fields =
        ["id", "channels", "flow_speed", "short_call_seconds", "version"].map { field($0, .integer) }
        + ["credit", "debit_limit", "available"].map { field($0, .money) }
        + ["name", "status", "currency", "country", "company", "account_manager"].map { field($0, .text) }
        + ["created_at", "updated_at", "last_call"].map { field($0, .time) }
        + [field("portal_access", .boolean), field("tags", .list), field("warnings", .list)]

    /// Fields that stand for their sum in a group.
    static let sums = ["channels", "flow_speed"].map {
        SampleColumn(name: $0, kind: .integer, sql: "SUM(\($0))")
    }
    static let moneySums = ["credit", "debit_limit", "available"].map {
        SampleColumn(name: $0, kind: .money, sql: "SUM(\($0))")
    }

    private static func field(_ name: String, _ kind: SampleKind) -> SampleColumn {
        SampleColumn(name: name, kind: kind, sql: name)
    }

    /// All metrics of a window, of one customer or of all that a statement selects.
    static func metrics(_ window: Window, ofGroup: Bool) -> [SampleColumn] {
        func sum(_ counter: String) -> String {
            ofGroup ? "COALESCE(SUM(\(counter)_\(window.name)), 0)" : "\(counter)_\(window.name)"
        }
        func gauge(_ name: String) -> SampleColumn {
            SampleColumn(name: name, kind: .integer, sql: ofGroup ? "COALESCE(SUM(\(name)), 0)" : name)
        }
        func count(_ name: String, _ sql: String) -> SampleColumn { SampleColumn(name: name, kind: .integer, sql: sql) }
        func ratio(_ name: String, _ scale: String, _ numerator: String, _ denominator: String) -> SampleColumn {
            SampleColumn(
                name: name, kind: .number, sql: "(\(scale) * \(sum(numerator)) / NULLIF(\(sum(denominator)), 0))")
        }
        let failures = ["busy", "noAnswer", "rejected", "abandoned", "badNumber", "network", "refused", "blocked"]
        var columns = [
            gauge("active"), gauge("cps"), count("bids", sum("bids")), count("answered", sum("answered")),
            count("attempts", "(\(sum("bids")) - \(sum("blockedSetups")))"),
            count("failed", "(\(failures.map(sum).joined(separator: " + ")))"),
            ratio("asr", "100.0", "answered", "outcomes"), count("asr_n", sum("outcomes")),
            ratio("ner", "100.0", "effective", "outcomes"), count("ner_n", sum("outcomes")),
            ratio("abr", "100.0", "answered", "bids"), count("abr_n", sum("bids")),
            ratio("short_ratio", "100.0", "short", "talked"), count("short_ratio_n", sum("talked")),
            ratio("pdd", "1.0", "pddMilliseconds", "pddCount"), count("pdd_n", sum("pddCount")),
            ratio("acd", "0.001", "talkMilliseconds", "talked"), count("acd_n", sum("talked")),
            ratio("acd_attempts", "0.001", "talkMilliseconds", "ended"), count("acd_attempts_n", sum("ended")),
            SampleColumn(name: "talk", kind: .number, sql: "(\(sum("talkMilliseconds")) / 1000.0)"),
            count("causes.busy", sum("busy")), count("causes.blocked", sum("blocked")),
        ]
        if ofGroup {
            columns.append(count("cps_peak", "COALESCE(MAX(cps_peak_\(window.name)), 0)"))
        } else {
            columns.append(count("cps_peak", "cps_peak_\(window.name)"))
            columns += ["pdd_p50", "pdd_p95"].map {
                SampleColumn(name: $0, kind: .number, sql: "\($0)_\(window.name)")
            }
        }
        return columns
    }

    /// The one metric that is money.
    static func cost(_ window: Window, ofGroup: Bool) -> SampleColumn {
        let sql = "costMicros_\(window.name)"
        return SampleColumn(name: "cost", kind: .money, sql: ofGroup ? "SUM(\(sql))" : sql)
    }
}
