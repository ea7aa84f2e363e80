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

    @Option(help: "ISO 4217 code, as USD; cannot be changed later.")
    var currency: String

    @Option(help: "Active, Inactive, Pending, 'Pending Approval' or Penalty. (default: Active)")
    var status: String = ""

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The balance, as 12.50.", valueName: "amount"),
        transform: Self.money)
    var credit: Int64 = 0

    @Option(
        parsing: .unconditional, help: ArgumentHelp("How far the balance may fall below 0.", valueName: "amount"),
        transform: Self.money)
    var debitLimit: Int64 = 0

    @Option(help: "Most live calls at a time; 0: no limit.")
    var channels: UInt32 = 0

    @Option(help: "Most set-ups a second; 0: no limit.")
    var flowSpeed: UInt32 = 0

    @Option(help: "ISO 3166 code of two letters, as US.")
    var country: String = ""

    @Option(parsing: .unconditional, help: "The company.")
    var company: String = ""

    @Option(parsing: .unconditional, help: "The account manager.")
    var accountManager: String = ""

    @Option(name: .customLong("tag"), help: "A tag; may be given several times.")
    var tags: [String] = []

    @Option(
        name: .customLong("ip"),
        help: ArgumentHelp("An address or block; may be given several times.", valueName: "cidr"))
    var addresses: [String] = []

    @Option(name: .customLong("sip"), help: ArgumentHelp("A SIP user; may be given several times.", valueName: "user"))
    var users: [String] = []

    @Option(
        name: .customLong("account"),
        help: ArgumentHelp("An account code; may be given several times.", valueName: "code"))
    var accounts: [String] = []

    @Option(
        help: ArgumentHelp("All kinds in one list: 'ip:203.0.113.0/24;sip:alice;account:0049-30'.", valueName: "list"),
        transform: Self.auth)
    var auth: [Busyhour_V1_AuthEntry] = []

    @Option(name: .customLong("route"), help: "A route's name; may be given several times.")
    var routes: [String] = []

    @Option(parsing: .unconditional, help: "Name of the contact.")
    var contactName: String = ""

    @Option(help: "E-mail address of the contact.")
    var contactEmail: String = ""

    @Option(help: "Mobile number of the contact.")
    var contactMobile: String = ""

    @Option(help: "Answered calls of at most this many seconds are short; 0: the default of 6.")
    var shortCallSeconds: UInt32 = 0

    @Flag(help: "The customer may use the portal.")
    var portalAccess = false

    @Option(parsing: .unconditional, help: "Notes.")
    var notes: String = ""

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
        request.customers = [customer]
        let response = try await client.createCustomers(request)
        if !response.errors.isEmpty { throw Refusal(lines: response.errors.map(\.message)) }
        guard let id = response.ids.first else { throw Refusal("the server created nothing and does not say why") }
        return CreatedCustomerReport(customer: try await client.customer(id: id))
    }

    /// The customer that the arguments describe.
    var customer: Busyhour_V1_Customer {
        var customer = Busyhour_V1_Customer()
        customer.name = customerName ?? name ?? ""
        customer.currency = currency
        customer.status = status
        customer.creditMicros = credit
        customer.debitLimitMicros = debitLimit
        customer.channels = channels
        customer.flowSpeed = flowSpeed
        customer.portalAccess = portalAccess
        customer.country = country
        customer.company = company
        customer.accountManager = accountManager
        customer.tags = tags
        customer.auth =
            addresses.map { .init(.ip, $0) } + users.map { .init(.sip, $0) } + accounts.map { .init(.account, $0) }
            + auth
        customer.routes = routes.map(Busyhour_V1_Route.init)
        customer.shortCallSeconds = shortCallSeconds
        customer.notes = notes
        var contact = Busyhour_V1_Contact()
        contact.name = contactName
        contact.email = contactEmail
        contact.mobile = contactMobile
        if contact != Busyhour_V1_Contact() { customer.contacts = [contact] }
        return customer
    }

    private static func money(_ text: String) throws -> Int64 { try Money.micros(text) }

    private static func auth(_ text: String) throws -> [Busyhour_V1_AuthEntry] {
        var entries: [Busyhour_V1_AuthEntry] = []
        for entry in SemicolonList.parse(text) { entries.append(try .parse(entry)) }
        return entries
    }
}

extension Data {
    /// 16 random octets, so that a request that comes twice is carried out once.
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
