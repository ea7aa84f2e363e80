// The commands of the pages in docs/ and of the README, run as written. `BUSYHOUR_WRITE_DOCS=1 swift test --filter
// DocsTests` writes what the commands print now into the pages; read the difference before you commit it.
//
// A page is one session, from its top to its end. The first line of a fenced block says what it is:
//
//     ```file:NAME      a file of the session, with the block's lines
//     ```console        commands (`$ ` before each) and what they print, both outputs together
//     ```sh             commands without output, each of which must end with exit code 0
//
// Other blocks are not run. Comments in the page, one per line, say what the session needs:
//
//     <!-- server: --clock events -->              starts over with a server of these arguments and no files
//     <!-- fixture: NAME = hep/sngrep.hep -->      a file of Tests/Fixtures (or of tools/) under that name
//     <!-- run: busyhour import customers.csv -->  a command that the page does not show; it must end with exit code 0

import Foundation
import Testing

@Suite struct DocsTests {
    @Test(arguments: DocsPages.names) func everyCommandSaysWhatThePageShows(page: String) throws {
        let text = try DocsPages.text(page)
        let written = try DocsSession.run(text)
        if ProcessInfo.processInfo.environment["BUSYHOUR_WRITE_DOCS"] != nil {
            return try Data(written.utf8).write(to: DocsPages.url(page))
        }
        let differences = zip(text.split(separator: "\n"), written.split(separator: "\n")).filter { $0 != $1 }
        #expect(
            text == written,
            "\(page) shows something else; first: \(differences.first.map { "\($0)" } ?? "the lengths differ")")
    }

    /// What the reader is shown can be tried: of the commands in fenced blocks most are run.
    @Test func mostExamplesAreRun() throws {
        var run = 0
        var shown = 0
        for page in try DocsPages.names.map(DocsPages.text) {
            var kind: Substring?
            for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.hasPrefix("```") {
                    kind = kind == nil ? line.dropFirst(3) : nil
                } else if let kind, line.hasPrefix("busyhour ") || line.hasPrefix("$ busyhour ") {
                    if kind == "sh" || kind == "console" { run += 1 } else { shown += 1 }
                }
            }
        }
        #expect(run >= 100 && run > shown, "\(run) examples are run, and \(shown) are not")
    }
}

/// One page, as far as it has been run.
private struct DocsSession {
    private var server: RunningServer?
    private let folder: URL

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("docs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// - Returns: the page with what its commands print now.
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
            let isTool = names[1].hasPrefix("tools/")
            let file = isTool ? DocsPages.url(names[1]) : Fixtures.file(names[1])
            try FileManager.default.copyItem(at: file, to: folder.appendingPathComponent(names[0]))
        }
        if let command = Self.comment("run", line) { try succeed(command) }
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
        if kind == "sh" { try succeed(lines.joined(separator: "\n")) }
        guard kind == "console" else { return lines }
        return try lines.filter { $0.hasPrefix("$ ") }.flatMap { line in
            [line] + (try Self.settled(run(String(line.dropFirst(2))).output))
        }
    }

    private mutating func succeed(_ commands: String) throws {
        let result = try run("set -eo pipefail\n" + commands)
        #expect(result.exitCode == 0, "\(commands): \(result.output)")
    }

    /// By a shell, which takes quotes and comments as the reader's does.
    private mutating func run(_ command: String) throws -> Programs.Result {
        if server == nil { server = try RunningServer() }
        let (program, daemon) = (try Programs.url("busyhour").path, try Programs.url("busyhourd").path)
        let script = """
            cd '\(folder.path)'; busyhour() { '\(program)' "$@"; }; busyhourd() { '\(daemon)' "$@"; }
            export BUSYHOUR_SERVER=\(server?.rpcAddress ?? "") XDG_STATE_HOME=$PWD/.state USER=anna TZ=UTC; exec 2>&1

            """
        return try Programs.run(URL(fileURLWithPath: "/bin/bash"), ["-c", script + command])
    }

    /// Lines without blanks at their ends; the time of day of the run is another each time.
    private static func settled(_ output: String) throws -> [String] {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        // A window may begin on the day before.
        let days = [-86_400, 0].map { (Date.now + $0).formatted(.iso8601.year().month().day()) }
        let time = try Regex("(\(days.joined(separator: "|")))[T ][0-9:.]+Z?")
        return lines.map { line in
            let dated = line.replacing(time, with: "2026-11-26 09:00:00Z")
            // A window of the run; one of a recording always ends at the same time.
            var line =
                dated == line
                ? line : dated.replacing(#/ to (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\dZ/#, with: " to 09:00:00Z")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
