// The words that name a command, checked before the parser runs: a mistyped one is answered by the nearest name, and
// commands that do not exist yet are reported as such.

import ArgumentParser

enum CommandNames {
    static let root = BusyHour.configuration.subcommands.compactMap { $0.configuration.commandName }

    /// Commands of the contract that this version does not have.
    static let later: [[String]] = ["sql", "send", "campaign", "load", "token"].map { [$0] }

    /// Options that may precede a command's name and take a value; the last is the parser's own.
    private static let valueOptions: Set<String> = [
        "--server", "--timeout", "--format", "--time-zone", "--generate-completion-script",
    ]

    /// - Throws: `UsageError` for an unknown name, `Refusal` for a command that does not exist yet, and a request for
    ///   help for `customer help add`.
    static func check(_ arguments: [String]) throws {
        // A shell requests completions of an unfinished line.
        if arguments.first?.hasPrefix("---") ?? false { return }
        var command: any ParsableCommand.Type = BusyHour.self
        var path: [String] = []
        for word in words(arguments) {
            if command.configuration.subcommands.isEmpty { return }
            if word == "help" {
                if path.isEmpty { return }
                let rest = words(arguments).dropFirst(path.count + 1)
                throw CleanExit.helpRequest(try self.command(path + rest, asTopic: true))
            }
            command = try next(word, in: command, at: path)
            path.append(word)
        }
    }

    /// The command named by words.
    /// - Parameter asTopic: also accepts the topics of `help`.
    static func command(_ words: [String], asTopic: Bool = false) throws -> any ParsableCommand.Type {
        var command: any ParsableCommand.Type = BusyHour.self
        for (place, word) in words.enumerated() {
            command = try next(word, in: command, at: Array(words[..<place]), asTopic: asTopic)
        }
        return command
    }

    static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

    private static func next(
        _ word: String, in command: any ParsableCommand.Type, at path: [String], asTopic: Bool = false
    ) throws -> any ParsableCommand.Type {
        if later.contains(path + [word]) {
            throw Refusal("not yet: 'busyhour \((path + [word]).joined(separator: " "))' comes with a later version")
        }
        let subcommands = command.configuration.subcommands
        if let next = subcommands.first(where: { $0.configuration.commandName == word }) { return next }
        let names = subcommands.compactMap { $0.configuration.commandName }
        let topics = asTopic && path.isEmpty ? [HelpTopic.columnsWord] : []
        throw UsageError(unknown(word, after: path, known: names + topics, asTopic: asTopic))
    }

    private static func unknown(_ word: String, after path: [String], known: [String], asTopic: Bool) -> String {
        let command = (["busyhour"] + path).joined(separator: " ")
        let fault =
            asTopic
            ? "there is no help on '\((path + [word]).joined(separator: " "))'"
            : "'\(command)' has no command '\(word)'"
        if known.isEmpty { return "\(fault); see \(command) --help" }
        if let nearest = NearestName.of(word, among: known) { return "\(fault); did you mean '\(nearest)'?" }
        return "\(fault); known are \(list(known))"
    }

    /// The arguments that are neither options nor values of those that may precede a command.
    private static func words(_ arguments: [String]) -> [String] {
        var words: [String] = []
        var isValue = false
        for argument in arguments {
            if isValue {
                isValue = false
            } else if valueOptions.contains(argument) {
                isValue = true
            } else if !argument.hasPrefix("-") {
                words.append(argument)
            }
        }
        return words
    }
}
