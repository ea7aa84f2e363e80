import ArgumentParser
import Client
import Foundation
import Terminal
import Wire

struct CustomerAddCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Create a customer and print the id.",
        discussion: """
            busyhour customer add "Acme Telecom" --currency USD --credit 250.00 --ip 203.0.113.0/24 --route standard

            What --ip, --sip, --account and --auth name is how calls are known to be this customer's: addresses and \
            blocks, SIP users, and the account codes of CDRs.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The customer's name; unique.")
    var customerName: String?

    @Option(parsing: .unconditional, help: "The same as an option.")
    var name: String?

    @Option(parsing: .unconditional, help: "ISO 4217 code, such as USD; cannot be changed later.")
    var currency: String

    @OptionGroup var options: CustomerOptions

    @OptionGroup var actor: ActorOptions

    func validate() throws {
        _ = try global.serverAddress()
        _ = try global.outputFormat()
        switch (customerName, name) {
        case (nil, nil): throw UsageError("the customer has no name; give it behind 'customer add'")
        case (.some, .some): throw UsageError("the name is given twice; leave out --name")
        default: break
        }
    }

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_CreateCustomersRequest()
        request.idempotencyKey = .newIdempotencyKey()
        request.customers = [try customer()]
        request.who = actor.who
        let response = try await client.createCustomers(request)
        if !response.errors.isEmpty { throw Refusal(lines: response.errors.map(\.message)) }
        guard let id = response.ids.first else { throw Refusal("the server created nothing and does not say why") }
        return CreatedCustomerReport(customer: try await client.customer(id: id))
    }

    /// The customer that the arguments describe.
    /// - Throws: `UsageError`.
    func customer() throws(UsageError) -> Busyhour_V1_Customer {
        var customer = options.given.values
        customer.name = customerName ?? name ?? ""
        customer.currency = currency
        let contact = try options.contact()
        if contact != Busyhour_V1_Contact() { customer.contacts = [contact] }
        return customer
    }
}

extension Data {
    /// 16 random bytes, so that a repeated request is carried out once.
    static func newIdempotencyKey() -> Data { Data((0..<16).map { _ in UInt8.random(in: .min ... .max) }) }
}

extension Client {
    /// - Throws: `ClientError.server` with NOT_FOUND.
    func customer(id: UInt32) async throws -> Busyhour_V1_Customer {
        var request = Busyhour_V1_GetCustomerRequest()
        request.id = id
        return try await getCustomer(request).customer
    }

    /// - Throws: `ClientError.server` with NOT_FOUND.
    func customer(named name: String) async throws -> Busyhour_V1_Customer {
        var request = Busyhour_V1_GetCustomerRequest()
        request.name = name
        return try await getCustomer(request).customer
    }
}
