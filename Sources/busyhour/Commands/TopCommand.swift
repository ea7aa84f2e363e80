import ArgumentParser
import Client

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "The live board in the terminal, the busiest customers first.",
        discussion: """
            The same as 'busyhour board --watch' with --sort -active,-attempts and the columns of traffic, where others \
            are not asked for. q or Ctrl-C ends it.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: BoardOptions
    @OptionGroup var money: MoneyOptions

    func validate() throws {
        _ = try global.serverAddress()
        _ = try global.shownZone()
        try money.check(global.outputFormat())
    }

    func run() async throws {
        try await BoardWatch(
            options: Self.completed(options), global: global, moneyDigits: money.digits, title: "busyhour top"
        ).run()
    }

    /// With default columns and order unless given.
    static func completed(_ options: BoardOptions) -> BoardOptions {
        var options = options
        if options.sort.isEmpty { options.sort = "-active,-attempts" }
        if options.columns.isEmpty {
            let traffic = "active,cps,attempts,answered,asr,acd,pdd"
            options.columns =
                options.groupBy.isEmpty
                ? (options.pivot.isEmpty ? "name,\(traffic),credit,currency,status" : traffic)
                : "count,\(traffic),credit"
        }
        return options
    }
}
