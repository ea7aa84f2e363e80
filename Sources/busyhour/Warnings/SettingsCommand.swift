// The thresholds of warnings, for all customers or for one.

import ArgumentParser
import Client
import Terminal
import Wire

struct SettingsCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Show and change the thresholds of warnings.",
        discussion: """
            busyhour settings get asr_low
            busyhour settings set asr_low.raise=35 asr_low.clear=40
            busyhour settings set gone_silent.on=false --customer 7
            """,
        subcommands: [SettingsGetCommand.self, SettingsSetCommand.self])

    @OptionGroup var global: GlobalOptions
}

struct SettingsGetCommand: ServerCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Settings with their values.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Only those with this in their name.")
    var name: String = ""

    @Option(parsing: .unconditional, help: ArgumentHelp("As they hold for this customer.", valueName: "id|name"))
    var customer: String?

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_SettingsRequest()
        request.name = name
        if let customer { request.customerID = try await client.customer(meantBy: customer).customer.id }
        return SettingsReport(settings: try await client.settings(request).settings)
    }
}

struct SettingsSetCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change settings: name=value; name= for the standard again.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("asr_low.raise=35", valueName: "name=value"))
    var assignments: [String]

    @Option(parsing: .unconditional, help: ArgumentHelp("For this customer only.", valueName: "id|name"))
    var customer: String?

    @OptionGroup var actor: ActorOptions

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_SetSettingsRequest()
        (request.set, request.who) = (assignments, actor.who)
        if let customer { request.customerID = try await client.customer(idOrName: customer).id }
        let answer = try await client.setSettings(request)
        let names = Set(assignments.compactMap { $0.split(separator: "=").first.map(String.init) })
        return SettingsReport(settings: answer.settings.filter { names.contains($0.name) })
    }
}

struct SettingsReport: Report {
    var settings: [Busyhour_V1_Setting]

    func lines(_ page: Page) -> [String] {
        var table = TextTable([
            .init("name", .left), .init("value", .right), .init("standard", .right), .init("meaning", .left),
        ])
        table.rows = settings.map { [$0.name, $0.value, $0.standard, $0.meaning].map { .init($0) } }
        return table.lines(page, hint: "see --format json or csv")
    }

    var json: JSONValue { .array(jsonRows) }
    var jsonRows: [JSONValue] {
        settings.map { setting in
            .object([
                .init("name", .text(setting.name)), .init("value", .text(setting.value)),
                .init("standard", .text(setting.standard)), .init("meaning", .text(setting.meaning)),
            ])
        }
    }

    var csv: [[CSVText.Cell]] {
        [["name", "value", "standard", "meaning"].map { .text($0) }]
            + settings.map { [$0.name, $0.value, $0.standard, $0.meaning].map { .text($0) } }
    }
}
