import ArgumentParser
import Client
import Wire

struct BoardCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "board", abstract: "The customers with their figures.",
        discussion: """
            busyhour board --where "asr < 40 AND asr_n >= 50" --sort asr --window 5m --columns name,asr,asr_n,acd,pdd

            Colours on a terminal: an ASR below 40 % is red, from 60 % green; what a customer has left is yellow below \
            10 and red from 0 down. NO_COLOR switches them off.
            """)

    @OptionGroup var global: GlobalOptions

    @OptionGroup var options: BoardOptions

    @OptionGroup var csv: CSVOptions

    @Flag(help: "Refresh every second until Ctrl-C or q; with --format ndjson, print one result per line.")
    var watch = false

    func run() async throws {
        if watch {
            try await BoardWatch(options: options, global: global, title: "busyhour board").run()
        } else {
            try await printReport()
        }
    }

    func report(from client: Client) async throws -> any Report {
        try await options.report(from: client)
    }
}
