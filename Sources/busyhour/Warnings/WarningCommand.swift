// Warnings by reason: what is raised, since when, and who has seen it.

import ArgumentParser
import Client
import Terminal
import Wire

struct WarningCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "warning", abstract: "List, acknowledge and mute warnings.",
        discussion: """
            busyhour warning list --since 1h
            busyhour warning list --count
            busyhour warning ack --where "country = 'DE'" --kind asr_low
            busyhour warning ack 7 gone_silent
            busyhour warning mute 7 credit_low --for 8h

            What raises a warning is set by `settings set asr_low.raise=35`, for one customer with --customer 7.
            """,
        subcommands: [
            WarningListCommand.self, WarningAckCommand.self, WarningMuteCommand.self, WarningUnmarkCommand.self,
        ])

    @OptionGroup var global: GlobalOptions
}

struct WarningListCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Raised warnings, the worst first.",
        discussion: """
            By level, then the customers with the most bids in 24 hours, then what was raised first. Those that follow from a \
            customer's fields (no_auth, ...) are shown with --customer or --kind. credit_low is left out beside credit_exhausted \
            unless it is asked for.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(parsing: .unconditional, help: ArgumentHelp("Of this customer.", valueName: "id|name"))
    var customer: String?

    @Option(name: [.long, .customLong("warning")], parsing: .unconditional, help: "Of this kind.")
    var kind: String = ""

    @Option(
        name: .customLong("where"), parsing: .unconditional,
        help: ArgumentHelp("Of the customers that meet this.", valueName: "expression"))
    var condition: String = ""

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Raised in this time: 30s, 90m, 1h, 2d.", valueName: "duration"),
        transform: { try UntilOptions.seconds($0, of: "--since") })
    var since: Int64?

    @Flag(help: "How many there are of each kind, and nothing else.")
    var count = false

    @Flag(help: "Muted ones, too.")
    var muted = false

    @Option(parsing: .unconditional, help: "Warnings to show.", transform: WholeNumber.from(1))
    var limit: UInt32 = 100

    @OptionGroup var csv: CSVOptions

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_WarningsRequest()
        if let customer { request.customerID = try await client.customer(meantBy: customer).customer.id }
        (request.warning, request.withMuted, request.limit) = (kind, muted, count ? 1 : limit)
        request.where = condition
        if let since { request.since = UntilOptions.now - since * 1_000_000 }
        let answer = try await client.warnings(request)
        return count ? WarningCountsReport(answer: answer) : WarningsReport(answer: answer)
    }
}

/// A mark on a customer's warning.
struct WarningMarkOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The customer's id or name.", valueName: "id|name"))
    var customer: String?

    @Argument(help: "The warning's name.")
    var warning: String?

    @Option(
        name: .customLong("where"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "All raised warnings of the customers that meet this, instead of one.", valueName: "expression"))
    var condition: String?

    @Option(parsing: .unconditional, help: "With --where: only of this kind.")
    var kind: String?

    @OptionGroup var actor: ActorOptions

    func validate() throws {
        if condition != nil {
            guard customer == nil else { throw UsageError("a customer and --where are given; leave one out") }
            guard condition?.allSatisfy(\.isWhitespace) == false else {
                throw UsageError("--where is blank; give a condition, as \"country = 'DE'\"")
            }
        } else {
            guard customer != nil, warning != nil else {
                throw UsageError("which warning is not said; give a customer and a warning, or --where")
            }
            guard kind == nil else { throw UsageError("--kind goes with --where; name the warning after the customer") }
        }
    }

    func report(
        from client: Client, _ mark: Busyhour_V1_MarkWarningRequest.Mark, until: Int64 = 0
    ) async throws -> any Report {
        var request = Busyhour_V1_MarkWarningRequest()
        if let customer { request.customerID = try await client.customer(idOrName: customer).id }
        (request.warning, request.mark, request.who, request.until) = (warning ?? kind ?? "", mark, actor.who, until)
        request.where = condition ?? ""
        return WarningsReport(answer: try await client.markWarning(request))
    }
}

struct WarningAckCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Record that a warning has been seen, until it is cleared.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: WarningMarkOptions

    func report(from client: Client) async throws -> any Report { try await options.report(from: client, .acknowledge) }
}

struct WarningMuteCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "mute", abstract: "Show a customer's warning no more until a time.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: WarningMarkOptions
    @OptionGroup var until: UntilOptions

    func report(from client: Client) async throws -> any Report {
        let time = try until.micros(now: UntilOptions.now, in: global.givenZone())
        guard time != 0 else { throw UsageError("missing end time; use --for 8h or --until 18:00") }
        return try await options.report(from: client, .mute, until: time)
    }
}

struct WarningUnmarkCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "unmark", abstract: "Take back an acknowledgement, or show a muted warning again.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: WarningMarkOptions

    func report(from client: Client) async throws -> any Report { try await options.report(from: client, .remove) }
}
