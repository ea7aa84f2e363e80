import CallEvents

/// How to read a file that deviates from its product's format. The parts are for the format `csv`, except the columns,
/// the time zone and the words.
public struct CDROptions: Equatable, Sendable {
    /// The file's fields in order; empty: the format's own, or those named by the header line.
    public var columns: [String] = []
    /// Which column of the file is which field.
    public var map = CDRMap()
    /// Which rows are calls; nil: all.
    public var filter: CDRFilter?
    /// Which of several rows of one id is the call.
    public var keep = CDRKeep.answered
    /// The meaning of the file's own words for an outcome.
    public var dispositions = CDRDispositions()
    /// The unit of durations whose column does not state its own; nil: seconds.
    public var durations: CDRDurationUnit?
    /// The zone of local times: an IANA name, `UTC`, or an offset such as `+02:00`.
    public var timeZone = "UTC"

    public init() {}

    /// The option that is set and that only the format `csv` knows, by name; nil: none.
    var optionForCSV: String? {
        if !map.isEmpty { return "--map" }
        if filter != nil { return "--filter" }
        if keep != .answered { return "--keep" }
        return durations == nil ? nil : "--durations"
    }
}

/// Which of several rows of one id is the call, if there is a row for every carrier tried, for example.
///
/// Rows of one id belong to one call as long as their times overlap or are less than ten seconds apart. The selected
/// row supplies everything, including the cost.
public enum CDRKeep: String, CaseIterable, Sendable {
    /// The last one that was answered or, if none was, the last.
    case answered
    case last
    case first
}

/// The unit of a bare number that is a duration.
public enum CDRDurationUnit: String, CaseIterable, Sendable {
    case seconds = "s"
    case milliseconds = "ms"
    case minutes = "min"

    /// The suffix of a field's name that is written in this unit.
    var suffix: String {
        switch self {
        case .seconds: ""
        case .milliseconds: "_ms"
        case .minutes: "_min"
        }
    }

    /// The unit in the last word of a column's name: `Duration (ms)`, `talk_min`.
    init?(ofColumn title: String) {
        let words = title.lowercased().split { !$0.isLetter && !$0.isNumber }
        guard words.count > 1, let last = words.last else { return nil }
        switch last {
        case "s", "sec", "secs", "second", "seconds": self = .seconds
        case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds": self = .milliseconds
        case "m", "min", "mins", "minute", "minutes": self = .minutes
        default: return nil
        }
    }
}
