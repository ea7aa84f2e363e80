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

            --format names the layout of the records: \(CDRFormat.allCases.map(\.rawValue).joined(separator: ", ")). A \
            second --format, or --output, says how to print what became of them: table, json, ndjson, csv.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The output's format, where --format is the records'.", valueName: "format"))
    var output: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The file's columns where they are not the product's own.", valueName: "a,b,..."))
    var columns: String = ""

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Of stamps without one: Europe/Berlin, +02:00. (default: UTC)", valueName: "tz"))
    var timeZone: String = "UTC"

    @Flag(help: "Go on with what is added to the file, across rotation, until interrupted.")
    var follow = false

    @Option(help: ArgumentHelp("Where --follow keeps how far it is.", valueName: "file"))
    var position: String?

    @Argument(help: "Files, a directory of *.json files, or - for standard input.")
    var files: [String]

    func validate() throws {
        _ = try global.serverAddress()
        do {
            _ = try reader(of: "")
        } catch let error as CDRUsageError {
            throw UsageError(error.message)
        }
        if follow && (files.count != 1 || files == [InputFile.standardInput]) {
            throw UsageError("--follow follows one file; name one")
        }
        if position != nil && !follow { throw UsageError("--position is for --follow; leave it out, or add --follow") }
    }

    func run() async throws {
        let client = try await global.connect()
        let report = try await follow ? followed(from: client) : report(from: client)
        try report.print(as: formats().output)
        try (report as? FeedSummary)?.check()
    }

    /// Sends the files; a feed of them that was interrupted goes on where it was.
    func report(from client: Client) async throws -> any Report {
        let files = try Self.expand(files)
        try InputFile.check(files)
        let what = try ["cdr", formats().records.rawValue, columns, timeZone, client.address]
        let feed = FileFeed(what, files: files, global)
        try await feed.open(client)
        let summary = try await sent(files, by: CDRSender(feed.link, showError: Self.show))
        try await feed.close()
        return summary
    }

    private static func show(_ line: String) throws {
        try OutputDevice.standardError.writeLine(VisibleText.clean(line))
    }

    /// Until it is stopped: a server that goes is waited for.
    private func followed(from client: Client) async throws -> any Report {
        let file = files[0]
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory), isDirectory.boolValue {
            throw Refusal("\(file) is a directory, which cannot be followed; name a file")
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
        var reader = try reader(of: file)
        reader.readsSwitchLegs = link.wantsLegs
        var follower = CDRFollower(
            path: file, positionPath: positionPath, state: state, reader: reader, link: link,
            showError: Self.show)
        let summary = try await follower.run(
            isStopped: { StopSignals.isReceived }, pause: { try await Task.sleep(for: Limits.followPause) })
        await link.close(isDone: false)
        return summary
    }

    private func sent(_ files: [String], by sender: CDRSender) async throws -> FeedSummary {
        var sender = sender
        var progress = Progress()
        defer { progress.clear() }
        var lastPoll = ContinuousClock.now
        for file in files {
            var reader = try reader(of: file)
            reader.readsSwitchLegs = sender.link.wantsLegs
            let input = try InputFile(file)
            while let piece = try input.read() {
                piece.withUnsafeBytes { reader.read($0) }
                // What a pipe has given is sent before it is waited for; calls held back for further rows, after a while.
                if input.isDrained, ContinuousClock.now - lastPoll > Limits.heldPause {
                    lastPoll = .now
                    reader.finish(atEnd: false)
                }
                try await sender.send(&reader, isAll: input.isDrained)
                progress.show("\(file): \(Number.grouped(sender.rows)) rows sent")
            }
            reader.finish(atEnd: true)
            try await sender.send(&reader, isAll: true)
            sender.endReader(reader)
        }
        progress.clear()
        return try await sender.finish()
    }

    func formats() throws(UsageError) -> FeedFormats { try FeedFormats(global.format, output: output) }

    private func reader(of file: String) throws -> CDRReader {
        try CDRReader(
            format: formats().records, columns: NameList.parse(columns), timeZone: timeZone,
            file: file == InputFile.standardInput ? "standard input" : file)
    }

    /// A directory stands for its JSON files in the order of their names.
    static func expand(_ files: [String]) throws -> [String] {
        try files.flatMap { file -> [String] in
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory), isDirectory.boolValue else {
                return [file]
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: file).filter { $0.hasSuffix(".json") }
                .sorted()
            if names.isEmpty { throw Refusal("\(file) has no .json files; name the files") }
            return names.map { file.hasSuffix("/") ? file + $0 : file + "/" + $0 }
        }
    }
}
