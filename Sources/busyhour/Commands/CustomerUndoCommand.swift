import ArgumentParser
import Client
import Wire

struct CustomerUndoCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back a change: a customer's newest, or the one that --change names.",
        discussion: """
            busyhour customer undo 7                  # the newest change of customer 7, or its delete
            busyhour customer undo --change 12        # the whole of it, however many customers it changed

            It is refused where later changes stand in the way, and says which. An undo is a change, too: to do it again, \
            undo the undo by its number. To undo an edit that begins later is to call it off. Credit is taken back as a difference, for calls may have been paid since.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The customer's id or name, also of a deleted one.", valueName: "id|name"))
    var customer: String?

    @Option(
        parsing: .unconditional, help: "The change's number: `customer history` shows it.",
        transform: WholeNumber.from(1))
    var change: UInt32 = 0

    @OptionGroup var actor: ActorOptions

    @Flag(help: "Check everything and show what would change.")
    var dryRun = false

    func validate() throws {
        try validateGlobal()
        if customer == nil && change == 0 {
            throw UsageError("nothing to undo is specified; give a customer, or --change N")
        }
    }

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_UndoRequest()
        request.idempotencyKey = .newIdempotencyKey()
        if let customer {
            if let id = UInt32(customer) { request.customerID = id } else { request.customerName = customer }
        }
        request.change = change
        request.who = actor.who
        request.dryRun = dryRun
        request.show = Limits.shownDifferences
        do {
            let answer = try await client.undo(request, timeout: global.patience(Limits.changePatience))
            return try ChangeReport(answer, isDryRun: dryRun, verb: .undo)
        } catch let error as ClientError where !request.customerName.isEmpty {
            throw try await CustomerLookup.withNearest(error, request.customerName, client)
        }
    }
}
