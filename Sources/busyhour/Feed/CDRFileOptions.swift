// How `feed cdr` reads a file that is not as a product writes it.

import ArgumentParser
import Feeds
import Terminal

struct CDRFileOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The file's columns where they are not the product's own.", valueName: "a,b,..."))
    var columns: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Which column is which field, by header or number: id=call_ref,setup_at=Start,cost=7.",
            valueName: "field=column,..."))
    var map: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Which rows are calls, by the file's columns: \"type = 'Stop'\".", valueName: "expr"))
    var filter: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Which of several rows of one id is the call: answered (else the last), last, first. (default: answered)",
            valueName: "row"))
    var keep: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What the file's words for an outcome mean: NoAns=480,Ended=200,Gone=q850:1.", valueName: "word=code,..."))
    var dispositions: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The unit of bare lengths of time: s, ms, min. (default: what a column's name ends with, else s)",
            valueName: "unit"))
    var durations: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Of stamps without one: Europe/Berlin, +02:00. (default: UTC)", valueName: "tz"))
    var timeZone: String?

    /// What the options say, over what was said before.
    /// - Throws: `UsageError`; `ExpressionError` for a filter that cannot be read.
    func apply(to options: inout CDROptions) throws {
        do {
            if let columns { options.columns = NameList.parse(columns) }
            if let map { options.map = try CDRMap(map) }
            if let dispositions { options.dispositions = try CDRDispositions(dispositions) }
        } catch let error as CDRUsageError {
            throw UsageError(error.message)
        }
        if let filter { options.filter = try Self.filter(filter) }
        if let keep { options.keep = try Self.value(keep, "--keep") }
        if let durations { options.durations = try Self.value(durations, "--durations") }
        if let timeZone { options.timeZone = timeZone }
    }

    static func filter(_ text: String) throws(ExpressionError) -> CDRFilter {
        do {
            return try CDRFilter(text)
        } catch {
            throw ExpressionError(message: "--filter: \(error.message)", expression: text, position: error.position)
        }
    }

    static func value<Value: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ option: String
    ) throws(UsageError) -> Value {
        if let value = Value(rawValue: text.lowercased()) { return value }
        let names = Value.allCases.map(\.rawValue)
        throw UsageError("\(option) has no '\(text)'; known are \(CommandNames.list(names))")
    }
}

extension CDROptions {
    /// Whatever makes the reading of a file another one, for the state of a feed.
    var identity: [String] {
        [
            columns.joined(separator: ","), map.text, filter?.text ?? "", keep.rawValue, dispositions.text,
            durations?.rawValue ?? "", timeZone,
        ]
    }
}
