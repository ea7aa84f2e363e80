import ArgumentParser
import Client
import Wire

struct CustomerShowCommand: ServerCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "All fields of one customer.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The customer's id or name. Digits are an id, else the name.", valueName: "id|name"))
    var customer: String

    func report(from client: Client) async throws -> any Report {
        let found = try await client.customerAndMoney(idOrName: customer)
        let customer = found.customer
        var request = Busyhour_V1_ScheduledRequest()
        (request.customerID, request.limit) = (customer.id, Limits.scheduledOfCustomer)
        return CustomerReport(
            customer: customer, scheduled: try await client.scheduled(request),
            money: MoneyReport(sums: found.money, sinceMicros: found.moneySince))
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
        try await customerAndMoney(idOrName: text).customer
    }

    /// The same with what has become of its money.
    func customerAndMoney(idOrName text: String) async throws -> Busyhour_V1_GetCustomerResponse {
        var (byID, byName) = (Busyhour_V1_GetCustomerRequest(), Busyhour_V1_GetCustomerRequest())
        byName.name = text
        guard let id = UInt32(text) else { return try await getCustomer(byName) }
        byID.id = id
        do {
            return try await getCustomer(byID)
        } catch let missing as ClientError {
            // There are names that consist of digits.
            guard let named = try? await getCustomer(byName) else { throw missing }
            return named
        }
    }
}
