// `feed cdr` has two formats, and both are called --format: that of the records and that of the output.

import Feeds

struct FeedFormats: Equatable {
    var records: CDRFormat
    /// The product whose records of `csv` they are.
    var preset: CDRPreset?
    var output: OutputFormat

    /// Assigns the values of --format by their names, in any order. `csv` can be either: it is the records' if
    /// no other value is, and the first of two is.
    /// - Parameters:
    ///   - output: the value of --output, which means the same as a second --format and overrides it.
    ///   - standard: the records' format if no value is one; empty: one is required.
    /// - Throws: `UsageError`.
    init(_ values: [String], output: String?, standard: String = "") throws(UsageError) {
        for value in values + (output.map { [$0] } ?? []) {
            guard Self.isRecords(value) || OutputFormat(rawValue: value) != nil else { throw Self.unknown(value) }
        }
        let ofRecords = values.indices.filter { Self.isRecords(values[$0]) }
        // With a template `csv` is the output's, unless it is the only value given twice.
        let place =
            ofRecords.first { OutputFormat(rawValue: values[$0]) == nil } ?? (standard.isEmpty ? ofRecords.first : nil)
        let name = place.map { values[$0] } ?? standard
        if name.isEmpty {
            throw UsageError("the records' format is missing; give --format \(Self.recordNames.joined(separator: "|"))")
        }
        preset = CDRPreset(rawValue: name)
        records = CDRFormat(rawValue: name) ?? .csv
        self.output = .table
        for (index, value) in values.enumerated() where index != place {
            guard let format = OutputFormat(rawValue: value) else {
                throw UsageError("the records cannot be both \(name) and \(value); give one --format of these")
            }
            self.output = format
        }
        if let output {
            guard let format = OutputFormat(rawValue: output) else { throw Self.noOutput(output) }
            self.output = format
        }
    }

    var isJSON: Bool { [CDRFormat.freeswitchJSON, .cgratesJSON].contains(records) }

    /// The name of the records' format.
    var name: String { preset?.rawValue ?? records.rawValue }

    static let recordNames = CDRFormat.allCases.map(\.rawValue) + CDRPreset.allCases.map(\.rawValue)

    private static func isRecords(_ value: String) -> Bool {
        CDRFormat(rawValue: value) != nil || CDRPreset(rawValue: value) != nil
    }

    private static func unknown(_ value: String) -> UsageError {
        let names = recordNames
        let outputs = OutputFormat.allCases.map(\.rawValue)
        let hint =
            NearestName.of(value, among: names + outputs).map { "did you mean '\($0)'?" }
            ?? "records are \(CommandNames.list(names)); the output is \(CommandNames.list(outputs))"
        return UsageError("--format has no '\(value)'; \(hint)")
    }

    private static func noOutput(_ value: String) -> UsageError {
        UsageError("--output has no '\(value)'; known are \(CommandNames.list(OutputFormat.allCases.map(\.rawValue)))")
    }
}
