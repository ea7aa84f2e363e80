/// How CDR files are read, as stored under a name: each part like the option of `feed cdr`, empty without it.
public struct CDRTemplate: Equatable, Sendable {
    /// Of a `CDRFormat` or a `CDRPreset`.
    public var format = ""
    /// Separated by commas.
    public var columns = ""
    public var map = ""
    public var filter = ""
    public var keep = ""
    public var dispositions = ""
    public var durations = ""
    public var timeZone = ""

    public init() {}

    /// The parts by the names of their options, without empty ones.
    public var parts: [(option: String, text: String)] {
        [
            ("format", format), ("columns", columns), ("map", map), ("filter", filter), ("keep", keep),
            ("dispositions", dispositions), ("durations", durations), ("time-zone", timeZone),
        ].filter { !$0.1.isEmpty }
    }

    /// The records' format, and how they are read.
    /// - Throws: `CDRUsageError` for a part that cannot be parsed, with the position of the fault if it is a filter.
    public func options() throws(CDRUsageError) -> (format: CDRFormat, preset: CDRPreset?, options: CDROptions) {
        let preset = CDRPreset(rawValue: format)
        guard let records = preset.map({ _ in CDRFormat.csv }) ?? CDRFormat(rawValue: format) else {
            throw CDRUsageError(
                message: "there is no format '\(format)' of records; give one that `feed cdr --help` lists")
        }
        var options = preset?.options ?? CDROptions()
        if !columns.isEmpty {
            options.columns = columns.split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init)
        }
        if !map.isEmpty { options.map = try CDRMap(map) }
        if !filter.isEmpty {
            do {
                options.filter = try CDRFilter(filter)
            } catch {
                throw CDRUsageError(message: "--filter: \(error.message) (at character \(error.position + 1))")
            }
        }
        if !dispositions.isEmpty { options.dispositions = try CDRDispositions(dispositions) }
        if !keep.isEmpty {
            guard let known = CDRKeep(rawValue: keep) else {
                throw CDRUsageError(message: "--keep has no '\(keep)'; known are answered, last and first")
            }
            options.keep = known
        }
        if !durations.isEmpty {
            guard let known = CDRDurationUnit(rawValue: durations) else {
                throw CDRUsageError(message: "--durations has no '\(durations)'; known are s, ms and min")
            }
            options.durations = known
        }
        if !timeZone.isEmpty { options.timeZone = timeZone }
        // Faults that only a reader finds: columns that describe no call, an unknown zone.
        _ = try CDRReader(format: records, options: options, file: "")
        return (records, preset, options)
    }
}
