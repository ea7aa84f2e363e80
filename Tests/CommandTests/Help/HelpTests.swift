import Foundation
import Testing

@testable import busyhour

@Suite struct HelpTests {
    @Test func columnsAreALineEach() {
        let lines = ColumnsReport().lines(.plain)
        for column in ColumnGuide.all {
            let line = lines.first { $0.hasPrefix("  \(column.name) ") }
            #expect(line?.contains(column.unit) == true && line?.hasSuffix(column.meaning) == true, "\(column.name)")
        }
        #expect(lines.contains { $0.contains("asr_1m, asr_5m, asr_15m, asr_1h, asr_24h, asr_all") })
        #expect(lines.contains { $0.hasPrefix("  all ") })
        #expect(lines.contains { $0.contains("status = 'Active'") })
    }

    @Test func aTerminalGetsNoLongerLinesThanItHas() {
        for width in [60, 80, 120] {
            #expect(ColumnsReport().lines(Page(width: width)).allSatisfy { $0.count <= width }, "\(width)")
        }
    }

    @Test func programsGetTheColumnsToo() {
        let rows = ColumnsReport().text(as: .ndjson).split(separator: "\n")
        #expect(rows.count == ColumnGuide.all.count)
        #expect(
            rows.contains(
                #"{"name":"asr_n","unit":"calls","windows":["1m","5m","15m","1h","24h","all"],"#
                    + #""meaning":"outcomes that count in the denominator of asr"}"#))
        #expect(rows.contains { $0.hasPrefix(#"{"name":"active","unit":"calls","windows":[],"#) })
        #expect(ColumnsReport().text(as: .csv).hasPrefix("name,unit,windows,meaning\nid,number,,"))
    }

    @Test func unitsAreThoseOfTheTables() {
        let units = Dictionary(uniqueKeysWithValues: ColumnGuide.all.map { ($0.name, $0.unit) })
        #expect(units["asr"] == "%" && units["acd"] == "s" && units["pdd_p95"] == "ms" && units["cps"] == "/s")
        #expect(units["cost"] == "money" && units["attempts"] == "calls" && units["last_call"] == "time")
    }

    @Test(
        arguments: [
            (["help"], "SUBCOMMANDS"), (["help", "board"], "busyhour board"),
            (["help", "customer"], "busyhour customer"),
            (["help", "customer", "add"], "busyhour customer add"),
            (["customer", "help", "add"], "busyhour customer add"),
            (["customer", "help"], "USAGE: busyhour customer"), (["help", "feed", "cdr"], "--format"),
            (["--server", "a:1", "help", "status"], "busyhour status"),
        ] as [([String], String)])
    func helpOfACommand(arguments: [String], shown: String) async {
        let ending = await BusyHour.run(arguments)
        #expect(ending.exitCode == 0 && ending.errors.isEmpty, "\(ending)")
        #expect(ending.output.contains(shown), "\(ending.output)")
    }

    @Test(
        arguments: [
            (["help", "nosuch"], "there is no help on 'nosuch'; known are status, board"),
            (["help", "bord"], "did you mean 'board'?"), (["help", "colums"], "did you mean 'columns'?"),
            (["help", "customer", "shwo"], "there is no help on 'customer shwo'; did you mean 'show'?"),
            (["help", "board", "asr"], "see busyhour board --help"),
            (["customer", "help", "ad"], "did you mean 'add'?"), (["help", "columns", "x"], "no help on 'columns'"),
        ] as [([String], String)])
    func helpOnNothingIsWrongUsage(arguments: [String], hint: String) async {
        let ending = await BusyHour.run(arguments)
        #expect(ending.exitCode == 2 && ending.output.isEmpty && ending.errors.count == 1)
        #expect(ending.errors.first?.contains(hint) == true, "\(ending.errors)")
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completionsAreWrittenWithASpaceAndWithout(shell: String) async {
        let spaced = await BusyHour.run(["--generate-completion-script", shell])
        let joined = await BusyHour.run(["--generate-completion-script=\(shell)"])
        #expect(spaced.exitCode == 0 && spaced.errors.isEmpty && spaced == joined)
        #expect(spaced.output.contains("busyhour") && spaced.output.contains("columns"))
    }

    /// The parser writes a second function for `help`, which would take the place of ours.
    @Test func completionsKnowTheTopicsOfHelp() async {
        for shell in ["bash", "zsh"] {
            let script = await BusyHour.run(["--generate-completion-script", shell]).output
            #expect(script.components(separatedBy: "\n_busyhour_help() {\n").count == 2, "\(shell)")
        }
        #expect(CompletionScript.withOneHelp("a\n_busyhour_help() {\n1\n}\nb") == "a\n_busyhour_help() {\n1\n}\nb")
        #expect(
            CompletionScript.withOneHelp("\n_busyhour_help() {\n1\n}\n\n_busyhour_help() {\n2\n}\nb")
                == "\n_busyhour_help() {\n1\n}\nb")
    }

    @Test func unknownCommandsNameThoseThatThereAre() async {
        let ending = await BusyHour.run(["xyzzyx"])
        #expect(ending.exitCode == 2)
        for name in CommandNames.root { #expect(ending.errors[0].contains(name)) }
        for name in CommandNames.later.compactMap(\.first) { #expect(!ending.errors[0].contains(", \(name)")) }
    }
}
