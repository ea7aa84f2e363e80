// The words that name a command, looked at before the parser does: a mistyped one gets the nearest as an answer, and
// the commands that are not there yet say so.

import ArgumentParser

enum CommandNames {
    static let root = BusyHour.configuration.subcommands.compactMap { $0.configuration.commandName }

    /// Commands of the contract that this version does not have.
    static let later: [[String]] = ["sql", "send", "campaign", "load", "token"].map { [$0] }

    /// Options that may stand before a command's name and take a value.
    private static let globalOptions: Set<String> = ["--server", "--timeout", "--format"]

    /// - Throws: `UsageError` for a name that is none, `Refusal` for a command that is not there yet.
    static func check(_ arguments: [String]) throws {
        var command: any ParsableCommand.Type = BusyHour.self
        var path: [String] = []
        for word in words(arguments) {
            if command.configuration.subcommands.isEmpty || word == "help" { return }
            if later.contains(path + [word]) {
                throw Refusal(
                    "not yet: 'busyhour \((path + [word]).joined(separator: " "))' comes with a later version")
            }
            guard let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
            else {
                throw UsageError(unknown(word, after: path, known: names(of: command)))
            }
            command = next
            path.append(word)
        }
    }

    static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

    /// Those that exist: a name that was mistyped is none of a later version.
    private static func names(of command: any ParsableCommand.Type) -> [String] {
        command.configuration.subcommands.compactMap { $0.configuration.commandName }
    }

    private static func unknown(_ word: String, after path: [String], known: [String]) -> String {
        let command = (["busyhour"] + path).joined(separator: " ")
        if let nearest = NearestName.of(word, among: known) {
            return "'\(command)' has no command '\(word)'; did you mean '\(nearest)'?"
        }
        return "'\(command)' has no command '\(word)'; known are \(list(known))"
    }

    /// The arguments that are neither options nor values of the global ones.
    private static func words(_ arguments: [String]) -> [String] {
        var words: [String] = []
        var isValue = false
        for argument in arguments {
            if isValue {
                isValue = false
            } else if globalOptions.contains(argument) {
                isValue = true
            } else if !argument.hasPrefix("-") {
                words.append(argument)
            }
        }
        return words
    }
}
