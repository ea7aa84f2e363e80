// A customer as the bytes of `Busyhour_V1_Customer`, read and written without the message between: files have millions.

import Board
import Wire

extension Customer {
    /// Appends it as a field of a message.
    func append(to message: inout MessageBytes, field: UInt32) {
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
    fileprivate func append(to message: inout MessageBytes) {
        message.element(14) { message in
            message.append(1, text: name)
            message.append(2, text: email)
            message.append(3, text: mobile)
            message.append(4, text: kind)
        }
    }
}

extension AuthEntry {
    fileprivate func append(to message: inout MessageBytes) {
        message.element(15) { message in
            message.append(1, varint: UInt64(savedKind))
            message.append(2, text: savedText)
        }
    }
}

// MARK: - Reading

/// Reads messages of customers directly from their bytes.
struct CustomerBytes {
    /// Fields and list entries that may still be read: a customer takes more in memory than on the wire. At 0 any
    /// further field is malformed.
    private(set) var fieldsLeft = Limits.customerFieldsPerRequest
    private var malformed: MalformedPayload

    init(messageName: String) { malformed = MalformedPayload(messageName: messageName) }

    /// The result of `init(_: Busyhour_V1_Customer)` for the message in these bytes, id included.
    /// - Returns: the customer, and every field with an invalid value.
    /// - Throws: `MalformedPayload` if this is not a message.
    mutating func customer(
        _ range: Range<Int>, of bytes: RawSpan, index: Int
    ) throws(MalformedPayload) -> (customer: Customer, errors: [CustomerError]) {
        var customer = Customer()
        // A field may come twice, and the last one counts: a status is checked once all have come.
        var status = ""
        var unknownAuth: [CustomerError] = []
        var fields = MessageFields(range)
        while let field = next(&fields, bytes) {
            switch (field.number, field.value) {
            case (1, .varint(let value)): customer.id = UInt32(truncatingIfNeeded: value)
            case (2, .bytes(let range)): customer.name = try text(range, bytes)
            case (3, .bytes(let range)): customer.currency = try text(range, bytes)
            case (4, .bytes(let range)): status = try text(range, bytes)
            case (5, .fixed64(let value)): customer.creditMicros = Int64(bitPattern: value)
            case (6, .fixed64(let value)): customer.debitLimitMicros = Int64(bitPattern: value)
            case (7, .varint(let value)): customer.channels = UInt32(truncatingIfNeeded: value)
            case (8, .varint(let value)): customer.flowSpeed = UInt32(truncatingIfNeeded: value)
            case (9, .varint(let value)): customer.portalAccess = value != 0
            case (10, .bytes(let range)): customer.country = try text(range, bytes)
            case (11, .bytes(let range)): customer.company = try text(range, bytes)
            case (12, .bytes(let range)): customer.accountManager = try text(range, bytes)
            case (13, .bytes(let range)): customer.tags.append(try text(range, bytes))
            case (14, .bytes(let range)): customer.contacts.append(try contact(range, bytes))
            case (15, .bytes(let range)):
                switch try authEntry(range, bytes, index) {
                case .success(let entry): customer.auth.append(entry)
                case .failure(let refusal): unknownAuth.append(refusal)
                }
            case (16, .bytes(let range)): customer.routes.append(try route(range, bytes))
            case (17, .varint(let value)): customer.shortCallSeconds = UInt32(truncatingIfNeeded: value)
            case (18, .bytes(let range)): customer.notes = try text(range, bytes)
            // Fields set by the server, and those of later versions.
            default: break
            }
        }
        guard fields.isAtEnd else { throw malformed }
        var errors: [CustomerError] = []
        customer.status = CustomerStatus(status, index: index, &errors)
        customer.normalize()
        return (customer, errors + unknownAuth)
    }

    private mutating func next(_ fields: inout MessageFields, _ bytes: RawSpan) -> MessageField? {
        guard fieldsLeft > 0 else { return nil }
        fieldsLeft -= 1
        return fields.next(in: bytes)
    }

    private func text(_ range: Range<Int>, _ bytes: RawSpan) throws(MalformedPayload) -> String {
        let text = bytes.extracting(range).withUnsafeBytes { bytes in
            // Most are ASCII, which takes no validation.
            bytes.allSatisfy { $0 < 0x80 }
                ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
        }
        guard let text else { throw malformed }
        return text
    }

    private mutating func contact(_ range: Range<Int>, _ bytes: RawSpan) throws(MalformedPayload) -> Contact {
        var contact = Contact(name: "", email: "", mobile: "", kind: "")
        var fields = MessageFields(range)
        while let field = next(&fields, bytes) {
            switch (field.number, field.value) {
            case (1, .bytes(let range)): contact.name = try text(range, bytes)
            case (2, .bytes(let range)): contact.email = try text(range, bytes)
            case (3, .bytes(let range)): contact.mobile = try text(range, bytes)
            case (4, .bytes(let range)): contact.kind = try text(range, bytes)
            default: break
            }
        }
        guard fields.isAtEnd else { throw malformed }
        return contact
    }

    private mutating func route(_ range: Range<Int>, _ bytes: RawSpan) throws(MalformedPayload) -> Route {
        var route = Route(name: "", enabled: false)
        var fields = MessageFields(range)
        while let field = next(&fields, bytes) {
            switch (field.number, field.value) {
            case (1, .bytes(let range)): route.name = try text(range, bytes)
            case (2, .varint(let value)): route.enabled = value != 0
            default: break
            }
        }
        guard fields.isAtEnd else { throw malformed }
        return route
    }

    private mutating func authEntry(
        _ range: Range<Int>, _ bytes: RawSpan, _ index: Int
    ) throws(MalformedPayload) -> Result<AuthEntry, CustomerError> {
        var kind: UInt64 = 0
        var value = ""
        var fields = MessageFields(range)
        while let field = next(&fields, bytes) {
            switch (field.number, field.value) {
            // An enumeration is an Int32: bits above are ignored.
            case (1, .varint(let number)): kind = UInt64(UInt32(truncatingIfNeeded: number))
            case (2, .bytes(let range)): value = try text(range, bytes)
            default: break
            }
        }
        guard fields.isAtEnd else { throw malformed }
        return Result { () throws(CustomerError) in try AuthEntry(wireKind: kind, value, index: index) }
    }
}
