import Foundation
import Logging
import Server
import Synchronization
import Wire

/// A server of its own for a test, on free ports of 127.0.0.1, with a data directory that goes with it.
final class TestServer {
    let server: Server
    let directory: String

    /// - Parameter clock: nil: the machine's.
    init(
        logger: Logger = silentLogger(), clock: SettableClock? = nil, directory: String = temporaryDirectory(),
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws {
        self.directory = directory
        var configuration = ServerConfiguration(dataDirectory: directory)
        configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
        configuration.hep = Endpoint(host: "127.0.0.1", port: 0)
        change(&configuration)
        if let clock {
            server = try Server.start(configuration, logger: logger, now: { clock.now })
        } else {
            server = try Server.start(configuration, logger: logger)
        }
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

/// A machine's clock that a test sets.
final class SettableClock: Sendable {
    private let micros: Mutex<Int64>

    init(_ micros: Int64) { self.micros = Mutex(micros) }

    var now: Int64 { micros.withLock { $0 } }

    func set(_ micros: Int64) { self.micros.withLock { $0 = micros } }
}

/// What a server logs, a line each: `error the message`.
final class RecordedLog: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    func add(_ line: String) { recorded.withLock { $0.append(line) } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        init(log: RecordedLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(
            level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
            function: String, line: UInt
        ) {
            log.add("\(level) \(message)")
        }
    }
}

extension Busyhour_V1_StatusResponse {
    func feed(_ name: String) -> Busyhour_V1_FeedStatus {
        feeds.first { $0.name == name } ?? Busyhour_V1_FeedStatus()
    }
}
