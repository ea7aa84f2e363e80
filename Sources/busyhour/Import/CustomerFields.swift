// From the cells of a row to a customer: one entry a field of the contract, by its name in the header.

import Foundation
import Terminal
import Wire

/// What is wrong with a cell, and how to mend it.
struct CellError: Error, Equatable {
    var message: String

    init(_ message: String) { self.message = message }
}

enum CustomerFields {
    typealias Setter = @Sendable (inout Busyhour_V1_Customer, String) throws(CellError) -> Void

    static func setter(_ name: String) -> Setter? { setters[name] }

    static let names = setters.keys.sorted()

    static func isKnown(_ name: String) -> Bool { setters[name] != nil || ignored.contains(name) }

    /// Fields that the server makes: an exported file has them, an import passes over them.
    private static let ignored: Set<String> = ["id", "created_at", "updated_at", "version", "last_call"]

    private static let setters: [String: Setter] = [
        "name": { $0.name = $1 },
        "currency": { $0.currency = $1 },
        "status": { $0.status = $1 },
        "country": { $0.country = $1 },
        "company": { $0.company = $1 },
        "account_manager": { $0.accountManager = $1 },
        "notes": { $0.notes = $1 },
        "credit": { (customer, text) throws(CellError) in customer.creditMicros = try money(text) },
        "debit_limit": { (customer, text) throws(CellError) in customer.debitLimitMicros = try money(text) },
        "channels": { (customer, text) throws(CellError) in customer.channels = try number(text) },
        "flow_speed": { (customer, text) throws(CellError) in customer.flowSpeed = try number(text) },
        "short_call_seconds": { (customer, text) throws(CellError) in customer.shortCallSeconds = try number(text) },
        "portal_access": { (customer, text) throws(CellError) in customer.portalAccess = try flag(text) },
        "tags": { $0.tags = SemicolonList.parse($1) },
        "auth": { (customer, text) throws(CellError) in customer.auth = try auth(text) },
        "routes": { $0.routes = SemicolonList.parse($1).map(Busyhour_V1_Route.init) },
        "contacts": { (customer, text) throws(CellError) in customer.contacts = try contacts(text) },
        "contact_name": { customer, text in first(&customer) { $0.name = text } },
        "contact_email": { customer, text in first(&customer) { $0.email = text } },
        "contact_mobile": { (customer, text) throws(CellError) in
            if Number.isScientific(text) { throw damaged(text) }
            first(&customer) { $0.mobile = text }
        },
        "contact_kind": { customer, text in first(&customer) { $0.kind = text } },
    ]

    private static func money(_ text: String) throws(CellError) -> Int64 {
        guard !Number.isScientific(text) else { throw damaged(text) }
        do {
            return try Money.micros(text, decimalComma: true)
        } catch {
            throw CellError("\(error)")
        }
    }

    private static func number(_ text: String) throws(CellError) -> UInt32 {
        guard !Number.isScientific(text) else { throw damaged(text) }
        guard let number = UInt32(text) else {
            throw CellError("'\(quoted(text))' is not a whole number from 0 to \(UInt32.max)")
        }
        return number
    }

    private static func damaged(_ text: String) -> CellError {
        CellError("\(text) looks damaged by a spreadsheet; write all its digits")
    }

    /// The beginning of a text that may be long.
    private static func quoted(_ text: String) -> String {
        text.count > Limits.quotedCharacters ? text.prefix(Limits.quotedCharacters) + "…" : text
    }

    private static func flag(_ text: String) throws(CellError) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "1", "on": return true
        case "false", "no", "0", "off": return false
        default: throw CellError("'\(quoted(text))' is neither true nor false")
        }
    }

    /// `ip:203.0.113.0/24;sip:alice;account:0049-30`.
    private static func auth(_ text: String) throws(CellError) -> [Busyhour_V1_AuthEntry] {
        var entries: [Busyhour_V1_AuthEntry] = []
        for value in SemicolonList.parse(text) {
            do throws(UsageError) {
                let entry = try Busyhour_V1_AuthEntry.parse(value)
                // `12e5` may be a name; a spreadsheet writes the sign.
                if Number.isScientific(entry.value) && entry.value.contains("+") {
                    throw UsageError(damaged(entry.value).message)
                }
                entries.append(entry)
            } catch {
                throw CellError(error.message)
            }
        }
        return entries
    }

    /// A column of the first contact, also where `contacts` was read before and has one.
    private static func first(_ customer: inout Busyhour_V1_Customer, _ set: (inout Busyhour_V1_Contact) -> Void) {
        if customer.contacts.isEmpty { customer.contacts = [Busyhour_V1_Contact()] }
        set(&customer.contacts[0])
    }

    /// All contacts as JSON: `[{"name":"...","email":"...","mobile":"...","kind":"..."}]`.
    private static func contacts(_ text: String) throws(CellError) -> [Busyhour_V1_Contact] {
        struct Entry: Decodable {
            var name: String?
            var email: String?
            var mobile: String?
            var kind: String?
        }
        guard let entries = try? JSONDecoder().decode([Entry].self, from: Data(text.utf8)) else {
            throw CellError("the contacts are not JSON as [{\"name\":\"...\",\"email\":\"...\",\"mobile\":\"...\"}]")
        }
        return entries.map { entry in
            var contact = Busyhour_V1_Contact()
            contact.name = entry.name ?? ""
            contact.email = entry.email ?? ""
            contact.mobile = entry.mobile ?? ""
            contact.kind = entry.kind ?? ""
            return contact
        }
    }
}
