import ArgumentParser
import Client
import Feeds
import Foundation
import Terminal
import Wire

struct FeedCDRCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cdr", abstract: "Send call detail records.",
        discussion: """
            busyhour feed cdr --format asterisk Master.csv
            busyhour --format json feed cdr --format freeswitch-csv --columns uuid,accountcode,... calls.csv

            --format names the layout of the records: \(CDRFormat.allCases.map(\.rawValue).joined(separator: ", ")). A second \
            --format (table, json) says how to print what became of them.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("The file's columns where they are not the product's own.", valueName: "a,b,..."))
    var columns: String = ""

    @Option(
        help: ArgumentHelp("Of stamps without one: an IANA name, as Europe/Berlin. (default: UTC)", valueName: "tz"))
    var timeZone: String = "UTC"

    @Flag(help: "Go on with what is added to the file, across rotation, until interrupted.")
    var follow = false

    @Option(help: ArgumentHelp("Where --follow keeps how far it is.", valueName: "file"))
    var position: String?

    @Argument(help: "Files, a directory of *.json files, or - for standard input.")
    var files: [String]

    func validate() throws {
        _ = try formats()
        if follow && (files.count != 1 || files == ["-"]) {
            throw UsageError("--follow follows one file; name one")
        }
    }

    func run() async throws {
        let (format, output) = try formats()
        let client = try await global.connect()
        let summary: FeedSummary
        if follow {
            summary = try await CDRFollower(
                path: files[0], positionPath: position ?? CDRFollower.standardPosition(of: files[0]),
                makeReader: { [self] in try reader(format, files[0]) }
            ).run(client)
        } else {
            summary = try await send(format, client)
        }
        await client.close()
        try summary.print(as: output)
    }

    private func send(_ format: CDRFormat, _ client: Client) async throws -> FeedSummary {
        var sender = CDRSender(client: client)
        var progress = Progress()
        for file in try FeedCDRCommand.expand(files) {
            var reader = try reader(format, file)
            let input = try InputFile(file)
            while let piece = try input.read() {
                piece.withUnsafeBytes { reader.read($0) }
                try await sender.send(&reader)
                progress.show("\(file): \(Number.grouped(reader.counters.rows)) rows")
            }
            reader.finish(atEnd: true)
            try await sender.send(&reader, isEnd: true)
        }
        progress.clear()
        return try await sender.finish()
    }

    private func reader(_ format: CDRFormat, _ file: String) throws -> CDRReader {
        try CDRReader(
            format: format, columns: columns.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) },
            timeZone: timeZone, file: file)
    }

    /// The records' format and the output's: both are called --format, and told apart by their names. `csv` is both: the first
    /// that can be the records' is.
    func formats() throws -> (CDRFormat, OutputFormat) {
        var records: CDRFormat?
        var output = OutputFormat.table
        for name in global.format.sorted(by: { CDRFormat(rawValue: $0) != nil && CDRFormat(rawValue: $1) == nil }) {
            if records == nil, let format = CDRFormat(rawValue: name) {
                records = format
            } else if let format = OutputFormat(rawValue: name) {
                output = format
            } else {
                let names = CDRFormat.allCases.map(\.rawValue)
                let hint =
                    NearestName.of(name, among: names).map { "did you mean '\($0)'?" }
                    ?? "known are \(CommandNames.list(names))"
                throw UsageError("there is no record format '\(name)'; \(hint)")
            }
        }
        guard let records else {
            throw UsageError(
                "the records' format is missing; give --format \(CDRFormat.allCases.map(\.rawValue).joined(separator: "|"))"
            )
        }
        return (records, output)
    }

    /// A directory stands for its JSON files in the order of their names.
    private static func expand(_ files: [String]) throws -> [String] {
        try files.flatMap { file -> [String] in
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory), isDirectory.boolValue else {
                return [file]
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: file).filter { $0.hasSuffix(".json") }
                .sorted()
            if names.isEmpty { throw Refusal("\(file) has no .json files; name the files") }
            return names.map { file + "/" + $0 }
        }
    }
}
