// The back office as a person uses it, in a terminal, from the first customer to the last undo. What it shows is the
// transcript in docs/back-office.md: `BUSYHOUR_WRITE_DOCS=1 swift test --filter BackOfficeScenarioTests` rewrites it.

import Foundation
import Testing

@Suite struct BackOfficeScenarioTests {
    private struct Step {
        var command: String
        var answer = ""
        var exitCode: Int32 = 0
        /// What the output must have.
        var shows: [String] = []
    }

    private static let steps: [Step] = [
        Step(
            command:
                "customer add \"Acme Telecom\" --currency USD --credit 250 --channels 30 --ip 203.0.113.0/24 --route standard",
            shows: ["1"]),
        Step(
            command: "import list.csv", exitCode: 1,
            shows: [
                "row 3, column C \"channels\": 4.42E+11 looks damaged by a spreadsheet", "row 4", "currency 'XXX'",
                "nothing was created or changed",
            ]),
        Step(
            command: "import good.csv --dry-run", shows: ["would create 3 customers, update 1, unchanged 0, errors 0"]),
        Step(command: "import good.csv", shows: ["created 3 customers, updated 1, unchanged 0"]),
        Step(command: "import good.csv", shows: ["unchanged 4"]),
        Step(
            command:
                "customer edit \"Acme Telecom\" --set credit+=50.5 --set tags+=gold --contact-email noc@acme.example",
            shows: ["changed 1 customer"]),
        Step(
            command: "customer edit 1 --channels 99 --version 1", exitCode: 1,
            shows: ["is at version 3, by anna, not 1: channels is 40 now, you set channels=99"]),
        Step(
            command:
                "edit --where \"country = 'DE'\" --set 'channels=ceil(channels*1.1)' --set status=Penalty --dry-run",
            shows: ["would change 2 customers of 2", "channels: 2 customers", "Penalty"]),
        Step(
            command: "edit --where \"country = 'DE'\" --set 'channels=ceil(channels*1.1)' --set status=Penalty",
            shows: ["changed 2 customers of 2"]),
        Step(
            command: "customer history \"Nova Voice\"",
            shows: [
                "from good.csv, 4 rows", "channels: 20 -> 22", "status: Active -> Penalty",
                "(set channels=ceil(channels*1.1), status=Penalty where country = 'DE')",
            ]),
        Step(command: "customer undo --change 4", shows: ["changed back 2 customers, as change 5"]),
        Step(
            command: "customer delete \"Quiet Networks\"", answer: "n\n", exitCode: 1,
            shows: ["Delete customer 4 'Quiet Networks'? [y/N]", "nothing was deleted"]),
        Step(command: "customer delete \"Quiet Networks\"", answer: "y\n", shows: ["deleted 1 customer: 4 'Quiet"]),
        Step(command: "customer list --deleted", shows: ["1 deleted customer", "Quiet Networks", "anna       6"]),
        Step(command: "customer undo \"Quiet Networks\"", shows: ["changed back 1 customer"]),
        Step(command: "customer edit \"Nova Voice\" --set status=Penalty --for 1h", shows: ["changed 1 customer"]),
        Step(command: "customer history \"Nova Voice\" --limit 1", shows: ["(until "]),
        Step(command: "board --status Penalty --columns name,status,channels", shows: ["1 customer", "Nova Voice"]),
        Step(
            command: "customer add Copycat --currency USD --ip 203.0.113.0/24", exitCode: 1,
            shows: ["203.0.113.0/24", "customer 1"]),
        Step(command: "settings set credit_low.raise=400 credit_low.clear=450", shows: ["credit_low.raise", "400"]),
        Step(command: "customer edit 1 --set company=Acme", shows: ["changed 1 customer"]),
        Step(command: "warning list --customer 1", shows: ["credit_low", "300.5"]),
        Step(command: "warning ack 1 credit_low", shows: ["seen by anna"]),
        Step(
            command: "board --where \"warnings HAS credit_low\" --search acme --columns name,credit,warnings",
            shows: ["Acme Telecom", "credit_low"]),
        Step(command: "warning mute 1 credit_low --for 8h", shows: ["muted by anna until"]),
        Step(command: "warning list --customer 1", shows: ["0 warnings"]),
        Step(command: "settings set credit_low.raise=100 credit_low.clear=120 --customer 2", shows: ["100"]),
        Step(
            command:
                "layout save germany --where \"country = 'DE'\" --columns name,status,channels --sort -channels --share",
            shows: ["germany"]),
        Step(command: "board --layout germany", shows: ["Nova Voice", "Penalty"]),
        Step(command: "edit --layout germany --set tags+=de", shows: ["changed 2 customers"]),
        Step(command: "export --layout germany germany.csv", shows: ["exported 2 customers to germany.csv"]),
        Step(command: "import germany.csv", shows: ["created 0 customers, updated 0, unchanged 2"]),
        Step(
            command:
                "import foreign.csv --start-row 3 --map 1=name,3=currency,4=credit --decimal-comma --save-template legacy",
            shows: ["created 1 customer"]),
        Step(command: "template list", shows: ["legacy", "1=name,3=currency,4=credit"]),
        Step(command: "import foreign.csv --template legacy", shows: ["unchanged 1"]),
        Step(
            command:
                "layout save credit --columns name,status,credit --sort name --width name=10 --pin credit --column-format 'credit=#,##0'",
            shows: ["widths      name=10", "pins        credit", "formats     credit=#,##0"]),
        Step(command: "board --layout credit", shows: ["Lagoon Te…", "1,235"]),
        Step(command: "layout delete credit", answer: "y\n", shows: ["credit"]),
    ]

    private static let files = [
        "list.csv": "name;currency;channels\nBaltic Voice;EUR;20\nNova Voice;EUR;4.42E+11\nQuiet Networks;XXX;5\n",
        "foreign.csv": "Kunden\nFirma;Ort;Währung;Guthaben\nLagoon Telecom;Lagos;NGN;1234,5\n",
        "good.csv":
            "name;currency;channels;country\nAcme Telecom;USD;40;US\nNova Voice;EUR;20;DE\nBaltic Voice;EUR;10;DE\nQuiet Networks;EUR;5;FR\n",
    ]

    @Test func aPersonDoesEverything() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("scenario-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in Self.files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        let server = try RunningServer(["--clock", "wall"])
        let environment = [
            "BUSYHOUR_SERVER": server.rpcAddress, "USER": "anna", "TERM": "xterm", "NO_COLOR": "1", "TZ": "UTC",
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
            "LD_LIBRARY_PATH": ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "",
        ]
        let program = try Programs.url("busyhour")
        var transcript = ""
        for step in Self.steps {
            let script = "busyhour() { '\(program.path)' \"$@\"; }; busyhour \(step.command)"
            let result = try PseudoTerminal.run(
                URL(fileURLWithPath: "/bin/bash"), ["-c", script], in: folder, environment: environment,
                answer: step.answer)
            #expect(result.exitCode == step.exitCode, "\(step.command): \(result.output)")
            for text in step.shows { #expect(result.output.contains(text), "\(step.command): \(result.output)") }
            transcript += "$ busyhour \(step.command)\n" + Self.settled(result.output)
        }
        try Self.compare(transcript)
    }

    /// Times are others each time; what the terminal repeats of the answer comes when it likes.
    private static func settled(_ output: String) -> String {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        if let first = lines.first, first == "y" || first == "n" { lines.removeFirst() }
        return lines.map { line in
            var line = line.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/, with: "2026-11-26T09:00:00.000000Z")
            line = line.replacing(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, with: "2026-11-26 09:00:00")
            line = line.replacing(#/ to (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d/#, with: " to 09:00:00")
            // The terminal's line is cleared by a carriage return: what stands behind it is seen.
            if let last = line.split(separator: "\r").last { line = String(last).replacing("\u{1B}[K", with: "") }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    private static func compare(_ transcript: String) throws {
        let page = "docs/back-office.md"
        let text = try DocsPages.text(page)
        let marks = ("<!-- back office -->\n```\n", "```\n<!-- /back office -->")
        let begin = try #require(text.range(of: marks.0))
        let end = try #require(text.range(of: marks.1))
        let environment = ProcessInfo.processInfo.environment
        if ["BUSYHOUR_WRITE_DOCS", "BUSYHOUR_WRITE_README"].contains(where: { environment[$0] != nil }) {
            let written = text[..<begin.upperBound] + transcript + text[end.lowerBound...]
            return try Data(written.utf8).write(to: DocsPages.url(page))
        }
        let shown = String(text[begin.upperBound..<end.lowerBound])
        let differences = zip(shown.split(separator: "\n"), transcript.split(separator: "\n")).filter { $0 != $1 }
        #expect(
            shown == transcript,
            "\(page) shows something else; first: \(differences.first.map { "\($0)" } ?? "the lengths differ")")
    }
}
