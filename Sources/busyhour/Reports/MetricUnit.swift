// Units of the metrics, as shown in the tables' titles. Names are those of the board's columns, including `asr_5m`.

import Terminal

enum MetricUnit: String {
    case percent = "%"
    case seconds = "s"
    case milliseconds = "ms"
    case perSecond = "/s"

    /// The unit of a column; nil: a count, or not a metric.
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

    /// A value with the decimals that are useful in its unit.
    static func text(_ value: Double, of column: String) -> String {
        switch of(column) {
        case .percent, .seconds: Number.fixed(value, decimals: 1)
        case .milliseconds, .perSecond: Number.fixed(value, decimals: 0)
        case nil: Number.fixed(value, decimals: value == value.rounded() ? 0 : 2)
        }
    }
}
