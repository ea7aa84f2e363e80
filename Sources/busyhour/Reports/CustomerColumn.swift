// The stored fields of a customer, one entry each: its form in JSON, in CSV and in a table.

import Terminal
import Wire

struct CustomerColumn: Sendable {
    var name: String
    var value: @Sendable (Busyhour_V1_Customer) -> JSONValue
    /// Also true for money, which is text in JSON.
    var isNumber = false
    /// A list's texts, for CSV and tables.
    var list: (@Sendable (Busyhour_V1_Customer) -> [String])?
    /// 10^-6 of the customer's currency.
    var money: (@Sendable (Busyhour_V1_Customer) -> Int64)?
    /// Microseconds since 1970; 0: it did not happen.
    var time: (@Sendable (Busyhour_V1_Customer) -> Int64)?

    private static func money(
        _ name: String, _ micros: @escaping @Sendable (Busyhour_V1_Customer) -> Int64
    ) -> CustomerColumn {
        .init(name: name, value: { .money(micros($0)) }, isNumber: true, money: micros)
    }

    private static func time(
        _ name: String, _ micros: @escaping @Sendable (Busyhour_V1_Customer) -> Int64
    ) -> CustomerColumn {
        .init(name: name, value: { .time(micros($0)) }, time: micros)
    }

    static let all: [CustomerColumn] = [
        .init(name: "id", value: { .unsigned(UInt64($0.id)) }, isNumber: true),
        .init(name: "name", value: { .text($0.name) }),
        .init(name: "currency", value: { .text($0.currency) }),
        .init(name: "status", value: { .text($0.status) }),
        money("credit", { $0.creditMicros }),
        money("debit_limit", { $0.debitLimitMicros }),
        .init(name: "channels", value: { .unsigned(UInt64($0.channels)) }, isNumber: true),
        .init(name: "flow_speed", value: { .unsigned(UInt64($0.flowSpeed)) }, isNumber: true),
        .init(name: "portal_access", value: { .bool($0.portalAccess) }),
        .init(name: "country", value: { .optional($0.country) }),
        .init(name: "company", value: { .optional($0.company) }),
        .init(name: "account_manager", value: { .optional($0.accountManager) }),
        .init(name: "tags", value: { .array($0.tags.map(JSONValue.text)) }, list: { $0.tags }),
        .init(name: "contacts", value: { .array($0.contacts.map(json)) }),
        .init(
            name: "auth",
            value: { customer in .array(customer.auth.map(json)) },
            list: { customer in customer.auth.map(\.listed) }),
        .init(
            name: "routes",
            value: { customer in
                .array(
                    customer.routes.map {
                        .object([.init("name", .text($0.name)), .init("enabled", .bool($0.enabled))])
                    })
            },
            list: { customer in customer.routes.map(\.listed) }),
        .init(name: "short_call_seconds", value: { .unsigned(UInt64($0.shortCallSeconds)) }, isNumber: true),
        .init(name: "notes", value: { .optional($0.notes) }),
        time("created_at", { $0.createdAt }),
        time("updated_at", { $0.updatedAt }),
        .init(name: "version", value: { .unsigned(UInt64($0.version)) }, isNumber: true),
        time("last_call", { $0.lastCall }),
    ]

    /// Columns of the first contact, for an export.
    static let firstContact: [CustomerColumn] = [
        .init(name: "contact_name", value: { .optional($0.contacts.first?.name ?? "") }),
        .init(name: "contact_email", value: { .optional($0.contacts.first?.email ?? "") }),
        .init(name: "contact_mobile", value: { .optional($0.contacts.first?.mobile ?? "") }),
        .init(name: "contact_kind", value: { .optional($0.contacts.first?.kind ?? "") }),
    ]

    static func json(_ customer: Busyhour_V1_Customer) -> JSONValue { json(customer, and: []) }

    /// - Parameter others: members after the fields.
    static func json(_ customer: Busyhour_V1_Customer, and others: [JSONValue.Member]) -> JSONValue {
        .object(all.map { .init($0.name, $0.value(customer)) } + others)
    }

    /// For people; empty: there is none. Money with all its digits.
    func text(_ customer: Busyhour_V1_Customer, _ page: Page) -> String {
        if let micros = time?(customer) { return micros == 0 ? "" : page.time(micros) }
        if let list { return list(customer).joined(separator: ", ") }
        switch value(customer) {
        case .unsigned(let number): return isNumber && name != "id" ? Number.grouped(number) : String(number)
        case .text(let text): return text
        case .bool(let flag): return flag ? "yes" : "no"
        case .array(let values): return values.isEmpty ? "" : Number.grouped(values.count)
        default: return ""
        }
    }

    func csv(_ customer: Busyhour_V1_Customer) -> CSVText.Cell {
        if let list { return list(customer).isEmpty ? .empty : .text(CSVText.list(list(customer))) }
        switch value(customer) {
        case .null, .array([]): return .empty
        case .text(let text): return isNumber ? .number(text) : .text(text)
        case let value: return isNumber ? .number(value.text) : .text(value.text)
        }
    }

    private static func json(_ contact: Busyhour_V1_Contact) -> JSONValue {
        .object([
            .init("name", .text(contact.name)), .init("email", .text(contact.email)),
            .init("mobile", .text(contact.mobile)), .init("kind", .text(contact.kind)),
        ])
    }

    /// One key per condition; several headers are an array.
    static func json(_ entry: Busyhour_V1_AuthEntry) -> JSONValue {
        var fields: [JSONValue.Member] = []
        let conditions = entry.conditions
        for (index, condition) in conditions.enumerated() {
            if conditions[..<index].contains(where: { $0.kind == condition.kind }) { continue }
            let values = conditions[index...].filter { $0.kind == condition.kind }.map { JSONValue.text($0.value) }
            fields.append(.init(condition.kind, values.count == 1 ? values[0] : .array(values)))
        }
        return .object(fields)
    }
}

extension JSONValue {
    /// A text, or null for an empty one.
    static func optional(_ text: String) -> JSONValue { text.isEmpty ? .null : .text(text) }
}
