// A customer's fields as options: initial values for `customer add`, new values for `customer edit`.

import ArgumentParser
import CallEvents
import Terminal
import Wire

struct CustomerOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Active, Inactive, Pending, 'Pending Approval' or Penalty.")
    var status: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The balance, such as 12.50.", valueName: "amount"),
        transform: Self.money)
    var credit: Int64?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("How far the balance may fall below 0.", valueName: "amount"),
        transform: Self.money)
    var debitLimit: Int64?

    @Option(
        parsing: .unconditional, help: "Most live calls at a time; 0: no limit.",
        transform: WholeNumber.from(0, zero: "no limit"))
    var channels: UInt32?

    @Option(
        parsing: .unconditional, help: "Most set-ups a second; 0: no limit.",
        transform: WholeNumber.from(0, zero: "no limit"))
    var flowSpeed: UInt32?

    @Option(parsing: .unconditional, help: "ISO 3166 code of two letters, such as US.")
    var country: String?

    @Option(parsing: .unconditional, help: "The company.")
    var company: String?

    @Option(parsing: .unconditional, help: "The account manager.")
    var accountManager: String?

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
        parsing: .unconditional,
        help: ArgumentHelp(
            "Entries in one list, conditions of one joined by &: 'ip:203.0.113.0/24;ip:198.51.100.20&prefix:9911#'.",
            valueName: "list"),
        transform: Self.auth)
    var auth: [Busyhour_V1_AuthEntry] = []

    @Option(name: .customLong("route"), help: "A route's name; may be given several times.")
    var routes: [String] = []

    @Option(parsing: .unconditional, help: "Name of the contact.")
    var contactName: String?

    @Option(parsing: .unconditional, help: "E-mail address of the contact.")
    var contactEmail: String?

    @Option(parsing: .unconditional, help: "Mobile number of the contact, as +4915550100011.")
    var contactMobile: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The country of mobile numbers without a country code, such as DE.", valueName: "code"),
        transform: MobileNumber.country)
    var defaultCountry: CallingCountry?

    @Option(
        parsing: .unconditional, help: "Answered calls of at most this many seconds are short; 0: the default of 6.",
        transform: WholeNumber.from(0, zero: "the default of 6"))
    var shortCallSeconds: UInt32?

    @Flag(inversion: .prefixedNo, help: "The customer may use the portal.")
    var portalAccess: Bool?

    @Option(parsing: .unconditional, help: "Notes.")
    var notes: String?

    /// The given values, and the names of their fields.
    var given: (values: Busyhour_V1_Customer, fields: [String]) {
        var customer = Busyhour_V1_Customer()
        var fields: [String] = []
        func take<Value>(_ name: String, _ value: Value?, _ set: (Value) -> Void) {
            guard let value else { return }
            fields.append(name)
            set(value)
        }
        func list<Element>(_ elements: [Element]) -> [Element]? { elements.isEmpty ? nil : elements }
        take("status", status) { customer.status = $0 }
        take("credit", credit) { customer.creditMicros = $0 }
        take("debit_limit", debitLimit) { customer.debitLimitMicros = $0 }
        take("channels", channels) { customer.channels = $0 }
        take("flow_speed", flowSpeed) { customer.flowSpeed = $0 }
        take("country", country) { customer.country = $0 }
        take("company", company) { customer.company = $0 }
        take("account_manager", accountManager) { customer.accountManager = $0 }
        take("tags", list(tags)) { customer.tags = $0 }
        take("auth", list(authEntries)) { customer.auth = $0 }
        take("routes", list(routes)) { customer.routes = $0.map { Busyhour_V1_Route($0) } }
        take("short_call_seconds", shortCallSeconds) { customer.shortCallSeconds = $0 }
        take("portal_access", portalAccess) { customer.portalAccess = $0 }
        take("notes", notes) { customer.notes = $0 }
        return (customer, fields)
    }

    /// The contact given by the options.
    /// - Throws: `UsageError`.
    func contact() throws(UsageError) -> Busyhour_V1_Contact {
        var contact = Busyhour_V1_Contact()
        contact.name = contactName ?? ""
        contact.email = contactEmail ?? ""
        contact.mobile = try MobileNumber.international(contactMobile ?? "", defaultCountry)
        return contact
    }

    /// The contact as assignments: only the given parts change.
    /// - Throws: `UsageError`.
    func contactAssignments() throws(UsageError) -> [String] {
        let mobile = contactMobile
        var assignments: [String] = []
        for (name, value) in [
            ("contact_name", contactName), ("contact_email", contactEmail), ("contact_mobile", mobile),
        ] {
            guard let value else { continue }
            let text = name == "contact_mobile" ? try MobileNumber.international(value, defaultCountry) : value
            assignments.append("\(name)='\(text.doubling("'"))'")
        }
        return assignments
    }

    private var authEntries: [Busyhour_V1_AuthEntry] {
        addresses.map { .init(.ip, $0) } + users.map { .init(.sip, $0) } + accounts.map { .init(.account, $0) } + auth
    }

    private static func money(_ text: String) throws -> Int64 { try Money.micros(text) }

    private static func auth(_ text: String) throws -> [Busyhour_V1_AuthEntry] {
        var entries: [Busyhour_V1_AuthEntry] = []
        for entry in SemicolonList.parse(text) { entries.append(try .parse(entry)) }
        return entries
    }
}
