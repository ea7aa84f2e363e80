import ArgumentParser
import Client
import Terminal
import Wire

struct FeedHEPCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "hep", abstract: "Play captured HEP packets.",
        discussion: """
            busyhour feed hep capture.hep

            A capture is records of the arrival time (u64, microseconds since 1970), the length (u32), and that many \
            octets, little-endian. The packets' own times count; a server with --clock events goes by them.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Capture files in their order, or - for standard input.")
    var files: [String]

    @Option(parsing: .unconditional, help: ArgumentHelp("Refuse packets without this key.", valueName: "key"))
    var authKey: String = ""

    func report(from client: Client) async throws -> any Report {
        try InputFile.check(files)
        var pipe = RequestPipe()
        var requests = HEPRequests(files: files, authKey: authKey)
        var progress = Progress()
        defer { progress.clear() }
        var sent = 0
        while let request = try requests.next() {
            try await pipe.send { try await client.ingestHEP(request) }
            sent += request.packets.count
            progress.show("\(Number.grouped(sent)) records sent, \(Number.grouped(pipe.summary.calls)) calls counted")
        }
        try await pipe.finish()
        progress.clear()
        var summary = pipe.summary
        for failure in requests.failures {
            try OutputDevice.standardError.writeLine(VisibleText.clean("\(failure.file): \(failure.message)"))
            summary.countError(failure.name)
        }
        return summary
    }
}
