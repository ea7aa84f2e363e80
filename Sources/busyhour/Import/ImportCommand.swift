import ArgumentParser
import CallEvents
import Client
import Foundation
import Terminal
import Wire

struct ImportCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Create and update the customers of a CSV file: all of them, or none.",
        discussion: """
            busyhour import customers.csv
            busyhour import list.csv --start-row 3 --map 1=name,4=currency --save-template legacy
            busyhour import next-month.csv --template legacy

            Rows whose name (else whose id) is a customer's update it; the others create one. An empty cell leaves a field \
            as it is. The same file again changes nothing.

            The header names the fields: \(CustomerField.names.joined(separator: ", ")). tags, auth and routes are lists \
            with ; (doubled in a value), auth as ip:203.0.113.0/24;sip:alice;account:0049-30, a route that is off as !name; \
            contacts is JSON. Mobile numbers have their country (+49..., 0049...) or that of --default-country. With --map the columns that it does not name go by their header, if that is a field. Fields of \
            the server (created_at, version, ...) are passed over.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: "The file, or - for standard input. Separated by comma, semicolon, tab or as its first line sep=X says.")
    var file: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The first row of customers, from 1; the header is above. (default: the row after the first)",
            valueName: "n"), transform: WholeNumber.from(1))
    var startRow: Int?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Fields by column: 1=name,3=currency.", valueName: "n=field,..."))
    var map: String = ""

    @Option(
        parsing: .unconditional,
        help: "What the columns are as a template has it; other options stand before what it says.")
    var template: String = ""

    @Option(
        parsing: .unconditional,
        help: "Keep what the columns are, by header or map, under this name, if nothing is wrong with the file.")
    var saveTemplate: String = ""

    @Flag(help: "In amounts the comma is the decimal sign, and a point may separate thousands.")
    var decimalComma = false

    @Flag(help: "Pass over columns whose header names no field.")
    var ignoreUnknown = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "\(CommandNames.list(TextEncoding.allCases.map(\.rawValue))). (default: UTF-8, or UTF-16 where it is seen)",
            valueName: "name"), transform: TextEncoding.parse)
    var encoding: TextEncoding?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The country of mobile numbers without a country code, such as DE.", valueName: "code"),
        transform: MobileNumber.country)
    var defaultCountry: CallingCountry?

    @Flag(help: "List every error, and not the first ones and how many there are of each kind.")
    var allErrors = false

    @OptionGroup var actor: ActorOptions

    @Flag(help: "Check everything, create and change nothing.")
    var dryRun = false

    func validate() throws {
        _ = try global.serverAddress()
        _ = try global.outputFormat()
        _ = try ImportHeader.map(map)
        if !template.isEmpty && !map.isEmpty { throw UsageError("give --template or --map, not both") }
    }

    func run() async throws {
        let format = try global.outputFormat()
        let client = try await global.connect()
        let report = try await importFile(client)
        await client.close()
        // Errors go to stderr, unless a program wants to read them.
        if report.errors.isEmpty || format != .table { try report.print(as: format) }
        if !report.errors.isEmpty { throw Refusal(lines: format == .table ? report.errorLines : [report.conclusion]) }
    }

    func report(from client: Client) async throws -> any Report { try await importFile(client) }

    /// By the options and, where they are not given, the template.
    private func plan(_ client: Client) async throws -> (startRow: Int?, map: [Int: String], reading: CellReading) {
        var reading = CellReading(
            decimalComma: decimalComma, encoding: encoding, ignoreUnknown: ignoreUnknown, allErrors: allErrors,
            defaultCountry: defaultCountry)
        guard !template.isEmpty else { return (startRow, try ImportHeader.map(map), reading) }
        var request = Busyhour_V1_GetTemplateRequest()
        request.name = template
        let kept = try await client.getTemplate(request).template
        if kept.hasCdr {
            throw Refusal("template '\(kept.name)' is of files of calls; use it with `busyhour feed cdr --template`")
        }
        if kept.decimalComma { reading.decimalComma = true }
        reading.encoding = encoding ?? TextEncoding(rawValue: kept.encoding)
        reading.defaultCountry = defaultCountry ?? CallingCountry(kept.defaultCountry)
        return (startRow ?? (kept.startRow == 0 ? nil : Int(kept.startRow)), kept.map, reading)
    }

    private func save(_ template: Busyhour_V1_ImportTemplate, _ client: Client) async throws {
        var request = Busyhour_V1_SaveTemplateRequest()
        (request.template, request.who) = (template, actor.who)
        do {
            _ = try await client.saveTemplate(request)
        } catch let error as ClientError {
            throw Refusal("\(file) was \(dryRun ? "checked" : "imported"), and the template was not saved: \(error)")
        }
    }

    /// For the history; standard input has none.
    private var fileName: String { file == "-" ? "" : URL(filePath: file).lastPathComponent }

    private func importFile(_ client: Client) async throws -> ImportReport {
        let input = try InputFile(file)
        let (startRow, map, reading) = try await plan(client)
        var rows = CustomerImport(startRow: startRow, map: map, reading: reading)
        var sender = ImportSender(
            client, isDryRun: dryRun, who: actor.who, fileName: fileName,
            patience: global.patience(Limits.changePatience))
        var progress = Progress()
        defer { progress.clear() }
        let doing = dryRun ? "checked" : "sent"
        do {
            while let piece = try input.read() {
                try rows.append(piece)
                try await sender.send(rows.takeParts(isLast: false), of: &rows)
                progress.show(input.share.bar + " \(Number.grouped(rows.rowCount)) rows \(doing)")
            }
            try rows.finish()
            try await sender.send(rows.takeParts(isLast: true), of: &rows)
        } catch let error as Refusal {
            // The server drops what it has.
            try? await sender.finish(&rows, isMeant: false)
            throw Refusal(lines: error.lines.map { "\(file): \($0)" })
        }
        try await sender.finish(&rows, isMeant: true)
        if !saveTemplate.isEmpty && rows.errors.isEmpty {
            try await save(.init(saveTemplate, rows.fields, startRow: startRow, reading), client)
        }
        let answer = sender.answer
        return ImportReport(
            file: file, rowCount: rows.rowCount, created: Int(answer.created), updated: Int(answer.updated),
            unchanged: Int(answer.unchanged), failed: rows.uncheckedRows + Int(answer.failed),
            change: answer.change == 0 ? nil : answer.change, isDryRun: dryRun, errors: rows.errors)
    }
}
