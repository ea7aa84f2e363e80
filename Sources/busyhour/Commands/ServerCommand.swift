// What most commands do: connect, send a request, print the answer.

import ArgumentParser
import Client
import Terminal

protocol ServerCommand: AsyncParsableCommand {
    var global: GlobalOptions { get }

    /// Queries the server and returns what is to be printed.
    func report(from client: Client) async throws -> any Report

    /// How it writes CSV, if options set that.
    var csvStyle: CSVStyle { get }

    /// Decimals of money in its tables, if options set them.
    var moneyDigits: Int? { get }
}

extension ServerCommand {
    var csvStyle: CSVStyle { .standard }
    var moneyDigits: Int? { nil }

    func validate() throws { try validateGlobal() }

    func validateGlobal() throws {
        _ = try global.serverAddress()
        _ = try global.outputFormat()
        _ = try global.shownZone()
    }

    func run() async throws { try await printReport() }

    func printReport() async throws {
        let client = try await global.connect()
        let report = try await report(from: client)
        await client.close()
        try report.print(as: global.outputFormat(), style: csvStyle, moneyDigits: moneyDigits, zone: global.shownZone())
    }
}

/// A command whose CSV may be for a spreadsheet of some country.
protocol TableCommand: ServerCommand {
    var csv: CSVOptions { get }
}

extension TableCommand {
    var csvStyle: CSVStyle { csv.style }

    func validate() throws { try validateGlobal() }

    func validateGlobal() throws {
        _ = try global.serverAddress()
        _ = try global.shownZone()
        try csv.check(global.outputFormat())
    }
}

extension GlobalOptions {
    func connect() async throws -> Client {
        let address = try serverAddress()
        let patience = Duration.seconds(timeout ?? Limits.silenceSeconds)
        return try await Client.connect(
            host: address.host, port: address.port, timeout: patience, patience: patience)
    }

    /// The time limit for a slow answer, unless --timeout is given.
    func patience(_ standard: Duration) -> Duration { timeout.map { .seconds($0) } ?? standard }
}

/// A command that only groups others.
protocol CommandGroup: ParsableCommand {}

extension CommandGroup {
    func run() throws {
        let name = Self.configuration.commandName ?? ""
        let names = Self.configuration.subcommands.compactMap { $0.configuration.commandName }
        throw UsageError("'busyhour \(name)' needs a command; name one of \(CommandNames.list(names))")
    }
}
