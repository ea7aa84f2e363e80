import ArgumentParser
import Client
import Wire

struct BoardCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "board", abstract: "The customers with their figures.",
        discussion: """
            busyhour board --where "asr < 40 AND asr_n >= 50" --sort asr --window 5m --columns name,asr,asr_n,acd,pdd
            busyhour board --where "status = 'Active' AND credit < 100" --columns name,credit,currency

            `busyhour help columns` lists all columns, and what a condition may say. A table shows a dozen columns, the busiest \
            customers first; JSON and CSV have most columns, by id.

            Colours on a terminal: an ASR below 40 % is red, from 60 % green; what a customer has left is yellow below \
            10 and red from 0 down. NO_COLOR switches them off.
            """)

    @OptionGroup var global: GlobalOptions

    @OptionGroup var options: BoardOptions

    @OptionGroup var csv: CSVOptions

    @OptionGroup var money: MoneyOptions

    @Flag(help: "Refresh every second until Ctrl-C or q; with --format ndjson, print one result per line.")
    var watch = false

    func run() async throws {
        if watch {
            try await BoardWatch(
                options: options, global: global, moneyDigits: money.digits, title: "busyhour board"
            ).run()
        } else {
            try await printReport()
        }
    }

    var moneyDigits: Int? { money.digits }

    func validate() throws {
        try validateGlobal()
        try money.check(global.outputFormat())
    }

    func report(from client: Client) async throws -> any Report {
        try await options.report(from: client, isTable: global.outputFormat() == .table)
    }
}
