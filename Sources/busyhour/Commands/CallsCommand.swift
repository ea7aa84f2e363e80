import ArgumentParser
import Client
import Wire

struct CallsCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls", abstract: "The live calls, or those that are over.",
        discussion: """
            Finished calls come newest first. A condition may ask for id, customer, name, call_id, calling, called, source, \
            destination, code, reason, q850, outcome, direction, setup_at, ring_at, answered_at, ended_at, talk (seconds), \
            pdd_ms and cost, as in --where "code = 503 AND called LIKE '4420%'".
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only calls of this customer; a part of its name will do.", valueName: "id|name"))
    var customer: String?

    @Flag(help: "Finished calls instead of live ones.")
    var ended = false

    @Option(name: .customLong("where"), parsing: .unconditional, help: "Only finished calls for which this is true.")
    var condition: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Only calls that customers make (outbound), or that come to them (inbound).", valueName: "outbound|inbound")
    )
    var direction: String?

    @Option(
        parsing: .unconditional, help: "Calls shown at most. (default: 50 finished ones, 1000 live ones)",
        transform: WholeNumber.from(1))
    var limit: UInt32?

    @OptionGroup var csv: CSVOptions

    func validate() throws {
        try validateGlobal()
        if condition != nil && !ended { throw ValidationError("--where asks finished calls; give --ended with it") }
        if let direction, direction != "outbound" && direction != "inbound" {
            throw ValidationError("no direction '\(direction)'; write outbound or inbound")
        }
        if direction != nil && condition != nil {
            throw ValidationError("--direction and --where go one at a time; add AND direction = 'inbound' to --where")
        }
    }

    func report(from client: Client) async throws -> any Report {
        var customerID: UInt32 = 0
        if let customer {
            customerID = try await client.customerID(meantBy: customer)
            if customerID == 0 { throw Refusal("no customer with id 0; ids begin at 1") }
        }
        if ended {
            var request = Busyhour_V1_FinishedCallsRequest()
            request.customerID = customerID
            request.limit = limit ?? 0
            request.where = condition ?? direction.map { "direction = '\($0)'" } ?? ""
            return FinishedCallsReport(answer: try await client.finishedCalls(request))
        }
        var request = Busyhour_V1_CallsRequest()
        request.customerID = customerID
        request.limit = limit ?? Limits.calls
        request.direction = direction ?? ""
        return CallsReport(answer: try await client.calls(request))
    }
}
