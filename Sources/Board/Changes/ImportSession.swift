// Customers of a file, received in parts and applied to the board at once: new ones are created, existing ones get the
// values in the file, and nothing is done until all of it is valid.
//
// Parts are checked on arrival, against the customers and the earlier parts. An import is valid as long as nothing else
// changes customers.

import Columnar

/// One row of a file.
public struct ImportRow: Sendable {
    /// The row's number in the file.
    public var number: Int
    /// `id` 0: the name identifies the customer.
    public var customer: Customer
    /// The fields given in the file: bit n is the field n of `ChangedField`, bits 19...22 are name, e-mail, mobile
    /// number and kind of the first contact. Bit 31: the row has an error, so it is checked but not retained.
    public var fields: UInt32

    public init(number: Int, customer: Customer, fields: UInt32) {
        (self.number, self.customer, self.fields) = (number, customer, fields)
    }

    /// See `fields`.
    public static let isRefused: UInt32 = 1 << 31

    var isRefused: Bool { fields & Self.isRefused != 0 }

    /// Columns of the first contact, as bits 0...3.
    var contactParts: UInt32 { fields >> 19 & 0xF }

    func says(_ field: ChangedField) -> Bool { fields & 1 << UInt32(field.rawValue) != 0 }
}

/// What rows would do, or did.
public struct ImportCounts: Equatable, Sendable {
    public var created = 0
    public var updated = 0
    public var unchanged = 0
    /// Rows with errors.
    public var failed = 0

    public init() {}
}

/// An existing customer, and the values it gets.
package struct ImportUpdate: Equatable, Sendable {
    package var row: UInt32
    /// Bit n is the field n.
    package var fields: UInt32
    package var customer: Customer

    package init(row: UInt32, fields: UInt32, customer: Customer) {
        (self.row, self.fields, self.customer) = (row, fields, customer)
    }
}

struct ImportSession: Sendable {
    /// Number of the newest change when it began.
    let base: UInt32
    var counts = ImportCounts()
    var errorCount = 0
    /// Some row was marked as refused: nothing is done then.
    var hasRefused = false
    /// Number of parts received.
    var parts: UInt32 = 0
    /// The parts' content; of fewer parts where some came without a hash.
    var content = RequestContent()
    var created: [Customer] = []
    var updates: [ImportUpdate] = []
    /// Names and auth entries that the rows so far claim.
    var claims = CustomerClaims()
    /// Each customer's row number in the file.
    var rowsOfCustomers: [UInt32: Int] = [:]
    /// When the newest part came.
    var touchedMicros: Int64

    init(base: UInt32, now: Int64) { (self.base, touchedMicros) = (base, now) }

    var customerCount: Int { created.count + updates.count + counts.unchanged }

    /// The change that the import results in.
    func change(_ customers: CustomerTable, _ empty: Change) -> Change {
        var change = empty
        change.kind = .imported
        change.createdCount = UInt32(created.count)
        change.createdFirstID = created.isEmpty ? 0 : UInt32(customers.count) + 1
        let updates = updates.sorted { $0.row < $1.row }
        let rows = updates.map(\.row)
        change.rows = RowSet(rows)
        let all = updates.reduce(0) { $0 | $1.fields }
        for field in ChangedField.allCases where all & 1 << UInt32(field.rawValue) != 0 {
            let bit = 1 << UInt32(field.rawValue) as UInt32
            let old = customers.values(field, rows)
            let new: FieldValues
            if field.isNumber {
                new = FieldValues(
                    updates.enumerated().map { $1.fields & bit != 0 ? $1.customer.number(field) : old.number($0) })
            } else {
                new = FieldValues(
                    updates.enumerated().map { $1.fields & bit != 0 ? $1.customer.value(field) : old.value($0) })
            }
            change.fields.append(FieldChange(field: field, old: old, new: new))
        }
        return change
    }
}

extension EngineState {
    /// Takes the next rows of an import; the reader found `unreadable` more errors in them.
    /// - Returns: errors of these rows, and what is to be stored of them: only while there are no errors. The next call
    /// copies all earlier rows while the caller still holds these slices.
    mutating func takeImport(
        _ rows: [ImportRow], unreadable: Int = 0, of key: [UInt8], hash: UInt64? = nil, now: Int64
    ) throws(ChangeRefusal) -> (
        errors: [CustomerError], created: ArraySlice<Customer>, updates: ArraySlice<ImportUpdate>
    ) {
        var session = imports.removeValue(forKey: key) ?? ImportSession(base: changes.lastEdit, now: now)
        guard session.base == changes.lastEdit else {
            throw .conflict("customers were changed while they were imported; nothing was imported: begin again")
        }
        guard session.customerCount + rows.count <= BoardLimits.importRows,
            customers.count + session.created.count + rows.count <= BoardLimits.customers
        else { throw .conflict("more than \(BoardLimits.importRows) rows at a time; split the file") }
        let (created, updates) = (session.created.count, session.updates.count)
        var check = CustomerCheck(table: customers, auth: auth, claims: session.claims, isImport: true)
        session.claims = CustomerClaims()
        for row in rows { session.take(row, customers, &check) }
        session.claims = check.claims
        session.errorCount += check.errorCount + unreadable
        session.touchedMicros = now
        session.parts += 1
        if let hash { session.content.append(hash) }
        let kept = session.errorCount == 0 && !session.hasRefused
        let result = (
            check.errors, kept ? session.created[created...] : [], kept ? session.updates[updates...] : []
        )
        // After an error rows are only counted.
        if !kept { (session.created, session.updates) = ([], []) }
        imports[key] = session
        return result
    }

    /// Takes the rows of an import from the journal: they were checked then.
    mutating func replayImport(
        _ created: ArraySlice<Customer>, _ updates: ArraySlice<ImportUpdate>, of key: [UInt8]
    ) {
        var session = imports.removeValue(forKey: key) ?? ImportSession(base: changes.lastEdit, now: 0)
        session.created += created
        session.updates += updates
        session.counts.created += created.count
        session.counts.updated += updates.count
        imports[key] = session
    }

    /// All parts have arrived: prepares the resulting change.
    mutating func prepareImport(
        _ key: [UInt8], who: String, file: String = "", now: Int64
    ) throws(ChangeRefusal) -> PreparedChange {
        guard let session = imports.removeValue(forKey: key) else {
            throw .notFound("there is no such import, or it waited too long for its next part; begin again")
        }
        guard session.base == changes.lastEdit else {
            throw .conflict("customers were changed while they were imported; nothing was imported: begin again")
        }
        var prepared = PreparedChange()
        prepared.matched = session.customerCount
        prepared.errorCount = session.errorCount
        guard session.errorCount == 0, !session.hasRefused else { return prepared }
        prepared.change = session.change(customers, next(.imported, who: who, now: now))
        prepared.change.note = ChangeNote(file: file, rows: session.customerCount)
        prepared.created = session.created
        if session.content.partCount == session.parts { prepared.content = session.content }
        return prepared
    }

    /// Applies an import from the journal: its parts came before.
    /// - Returns: false, and nothing is changed, if it is not the next change, or does not match the import.
    mutating func replayImport(
        _ header: Change, matched: Int, of key: [UInt8], content: RequestContent = RequestContent()
    ) -> Bool {
        guard let session = imports.removeValue(forKey: key), isNext(header),
            session.created.count == Int(header.createdCount),
            session.updates.allSatisfy({ Int($0.row) < customers.count })
        else { return false }
        var change = session.change(customers, header)
        change.kind = header.kind
        guard fits(change, session.created.count) else { return false }
        apply(change, created: session.created)
        let result = ChangeResult(number: change.number, matched: matched, changed: change.customerCount)
        idempotent[key] = KeyedResult(.changed(result), content)
        return true
    }

    /// Drops imports whose next part has been missing for long.
    mutating func forgetImports(before micros: Int64) {
        if imports.isEmpty { return }
        imports = imports.filter { $0.value.touchedMicros >= micros }
    }
}

// MARK: - Rows

extension ImportSession {
    fileprivate mutating func take(_ row: ImportRow, _ customers: CustomerTable, _ check: inout CustomerCheck) {
        let before = check.errorCount
        let id = row.customer.id
        let named = row.customer.name.isEmpty ? nil : customers.row(named: row.customer.name)
        let numbered = customers.row(id: id)
        if let named, id != 0, named != numbered {
            check.report(
                "name",
                "'\(row.customer.name)' is customer \(named + 1), and the row says id \(id); keep one of them, or match by name",
                row: UInt32(named), index: row.number)
        } else if let existing = named ?? numbered {
            update(UInt32(existing), row, customers, &check)
        } else {
            check.check(row.customer, index: row.number)
            if check.errorCount == before && !row.isRefused {
                created.append(row.customer)
                counts.created += 1
            }
        }
        if row.isRefused { hasRefused = true }
        if check.errorCount > before || row.isRefused { counts.failed += 1 }
    }

    private mutating func update(
        _ row: UInt32, _ imported: ImportRow, _ customers: CustomerTable, _ check: inout CustomerCheck
    ) {
        if let first = rowsOfCustomers[row] {
            let field = imported.customer.name.isEmpty ? "id" : "name"
            return check.report(
                field, "'\(customers.names[Int(row)])' is also in row \(first); keep one of them", row: row,
                index: imported.number)
        }
        rowsOfCustomers[row] = imported.number
        let before = check.errorCount
        let currency = customers.currencies[Int(row)]
        if !imported.customer.currency.isEmpty && imported.customer.currency != currency {
            check.report(
                "currency", "customer \(row + 1) has \(currency), which is fixed; write that, or choose another name",
                row: row, index: imported.number)
        }
        var new = imported.customer
        var fields: UInt32 = 0
        imported.mergeContact(into: &new, customers, Int(row))
        for field in ChangedField.allCases
        where imported.says(field) || field == .contacts && imported.contactParts != 0 {
            let isChanged =
                field.isNumber
                ? customers.number(field, Int(row)) != new.number(field)
                : customers.value(field, Int(row)) != new.value(field)
            guard isChanged, field != .deleted else { continue }
            fields |= 1 << UInt32(field.rawValue)
            if !field.isNumber { check.check(field, new.value(field), row: row, index: imported.number) }
        }
        if fields & (1 << UInt32(ChangedField.credit.rawValue) | 1 << UInt32(ChangedField.debitLimit.rawValue)) != 0 {
            check.checkSum(
                credit: imported.says(.credit) ? new.creditMicros : customers.creditMicros[Int(row)],
                debitLimit: imported.says(.debitLimit) ? new.debitLimitMicros : customers.debitLimitMicros[Int(row)],
                row: row, index: imported.number)
        }
        if check.errorCount > before || imported.isRefused { return }
        if fields == 0 {
            counts.unchanged += 1
        } else {
            counts.updated += 1
            updates.append(ImportUpdate(row: row, fields: fields, customer: new))
        }
    }
}

extension ImportRow {
    /// Columns of the first contact change that contact's parts and leave the rest.
    fileprivate func mergeContact(into customer: inout Customer, _ customers: CustomerTable, _ row: Int) {
        guard contactParts != 0, let given = customer.contacts.first else { return }
        var contacts = says(.contacts) ? customer.contacts : customers.detailsByRow[row]?.contacts ?? []
        if contacts.isEmpty { contacts.append(Contact()) }
        if fields & 1 << 19 != 0 { contacts[0].name = given.name }
        if fields & 1 << 20 != 0 { contacts[0].email = given.email }
        if fields & 1 << 21 != 0 { contacts[0].mobile = given.mobile }
        if fields & 1 << 22 != 0 { contacts[0].kind = given.kind }
        customer.contacts = contacts
    }
}
