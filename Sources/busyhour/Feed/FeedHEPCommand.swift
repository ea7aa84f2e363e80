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
            bytes, little-endian. The packets' own times count; a server with --clock events goes by them.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Capture files in their order, or - for standard input.")
    var files: [String]

    @Option(parsing: .unconditional, help: ArgumentHelp("Refuse packets without this key.", valueName: "key"))
    var authKey: String = ""

    func run() async throws {
        let client = try await global.connect()
        try await report(from: client).print(as: global.outputFormat())
    }

    /// Replays the files; an interrupted feed of them continues where it was.
    func report(from client: Client) async throws -> any Report {
        try InputFile.check(files)
        let feed = FileFeed(["hep", authKey, client.address], files: files, global)
        try await feed.open(client)
        var requests = HEPRequests(files: files, authKey: authKey)
        var progress = Progress()
        defer { progress.clear() }
        // A record's number is its position among all records.
        var sent: UInt64 = 0
        while let request = try requests.next() {
            let last = sent + UInt64(request.packets.count)
            try await feed.link.send(.hep(request), first: sent + 1, last: last)
            sent = last
            let calls = Number.grouped(feed.link.summary.calls)
            progress.show("\(Number.grouped(sent)) records sent, \(calls) calls counted")
        }
        // The end has a number, too, and no row: a message still waiting for its rest is an error, reported here.
        var end = Busyhour_V1_IngestHEPRequest()
        (end.authKey, end.ends) = (authKey, true)
        try await feed.link.send(.hep(end), first: sent + 1, last: sent + 1)
        try await feed.link.settle()
        progress.clear()
        var summary = feed.link.summary
        for failure in requests.failures {
            try OutputDevice.standardError.writeLine(VisibleText.clean("\(failure.file): \(failure.message)"))
            summary.countError(failure.name)
        }
        try await feed.close()
        return summary
    }
}
