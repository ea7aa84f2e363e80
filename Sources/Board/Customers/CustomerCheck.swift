// What a customer must be before he is created. All errors of a request are found at once, and each says how to mend it.

import CallEvents
import Columnar

struct CustomerCheck {
    private let table: CustomerTable
    private let auth: AuthIndex
    private(set) var errors: [CustomerError] = []
    private(set) var errorCount = 0
    /// What earlier customers of the same request claim.
    private var names: [String: Int] = [:]
    private var claims: [ClaimedAuth: Int] = [:]

    /// An auth entry by what it matches: `10.0.0.0/8` and `10.1.2.3/8` are one block.
    private enum ClaimedAuth: Hashable {
        case block(AddressBlock)
        case sip(String)
        case account(String)
    }

    init(table: CustomerTable, auth: AuthIndex) {
        self.table = table
        self.auth = auth
    }

    mutating func check(_ customer: Customer, index: Int) {
        checkName(customer.name, index)
        if !CurrencyCode.isKnown(customer.currency) {
            let shown = customer.currency.isEmpty ? "is required" : "'\(customer.currency)' is not an ISO 4217 code"
            report(index, "currency", "currency \(shown); give three letters, as USD or EUR")
        }
        if !customer.country.isEmpty && !CountryCode.isKnown(customer.country) {
            report(
                index, "country", "country '\(customer.country)' is not an ISO 3166 code; give two letters, as US or DE"
            )
        }
        if customer.creditMicros.addingReportingOverflow(customer.debitLimitMicros).overflow {
            report(index, "credit", "credit and debit_limit add up to more than an amount can be; lower one of them")
        }
        checkText(customer.company, "company", BoardLimits.nameBytes, index)
        checkText(customer.accountManager, "account_manager", BoardLimits.nameBytes, index)
        checkText(customer.notes, "notes", BoardLimits.notesBytes, index, allowLines: true)
        checkLists(customer, index)
        for entry in customer.auth { checkAuth(entry, index) }
    }

    private mutating func checkName(_ name: String, _ index: Int) {
        guard name.contains(where: { !$0.isWhitespace }) else {
            return report(index, "name", "name is required; give the customer's name")
        }
        checkText(name, "name", BoardLimits.nameBytes, index)
        let folded = CustomerTable.fold(name)
        if let row = table.row(named: name) {
            report(index, "name", "name '\(name)' is taken by customer \(row + 1); choose another or edit that one")
        } else if let first = names[folded] {
            report(
                index, "name", "name '\(name)' is also that of customer \(first + 1) of this request; keep one of them")
        } else {
            names[folded] = index
        }
    }

    private mutating func checkText(
        _ text: String, _ field: String, _ limit: Int, _ index: Int, allowLines: Bool = false
    ) {
        if text.utf8.count > limit {
            report(index, field, "\(field) has \(text.utf8.count) octets, at most \(limit) are kept; shorten it")
        }
        let isHidden = { (scalar: Unicode.Scalar) in
            switch scalar.properties.generalCategory {
            case .control: !(allowLines && (scalar == "\n" || scalar == "\r" || scalar == "\t"))
            // Bidirectional overrides and zero-width characters make one name look like another.
            case .format, .lineSeparator, .paragraphSeparator: scalar != "\u{200D}"
            default: false
            }
        }
        if let scalar = text.unicodeScalars.first(where: isHidden) {
            let code = String(scalar.value, radix: 16, uppercase: true)
            report(index, field, "\(field) has the invisible character U+\(code); remove it")
        }
    }

    private mutating func checkLists(_ customer: Customer, _ index: Int) {
        let lists = [
            ("tags", customer.tags.count), ("contacts", customer.contacts.count), ("auth", customer.auth.count),
            ("routes", customer.routes.count),
        ]
        for (field, count) in lists where count > BoardLimits.listEntries {
            report(
                index, field, "\(field) has \(count) entries, at most \(BoardLimits.listEntries) are kept; remove some")
        }
        for tag in customer.tags { checkText(tag, "tags", BoardLimits.nameBytes, index) }
        for route in customer.routes {
            if route.name.isEmpty { report(index, "routes", "a route has no name; give one or leave it out") }
            checkText(route.name, "routes", BoardLimits.nameBytes, index)
        }
        for contact in customer.contacts {
            for text in [contact.name, contact.email, contact.mobile, contact.kind] {
                checkText(text, "contacts", BoardLimits.nameBytes, index)
            }
        }
    }

    private mutating func checkAuth(_ entry: AuthEntry, _ index: Int) {
        let claim: ClaimedAuth
        let text: String
        switch entry {
        case .ip(let value):
            text = "ip:" + value
            guard let block = AddressBlock(value) else {
                return report(
                    index, "auth", "'\(value)' is not an address or block; give one as 203.0.113.7 or 203.0.113.0/24")
            }
            claim = .block(block)
        case .sip(let value):
            text = "sip:" + value
            claim = .sip(value)
        case .account(let value):
            text = "account:" + value
            claim = .account(value)
        }
        checkText(text, "auth", BoardLimits.nameBytes, index)
        if text.hasSuffix(":") { return report(index, "auth", "an auth entry is empty; give a value or leave it out") }
        if let row = auth.owner(of: entry) {
            report(
                index, "auth",
                "\(text) belongs to customer \(row + 1) '\(table.names[Int(row)])'; take it from him first")
        } else if let first = claims[claim] {
            let whose = first == index ? "given twice" : "also that of customer \(first + 1) of this request"
            report(index, "auth", "\(text) is \(whose); keep one of them")
        } else {
            claims[claim] = index
        }
    }

    private mutating func report(_ index: Int, _ field: String, _ message: String) {
        errorCount += 1
        if errors.count < BoardLimits.reportedErrors {
            errors.append(CustomerError(index: index, field: field, message: message))
        }
    }
}
