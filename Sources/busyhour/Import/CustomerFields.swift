// From the cells of a row to a customer: one entry a field of the contract, by its name in the header.

import Foundation
import Terminal
import Wire

/// What is wrong with a cell, and how to mend it.
struct CellError: Error, Equatable {
    var message: String

    init(_ message: String) { self.message = message }
}

/// How cells are to be read.
struct CellReading: Sendable {
    /// A comma stands before the decimals, and no point does.
    var decimalComma = false
}

enum CustomerFields {
    typealias Setter = @Sendable (CellReading, inout Busyhour_V1_Customer, String) throws(CellError) -> Void

    static func setter(_ name: String) -> Setter? { setters[name] }

    static let names = setters.keys.sorted()

    static func isKnown(_ name: String) -> Bool { setters[name] != nil || ignored.contains(name) }

    /// Fields that the server makes: a list has them, an import passes over them.
    private static let ignored: Set<String> = ["created_at", "updated_at", "version", "last_call"]

    /// The bit of a field in `ImportCustomersRequest.fields`; 0 where it is none that is set.
    static func bit(_ field: String) -> UInt32 { numbers[field].map { 1 << $0 } ?? 0 }

    private static let numbers: [String: UInt32] = [
        "name": 1, "status": 3, "credit": 4, "debit_limit": 5, "channels": 6, "flow_speed": 7, "portal_access": 8,
        "country": 9, "company": 10, "account_manager": 11, "tags": 12, "contacts": 13, "auth": 14, "routes": 15,
        "short_call_seconds": 16, "notes": 17, "contact_name": 19, "contact_email": 20, "contact_mobile": 21,
        "contact_kind": 22,
    ]

    private static let setters: [String: Setter] = [
        "id": { (_, customer, text) throws(CellError) in customer.id = try number(text) },
        "name": { $1.name = $2 },
        "currency": { $1.currency = $2 },
        "status": { $1.status = $2 },
        "country": { $1.country = $2 },
        "company": { $1.company = $2 },
        "account_manager": { $1.accountManager = $2 },
        "notes": { $1.notes = $2 },
        "credit": { (cells, customer, text) throws(CellError) in customer.creditMicros = try money(text, cells) },
        "debit_limit": { (cells, customer, text) throws(CellError) in
            customer.debitLimitMicros = try money(text, cells)
        },
        "channels": { (_, customer, text) throws(CellError) in customer.channels = try number(text) },
        "flow_speed": { (_, customer, text) throws(CellError) in customer.flowSpeed = try number(text) },
        "short_call_seconds": { (_, customer, text) throws(CellError) in customer.shortCallSeconds = try number(text) },
        "portal_access": { (_, customer, text) throws(CellError) in customer.portalAccess = try flag(text) },
        "tags": { $1.tags = SemicolonList.parse($2) },
        "auth": { (_, customer, text) throws(CellError) in customer.auth = try auth(text) },
        "routes": { $1.routes = SemicolonList.parse($2).map(Busyhour_V1_Route.init(listed:)) },
        "contacts": { (_, customer, text) throws(CellError) in customer.contacts = try contacts(text) },
        "contact_name": { _, customer, text in first(&customer) { $0.name = text } },
        "contact_email": { _, customer, text in first(&customer) { $0.email = text } },
        "contact_mobile": { (_, customer, text) throws(CellError) in
            if Number.isScientific(text) { throw damaged(text) }
            first(&customer) { $0.mobile = text }
        },
        "contact_kind": { _, customer, text in first(&customer) { $0.kind = text } },
    ]

    private static func money(_ text: String, _ cells: CellReading) throws(CellError) -> Int64 {
        guard !Number.isScientific(text) else { throw damaged(text) }
        do {
            if cells.decimalComma {
                guard !text.contains(".") else {
                    throw CellError("'\(quoted(text))' has a point, and commas stand before decimals here")
                }
                return try Money.micros(text.replacing(",", with: "."))
            }
            return try Money.micros(text, decimalComma: true)
        } catch let error as CellError {
            throw error
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
