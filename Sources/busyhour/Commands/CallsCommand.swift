import ArgumentParser
import Client
import Wire

struct CallsCommand: ServerCommand {
    static let configuration = CommandConfiguration(commandName: "calls", abstract: "The live calls.")

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Only calls of this customer.", valueName: "id|name"))
    var customer: String?

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_CallsRequest()
        if let customer {
            request.customerID = try await client.customerID(customer)
            if request.customerID == 0 { throw Refusal("no customer with id 0; ids begin at 1") }
        }
        request.limit = Limits.calls
        return CallsReport(answer: try await client.calls(request))
    }
}
