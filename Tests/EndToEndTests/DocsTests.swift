// The pages in docs/, run as they stand there. `BUSYHOUR_WRITE_DOCS=1 swift test --filter DocsTests` writes what the
// commands say now into the pages; read the difference before you commit it.
//
// A page is one session, from its top to its end. What a fenced block is, its first line tells:
//
//     ```file:NAME      a file of the session, with the block's lines
//     ```console        commands (`$ ` before each) and what they say, both outputs together
//     ```sh             commands without output that must end with exit code 0
//
// Other blocks are not run. Comments in the page, a line each, say what the session needs:
//
//     <!-- server: --clock events -->         begins anew with a server of these arguments, and no files
//     <!-- fixture: NAME = hep/sngrep.hep --> a file of Tests/Fixtures under that name

import Foundation
import Testing

@Suite struct DocsTests {
    static let pages: [String] = {
        let all = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (all ?? []).filter { $0.hasSuffix(".md") }.sorted()
    }()

    private static let folder = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs")

    @Test(arguments: pages) func everyCommandSaysWhatThePageShows(page: String) throws {
        let url = Self.folder.appendingPathComponent(page)
        let text = try String(contentsOf: url, encoding: .utf8)
        let written = try DocsSession.run(text)
        if ProcessInfo.processInfo.environment["BUSYHOUR_WRITE_DOCS"] != nil {
            return try Data(written.utf8).write(to: url)
        }
        let differences = zip(text.split(separator: "\n"), written.split(separator: "\n")).filter { $0 != $1 }
        #expect(
            text == written,
            "docs/\(page) shows something else; first: \(differences.first.map { "\($0)" } ?? "the lengths differ")")
    }
}

/// One page, as far as it has been run.
private struct DocsSession {
    private var server: RunningServer?
    private var folder: URL

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("docs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// - Returns: the page with what its commands say now.
    static func run(_ page: String) throws -> String {
        var session = try DocsSession()
        defer { try? FileManager.default.removeItem(at: session.folder) }
        var written: [String] = []
        var block: (kind: Substring, lines: [String])?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            guard line.hasPrefix("```") else {
                if block == nil {
                    try session.prepare(line)
                    written.append(line)
                } else {
                    block?.lines.append(line)
                }
                continue
            }
            if let ended = block {
                written += try session.end(ended.kind, ended.lines)
                block = nil
            } else {
                block = (line.dropFirst(3), [])
            }
            written.append(line)
        }
        #expect(block == nil, "a block of the page has no end")
        return written.joined(separator: "\n")
    }

    private mutating func prepare(_ line: String) throws {
        if let arguments = Self.comment("server", line) {
            server = try RunningServer(arguments.split(separator: " ").map(String.init))
            for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
                try FileManager.default.removeItem(at: file)
            }
        }
        if let fixture = Self.comment("fixture", line) {
            let names = fixture.components(separatedBy: " = ")
            try #require(names.count == 2, "\(line): NAME = FILE")
            try FileManager.default.copyItem(
                at: Fixtures.file(names[1]), to: folder.appendingPathComponent(names[0]))
        }
    }

    private static func comment(_ name: String, _ line: String) -> String? {
        guard line.hasPrefix("<!-- \(name):"), line.hasSuffix("-->") else { return nil }
        return line.dropFirst("<!-- \(name):".count).dropLast(3).trimmingCharacters(in: .whitespaces)
    }

    /// - Returns: the block's lines as they are now.
    private mutating func end(_ kind: Substring, _ lines: [String]) throws -> [String] {
        if kind.hasPrefix("file:") {
            let text = lines.map { $0 + "\n" }.joined()
            try Data(text.utf8).write(to: folder.appendingPathComponent(String(kind.dropFirst(5))))
        }
        if kind == "sh" {
            let result = try run(lines.joined(separator: "\n"))
            #expect(result.exitCode == 0, "\(lines): \(result.output)")
        }
        guard kind == "console" else { return lines }
        return try lines.filter { $0.hasPrefix("$ ") }.flatMap { line in
            [line] + (try Self.settled(run(String(line.dropFirst(2))).output))
        }
    }

    /// By a shell, which takes quotes as the reader's does.
    private mutating func run(_ command: String) throws -> Programs.Result {
        if server == nil { server = try RunningServer() }
        let program = try Programs.url("busyhour").path
        let script = """
            cd '\(folder.path)'; busyhour() { '\(program)' "$@"; }; export BUSYHOUR_SERVER=\(server?.rpcAddress ?? "")
            export XDG_STATE_HOME=$PWD/.state USER=anna TZ=UTC; exec 2>&1

            """
        return try Programs.run(URL(fileURLWithPath: "/bin/bash"), ["-c", script + command])
    }

    /// Lines without blanks at their ends; the time of day of the run is another each time.
    private static func settled(_ output: String) throws -> [String] {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        let today = Date.now.formatted(.iso8601.year().month().day())
        let time = try Regex("\(today)[T ][0-9:.]+Z?")
        return lines.map { line in
            var line = line.replacing(time, with: "2026-11-26 09:00:00Z")
                .replacing(#/ to (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\dZ/#, with: " to 09:00:00Z")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
