// What tools/ makes of the programs' own help: completions that the shells can read, man pages without a fault.

import Foundation
import Testing

@Suite struct CompletionsAndManTests {
    private static let root = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()

    /// Runs a tool with the programs of these tests; lends the directory that it filled.
    private static func made(by tool: String, _ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(tool)-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let programs = try Programs.url("busyhour").deletingLastPathComponent().path
        let result = try Programs.run(
            URL(fileURLWithPath: "/usr/bin/env"),
            ["PROGRAMS=\(programs)", root.appendingPathComponent("tools/\(tool)").path, folder.path])
        try #require(result.exitCode == 0, "\(result.errors)")
        #expect(result.output == folder.path + "\n")
        try body(folder)
    }

    /// Where a program of the machine lies; nil: it is not there.
    private static func path(of program: String) -> String? {
        ["/bin", "/usr/bin", "/usr/local/bin"].map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    @Test func shellsReadTheirCompletions() throws {
        try Self.made(by: "completions") { folder in
            for (shell, file) in [
                ("bash", "bash-completion/completions/busyhour"), ("bash", "bash-completion/completions/busyhourd"),
                ("zsh", "zsh/site-functions/_busyhour"), ("zsh", "zsh/site-functions/_busyhourd"),
                ("fish", "fish/vendor_completions.d/busyhour.fish"),
                ("fish", "fish/vendor_completions.d/busyhourd.fish"),
            ] {
                let url = folder.appendingPathComponent(file)
                let script = try String(contentsOf: url, encoding: .utf8)
                #expect(script.contains("busyhour"), "\(file)")
                guard let path = Self.path(of: shell) else { continue }
                let result = try Programs.run(URL(fileURLWithPath: path), ["-n", url.path])
                #expect(result.exitCode == 0 && result.errors.isEmpty, "\(file): \(result.errors)")
            }
        }
    }

    /// Bash, which every machine of these tests has, completes commands, options and topics of help.
    @Test func bashCompletes() throws {
        let bash = try #require(Self.path(of: "bash"))
        try Self.made(by: "completions") { folder in
            let programs = try Programs.url("busyhour").deletingLastPathComponent().path
            for (line, expected) in [
                (["busyhour", "cust"], "customer"), (["busyhour", "customer", "hi"], "history"),
                (["busyhour", "board", "--gro"], "--group-by"), (["busyhour", "help", "col"], "columns"),
            ] {
                let words = line.map { "'\($0)'" }.joined(separator: " ")
                let script = """
                    PATH='\(programs)':$PATH; source '\(folder.path)/bash-completion/completions/busyhour'
                    COMP_WORDS=(\(words)); COMP_CWORD=\(line.count - 1); COMP_LINE='\(line.joined(separator: " "))'
                    COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
                    $(complete -p busyhour | sed 's/.*-F \\([^ ]*\\).*/\\1/') busyhour '\(line.last ?? "")' ''
                    printf '%s\\n' "${COMPREPLY[@]}"
                    """
                let result = try Programs.run(URL(fileURLWithPath: bash), ["-c", script])
                let offered = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                #expect(offered.contains(expected), "\(line): \(result.output)\(result.errors)")
            }
        }
    }

    @Test func everyCommandHasAPage() throws {
        try Self.made(by: "man") { folder in
            for name in [
                "man1/busyhour.1", "man1/busyhour-board.1", "man1/busyhour-customer-add.1", "man1/busyhour-feed-cdr.1",
                "man1/busyhour-help.1", "man8/busyhourd.8",
            ] {
                let page = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
                #expect(page.hasPrefix(".TH "), "\(name)")
                for title in ["NAME", "SYNOPSIS", "EXIT STATUS"] { #expect(page.contains(".SH \(title)\n"), "\(name)") }
            }
            let board = try String(contentsOf: folder.appendingPathComponent("man1/busyhour-board.1"), encoding: .utf8)
            #expect(board.contains("\\fB\\-\\-where\\fR \\fIexpression\\fR") && board.contains("asr < 40 AND"))
            let sections = ["man1", "man8"].map(folder.appendingPathComponent)
            let pages = try sections.flatMap {
                try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
            }
            #expect(pages.count > 35)
            try Self.checkRoff(pages)
        }
    }

    /// By groff with all its warnings, or mandoc, if one of them is there.
    private static func checkRoff(_ pages: [URL]) throws {
        let check: (program: String, arguments: [String])
        if let groff = path(of: "groff") {
            check = (groff, ["-man", "-Tutf8", "-ww", "-z"])
        } else if let mandoc = path(of: "mandoc") {
            check = (mandoc, ["-Tlint", "-Wwarning"])
        } else {
            return
        }
        let result = try Programs.run(URL(fileURLWithPath: check.program), check.arguments + pages.map(\.path))
        #expect(result.exitCode == 0 && (result.output + result.errors).isEmpty, "\(result.output)\(result.errors)")
    }
}
