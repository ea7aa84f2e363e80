import ArgumentParser
import Client
import Wire

struct CustomerDeleteCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a customer; `customer undo` has him back within 30 days.",
        discussion: "In a terminal it asks first; --yes answers that, and scripts need it.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The customer's id or name.", valueName: "id|name"))
    var customer: String

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(
        name: .customLong("version"), parsing: .unconditional, help: "The version that you have seen.",
        transform: WholeNumber.from(1))
    var expectedVersion: UInt32 = 0

    @OptionGroup var actor: ActorOptions

    func report(from client: Client) async throws -> any Report {
        let found = try await client.customer(idOrName: customer)
        if !yes {
            try Question.confirm(
                "Delete customer \(found.id) '\(found.name)'?",
                otherwise: "nothing was deleted; --yes deletes without asking")
        }
        var request = Busyhour_V1_DeleteCustomersRequest()
        request.idempotencyKey = .newIdempotencyKey()
        request.selection.ids = [found.id]
        request.expectedVersion = expectedVersion
        request.who = actor.who
        return try ChangeReport(try await client.deleteCustomers(request), isDryRun: false, verb: .delete)
    }
}
