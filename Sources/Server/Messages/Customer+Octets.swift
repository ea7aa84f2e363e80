// A customer as the octets of `Busyhour_V1_Customer`, read and written without the message between: files have millions of them.

import Board
import Wire

extension Customer {
    /// Appends it as a field of a message.
    func append(to message: inout MessageOctets, field: UInt32) {
        message.element(field) { message in
            message.append(1, varint: UInt64(id))
            message.append(2, text: name)
            message.append(3, text: currency)
            message.append(4, text: status.rawValue)
            message.append(5, fixed64: creditMicros)
            message.append(6, fixed64: debitLimitMicros)
            message.append(7, varint: UInt64(channels))
            message.append(8, varint: UInt64(flowSpeed))
            message.append(9, varint: portalAccess ? 1 : 0)
            message.append(10, text: country)
            message.append(11, text: company)
            message.append(12, text: accountManager)
            for tag in tags { message.element(13, text: tag) }
            for contact in contacts { contact.append(to: &message) }
            for entry in auth { entry.append(to: &message) }
            for route in routes {
                message.element(16) { message in
                    message.append(1, text: route.name)
                    message.append(2, varint: route.enabled ? 1 : 0)
                }
            }
            message.append(17, varint: UInt64(shortCallSeconds))
            message.append(18, text: notes)
            message.append(19, fixed64: createdAtMicros)
            message.append(20, fixed64: updatedAtMicros)
            message.append(21, varint: UInt64(version))
            message.append(22, fixed64: lastCallMicros)
        }
    }
}

extension Contact {
    fileprivate func append(to message: inout MessageOctets) {
        message.element(14) { message in
            message.append(1, text: name)
            message.append(2, text: email)
            message.append(3, text: mobile)
            message.append(4, text: kind)
        }
    }
}

extension AuthEntry {
    fileprivate func append(to message: inout MessageOctets) {
        message.element(15) { message in
            message.append(1, varint: UInt64(savedKind))
            message.append(2, text: savedText)
        }
    }
}

// MARK: - Reading

/// Reads messages of customers from the octets that they stand in.
struct CustomerOctets {
    /// Fields and entries of lists that may still be read: a customer takes more in memory than on the wire. At 0 whatever
    /// comes is malformed.
    private(set) var fieldsLeft = Limits.customerFieldsPerRequest
    private var malformed: MalformedPayload

    init(messageName: String) { malformed = MalformedPayload(messageName: messageName) }

    /// What `init(_: Busyhour_V1_Customer)` says of the message in these octets, id included.
    /// - Returns: beside it, every field that has no such value.
    /// - Throws: `MalformedPayload` where there is no message.
    mutating func customer(
        _ range: Range<Int>, of octets: RawSpan, index: Int
    ) throws(MalformedPayload) -> (customer: Customer, errors: [CustomerError]) {
        var customer = Customer()
        // A field may come twice, and the last one counts: a status is looked at when all have come.
        var status = ""
        var unknownAuth: [CustomerError] = []
        var fields = MessageFields(range)
        while let field = next(&fields, octets) {
            switch (field.number, field.value) {
            case (1, .varint(let value)): customer.id = UInt32(truncatingIfNeeded: value)
            case (2, .octets(let range)): customer.name = try text(range, octets)
            case (3, .octets(let range)): customer.currency = try text(range, octets)
            case (4, .octets(let range)): status = try text(range, octets)
            case (5, .fixed64(let value)): customer.creditMicros = Int64(bitPattern: value)
            case (6, .fixed64(let value)): customer.debitLimitMicros = Int64(bitPattern: value)
            case (7, .varint(let value)): customer.channels = UInt32(truncatingIfNeeded: value)
            case (8, .varint(let value)): customer.flowSpeed = UInt32(truncatingIfNeeded: value)
            case (9, .varint(let value)): customer.portalAccess = value != 0
            case (10, .octets(let range)): customer.country = try text(range, octets)
            case (11, .octets(let range)): customer.company = try text(range, octets)
            case (12, .octets(let range)): customer.accountManager = try text(range, octets)
            case (13, .octets(let range)): customer.tags.append(try text(range, octets))
            case (14, .octets(let range)): customer.contacts.append(try contact(range, octets))
            case (15, .octets(let range)):
                switch try authEntry(range, octets, index) {
                case .success(let entry): customer.auth.append(entry)
                case .failure(let refusal): unknownAuth.append(refusal)
                }
            case (16, .octets(let range)): customer.routes.append(try route(range, octets))
            case (17, .varint(let value)): customer.shortCallSeconds = UInt32(truncatingIfNeeded: value)
            case (18, .octets(let range)): customer.notes = try text(range, octets)
            // What the server makes, and what a later version may add.
            default: break
            }
        }
        guard fields.isAtEnd else { throw malformed }
        var errors: [CustomerError] = []
        customer.status = CustomerStatus(status, index: index, &errors)
        customer.normalize()
        return (customer, errors + unknownAuth)
    }

    private mutating func next(_ fields: inout MessageFields, _ octets: RawSpan) -> MessageField? {
        guard fieldsLeft > 0 else { return nil }
        fieldsLeft -= 1
        return fields.next(in: octets)
    }

    private func text(_ range: Range<Int>, _ octets: RawSpan) throws(MalformedPayload) -> String {
        let text = octets.extracting(range).withUnsafeBytes { octets in
            // Most are ASCII, which takes no validation.
            octets.allSatisfy { $0 < 0x80 }
                ? String(decoding: octets, as: UTF8.self) : String(validating: octets, as: UTF8.self)
        }
        guard let text else { throw malformed }
        return text
    }

    private mutating func contact(_ range: Range<Int>, _ octets: RawSpan) throws(MalformedPayload) -> Contact {
        var contact = Contact(name: "", email: "", mobile: "", kind: "")
        var fields = MessageFields(range)
        while let field = next(&fields, octets) {
            switch (field.number, field.value) {
            case (1, .octets(let range)): contact.name = try text(range, octets)
            case (2, .octets(let range)): contact.email = try text(range, octets)
            case (3, .octets(let range)): contact.mobile = try text(range, octets)
            case (4, .octets(let range)): contact.kind = try text(range, octets)
            default: break
            }
        }
        guard fields.isAtEnd else { throw malformed }
        return contact
    }

    private mutating func route(_ range: Range<Int>, _ octets: RawSpan) throws(MalformedPayload) -> Route {
        var route = Route(name: "", enabled: false)
        var fields = MessageFields(range)
        while let field = next(&fields, octets) {
            switch (field.number, field.value) {
            case (1, .octets(let range)): route.name = try text(range, octets)
            case (2, .varint(let value)): route.enabled = value != 0
            default: break
            }
        }
        guard fields.isAtEnd else { throw malformed }
        return route
    }

    private mutating func authEntry(
        _ range: Range<Int>, _ octets: RawSpan, _ index: Int
    ) throws(MalformedPayload) -> Result<AuthEntry, CustomerError> {
        var kind: UInt64 = 0
        var value = ""
        var fields = MessageFields(range)
        while let field = next(&fields, octets) {
            switch (field.number, field.value) {
            // An enumeration is an Int32, whatever is above its bits.
            case (1, .varint(let number)): kind = UInt64(UInt32(truncatingIfNeeded: number))
            case (2, .octets(let range)): value = try text(range, octets)
            default: break
            }
        }
        guard fields.isAtEnd else { throw malformed }
        return Result { () throws(CustomerError) in try AuthEntry(wireKind: kind, value, index: index) }
    }
}
