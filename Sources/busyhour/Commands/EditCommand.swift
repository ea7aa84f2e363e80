// Changes many customers at once: by a condition or a list, all or none of them, and undone as one.

import ArgumentParser
import CallEvents
import Client
import Wire

struct EditCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change many customers at once: all of them, or none.",
        discussion: """
            busyhour edit --where "country = 'DE'" --set 'channels=ceil(channels*1.1)' --dry-run
            busyhour edit --where "asr_1h < 20 AND asr_n_1h >= 100" --set status=Penalty --set tags+=watch
            busyhour edit --ids 3,5,8 --set credit+=50 --set portal_access=yes

            Numbers and amounts are expressions over the customer's fields and metrics (as in --where) before the edit; \
            a fraction is rounded where only whole numbers go. Text may be quoted or not; in parentheses it is an \
            expression. Lists (tags, auth, routes) are separated by ';'. += adds to a number or a \
            list, -= takes away. contact_name, contact_email, contact_mobile and contact_kind are of the first contact.

            --dry-run shows what would change. One `customer undo --change N` takes all of it back.

            busyhour edit --where "tags HAS 'gold'" --set 'flow_speed=flow_speed*2' --from 00:00 --until 06:00

            With --from it begins later. It is checked now; whom the condition finds and what expressions come to is decided \
            when it begins. `customer scheduled` lists what is to come.
            """)

    @OptionGroup var global: GlobalOptions

    @OptionGroup var selection: SelectionOptions

    @Flag(help: "All customers.")
    var all = false

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A field and its value; may be given several times.", valueName: "field=value"))
    var assignments: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The country of mobile numbers without a country code, such as DE.", valueName: "code"),
        transform: MobileNumber.country)
    var defaultCountry: CallingCountry?

    @Option(parsing: .unconditional, help: "Differences that are shown.", transform: WholeNumber.from(0))
    var show: UInt32 = 20

    @OptionGroup var from: FromOptions

    @OptionGroup var until: UntilOptions

    @OptionGroup var actor: ActorOptions

    @Flag(help: "Check everything, show what would change, and change nothing.")
    var dryRun = false

    func validate() throws {
        try validateGlobal()
        guard selection.isGiven || all else {
            throw UsageError("no customers are specified; give --where, --search, --status, --ids or --all")
        }
        guard !all || selection.ids == nil else { throw UsageError("--ids goes with no condition; leave one out") }
        guard !assignments.isEmpty else { throw UsageError("no change is specified; give --set field=value") }
        guard show <= Limits.mostDifferences else {
            throw UsageError("--show is \(show); at most \(Limits.mostDifferences) differences are shown")
        }
    }

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_EditCustomersRequest()
        request.idempotencyKey = .newIdempotencyKey()
        request.selection = try selection.message()
        request.selection.all = all
        request.set = try assignments.map { try MobileNumber.international(assignment: $0, defaultCountry) }
        (request.beginAt, request.undoAt) = try from.times(
            until: until, now: UntilOptions.now, in: global.givenZone())
        request.who = actor.who
        request.dryRun = dryRun
        request.show = show
        let answer: Busyhour_V1_ChangeResponse
        do {
            answer = try await client.editCustomers(request, timeout: global.patience(Limits.changePatience))
        } catch let error as ClientError {
            if let pointed = ExpressionError(error, filter: selection.condition.filter) { throw pointed }
            throw error
        }
        return try ChangeReport(answer, isDryRun: dryRun, verb: .change)
    }
}
