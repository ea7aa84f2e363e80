import ArgumentParser
import CallEvents
import Client
import Feeds
import Foundation
import Terminal
import Wire

struct FeedCDRCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "cdr", abstract: "Send call detail records.",
        discussion: """
            busyhour feed cdr --format asterisk Master.csv
            busyhour --format json feed cdr --format freeswitch-csv --columns uuid,accountcode,... calls.csv
            busyhour feed cdr --format csv --map id=call_ref,account=trunk,setup_at=Start,talk=Duration export.csv
            busyhour feed cdr --format csv --columns kind,ip,id,... --filter "kind = 'Stop'" records.csv
            busyhour feed cdr --format yeti --dry-run cdrs.csv.gz

            --format names the layout of the records: \(FeedFormats.recordNames.joined(separator: ", ")). A \
            second --format, or --output, says how to print what became of them: table, json, ndjson, csv.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The output's format, where --format is the records'.", valueName: "format"))
    var output: String?

    @OptionGroup var reading: CDRFileOptions

    @Option(
        parsing: .unconditional,
        help: "How the files are read as a template has it; other options stand before what it says.")
    var template: String = ""

    @Option(parsing: .unconditional, help: "Keep how the files are read under this name.")
    var saveTemplate: String = ""

    @Flag(help: "Show the first rows as they are understood, and what would be refused; send nothing.")
    var dryRun = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("What costs are in where the rows do not say. (default: each customer's)", valueName: "EUR"))
    var currency: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Refuse calls that cost more, in the customer's currency.", valueName: "amount"))
    var costLimit: String?

    @Flag(help: "Take the costs and nothing else: the calls themselves come by HEP.")
    var costsOnly = false

    @Flag(help: "Go on with what is added to the file, across rotation, until interrupted.")
    var follow = false

    @Option(help: ArgumentHelp("Where --follow keeps how far it is.", valueName: "file"))
    var position: String?

    @Flag(help: "Feed the files of a directory that were fed before, too.")
    var again = false

    @OptionGroup var actor: ActorOptions

    @Argument(help: "Files, packed by gzip or zstd or not, directories of them, or - for standard input.")
    var files: [String]

    func validate() throws {
        _ = try global.serverAddress()
        do {
            // The template's settings are not known yet.
            if template.isEmpty { _ = try plan(CDRTemplate()).reader(of: "") }
        } catch let error as CDRUsageError {
            throw UsageError(error.message)
        } catch let error as ExpressionError {
            // The parser of arguments shows the error it wraps as a text.
            throw UsageError(error.line)
        }
        if follow && (files.count != 1 || files == [InputFile.standardInput]) {
            throw UsageError("--follow follows one file or directory; name one")
        }
        if position != nil && !follow { throw UsageError("--position is for --follow; leave it out, or add --follow") }
        if dryRun && follow { throw UsageError("--dry-run shows what is there; leave --follow out") }
    }

    func run() async throws {
        if dryRun && template.isEmpty && saveTemplate.isEmpty {
            return try preview(plan(CDRTemplate())).print(as: plan(CDRTemplate()).formats.output)
        }
        let client = try await global.connect()
        let (plan, kept) = try await plan(client)
        if dryRun {
            let preview = try preview(plan)
            try await save(kept, client)
            await client.close()
            return try preview.print(as: plan.formats.output)
        }
        try await save(kept, client)
        let report = try await follow ? followed(plan, client) : report(plan, client)
        try report.print(as: plan.formats.output)
        try (report as? FeedSummary)?.check()
    }

    func report(from client: Client) async throws -> any Report {
        try await report(try await plan(client).plan, client)
    }

    // MARK: - How the files are read

    /// By the options and, where they are not given, a template.
    func plan(_ template: CDRTemplate) throws -> CDRPlan {
        let formats = try FeedFormats(global.format, output: output, standard: template.format)
        var whole = template
        whole.format = formats.name
        try reading.apply(to: &whole, timeZone: global.timeZone)
        do {
            return CDRPlan(
                formats: formats, options: try whole.options().options, money: try money(formats),
                isCostsOnly: costsOnly)
        } catch let error as CDRUsageError {
            throw UsageError(error.message)
        }
    }

    /// The currency of costs and their limit.
    private func money(_ formats: FeedFormats) throws -> CDRMoney {
        var money = CDRMoney()
        if let currency {
            guard let code = CurrencyCode.named(currency) else {
                throw UsageError("no currency '\(currency)'; write its code of ISO 4217, as in EUR")
            }
            money.currency = code
        }
        if let costLimit {
            guard let micros = try? Money.micros(written: costLimit), micros > 0 else {
                throw UsageError("'\(costLimit)' is no limit of costs; write an amount above 0, as in 500 or 0.75")
            }
            money.limitMicros = micros
        }
        if formats.records.givesEvents && (money != CDRMoney() || costsOnly) {
            throw UsageError("rows of acc have no costs; leave --currency, --cost-limit and --costs-only out")
        }
        return money
    }

    /// The plan with the named template, and what is to be saved as one.
    private func plan(_ client: Client) async throws -> (plan: CDRPlan, kept: CDRTemplate) {
        var known = CDRTemplate()
        if !template.isEmpty {
            var request = Busyhour_V1_GetTemplateRequest()
            request.name = template
            let message = try await client.getTemplate(request).template
            guard message.hasCdr else {
                throw Refusal(
                    "template '\(message.name)' is of files of customers; use it with `busyhour import --template`")
            }
            known = CDRTemplate(message.cdr)
        }
        let plan = try plan(known)
        known.format = plan.formats.name
        try reading.apply(to: &known, timeZone: global.timeZone)
        return (plan, known)
    }

    /// A readable template is saved, whatever the outcome of the rows.
    private func save(_ template: CDRTemplate, _ client: Client) async throws {
        if saveTemplate.isEmpty { return }
        var request = Busyhour_V1_SaveTemplateRequest()
        (request.template.name, request.template.cdr, request.who) = (saveTemplate, template.message, actor.who)
        do {
            _ = try await client.saveTemplate(request)
        } catch let error as ClientError {
            throw Refusal("the template was not saved, and nothing was sent: \(error)")
        }
    }

    private func preview(_ plan: CDRPlan) throws -> CDRPreview {
        try InputFile.check(files)
        let inner = try files.flatMap { file in
            try Self.isDirectory(file) ? CDRFolder.files(file, isForJSON: plan.formats.isJSON) : [file]
        }
        return try CDRPreview.of(inner, reader: { try plan.reader(of: $0) }, showError: Self.show)
    }

    static func show(_ line: String) throws {
        try OutputDevice.standardError.writeLine(VisibleText.clean(line))
    }

    static func isDirectory(_ file: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
