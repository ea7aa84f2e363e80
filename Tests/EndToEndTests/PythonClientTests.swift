// tools/board.py, started by a user that has not read it.

import Foundation
import Testing

@Suite struct PythonClientTests {
    private static let python = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["BUSYHOUR_PYTHON"] ?? "/usr/bin/python3")
    private static let script = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("tools/board.py").path

    private static let hasPython = FileManager.default.isExecutableFile(atPath: python.path)
    private static let hasProtobuf =
        hasPython && (try? Programs.run(python, ["-c", "import google.protobuf"]).exitCode) == 0

    /// `-S` leaves out what was installed, so there is no protobuf wherever this runs.
    @Test(.enabled(if: hasPython, "python3 is not there"))
    func withoutProtobufItSaysWhatToInstall() throws {
        let result = try Programs.run(Self.python, ["-S", Self.script, "127.0.0.1:1"])
        #expect(result.exitCode == 1 && result.output.isEmpty)
        #expect(result.errors.contains("apt install") && result.errors.contains("python3-protobuf"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1 && !result.errors.contains("Traceback"))
    }

    @Test(.enabled(if: hasProtobuf, "python3 with protobuf is not there"))
    func aClosedPipeEndsItWithoutAWord() throws {
        let server = try RunningServer()
        #expect(try server.busyhour("customer", "add", "Python Test", "--currency", "USD").exitCode == 0)
        let process = Process()
        process.executableURL = Self.python
        process.arguments = [Self.script, server.rpcAddress]
        let (output, errors) = (Pipe(), Pipe())
        // The pipe has no reader, from the first byte on.
        try output.fileHandleForReading.close()
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(complaints.isEmpty, "\(complaints)")
    }

    @Test(.enabled(if: hasProtobuf, "python3 with protobuf is not there"))
    func aServerThatIsNotThereIsOneLine() throws {
        let result = try Programs.run(Self.python, [Self.script, "127.0.0.1:1"])
        #expect(result.exitCode == 3 && result.errors.hasPrefix("cannot reach 127.0.0.1:1: "), "\(result)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }
}
