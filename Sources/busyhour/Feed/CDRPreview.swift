// `feed cdr --dry-run`: shows the first rows of files as they are read, and the errors of the others; sends nothing.

import CallEvents
import Feeds
import Foundation
import Terminal

struct CDRPreview: Report {
    /// A call as it would be sent.
    struct Row: Equatable {
        var line: UInt32
        /// Empty: the file has no column for it.
        var id: String
        var details: CallDetails
        var party: Party
        var setupMicros: Int64
        var ring: UInt32
        var answer: UInt32
        var end: UInt32
        var talk: UInt32
        var code: UInt16
        var q850: UInt8
        var costMicros: Int64?
        /// As stated by the row.
        var currency: String?
    }

    var file = ""
    var columns: [CDRReader.ColumnReading] = []
    var rows: [Row] = []
    /// Accounting rows are events, which are not shown individually.
    var events: UInt64 = 0
    var counts = FeedSummary()
    var calls: UInt64 = 0

    /// Reads files without a server.
    /// - Parameters:
    ///   - reader: creates the reader of a file.
    ///   - showError: shows a line about a row.
    static func of(
        _ files: [String], reader: (String) throws -> CDRReader, showError: (String) throws -> Void
    ) throws -> CDRPreview {
        var preview = CDRPreview()
        for file in files {
            var reader = try reader(file)
            reader.idsShown = Limits.previewRows
            let input = try CDRInput(file)
            do {
                while let piece = try input.read() {
                    piece.withUnsafeBytes { reader.read($0) }
                    try preview.take(&reader, showError)
                }
            } catch let error as DecompressionError {
                reader.endDamaged(error)
            }
            reader.finish(atEnd: true)
            try preview.take(&reader, showError)
            if preview.columns.isEmpty { (preview.file, preview.columns) = (reader.file, reader.columnReadings) }
            preview.count(reader.counters)
        }
        return preview
    }

    private mutating func take(_ reader: inout CDRReader, _ showError: (String) throws -> Void) throws {
        for error in reader.takeErrors() where shownErrors < Limits.shownLineErrors {
            shownErrors += 1
            try showError(error.description)
        }
        for warning in reader.takeWarnings() where shownErrors < Limits.shownLineErrors {
            shownErrors += 1
            try showError(warning.description)
        }
        events &+= UInt64(reader.takeEvents().count)
        let lines = reader.recordLines
        let batch = reader.takeRecords()
        calls &+= UInt64(batch.count)
        for index in 0..<batch.count where rows.count < Limits.previewRows {
            let detail = index < batch.detail.count ? Int(batch.detail[index]) : .max
            rows.append(
                Row(
                    line: lines[index], id: batch.key.isEmpty ? "" : reader.shownIDs[batch.key[index]] ?? "",
                    details: detail < batch.details.count ? batch.details[detail] : CallDetails(),
                    party: batch.parties[Int(batch.party[index])], setupMicros: batch.setupMicros[index],
                    ring: batch.ringMilliseconds[index], answer: batch.answerMilliseconds[index],
                    end: batch.endMilliseconds[index], talk: batch.talkMilliseconds[index], code: batch.code[index],
                    q850: batch.q850[index], costMicros: batch.cost(index),
                    currency: batch.currencies.code(ofCall: index)))
        }
    }

    private var shownErrors: UInt64 = 0

    private mutating func count(_ counters: CDRCounters) {
        var counts = FeedSummary()
        counts.read = UInt64(clamping: counters.rows)
        counts.calls = UInt64(clamping: counters.calls)
        counts.duplicates = UInt64(clamping: counters.duplicates)
        counts.notCalls = UInt64(clamping: counters.notCalls + counters.continued)
        for (name, number) in counters.errorsByName { counts.countError(name.rawValue, times: UInt64(number)) }
        for (name, number) in counters.notCallsByName { counts.notCallsByName[name.rawValue] = UInt64(number) }
        for (name, number) in counters.warningsByName { counts.warningsByName[name.rawValue] = UInt64(number) }
        if counters.continued > 0 { counts.notCallsByName["further_row"] = UInt64(counters.continued) }
        self.counts = self.counts + counts
    }

    // MARK: - As text

    func lines(_ page: Page) -> [String] {
        var table = TextTable([.init("column", .right), .init("name"), .init("field")])
        table.rows = columns.map { [.init(String($0.column)), .init($0.title), .init($0.field ?? "-")] }
        let hint = "see --output json"
        var lines = columns.isEmpty ? [] : table.lines(page, hint: hint) + [""]
        lines += rows.isEmpty ? ["no calls"] : rowTable.lines(page, hint: hint)
        if events > 0 { lines[lines.count - 1] = "\(Number.grouped(events)) events of calls" }
        if UInt64(rows.count) < calls { lines.append("and \(Number.grouped(calls - UInt64(rows.count))) more") }
        return lines + [""] + countTable.lines(page, hint: hint) + ["nothing was sent"]
    }

    /// The outcome of the rows, as far as the files show.
    private var countTable: TextTable {
        var table = TextTable([.init("what"), .init("count", .right)])
        let named = { (names: [String: UInt64]) in
            names.sorted { $0.key < $1.key }.map { [TextTable.Cell("  " + $0.key), .init(Number.grouped($0.value))] }
        }
        table.rows = [
            [.init("read"), .init(Number.grouped(counts.read))], [.init("calls"), .init(Number.grouped(counts.calls))],
        ]
        table.rows += [[.init("duplicates"), .init(Number.grouped(counts.duplicates))]]
        table.rows += [[.init("not_calls"), .init(Number.grouped(counts.notCalls))]] + named(counts.notCallsByName)
        table.rows += [[.init("errors"), .init(Number.grouped(counts.errors))]] + named(counts.errorsByName)
        return table
    }

    static func seconds(_ milliseconds: UInt32) -> String {
        let (seconds, rest) = (milliseconds / 1_000, milliseconds % 1_000)
        if rest == 0 { return String(seconds) }
        var decimals = String(rest)
        while decimals.count < 3 { decimals = "0" + decimals }
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(seconds).\(decimals)"
    }

    // MARK: - As JSON

    var json: JSONValue {
        .object([
            .init("file", .text(file)),
            .init(
                "columns",
                .array(
                    columns.map { column in
                        .object([
                            .init("column", .unsigned(UInt64(column.column))), .init("name", .text(column.title)),
                            .init("field", column.field.map { .text($0) } ?? .null),
                        ])
                    })), .init("rows", .array(jsonRows)),
            .init("read", .unsigned(counts.read)), .init("calls", .unsigned(counts.calls)),
            .init("duplicates", .unsigned(counts.duplicates)), .init("not_calls", .unsigned(counts.notCalls)),
            .init("errors", .unsigned(counts.errors)), .init("errors_by_name", .counts(counts.errorsByName)),
            .init("not_calls_by_name", .counts(counts.notCallsByName)),
            .init("warnings_by_name", .counts(counts.warningsByName)),
        ])
    }
}
