import Foundation
import Glibc

/// Runs a program as in a terminal, where it asks and shows what it does.
enum PseudoTerminal {
    struct Failure: Error { var call: String }

    /// - Parameter answer: what the person types, given at once; the program reads it when it asks.
    /// - Returns: the exit code and everything that the terminal was sent, line ends as LF.
    static func run(
        _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String], answer: String,
        columns: UInt16 = 140
    ) throws -> (exitCode: Int32, output: String) {
        var (master, slave): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: 50, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&master, &slave, nil, nil, &size) == 0 else { throw Failure(call: "openpty") }
        defer { close(master) }
        let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = environment
        (process.standardInput, process.standardOutput, process.standardError) = (terminal, terminal, terminal)
        try process.run()
        try terminal.close()
        if !answer.isEmpty {
            let bytes = Array(answer.utf8)
            guard write(master, bytes, bytes.count) == bytes.count else { throw Failure(call: "write") }
        }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(master, &buffer, buffer.count)
            // When the last who has the terminal open is gone, reading fails.
            if count <= 0 { break }
            output += buffer[..<count]
        }
        process.waitUntilExit()
        let text = String(decoding: output, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
        return (process.terminationStatus, text)
    }
}
