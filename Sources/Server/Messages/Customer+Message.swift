// Customers between the board and the wire. What is only in one direction is in its `init`.

import Board
import CallEvents
import Wire

extension Customer {
    /// The customer that a message describes, codes and numbers as they are stored. `id`, times, version and last call
    /// are the server's and not taken over.
    /// - Throws: the first field with an invalid value.
    init(_ message: Busyhour_V1_Customer, index: Int) throws(CustomerError) {
        var errors: [CustomerError] = []
        self.init(message, index: index, &errors)
        if let first = errors.first { throw first }
    }

    /// - Parameter errors: receives every field with an invalid value.
    init(_ message: Busyhour_V1_Customer, index: Int, _ errors: inout [CustomerError]) {
        self.init()
        name = message.name
        currency = message.currency
        status = CustomerStatus(message.status, index: index, &errors)
        creditMicros = message.creditMicros
        debitLimitMicros = message.debitLimitMicros
        channels = message.channels
        flowSpeed = message.flowSpeed
        portalAccess = message.portalAccess
        country = message.country
        company = message.company
        accountManager = message.accountManager
        tags = message.tags
        contacts = message.contacts.map {
            Contact(name: $0.name, email: $0.email, mobile: $0.mobile, kind: $0.kind)
        }
        auth.reserveCapacity(message.auth.count)
        for entry in message.auth {
            do throws(CustomerError) {
                auth.append(
                    try AuthEntry(
                        wireKind: UInt64(UInt32(truncatingIfNeeded: entry.kind.rawValue)), entry.value, index: index))
            } catch {
                errors.append(error)
            }
        }
        routes = message.routes.map { Route(name: $0.name, enabled: $0.enabled) }
        shortCallSeconds = message.shortCallSeconds
        notes = message.notes
        normalize()
    }
}

extension CustomerStatus {
    /// By its name in a message, in any case; empty, or unknown: the default.
    init(_ name: String, index: Int, _ errors: inout [CustomerError]) {
        let known = name.isEmpty ? .active : CustomerStatus.named(name)
        if known == nil {
            let names = CustomerStatus.allCases.map { $0.rawValue }.joined(separator: ", ")
            errors.append(
                CustomerError(index: index, field: "status", message: "no status '\(name)'; known are \(names)"))
        }
        self = known ?? .active
    }
}

extension CustomerError {
    /// The error of an entry whose kind this server does not know.
    static func unknownAuth(_ value: String, index: Int) -> CustomerError {
        CustomerError(
            index: index, field: "auth",
            message: "auth entry '\(value)' is of an unknown kind; known are ip, sip, account, conditions")
    }
}

extension Busyhour_V1_Customer {
    init(_ customer: Customer) {
        self.init()
        id = customer.id
        name = customer.name
        currency = customer.currency
        status = customer.status.rawValue
        creditMicros = customer.creditMicros
        debitLimitMicros = customer.debitLimitMicros
        channels = customer.channels
        flowSpeed = customer.flowSpeed
        portalAccess = customer.portalAccess
        country = customer.country
        company = customer.company
        accountManager = customer.accountManager
        tags = customer.tags
        contacts = customer.contacts.map(Busyhour_V1_Contact.init)
        auth = customer.auth.map(Busyhour_V1_AuthEntry.init)
        routes = customer.routes.map(Busyhour_V1_Route.init)
        shortCallSeconds = customer.shortCallSeconds
        notes = customer.notes
        createdAt = customer.createdAtMicros
        updatedAt = customer.updatedAtMicros
        version = customer.version
        lastCall = customer.lastCallMicros
    }
}

extension AuthEntry {
    /// - Throws: a kind that this server does not know, or malformed conditions.
    init(wireKind kind: UInt64, _ value: String, index: Int) throws(CustomerError) {
        switch kind {
        case 0: self.init(address: value)
        case 1: self = .sip(value)
        case 2: self = .account(value)
        case 3:
            do throws(AuthFault) {
                try self.init(listed: value)
            } catch {
                throw CustomerError(index: index, field: "auth", message: error.description)
            }
        default: throw .unknownAuth(value, index: index)
        }
    }
}

extension Busyhour_V1_AuthEntry {
    init(_ entry: AuthEntry) {
        self.init()
        // Their numbers are the same.
        kind = Kind(rawValue: Int(entry.savedKind)) ?? .ip
        value = entry.savedText
    }
}

extension Busyhour_V1_Contact {
    fileprivate init(_ contact: Contact) {
        self.init()
        name = contact.name
        email = contact.email
        mobile = contact.mobile
        kind = contact.kind
    }
}

extension Busyhour_V1_Route {
    fileprivate init(_ route: Route) {
        self.init()
        name = route.name
        enabled = route.enabled
    }
}

extension Busyhour_V1_RowError {
    init(_ error: CustomerError) {
        self.init()
        index = UInt32(clamping: error.customerID == 0 ? error.index : 0)
        customerID = error.customerID
        field = error.field
        message = error.message
    }
}
