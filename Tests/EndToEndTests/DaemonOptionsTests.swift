// Every option of busyhourd reaches what it is for: a wrong value is refused by name, and so on the command line as in
// the file of --config.

import Foundation
import Testing

@Suite struct DaemonOptionsTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("options-\(UUID().uuidString)")

    private func start(_ arguments: [String]) throws -> Programs.Result {
        try Programs.run(try Programs.url("busyhourd"), arguments)
    }

    private static let certificate = Fixtures.file("tls/server.pem").path
    private static let key = Fixtures.file("tls/server.key").path

    /// The option, a wrong value, what is said of it, and what has to be given with it.
    private static let options: [(name: String, value: String, said: String, more: [String: String])] = [
        ("data-dir", "/dev/null/x", "cannot create the data directory", [:]),
        ("listen", "here", "'here' is not an address to listen on", [:]),
        ("hep", "there", "'there' is not an address to listen on", [:]),
        ("hep-tls", "9061", "'9061' is not an address to listen on", [:]),
        (
            "hep-tls-cert", "/nowhere/cert.pem", "cannot read /nowhere/cert.pem",
            ["hep-tls": "127.0.0.1:0", "hep-tls-key": key]
        ),
        (
            "hep-tls-key", "/nowhere/key.pem", "cannot read /nowhere/key.pem",
            ["hep-tls": "127.0.0.1:0", "hep-tls-cert": certificate]
        ),
        (
            "hep-tls-ca", "/nowhere/ca.pem", "cannot read /nowhere/ca.pem",
            ["hep-tls": "127.0.0.1:0", "hep-tls-cert": certificate, "hep-tls-key": key]
        ),
        ("switch", "pbx", "'pbx' is not the IP address of a switch", [:]),
        ("clock", "moon", "no clock 'moon'", [:]), ("agent-clock", "ask", "no agent clock 'ask'", [:]),
        ("debit", "maybe", "no debit 'maybe'", [:]), ("cost-limit", "much", "'much' is no limit of costs", [:]),
        ("journal-segment", "7K", "'7K' is not a segment size", [:]),
        ("keep-calls", "0", "'0' is no number of calls to keep", [:]),
        ("mask-numbers", "some", "no mask 'some' for numbers", [:]),
    ]

    @Test func aWrongValueIsRefusedByName() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for option in Self.options {
            var all = option.more
            if option.name != "data-dir" { all["data-dir"] = folder.path + "/data" }
            if option.name != "listen" { all["listen"] = "127.0.0.1:0" }
            if option.name != "hep" { all["hep"] = "off" }
            all[option.name] = option.value
            let words = all.sorted { $0.key < $1.key }.flatMap { ["--" + $0.key, $0.value] }
            let told = try start(words)
            #expect(told.exitCode == (option.name == "data-dir" ? 1 : 2), "\(option.name): \(told.errors)")
            #expect(told.errors.contains(option.said), "\(option.name): \(told.errors)")
            let file = folder.appendingPathComponent("b.conf")
            let lines = all.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
            try Data(lines.joined(separator: "\n").utf8).write(to: file)
            let read = try start(["--config", file.path])
            #expect(read.errors == told.errors && read.exitCode == told.exitCode, "\(option.name): \(read.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"), "\(option.name)")
        }
    }

    /// A key is what packets need to be taken.
    @Test func theKeyReachesTheServer() throws {
        let server = try RunningServer(["--clock", "events", "--hep-key", "secret"])
        #expect(server.isRunning && server.hepPort > 0)
        let help = try start(["--help"]).output
        for option in Self.options { #expect(help.contains("--" + option.name), "\(option.name)") }
        #expect(help.contains("--hep-key") && help.contains("--config"))
    }
}
