// Customers as a CSV file that `import` reads.

import ArgumentParser
import Client
import Foundation
import Terminal
import Wire

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write customers to a CSV file that `import` reads.",
        discussion: """
            busyhour export customers.csv
            busyhour export --where "country = 'DE'" german.csv
            busyhour export --separator ';' --bom --decimal-comma fuer-excel.csv
            busyhour export --columns id,name,credit credits.csv

            The file has every field that can be set, and the id, or the columns that are named: \
            \(ExportColumn.allCases.map(\.rawValue).joined(separator: ", ")). Read again by `import` it changes nothing. A text \
            that a spreadsheet would run as a formula stands behind an apostrophe, which `import` takes away.

            Excel of most of Europe opens what --separator ';' --bom --decimal-comma writes by a double click; `import` reads \
            it as it is. With the columns id and name, or id alone, a file changes those customers when it comes back.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The file, or - for standard output.")
    var file: String

    @OptionGroup var condition: ConditionOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The columns, in this order. (default: all that can be set, and id)", valueName: "a,b"),
        transform: ExportColumn.parse)
    var columns: [ExportColumn]?

    @OptionGroup var csv: CSVOptions

    @OptionGroup var actor: ActorOptions

    func validate() throws {
        _ = try global.serverAddress()
        if !global.format.isEmpty, try global.outputFormat() != .csv {
            throw UsageError(
                "export writes CSV, which `import` reads; for JSON use `busyhour customer list --format json`"
            )
        }
        let name = file.lowercased()
        if let ending = [".xlsx", ".xls", ".ods", ".json", ".ndjson"].first(where: { name.hasSuffix($0) }) {
            throw UsageError("export writes CSV, and \(ending) is something else; name the file .csv")
        }
    }

    func run() async throws {
        let client = try await global.connect()
        let file = try OutputFile(file)
        try file.write(csv.style.mark)
        let names = (columns ?? ExportColumn.standard).map { CSVText.Cell.text($0.rawValue) }
        try file.write(CSVText.line(names, style: csv.style) + "\n")
        var request = Busyhour_V1_ListCustomersRequest()
        (request.where, request.search) = (condition.filter, condition.search)
        (request.status, request.window) = (condition.status, condition.window ?? "")
        (request.layout, request.who) = (condition.layout, actor.who)
        request.limit = Limits.customersPerPage
        var count = 0
        var progress = Progress()
        defer { progress.clear() }
        do {
            count = try await export(request, from: client, to: file, &progress)
        } catch let error as ClientError {
            if let pointed = ExpressionError(error, filter: condition.filter) { throw pointed }
            throw error
        }
        try file.finish()
        await client.close()
        progress.clear()
        if !file.isStandardOutput {
            try OutputDevice.standardError.writeLine(
                "exported \(Number.grouped(count)) customers to \(VisibleText.clean(self.file))")
        }
    }

    /// Page by page; the server makes the next one while this one is written.
    private func export(
        _ request: Busyhour_V1_ListCustomersRequest, from client: Client, to file: OutputFile,
        _ progress: inout Terminal.Progress
    ) async throws -> Int {
        var csv = CustomerCSV(columns ?? ExportColumn.standard, style: csv.style)
        var count = 0
        var request = request
        var page = try await client.listCustomersBytes(request)
        // Ids only grow, so the last one leads to the next page.
        while let lastID = CustomerCSV.lastID(of: page.span.bytes), lastID > request.afterID {
            request.afterID = lastID
            // Runs at once until it waits for the answer.
            let next = Task.immediate { [request] in try await client.listCustomersBytes(request) }
            defer { next.cancel() }
            guard let read = csv.read(page.span.bytes) else { break }
            try file.write(csv.lines)
            count += read.count
            let share: Double? = read.total == 0 ? nil : Double(count) / Double(read.total)
            progress.show(share.bar + " \(Number.grouped(count)) customers")
            page = try await next.value
        }
        guard csv.read(page.span.bytes)?.count == 0 else {
            throw ClientError.protocolViolation("an answer is no \(Busyhour_V1_ListCustomersResponse.protoMessageName)")
        }
        return count
    }
}
