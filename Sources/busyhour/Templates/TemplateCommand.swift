// Named mappings of files: saved by `import --save-template` or `feed cdr --save-template`, used by --template of the
// same command.

import ArgumentParser
import Client
import Terminal
import Wire

struct TemplateCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "List, show and delete mappings of import files and of CDR files.",
        discussion: """
            busyhour import list.csv --start-row 3 --map 1=name,4=currency --save-template legacy
            busyhour import next-month.csv --template legacy
            busyhour feed cdr --format csv --map id=1,setup_at=2,talk=3 --save-template carrier-x calls.csv
            busyhour feed cdr --template carrier-x next.csv.gz
            """,
        subcommands: [TemplateListCommand.self, TemplateShowCommand.self, TemplateDeleteCommand.self])

    @OptionGroup var global: GlobalOptions
}

struct TemplateListCommand: ServerCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "All templates.")

    @OptionGroup var global: GlobalOptions

    func report(from client: Client) async throws -> any Report {
        TemplatesReport(templates: try await client.listTemplates(.init()).templates)
    }
}

struct TemplateShowCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Which column of a file is which field.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The template's name.")
    var name: String

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_GetTemplateRequest()
        request.name = name
        return TemplatesReport(templates: [try await client.getTemplate(request).template])
    }
}

struct TemplateDeleteCommand: ServerCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete a template.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The template's name.")
    var name: String

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var actor: ActorOptions

    func report(from client: Client) async throws -> any Report {
        if !yes {
            try Question.confirm(
                "Delete template '\(name)'?", otherwise: "nothing was deleted; --yes deletes without asking")
        }
        var request = Busyhour_V1_DeleteTemplateRequest()
        (request.name, request.who) = (name, actor.who)
        return TemplatesReport(templates: [try await client.deleteTemplate(request).template], verb: "deleted")
    }
}
