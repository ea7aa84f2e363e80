import ArgumentParser
import Client
import Wire

struct CallsCommand: ServerCommand {
    static let configuration = CommandConfiguration(commandName: "calls", abstract: "The live calls.")

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Only calls of the customer with this id.", valueName: "id"))
    var customer: UInt32?

    func report(from client: Client) async throws -> any Report {
        if customer == 0 { throw Refusal("no customer with id 0; ids begin at 1") }
        var request = Busyhour_V1_CallsRequest()
        request.customerID = customer ?? 0
        request.limit = Limits.calls
        return CallsReport(answer: try await client.calls(request))
    }
}
