// How `feed cdr` reads a file that deviates from its product's format.

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

    /// What the options say, over what a template says.
    /// - Parameter timeZone: of stamps without one, an option of every command.
    /// - Throws: `ExpressionError` for a filter that cannot be read; of the rest it is seen what it is worth when it is
    ///   used.
    func apply(to template: inout CDRTemplate, timeZone: String?) throws(ExpressionError) {
        if let columns { template.columns = NameList.parse(columns).joined(separator: ",") }
        if let map { template.map = map }
        if let filter { template.filter = try Self.checked(filter) }
        if let keep { template.keep = keep.lowercased() }
        if let dispositions { template.dispositions = dispositions }
        if let durations { template.durations = durations.lowercased() }
        if let timeZone { template.timeZone = timeZone }
    }

    private static func checked(_ filter: String) throws(ExpressionError) -> String {
        do {
            _ = try CDRFilter(filter)
            return filter
        } catch {
            throw ExpressionError(message: "--filter: \(error.message)", expression: filter, position: error.position)
        }
    }
}

extension CDROptions {
    /// All settings that change how a file is read, for the state of a feed.
    var identity: [String] {
        [
            columns.joined(separator: ","), map.text, filter?.text ?? "", keep.rawValue, dispositions.text,
            durations?.rawValue ?? "", timeZone,
        ]
    }
}
