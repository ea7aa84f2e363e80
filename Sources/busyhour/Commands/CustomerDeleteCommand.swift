import ArgumentParser
import Client
import Terminal
import Wire

struct CustomerDeleteCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a customer, or many; `customer undo` brings them back within 30 days.",
        discussion: """
            busyhour customer delete "Acme Telecom"
            busyhour customer delete --where "status = 'Inactive' AND last_call < now() - 90d" --dry-run
            busyhour customer delete --ids 3,5,8 --yes

            In a terminal it asks first and says how many; --yes answers that, and scripts need it. --dry-run shows who \
            would be deleted. Many are deleted all or none, as one change. `customer list --deleted` lists who was deleted.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The customer's id or name.", valueName: "id|name"))
    var customer: String?

    @OptionGroup var selection: SelectionOptions

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "Show which customers would be deleted, and delete none.")
    var dryRun = false

    @Option(
        name: .customLong("version"), parsing: .unconditional, help: "The version that you have seen; of one customer.",
        transform: WholeNumber.from(1))
    var expectedVersion: UInt32 = 0

    @Option(parsing: .unconditional, help: "Customers that are shown.", transform: WholeNumber.from(0))
    var show: UInt32 = 20

    @OptionGroup var actor: ActorOptions

    func validate() throws {
        try validateGlobal()
        guard (customer != nil) != selection.isGiven else {
            throw UsageError(
                customer == nil
                    ? "no customers are specified; give an id or a name, or --where, --search, --status, --layout or --ids"
                    : "a customer and a condition are given; leave one out")
        }
        guard show <= Limits.mostDifferences else {
            throw UsageError("--show is \(show); at most \(Limits.mostDifferences) customers are shown")
        }
    }

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_DeleteCustomersRequest()
        request.expectedVersion = expectedVersion
        request.who = actor.who
        request.show = show
        var question = ""
        if let customer {
            let found = try await client.customer(idOrName: customer)
            request.selection.ids = [found.id]
            question = "Delete customer \(found.id) '\(found.name)'?"
        } else {
            request.selection = try selection.message()
        }
        request.dryRun = true
        // A single customer is known already; of many, the number is shown first.
        if dryRun || customer == nil && !yes {
            let report = try ChangeReport(try await send(request, client), isDryRun: true, verb: .delete)
            if dryRun || report.answer.changed == 0 { return report }
            question = "Delete \(report.customers)?"
            // Customers that begin to match while the question is being read were not meant.
            request.expectedSelection = report.answer.selection
        }
        if !yes { try Question.confirm(question, otherwise: "nothing was deleted; --yes deletes without asking") }
        request.dryRun = false
        request.idempotencyKey = .newIdempotencyKey()
        return try ChangeReport(try await send(request, client), isDryRun: false, verb: .delete)
    }

    private func send(
        _ request: Busyhour_V1_DeleteCustomersRequest, _ client: Client
    ) async throws -> Busyhour_V1_ChangeResponse {
        do {
            return try await client.deleteCustomers(request, timeout: global.patience(Limits.changePatience))
        } catch let error as ClientError {
            if let pointed = ExpressionError(error, filter: selection.condition.filter) { throw pointed }
            throw error
        }
    }
}
