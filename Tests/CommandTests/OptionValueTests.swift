import ArgumentParser
import Foundation
import Testing

@testable import busyhour

/// Values that begin with a minus, for every option of every command: what is not allowed is answered with what is.
@Suite struct OptionValueTests {
    private struct Option {
        var command: [String]
        var name: String
    }

    /// As the parser tells them itself.
    private static func options() throws -> [Option] {
        let help = try JSONSerialization.jsonObject(with: Data(BusyHour._dumpHelp().utf8)) as? [String: Any]
        var options: [Option] = []
        func collect(_ command: [String: Any], _ path: [String]) {
            let subcommands = (command["subcommands"] as? [[String: Any]] ?? []).filter {
                $0["commandName"] as? String != "help"
            }
            for subcommand in subcommands { collect(subcommand, path + [subcommand["commandName"] as? String ?? ""]) }
            guard subcommands.isEmpty else { return }
            for argument in command["arguments"] as? [[String: Any]] ?? [] where argument["kind"] as? String == "option"
            {
                let names = (argument["names"] as? [[String: String]] ?? []).compactMap { $0["name"] }
                options += names.map { Option(command: path, name: $0) }
            }
        }
        collect(try #require(help?["command"] as? [String: Any]), [])
        return options
    }

    /// Any text is one of these, or a file's name: an option behind it was meant as one.
    private static let free: Set<String> = ["tag", "ip", "sip", "account", "route", "as", "position", "to"]

    private static let numbers: Set<String> = [
        "limit", "offset", "channels", "flow-speed", "short-call-seconds", "version", "change", "show", "start-row",
    ]

    private static func ending(_ option: Option, _ value: String) async -> Ending {
        await BusyHour.run(option.command + ["--" + option.name, value, "--server", "127.0.0.1:1"])
    }

    @Test func aValueIsNeverMissing() async throws {
        let options = try Self.options()
        #expect(options.count > 150 && Self.numbers.isSubset(of: options.map(\.name)))
        // `docs` needs no server; of two the last one counts, and that is right.
        for option in options
        where !Self.free.contains(option.name) && (option.command, option.name) != (["docs"], "server") {
            let ending = await Self.ending(option, "-1")
            #expect(ending.exitCode != 0, "\(option)")
            #expect(!ending.errors.contains { $0.contains("Missing value") }, "\(option): \(ending.errors)")
            #expect(
                ending.errors.allSatisfy { $0.contains("; ") || $0.contains("?") || $0.contains(": ") }, "\(ending)")
        }
    }

    @Test(arguments: ["-1", "+5", "1.5", "1,000", "x", "", "99999999999999999999", "0x10", "１"])
    func whatIsNoNumberSaysWhatIs(_ value: String) async throws {
        for option in try Self.options() where Self.numbers.contains(option.name) {
            let ending = await Self.ending(option, value)
            #expect(ending.exitCode == 2 && ending.errors.count == 1, "\(option)")
            let error = ending.errors.first ?? ""
            #expect(error.contains("'\(value)' is not allowed; give a whole number, "), "\(option): \(error)")
            #expect(error.contains("--\(option.name)"), "\(option): \(error)")
            #expect(error.contains(value.count > 9 ? ", at most " : " or more"), "\(option): \(error)")
        }
    }

    /// Amounts may be negative; a limit of 0 is none, and rows to show are at least one.
    @Test func whatIsAllowedIsTaken() async throws {
        for option in try Self.options() where ["credit", "debit-limit"].contains(option.name) {
            for value in ["-5", "-0.000001", "-12.50", "+3"] {
                let ending = await Self.ending(option, value)
                #expect(!ending.errors.contains { $0.contains("invalid") }, "\(option): \(ending.errors)")
            }
            let wrong = await Self.ending(option, "--limit")
            #expect(wrong.exitCode == 2 && wrong.errors[0].contains("not an amount; write"), "\(wrong.errors)")
        }
        for option in try Self.options() where Self.numbers.contains(option.name) {
            let ending = await Self.ending(option, "0")
            let isAllowed = !["limit", "version", "change", "start-row"].contains(option.name)
            #expect(ending.errors.contains { $0.contains("1 or more") } == !isAllowed, "\(option): \(ending.errors)")
            let one = await Self.ending(option, "1")
            #expect(!one.errors.contains { $0.contains("is not allowed") }, "\(option): \(one.errors)")
        }
    }
}
