// Units of the metrics, as the tables' titles show them. Names as the board's columns have them, `asr_5m` included.

import Terminal

enum MetricUnit: String {
    case percent = "%"
    case seconds = "s"
    case milliseconds = "ms"
    case perSecond = "/s"

    /// The unit of a column; nil: a count, or no metric at all.
    static func of(_ column: String) -> MetricUnit? {
        switch metric(of: column) {
        case "asr", "ner", "abr", "short_ratio", "inbound_asr": .percent
        case "acd", "acd_attempts", "talk": .seconds
        case "pdd", "pdd_p50", "pdd_p95": .milliseconds
        case "cps", "cps_peak": .perSecond
        default: nil
        }
    }

    /// The metric of a column without the window that its name may end in.
    static func metric(of column: String) -> String {
        for window in WindowName.all where column.hasSuffix("_" + window) {
            return String(column.dropLast(window.count + 1))
        }
        return column
    }

    /// A value with as many decimals as are of use in its unit.
    static func text(_ value: Double, of column: String) -> String {
        switch of(column) {
        case .percent, .seconds: Number.fixed(value, decimals: 1)
        case .milliseconds, .perSecond: Number.fixed(value, decimals: 0)
        case nil: Number.fixed(value, decimals: value == value.rounded() ? 0 : 2)
        }
    }
}
