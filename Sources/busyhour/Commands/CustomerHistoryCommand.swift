import ArgumentParser
import Client
import Wire

struct CustomerHistoryCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "What was changed, when and by whom; newest first.",
        discussion: "Without a customer: the newest changes of all.")

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp(
            "The customer's id or name, also of a deleted one; a part of the name will do.", valueName: "id|name"))
    var customer: String?

    @Option(parsing: .unconditional, help: "Changes to show.", transform: WholeNumber.from(1))
    var limit: UInt32 = 100

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_HistoryRequest()
        if let customer {
            if let id = UInt32(customer) { request.customerID = id } else { request.customerName = customer }
        }
        request.limit = limit
        do {
            return HistoryReport(answer: try await client.history(request))
        } catch let error as ClientError where !request.customerName.isEmpty {
            // The name is no whole one, neither of a customer nor of one that was deleted.
            request.customerID = try await CustomerLookup.only(request.customerName, of: client, missing: error).id
            request.customerName = ""
            return HistoryReport(answer: try await client.history(request))
        }
    }
}
