// The examples of the README, run as they stand there.

import Foundation
import Testing

@Suite struct ReadmeTests {
    /// Every line of the README's code that begins with `busyhour` is done by a server with some customers and calls. What
    /// is different here: the files are those of the tests, and nothing is followed or watched for ever.
    @Test func everyExampleIsDone() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("readme-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        let files = [
            "capture.hep": Fixtures.recording("sngrep")[0], "Master.csv": Fixtures.file("cdr/asterisk-Master.csv"),
        ]
        for (name, file) in files {
            try FileManager.default.copyItem(at: file, to: folder.appendingPathComponent(name))
        }
        let server = try RunningServer()
        // Customers for the examples, and others for the example that imports some.
        let customers = source.appendingPathComponent("tools/demo-data/customers.csv")
        #expect(try server.busyhour("import", customers.path).exitCode == 0)
        try Data("name,currency\nNewcomer,EUR\n".utf8).write(to: folder.appendingPathComponent("customers.csv"))
        try Data("Our list\nFirm,Town,Since,Money\nFrom Abroad,Lagos,2020,NGN\n".utf8)
            .write(to: folder.appendingPathComponent("list.csv"))

        let readme = try String(contentsOf: source.appendingPathComponent("README.md"), encoding: .utf8)
        let examples = Self.examples(readme)
        #expect(examples.count >= 10, "the README's examples were not found")
        for example in examples {
            let result = try Self.run(example, in: folder, server: server.rpcAddress)
            #expect(result.exitCode == 0, "\(example): \(result.errors)")
            #expect(!result.output.isEmpty, "\(example) says nothing")
        }
    }

    private static func examples(_ readme: String) -> [String] {
        var isCode = false
        return readme.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            if line.hasPrefix("```") { isCode.toggle() }
            return isCode && line.hasPrefix("busyhour ") ? String(line) : nil
        }
    }

    /// By a shell, which takes quotes and comments as the reader's does.
    private static func run(_ example: String, in folder: URL, server: String) throws -> Programs.Result {
        let command =
            example
            .replacingOccurrences(of: "/var/log/asterisk/cdr-csv/", with: "")
            .replacingOccurrences(of: " --follow", with: "").replacingOccurrences(of: " --watch", with: "")
        let program = try Programs.url("busyhour").path
        let script = "cd '\(folder.path)'; busyhour() { '\(program)' \"$@\"; }; export BUSYHOUR_SERVER=\(server)\n"
        return try Programs.run(URL(fileURLWithPath: "/bin/bash"), ["-c", script + command])
    }
}
