import ArgumentParser
import Client
import Wire

struct CustomerEditCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a customer's fields.",
        discussion: """
            busyhour customer edit "Acme Telecom" --channels 60 --set credit+=50 --set tags+=gold
            busyhour customer edit 7 --set 'channels=ceil(channels * 1.1)' --version 3
            busyhour customer edit 7 --set channels=200 --from 22:00 --until 06:00

            --set takes field=value, and += and -= for numbers and lists; what it can say is in `busyhour help edit`. The \
            other options are those of `customer add`; a list that is given takes the place of the old one. With \
            --version the edit is refused if the customer has changed since. With --from it begins later; \
            `customer scheduled` lists what is to come.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The customer's id or name.", valueName: "id|name"))
    var customer: String

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A field and its value; may be given several times.", valueName: "field=value"))
    var assignments: [String] = []

    @Option(parsing: .unconditional, help: "A new name.")
    var name: String?

    @Option(
        name: .customLong("version"), parsing: .unconditional, help: "The version that you have seen.",
        transform: WholeNumber.from(1))
    var expectedVersion: UInt32 = 0

    @OptionGroup var options: CustomerOptions

    @OptionGroup var from: FromOptions

    @OptionGroup var until: UntilOptions

    @OptionGroup var actor: ActorOptions

    @Flag(help: "Check everything and show what would change.")
    var dryRun = false

    func validate() throws {
        try validateGlobal()
        guard from.from == nil || expectedVersion == 0 else {
            throw UsageError(
                "--version is that of now, and the edit begins later, from what the customer has then; leave one out")
        }
    }

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_EditCustomersRequest()
        request.idempotencyKey = .newIdempotencyKey()
        request.selection.ids = [try await client.customer(idOrName: customer).id]
        (request.values, request.fields) = options.given
        if let name {
            request.values.name = name
            request.fields.append("name")
        }
        for assignment in assignments {
            request.set.append(try MobileNumber.international(assignment: assignment, options.defaultCountry))
        }
        request.set += try options.contactAssignments()
        request.expectedVersion = expectedVersion
        (request.beginAt, request.undoAt) = try from.times(
            until: until, now: UntilOptions.now, in: global.givenZone())
        request.who = actor.who
        request.dryRun = dryRun
        request.show = Limits.shownDifferences
        let answer: Busyhour_V1_ChangeResponse
        do {
            answer = try await client.editCustomers(request)
        } catch let error as ClientError {
            if let pointed = ExpressionError(error, filter: "") { throw pointed }
            throw error
        }
        return try ChangeReport(answer, isDryRun: dryRun, verb: .change)
    }
}
