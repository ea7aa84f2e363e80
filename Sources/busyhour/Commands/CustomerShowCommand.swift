import ArgumentParser
import Client
import Wire

struct CustomerShowCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One customer: its fields, its figures, its warnings.",
        discussion: """
            busyhour customer show 17
            busyhour customer show "baltic"           # the only one whose name begins with this, or has it in it
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp(
            "The customer's id or name; a part of the name will do. Digits are an id, else a name.",
            valueName: "id|name"))
    var customer: String

    @Option(
        parsing: .unconditional, help: "Of the figures: 1m, 5m, 15m, 1h, 24h or all. (default: 15m)",
        transform: WindowName.parse)
    var window: String?

    func report(from client: Client) async throws -> any Report {
        let found = try await client.customer(meantBy: customer)
        let customer = found.customer
        var scheduled = Busyhour_V1_ScheduledRequest()
        (scheduled.customerID, scheduled.limit) = (customer.id, Limits.scheduledOfCustomer)
        var figures = Busyhour_V1_BoardRequest()
        (figures.where, figures.columns) = ("id = \(customer.id)", CustomerFigures.columns)
        figures.window = window ?? ""
        var warnings = Busyhour_V1_WarningsRequest()
        (warnings.customerID, warnings.withMuted) = (customer.id, true)
        return CustomerReport(
            customer: customer, scheduled: try await client.scheduled(scheduled),
            money: MoneyReport(sums: found.money, sinceMicros: found.moneySince),
            board: try BoardReport(try await client.board(figures), offset: 0),
            warnings: try await client.warnings(warnings))
    }
}
