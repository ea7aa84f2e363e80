import ArgumentParser
import Client
import Feeds
import Foundation
import Terminal
import Wire

struct FeedHEPCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "hep", abstract: "Play captured HEP packets.",
        discussion: """
            busyhour feed hep capture.hep

            A capture is records of the arrival time (u64, microseconds since 1970), the length (u32), and that many octets, \
            little-endian. The packets' own times count; a server with --clock events goes by them.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Capture files in their order, or - for standard input.")
    var files: [String]

    @Option(help: ArgumentHelp("Refuse packets without this key.", valueName: "key"))
    var authKey: String = ""

    func report(from client: Client) async throws -> any Report {
        var pipe = RequestPipe()
        var errors = FeedSummary()
        for file in files {
            do {
                try await play(file, client, &pipe)
            } catch let error as HEPCaptureError {
                // What comes before the broken place was sent.
                try OutputDevice.standardError.writeLine("\(file): \(error.message)")
                errors.countError(error.name)
            }
        }
        try await pipe.finish()
        return pipe.summary + errors
    }

    private func play(_ file: String, _ client: Client, _ pipe: inout RequestPipe) async throws {
        let input = try InputFile(file)
        var capture = HEPCapture()
        var request = emptyRequest
        var octets = 0
        var sent = 0
        var progress = Progress()
        defer { progress.clear() }
        while let piece = try input.read() {
            capture.append(piece)
            while let record = try capture.next() {
                request.packets.append(Data(record.octets))
                request.arrivalMicros.append(record.arrivalMicros)
                octets += record.octets.count
                guard request.packets.count >= Limits.recordsPerRequest || octets >= Limits.recordOctetsPerRequest
                else {
                    continue
                }
                sent += request.packets.count
                try await pipe.send { [request] in try await client.ingestHEP(request) }
                request = emptyRequest
                octets = 0
                progress.show("\(file): \(Number.grouped(sent)) records")
            }
        }
        if !request.packets.isEmpty { try await pipe.send { [request] in try await client.ingestHEP(request) } }
        try capture.finish()
    }

    private var emptyRequest: Busyhour_V1_IngestHEPRequest {
        var request = Busyhour_V1_IngestHEPRequest()
        request.authKey = authKey
        return request
    }
}
