import ArgumentParser
import Client
import Wire

struct ExplainCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Where a number of the board comes from.",
        discussion: "busyhour explain asr --customer 17 --window 5m")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A metric, as the board's columns name it: asr, acd, pdd, ...")
    var metric: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The customer's id or name; a part of the name will do.", valueName: "id|name"))
    var customer: String

    @Option(parsing: .unconditional, help: "1m, 5m, 15m, 1h, 24h or all.", transform: WindowName.parse)
    var window: String = "15m"

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_ExplainRequest()
        request.metric = metric
        request.customerID = try await client.customerID(meantBy: customer)
        request.window = window
        return ExplainReport(answer: try await client.explain(request))
    }
}
