// `busyhour help`: for a command, for a subcommand, or for the columns of the board.

import ArgumentParser

struct HelpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help", abstract: "Help on a command, or all columns of the board.",
        discussion: """
            busyhour help columns
            busyhour help customer add
            busyhour help columns --format json
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp("A command, or columns.", valueName: "topic"),
        completion: .list(CommandNames.root + [HelpTopic.columnsWord]))
    var topic: [String] = []

    func validate() throws { _ = try global.outputFormat() }

    func run() throws {
        switch try HelpTopic(topic) {
        case .command(let command): throw CleanExit.helpRequest(command)
        case .columns: try ColumnsReport().print(as: global.outputFormat())
        }
    }
}

/// The requested help.
enum HelpTopic {
    case command(any ParsableCommand.Type)
    case columns

    static let columnsWord = "columns"

    /// - Parameter words: what follows `help`; empty: the whole program.
    /// - Throws: `UsageError` for unknown words, `Refusal` for a command that does not exist yet.
    init(_ words: [String]) throws {
        self = words == [Self.columnsWord] ? .columns : .command(try CommandNames.command(words, asTopic: true))
    }
}
