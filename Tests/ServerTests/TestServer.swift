import Foundation
import Logging
import Server
import Wire

/// A server of its own for a test, on free ports of 127.0.0.1, with a data directory that goes with it.
final class TestServer {
    let server: Server
    let directory: String

    init(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws {
        directory = temporaryDirectory()
        var configuration = ServerConfiguration(dataDirectory: directory)
        configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
        configuration.hep = Endpoint(host: "127.0.0.1", port: 0)
        change(&configuration)
        server = try Server.start(configuration, logger: silentLogger())
    }

    func stop() {
        server.shutdown()
        try? FileManager.default.removeItem(atPath: directory)
    }

    func client(receiveBuffer: CInt? = nil) throws -> RawClient {
        try RawClient(port: server.rpcEndpoint.port, receiveBuffer: receiveBuffer)
    }

    /// Asks for the status until it is as wanted; the last one when that takes longer than five minutes.
    func status(until isWanted: (Busyhour_V1_StatusResponse) -> Bool) throws -> Busyhour_V1_StatusResponse {
        let client = try client()
        let deadline = ContinuousClock.now + .seconds(300)
        while true {
            let status = try client.status()
            if isWanted(status) || ContinuousClock.now > deadline { return status }
        }
    }
}

func temporaryDirectory() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("busyhour-\(UUID().uuidString)").path
}

func silentLogger() -> Logger {
    Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

extension Busyhour_V1_StatusResponse {
    func feed(_ name: String) -> Busyhour_V1_FeedStatus {
        feeds.first { $0.name == name } ?? Busyhour_V1_FeedStatus()
    }
}
