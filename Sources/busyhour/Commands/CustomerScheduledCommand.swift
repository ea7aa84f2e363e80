import ArgumentParser
import Client
import Wire

struct CustomerScheduledCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheduled", abstract: "What is to come: edits that begin later, and changes that are set back.",
        discussion: """
            busyhour customer scheduled               # all, in the order in which they are done
            busyhour customer scheduled 7             # what names customer 7, or sets it back
            busyhour customer scheduled --cancel 12   # change 12 does not begin, or stays as it is and is not set back

            Below it stand changes of the last seven days that could not be carried out, and why. Whom a condition will find is \
            decided when the edit begins; what it would do now shows the same edit with --dry-run.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The customer's id or name; a part of the name will do.", valueName: "id|name"))
    var customer: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Call off what is to come of this change.", valueName: "N"),
        transform: WholeNumber.from(1))
    var cancel: UInt32?

    @Option(parsing: .unconditional, help: "Entries to show.", transform: WholeNumber.from(1))
    var limit: UInt32 = 1_000

    @OptionGroup var actor: ActorOptions

    func validate() throws {
        try validateGlobal()
        guard cancel == nil || customer == nil else {
            throw UsageError("--cancel names a change, which may be of other customers, too; leave the customer out")
        }
        guard cancel != 0 else {
            throw UsageError("--cancel 0: changes are numbered from 1; `customer scheduled` lists them")
        }
    }

    func report(from client: Client) async throws -> any Report {
        if let cancel {
            var request = Busyhour_V1_UndoRequest()
            request.idempotencyKey = .newIdempotencyKey()
            (request.change, request.callOff, request.who) = (cancel, true, actor.who)
            return try ChangeReport(try await client.undo(request), isDryRun: false, verb: .undo)
        }
        var request = Busyhour_V1_ScheduledRequest()
        if let customer { request.customerID = try await client.customer(meantBy: customer).customer.id }
        request.limit = limit
        return ScheduledReport(answer: try await client.scheduled(request))
    }
}
