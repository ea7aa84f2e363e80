import ArgumentParser
import Client
import Wire

struct CustomerShowCommand: ServerCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "All fields of one customer.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The customer's id or name. Digits are an id, else the name.", valueName: "id|name"))
    var customer: String

    func report(from client: Client) async throws -> any Report {
        let customer = try await client.customer(idOrName: customer)
        var request = Busyhour_V1_ScheduledRequest()
        (request.customerID, request.limit) = (customer.id, Limits.scheduledOfCustomer)
        return CustomerReport(customer: customer, scheduled: try await client.scheduled(request))
    }
}

extension Client {
    /// Digits are an id, which is not looked up; anything else is a name.
    /// - Throws: `ClientError.server` with NOT_FOUND.
    func customerID(_ text: String) async throws -> UInt32 {
        if let id = UInt32(text) { return id }
        return try await customer(named: text).id
    }

    /// Digits are an id or, where there is none, a name.
    /// - Throws: `ClientError.server` with NOT_FOUND.
    func customer(idOrName text: String) async throws -> Busyhour_V1_Customer {
        guard let id = UInt32(text) else { return try await customer(named: text) }
        do {
            return try await customer(id: id)
        } catch let missing as ClientError {
            // There are names that consist of digits.
            guard let named = try? await customer(named: text) else { throw missing }
            return named
        }
    }
}
