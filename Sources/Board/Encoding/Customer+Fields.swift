// The stored fields of a customer as bytes, for the journal. A field at its default is left out.

/// The other fields have the numbers of `ChangedField`; a currency never changes. (Imports use 19 to 22.)
private let currencyNumber: UInt64 = 2

extension CustomerStatus {
    /// As stored in files, never reused.
    fileprivate var number: UInt64 {
        switch self {
        case .active: 0
        case .inactive: 1
        case .pending: 2
        case .pendingApproval: 3
        case .penalty: 4
        }
    }

    fileprivate init(number: UInt64) throws(FieldFault) {
        guard let status = Self.allCases.first(where: { $0.number == number }) else {
            throw FieldFault("has the status \(number), which is not known")
        }
        self = status
    }
}

extension FieldWriter {
    /// All fields that are not at their default.
    package mutating func append(fieldsOf customer: Customer) {
        texts(of: customer)
        if customer.status != .active { field(.status) { $0.append(packed: customer.status.number) } }
        if customer.creditMicros != 0 { field(.credit) { $0.append(customer.creditMicros) } }
        if customer.debitLimitMicros != 0 { field(.debitLimit) { $0.append(customer.debitLimitMicros) } }
        if customer.channels != 0 { field(.channels) { $0.append(packed: UInt64(customer.channels)) } }
        if customer.flowSpeed != 0 { field(.flowSpeed) { $0.append(packed: UInt64(customer.flowSpeed)) } }
        if customer.portalAccess { field(.portalAccess) { $0.append(packed: 1) } }
        if customer.shortCallSeconds != 0 {
            field(.shortCallSeconds) { $0.append(packed: UInt64(customer.shortCallSeconds)) }
        }
        lists(of: customer)
    }

    private mutating func texts(of customer: Customer) {
        text(.name, customer.name)
        if !customer.currency.isEmpty { field(currencyNumber, text: customer.currency) }
        text(.country, customer.country)
        text(.company, customer.company)
        text(.accountManager, customer.accountManager)
        text(.notes, customer.notes)
    }

    private mutating func text(_ field: ChangedField, _ text: String) {
        if !text.isEmpty { self.field(UInt64(field.rawValue), text: text) }
    }

    private mutating func lists(of customer: Customer) {
        if !customer.tags.isEmpty { field(.tags) { for tag in customer.tags { $0.append(tag) } } }
        if !customer.contacts.isEmpty {
            field(.contacts) {
                for contact in customer.contacts {
                    $0.append(contact.name)
                    $0.append(contact.email)
                    $0.append(contact.mobile)
                    $0.append(contact.kind)
                }
            }
        }
        if !customer.auth.isEmpty {
            field(.auth) {
                for entry in customer.auth {
                    $0.append(packed: UInt64(entry.savedKind))
                    $0.append(entry.savedText)
                }
            }
        }
        if !customer.routes.isEmpty {
            field(.routes) {
                for route in customer.routes {
                    $0.append(packed: route.enabled ? 1 : 0)
                    $0.append(route.name)
                }
            }
        }
    }

    private mutating func field(_ field: ChangedField, _ body: (inout FieldWriter) -> Void) {
        self.field(UInt64(field.rawValue), body)
    }
}

extension FieldReader {
    /// Reads fields up to the end of the bytes into a customer.
    package mutating func fields(of customer: inout Customer) throws(FieldFault) {
        while !isAtEnd {
            let number = try packed()
            var field = FieldReader(try bytes())
            if number == currencyNumber {
                customer.currency = try field.wholeText()
            } else if let known = UInt8(exactly: number).flatMap(ChangedField.init), known != .deleted {
                try field.value(of: known, &customer)
                guard field.isAtEnd else { throw FieldFault("has bytes after the field \(known)") }
            }
            // Else a field of a later version, which changes nothing that this one knows.
        }
    }

    private mutating func value(of field: ChangedField, _ customer: inout Customer) throws(FieldFault) {
        switch field {
        case .name: customer.name = try wholeText()
        case .status: customer.status = try CustomerStatus(number: try packed())
        case .credit: customer.creditMicros = try integer()
        case .debitLimit: customer.debitLimitMicros = try integer()
        case .channels: customer.channels = try packed32()
        case .flowSpeed: customer.flowSpeed = try packed32()
        case .portalAccess: customer.portalAccess = try flag()
        case .country: customer.country = try wholeText()
        case .company: customer.company = try wholeText()
        case .accountManager: customer.accountManager = try wholeText()
        case .tags: customer.tags = try list { reader throws(FieldFault) in try reader.text() }
        case .contacts:
            customer.contacts = try list { reader throws(FieldFault) in
                Contact(
                    name: try reader.text(), email: try reader.text(), mobile: try reader.text(),
                    kind: try reader.text())
            }
        case .auth: customer.auth = try list { reader throws(FieldFault) in try reader.authEntry() }
        case .routes:
            customer.routes = try list { reader throws(FieldFault) in
                let isEnabled = try reader.flag()
                return Route(name: try reader.text(), enabled: isEnabled)
            }
        case .shortCallSeconds: customer.shortCallSeconds = try packed32()
        case .notes: customer.notes = try wholeText()
        // Deletion is no field of a customer: `fields(of:)` skips it.
        case .deleted: break
        }
    }

    private mutating func packed32() throws(FieldFault) -> UInt32 {
        guard let value = UInt32(exactly: try packed()) else { throw FieldFault("has a number above 32 bits") }
        return value
    }

    private mutating func flag() throws(FieldFault) -> Bool {
        let value = try packed()
        guard value <= 1 else { throw FieldFault("has the flag \(value)") }
        return value == 1
    }

    private mutating func authEntry() throws(FieldFault) -> AuthEntry {
        let kind = try packed()
        let text = try text()
        let known = UInt8(exactly: kind).flatMap { AuthEntry(savedKind: $0, text: text) }
        guard let known else { throw FieldFault("has an auth entry of the kind \(kind) that cannot be read") }
        return known
    }

    private mutating func list<Element>(
        _ next: (inout FieldReader) throws(FieldFault) -> Element
    ) throws(FieldFault) -> [Element] {
        var elements: [Element] = []
        while !isAtEnd {
            guard elements.count < EncodingLimits.listEntries else { throw FieldFault("has a list that is too long") }
            elements.append(try next(&self))
        }
        return elements
    }
}
