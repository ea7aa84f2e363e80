// The options of every command.

import ArgumentParser
import Glibc
import Terminal

enum OutputFormat: String, CaseIterable, Sendable {
    case table, json, ndjson, csv
}

struct GlobalOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The server. (default: $BUSYHOUR_SERVER, else 127.0.0.1:7878)", valueName: "host:port"))
    var server: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            How long the server may send nothing while an answer is due: 10s, 2m. (default: 10s; 2m for edit, delete, undo \
            and import, 10m for snapshot)
            """,
            valueName: "duration"),
        transform: { try UntilOptions.seconds($0, of: "--timeout") })
    var timeout: Int64?

    // Several, because `feed cdr` has a --format of its own: each value shows which one it belongs to.
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("table, json, ndjson or csv. (default: table)", valueName: "format"))
    var format: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            The zone of times that are shown in a table or given without one: Europe/Berlin, +02:00, local or utc; in feed cdr \
            that of stamps without one. (default: local for times given and on a terminal; in a pipe, JSON, CSV and records UTC)
            """,
            valueName: "zone"))
    var timeZone: String?

    /// That times of tables are shown in; nil: not given.
    /// - Throws: `UsageError`.
    func shownZone() throws(UsageError) -> DisplayZone? {
        guard let timeZone else { return nil }
        return try ZoneName.zone(timeZone)
    }

    /// That times without a zone are read in.
    /// - Throws: `UsageError`.
    func givenZone() throws(UsageError) -> DisplayZone { try shownZone() ?? .local }

    /// - Throws: `UsageError`.
    func serverAddress() throws(UsageError) -> ServerAddress {
        if let server { return try ServerAddress.parse(server) }
        guard let text = getenv("BUSYHOUR_SERVER").map({ String(cString: $0) }), !text.isEmpty else { return .standard }
        do {
            return try ServerAddress.parse(text)
        } catch {
            throw UsageError("BUSYHOUR_SERVER: \(error.message)")
        }
    }

    /// The output's format: the last one given. Values of `others` belong to another option.
    /// - Throws: `UsageError`.
    func outputFormat(besides others: Set<String> = []) throws(UsageError) -> OutputFormat {
        var format = OutputFormat.table
        for text in self.format where !others.contains(text) {
            guard let known = OutputFormat(rawValue: text) else { throw Self.unknownFormat(text, others) }
            format = known
        }
        return format
    }

    private static func unknownFormat(_ text: String, _ others: Set<String>) -> UsageError {
        let names = others.sorted() + OutputFormat.allCases.map(\.rawValue).filter { !others.contains($0) }
        let hint =
            NearestName.of(text, among: names).map { "did you mean '\($0)'?" }
            ?? "known are \(CommandNames.list(names))"
        return UsageError("--format has no '\(text)'; \(hint)")
    }
}
