// `feed cdr` has two formats, and both are called --format: that of the records and that of the output.

import Feeds

struct FeedFormats: Equatable {
    var records: CDRFormat
    var output: OutputFormat

    /// Tells the values of --format apart by their names, wherever they stand. `csv` can be either: it is the records' if
    /// no other value is, and of two the first.
    /// - Parameter output: the value of --output, which says the same as a second --format and goes before it.
    /// - Throws: `UsageError`.
    init(_ values: [String], output: String?) throws(UsageError) {
        for value in values + (output.map { [$0] } ?? []) {
            guard CDRFormat(rawValue: value) != nil || OutputFormat(rawValue: value) != nil else {
                throw Self.unknown(value)
            }
        }
        let ofRecords = values.indices.filter { CDRFormat(rawValue: values[$0]) != nil }
        guard let place = ofRecords.first(where: { OutputFormat(rawValue: values[$0]) == nil }) ?? ofRecords.first,
            let records = CDRFormat(rawValue: values[place])
        else {
            let names = CDRFormat.allCases.map(\.rawValue).joined(separator: "|")
            throw UsageError("the records' format is missing; give --format \(names)")
        }
        self.records = records
        self.output = .table
        for (index, value) in values.enumerated() where index != place {
            guard let format = OutputFormat(rawValue: value) else {
                throw UsageError(
                    "the records cannot be both \(records.rawValue) and \(value); give one --format of these")
            }
            self.output = format
        }
        if let output {
            guard let format = OutputFormat(rawValue: output) else { throw Self.noOutput(output) }
            self.output = format
        }
    }

    private static func unknown(_ value: String) -> UsageError {
        let names = CDRFormat.allCases.map(\.rawValue)
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
