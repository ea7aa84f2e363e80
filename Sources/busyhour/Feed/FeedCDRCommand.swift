import ArgumentParser
import CallEvents
import Client
import Feeds
import Foundation
import Terminal
import Wire

struct FeedCDRCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "cdr", abstract: "Send call detail records.",
        discussion: """
            busyhour feed cdr --format asterisk Master.csv
            busyhour --format json feed cdr --format freeswitch-csv --columns uuid,accountcode,... calls.csv
            busyhour feed cdr --format csv --map id=call_ref,account=trunk,setup_at=Start,talk=Duration export.csv
            busyhour feed cdr --format csv --columns kind,ip,id,... --filter "kind = 'Stop'" records.csv

            --format names the layout of the records: \(FeedFormats.recordNames.joined(separator: ", ")). A \
            second --format, or --output, says how to print what became of them: table, json, ndjson, csv.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The output's format, where --format is the records'.", valueName: "format"))
    var output: String?

    @OptionGroup var reading: CDRFileOptions

    @Flag(help: "Go on with what is added to the file, across rotation, until interrupted.")
    var follow = false

    @Option(help: ArgumentHelp("Where --follow keeps how far it is.", valueName: "file"))
    var position: String?

    @Flag(help: "Feed the files of a directory that were fed before, too.")
    var again = false

    @Argument(help: "Files, packed by gzip or zstd or not, directories of them, or - for standard input.")
    var files: [String]

    func validate() throws {
        _ = try global.serverAddress()
        do {
            _ = try reader(of: "")
        } catch let error as CDRUsageError {
            throw UsageError(error.message)
        }
        if follow && (files.count != 1 || files == [InputFile.standardInput]) {
            throw UsageError("--follow follows one file or directory; name one")
        }
        if position != nil && !follow { throw UsageError("--position is for --follow; leave it out, or add --follow") }
    }

    func run() async throws {
        let client = try await global.connect()
        let report = try await follow ? followed(from: client) : report(from: client)
        try report.print(as: formats().output)
        try (report as? FeedSummary)?.check()
    }

    /// Sends the files; a feed of them that was interrupted goes on where it was. Directories come in their place.
    func report(from client: Client) async throws -> any Report {
        try InputFile.check(files)
        var summary = FeedSummary()
        var (waiting, isFirst): ([String], Bool) = ([], true)
        for file in files where !Self.isDirectory(file) { waiting.append(file) }
        if !waiting.isEmpty {
            let feed = try FileFeed(what(client), files: waiting, global)
            try await feed.open(client)
            summary = try await sent(waiting, by: CDRSender(feed.link, showError: Self.show))
            // What is there of the last file is counted; the rest may come.
            let isCut = waiting.count == 1 && summary.errorsByName[CDRErrorName.cutFile.rawValue] != nil
            try await feed.close(isWhole: !isCut)
            isFirst = false
        }
        for file in files where Self.isDirectory(file) {
            var feed = try folderFeed(file, client)
            if isFirst { await client.close() }
            isFirst = false
            summary = summary + (try await feed.feed(waits: false))
            if feed.folder.leftOut > 0, summary.read == 0 {
                let count = Number.grouped(UInt64(feed.folder.leftOut))
                try Self.show("\(file): all \(count) files were fed before; --again feeds them once more")
            }
        }
        return summary
    }

    /// What makes a feed another one, besides its files.
    private func what(_ client: Client) throws -> [String] {
        try ["cdr", formats().name, client.address] + options().identity
    }

    private func folderFeed(_ path: String, _ client: Client, isStopped: @escaping () -> Bool = { false }) throws
        -> CDRFolderFeed
    {
        let isForJSON = try [CDRFormat.freeswitchJSON, .cgratesJSON].contains(formats().records)
        let what = try what(client)
        return CDRFolderFeed(
            global: global, what: what,
            folder: try CDRFolder(
                path, what, isForJSON: isForJSON, forgets: again, environment: ProcessInfo.processInfo.environment),
            send: { files, link in
                try await sent(files, by: CDRSender(link, showError: Self.show), isStopped: isStopped)
            }, isStopped: isStopped)
    }

    private static func isDirectory(_ file: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    private static func show(_ line: String) throws {
        try OutputDevice.standardError.writeLine(VisibleText.clean(line))
    }

    /// Until it is stopped: a server that goes is waited for.
    private func followed(from client: Client) async throws -> any Report {
        let file = files[0]
        if Self.isDirectory(file) { return try await followedFolder(file, client) }
        if let head = FileHandle(forReadingAtPath: file)?.readData(ofLength: Decompressor.Kind.signatureBytes),
            let kind = Decompressor.Kind(head)
        {
            throw Refusal(
                "\(file) is packed (\(kind.rawValue)) and grows no more; feed it without --follow, or follow its directory")
        }
        let positionPath =
            try position ?? CDRFollower.standardPosition(of: file, environment: ProcessInfo.processInfo.environment)
        StopSignals.catchThem()
        let state = FollowState.load(positionPath)
        let producer = FeedProducer(id: ProducerID(text: state.producer) ?? .random(), epoch: state.epoch) { epoch in
            // Only the epoch: what else changes is noted when it is safe.
            var noted = FollowState.load(positionPath)
            if noted.producer != state.producer { noted = state }
            noted.epoch = epoch
            try noted.save(positionPath)
        }
        let recovery = ProducerLink.Recovery(
            connect: { FeedServer(try await global.connect()) }, isStopped: { StopSignals.isReceived },
            tell: { try? OutputDevice.standardError.writeLine("busyhour: " + VisibleText.clean($0)) })
        let link = ProducerLink(producer, recovery: recovery)
        try await link.open(FeedServer(client), counted: state.counted)
        var follower = CDRFollower(
            path: file, positionPath: positionPath, state: state, reader: try reader(of: file), link: link,
            showError: Self.show)
        let summary = try await follower.run(
            isStopped: { StopSignals.isReceived }, pause: { try await Task.sleep(for: Limits.followPause) })
        await link.close(isDone: false)
        return summary
    }

    /// New files of a directory are fed when they are finished, until it is stopped.
    private func followedFolder(_ path: String, _ client: Client) async throws -> any Report {
        if position != nil {
            throw UsageError("--position is for a file; what was fed of a directory is noted in the state folder")
        }
        StopSignals.catchThem()
        var feed = try folderFeed(path, client, isStopped: { StopSignals.isReceived })
        await client.close()
        return try await feed.follow(pause: { try await Task.sleep(for: Limits.folderPause) }, tell: Self.show)
    }

    /// - Parameter isStopped: between two pieces of a file: then what was sent is answered, and the rest is for another run.
    private func sent(
        _ files: [String], by sender: CDRSender, isStopped: () -> Bool = { false }
    ) async throws -> FeedSummary {
        var sender = sender
        var progress = Progress()
        defer { progress.clear() }
        var lastPoll = ContinuousClock.now
        for file in files {
            var reader = try reader(of: file)
            let input = try CDRInput(file)
            while !isStopped(), let piece = try Self.next(input, &reader) {
                piece.withUnsafeBytes { reader.read($0) }
                // What a pipe has given is sent before it is waited for; calls held back for further rows, after a while.
                if input.isDrained, ContinuousClock.now - lastPoll > Limits.heldPause {
                    lastPoll = .now
                    reader.finish(atEnd: false)
                }
                try await sender.send(&reader, isAll: input.isDrained)
                progress.show("\(file): \(Number.grouped(sender.rows)) rows sent")
            }
            if isStopped() { break }
            reader.finish(atEnd: true)
            try await sender.send(&reader, isAll: true)
            sender.endReader(reader)
        }
        progress.clear()
        return try await sender.finish()
    }

    func formats() throws(UsageError) -> FeedFormats { try FeedFormats(global.format, output: output) }

    /// The next bytes of a file; one that is packed and cannot be unpacked any further ends here, with an error that has its place.
    private static func next(_ input: CDRInput, _ reader: inout CDRReader) throws -> [UInt8]? {
        do {
            return try input.read()
        } catch let error as DecompressionError {
            reader.endDamaged(error)
            return nil
        }
    }

    /// How the files are read.
    private func options() throws -> CDROptions {
        var options = try formats().preset?.options ?? CDROptions()
        try reading.apply(to: &options)
        return options
    }

    private func reader(of file: String) throws -> CDRReader {
        try CDRReader(
            format: formats().records, options: options(),
            file: file == InputFile.standardInput ? "standard input" : file)
    }
}
