// Named boards: saved once, used by any user.

import ArgumentParser
import Client
import Terminal
import Wire

struct LayoutCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "layout", abstract: "Save, list, show and delete boards with a name.",
        discussion: """
            busyhour layout save night --where "asr < 40 AND asr_n >= 50" --columns name,asr,asr_n --sort asr --share
            busyhour layout save credit --columns name,credit --width name=20 --pin name --column-format 'credit=#,##0'
            busyhour board --layout night
            busyhour edit --layout night --set tags+=watch
            """,
        subcommands: [
            LayoutSaveCommand.self, LayoutListCommand.self, LayoutShowCommand.self, LayoutDeleteCommand.self,
        ])

    @OptionGroup var global: GlobalOptions
}

struct LayoutSaveCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Keep a board's query under a name: as a new version, if there is one.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The layout's name.")
    var name: String

    @OptionGroup var options: BoardOptions

    @OptionGroup var style: ColumnStyleOptions

    @Flag(help: "Others may use it.")
    var share = false

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_SaveLayoutRequest()
        request.name = name
        request.query = options.request
        request.query.styles = try style.styles()
        request.shared = share
        request.who = options.actor.who
        do {
            return LayoutReport(answer: try await client.saveLayout(request))
        } catch let error as ClientError {
            if let pointed = ExpressionError(error, filter: options.filter) { throw pointed }
            throw error
        }
    }
}

struct LayoutListCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Your layouts, and those that are shared.")

    @OptionGroup var global: GlobalOptions

    @OptionGroup var actor: ActorOptions

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_ListLayoutsRequest()
        request.who = actor.who
        return LayoutsReport(layouts: try await client.listLayouts(request).layouts)
    }
}

struct LayoutShowCommand: ServerCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "What a layout says.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The layout's name.")
    var name: String

    @Option(
        name: .customLong("version"), parsing: .unconditional, help: "An older version.", transform: WholeNumber.from(1)
    )
    var version: UInt32 = 0

    @OptionGroup var actor: ActorOptions

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_GetLayoutRequest()
        (request.name, request.version, request.who) = (name, version, actor.who)
        return LayoutReport(answer: try await client.getLayout(request))
    }
}

struct LayoutDeleteCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a layout with all its versions.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The layout's name.")
    var name: String

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var actor: ActorOptions

    func report(from client: Client) async throws -> any Report {
        if !yes {
            try Question.confirm(
                "Delete layout '\(name)'?", otherwise: "nothing was deleted; --yes deletes without asking")
        }
        var request = Busyhour_V1_DeleteLayoutRequest()
        (request.name, request.who) = (name, actor.who)
        return LayoutReport(answer: try await client.deleteLayout(request), verb: "deleted")
    }
}
