// The command `busyhour`: arguments in, one request or a stream of them to the server, text out.
//
// A command (`Commands/`) turns its arguments into requests and the answer into a `Report` (`Reports/`), which can be
// printed as a table, JSON, NDJSON or CSV. Exit codes: 0 done, 1 refused or not found, 2 wrong usage, 3 cannot reach
// the server. Errors are one line on stderr.

import ArgumentParser
import Glibc
import Terminal
import Wire

@main
struct BusyHour: AsyncParsableCommand {
    static let version = Release.version

    static let configuration = CommandConfiguration(
        commandName: "busyhour",
        abstract: "The command line of the BusyHour server.",
        discussion: """
            --server, --timeout, --format and --time-zone may stand before or after the command. Tables are for people: money has \
            its currency's digits, times are of the zone (on a terminal this machine's, in a pipe UTC) and end in Z or an offset. JSON and \
            CSV are for programs: all digits, times in RFC 3339 and UTC. Exit codes: 0 done, 1 refused or not found, 2 wrong \
            usage, 3 cannot reach the server.
            """,
        version: "busyhour \(version)",
        subcommands: [
            StatusCommand.self, BoardCommand.self, TopCommand.self, ExplainCommand.self, CallsCommand.self,
            CustomerCommand.self, EditCommand.self, ImportCommand.self, ExportCommand.self, TemplateCommand.self,
            LayoutCommand.self, WarningCommand.self, SettingsCommand.self, FeedCommand.self, SnapshotCommand.self,
            DocsCommand.self, HelpCommand.self,
        ])

    @OptionGroup var global: GlobalOptions

    func run() throws {
        throw UsageError("no command is given; name one of \(CommandNames.list(CommandNames.root))")
    }

    static func main() async {
        // Writing to a closed pipe is an error of the call, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let ending = await run(Array(CommandLine.arguments.dropFirst()))
        ending.show()
        Glibc.exit(ending.exitCode)
    }

    /// Runs a command line (without the program's name) to its end.
    static func run(_ arguments: [String]) async -> Ending {
        let command: any ParsableCommand
        do {
            command = try parse(commandLine: arguments)
        } catch {
            return Ending(parsing: error)
        }
        do {
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
            return .done
        } catch {
            return Ending(running: error)
        }
    }

    /// - Throws: `UsageError`, `Refusal` for a command that does not exist yet, or the parser's errors.
    static func parse(commandLine arguments: [String]) throws -> any ParsableCommand {
        try CommandNames.check(arguments)
        return try parseAsRoot(arguments)
    }
}
