import Foundation

/// A `busyhourd` of its own on free ports of 127.0.0.1; ends with the test.
final class RunningServer {
    let rpcAddress: String
    let hepPort: Int
    private let process = Process()
    /// The server's own, which goes with it; nil: it was given one that outlives it.
    private let temporaryDirectory: URL?

    /// - Parameters:
    ///   - dataDirectory: nil: a temporary one.
    ///   - rpcPort: 0: a free one.
    init(
        _ arguments: [String] = ["--clock", "events"], dataDirectory kept: URL? = nil, rpcPort: Int = 0
    ) throws {
        let dataDirectory =
            kept ?? FileManager.default.temporaryDirectory.appendingPathComponent("busyhour-\(UUID().uuidString)")
        temporaryDirectory = kept == nil ? dataDirectory : nil
        process.executableURL = try Programs.url("busyhourd")
        process.arguments =
            ["--data-dir", dataDirectory.path, "--listen", "127.0.0.1:\(rpcPort)", "--hep", "127.0.0.1:0"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8), !byte.isEmpty {
            line += byte
        }
        // busyhourd 0.1.0 listening on 127.0.0.1:PORT (rpc) and 127.0.0.1:PORT (hep udp, tcp)
        let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
        guard let rpc = words.first(where: { $0.hasPrefix("127.0.0.1:") }),
            let hep = words.filter({ $0.hasPrefix("127.0.0.1:") }).dropFirst().first?.split(separator: ":").last
                .flatMap({ Int($0) })
        else { throw Programs.Failure(message: "busyhourd said: \(words)") }
        rpcAddress = rpc
        hepPort = hep
    }

    deinit {
        stop()
        if let temporaryDirectory { try? FileManager.default.removeItem(at: temporaryDirectory) }
    }

    var rpcPort: Int { rpcAddress.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    /// Starts `busyhour` against this server, and does not wait for it.
    /// - Parameter state: where it keeps what another run needs.
    func start(_ arguments: [String], state: URL) throws -> Process {
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
        let busyhour = Process()
        busyhour.executableURL = try Programs.url("busyhour")
        busyhour.arguments = ["--server", rpcAddress] + arguments
        busyhour.environment = ProcessInfo.processInfo.environment
        busyhour.environment?["XDG_STATE_HOME"] = state.path
        busyhour.standardInput = FileHandle.nullDevice
        busyhour.standardOutput = FileHandle.nullDevice
        busyhour.standardError = FileHandle.nullDevice
        try busyhour.run()
        return busyhour
    }

    /// Ends the server as an operator does (SIGTERM), or by kill -9.
    func stop(by signal: Int32 = SIGTERM) {
        guard process.isRunning else { return }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }

    /// Sends a signal and does not wait for what comes of it.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    var isRunning: Bool { process.isRunning }

    /// Runs `busyhour` against this server.
    func busyhour(_ arguments: String...) throws -> Programs.Result { try busyhour(arguments: arguments) }

    func busyhour(arguments: [String]) throws -> Programs.Result {
        try Programs.run(Programs.url("busyhour"), ["--server", rpcAddress] + arguments)
    }

    /// The same with `--format json`, its output read.
    func json(_ arguments: String...) throws -> [String: Any] {
        let result = try Programs.run(
            Programs.url("busyhour"), ["--server", rpcAddress, "--format", "json"] + arguments)
        guard result.exitCode == 0 else { throw Programs.Failure(message: "\(arguments): \(result.errors)") }
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
    }
}

enum Programs {
    struct Failure: Error {
        var message: String
    }

    struct Result {
        var exitCode: Int32
        var output: String
        var errors: String
    }

    /// A program of this package: it lies where the tests lie.
    static func url(_ name: String) throws -> URL {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let source = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        let folders = [
            tests, source.appendingPathComponent(".build/debug"), source.appendingPathComponent(".build/release"),
        ]
        for folder in folders {
            let url = folder.appendingPathComponent(name)
            if FileManager.default.isExecutableFile(atPath: url.path) { return url }
        }
        throw Failure(message: "\(name) is not in \(folders.map(\.path)); build it first")
    }

    static func run(_ program: URL, _ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Errors are few lines and fit a pipe's buffer; the output is read as it comes.
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Result(exitCode: process.terminationStatus, output: text, errors: complaints)
    }
}
