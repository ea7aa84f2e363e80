import CallEvents

/// How a file is read that is not as its product writes it. The parts are for the format `csv`, but for the columns, the
/// time zone and the words.
public struct CDROptions: Equatable, Sendable {
    /// The file's fields in their order; empty: the format's own, or those that the header line names.
    public var columns: [String] = []
    /// Which column of the file is which field.
    public var map = CDRMap()
    /// Which rows are calls; nil: all.
    public var filter: CDRFilter?
    /// Which of several rows of one id is the call.
    public var keep = CDRKeep.answered
    /// What the file's own words for an outcome mean.
    public var dispositions = CDRDispositions()
    /// The unit of lengths of time whose column does not tell its own; nil: seconds.
    public var durations: CDRDurationUnit?
    /// Of local times: an IANA name, `UTC`, or an offset such as `+02:00`.
    public var timeZone = "UTC"

    public init() {}

    /// Whether anything is set that only the format `csv` knows, by the name of its option.
    var optionForCSV: String? {
        if !map.isEmpty { return "--map" }
        if filter != nil { return "--filter" }
        if keep != .answered { return "--keep" }
        return durations == nil ? nil : "--durations"
    }
}

/// Which of several rows of one id is the call: a row for every carrier that was tried, say.
///
/// Rows of one id are those of one call as long as their times overlap or less than ten seconds lie between them. The row
/// that is kept tells everything, the cost as well.
public enum CDRKeep: String, CaseIterable, Sendable {
    /// The last one that was answered or, where none was, the last.
    case answered
    case last
    case first
}

/// The unit of a bare number that is a length of time.
public enum CDRDurationUnit: String, CaseIterable, Sendable {
    case seconds = "s"
    case milliseconds = "ms"
    case minutes = "min"

    /// What a field's name ends with when it is written in this unit.
    var suffix: String {
        switch self {
        case .seconds: ""
        case .milliseconds: "_ms"
        case .minutes: "_min"
        }
    }

    /// The unit that the last word of a column's name tells: `Duration (ms)`, `talk_min`.
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
