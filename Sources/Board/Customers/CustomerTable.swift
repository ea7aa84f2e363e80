// The customers as columns: one row each, row = id - 1, in order of creation.
//
// What most customers have is in columns; what few have (tags, contacts, auth sets, routes, notes) is stored beside
// them in `detailsByRow`, so that an idle customer with a name costs about 100 bytes here.

import CallEvents
import Columnar

struct CustomerTable: Sendable {
    // Stored fields; changed here and when a saved table is restored.
    var names = TextColumn()
    var currencies = DictionaryColumn()
    var countries = DictionaryColumn()
    var companies = DictionaryColumn()
    var accountManagers = DictionaryColumn()
    /// Position in `CustomerStatus.allCases`.
    var statuses = Column<UInt8>()
    var creditMicros = Column<Int64>()
    var debitLimitMicros = Column<Int64>()
    var channels = Column<UInt32>()
    var flowSpeeds = Column<UInt32>()
    var portalAccess = Column<UInt8>()
    var shortCallSeconds = Column<UInt32>()
    var createdAtMicros = Column<Int64>()
    var updatedAtMicros = Column<Int64>()
    var versions = Column<UInt32>()
    /// Set-up time of the newest call; 0: none.
    var lastCallMicros = Column<Int64>() { didSet { lastCallVersion &+= 1 } }
    /// Live calls now, ringing included; changed by `changeActive`.
    private(set) var active = Column<Int32>()
    /// The live calls among them that come to the customer; changed by `changeInboundActive`.
    private(set) var inboundActive = Column<Int32>()
    /// Changes of both columns per chunk, as these fields.
    private(set) var activeDeltas = DeltaLog()
    static let activeField: UInt32 = 0
    static let inboundActiveField: UInt32 = 1

    /// When a customer was deleted, microseconds since 1970; 0: it exists. Its row stays, for a possible undo.
    var deletedAtMicros = Column<Int64>()
    private(set) var deleted = Bitmap(count: 0)
    private(set) var deletedCount = 0

    /// Changes of the stored fields per chunk. Changes of the credit by calls are recorded, as field 0.
    private(set) var fieldDeltas = DeltaLog()
    /// One version per chunk, never reused, new after every change of names and details that the search index reads.
    private(set) var textVersions: [UInt64] = []
    /// Version of the newest change of a stored field.
    private(set) var version: UInt64 = 0
    /// New after every change of a value that traffic writes. One for all chunks: the calls of a second are of
    /// customers everywhere, and the columns are written for each call.
    private(set) var lastCallVersion: UInt64 = 0

    var detailsByRow = DetailsTable()
    private(set) var nameIndex = NameIndex()
    /// Deleted customers that can be restored, by the names they had; several may have had the same name.
    private var deletedNames = NameIndex()

    /// Number of rows, including those of deleted customers.
    var count: Int { names.count }
    var chunkCount: Int { statuses.chunkCount }
    /// Number of existing customers.
    var presentCount: Int { count - deletedCount }

    /// - Parameter texts: whether what the search index reads has changed too.
    mutating func touch(row: Int, texts: Bool = true) {
        version += 1
        let chunk = row / ChunkSize.rows
        fieldDeltas.grow(toChunks: chunk + 1)
        activeDeltas.grow(toChunks: chunk + 1)
        fieldDeltas.invalidate(chunk: chunk)
        if chunk == textVersions.count {
            textVersions.append(version)
        } else if texts {
            textVersions[chunk] = version
        }
    }

    /// Sets a customer's credit after calls were charged.
    mutating func setCredit(_ micros: Int64, row: Int) {
        // Modulo 2^64, like the sums.
        let change = micros &- creditMicros[row]
        creditMicros[row] = micros
        version += 1
        // Safe: rows are below 2^24.
        let delta = Delta(row: UInt32(truncatingIfNeeded: row), field: 0, change: change)
        fieldDeltas.note(delta, chunk: row / ChunkSize.rows)
    }

    /// Changes a customer's number of live calls.
    @inline(__always)
    mutating func changeActive(_ row: Int, by change: Int32) {
        active[row] += change
        // Safe: rows are below 2^24.
        let delta = Delta(
            row: UInt32(truncatingIfNeeded: row), field: CustomerTable.activeField, change: Int64(change))
        activeDeltas.note(delta, chunk: row / ChunkSize.rows)
    }

    /// Changes the number of live calls that come to a customer, after `changeActive`.
    mutating func changeInboundActive(_ row: Int, by change: Int32) {
        inboundActive[row] += change
        let delta = Delta(
            row: UInt32(truncatingIfNeeded: row), field: CustomerTable.inboundActiveField, change: Int64(change))
        activeDeltas.note(delta, chunk: row / ChunkSize.rows)
    }

    /// Takes over the columns when statistics are restored.
    mutating func restoreActive(_ column: Column<Int32>, inbound: Column<Int32>) {
        (active, inboundActive) = (column, inbound)
        for chunk in 0..<activeDeltas.chunkCount { activeDeltas.invalidate(chunk: chunk) }
    }

    /// From now on changes are retained: a query that comes again asks for them.
    mutating func retainDeltas() {
        fieldDeltas.retain()
        activeDeltas.retain()
    }

    /// Something else that is saved with the customers has changed.
    mutating func noteOtherChange() { version += 1 }

    /// The row of an existing customer.
    func row(id: UInt32) -> Int? {
        guard id >= 1 && Int(id) <= count else { return nil }
        let row = Int(id) - 1
        return deletedCount > 0 && deleted[row] ? nil : row
    }

    /// Marks a customer as deleted or (0) as restored. The caller updates the indices.
    mutating func setDeleted(_ row: Int, atMicros: Int64) {
        deletedAtMicros[row] = atMicros
        let isDeleted = atMicros != 0
        if deleted[row] != isDeleted { deletedCount += isDeleted ? 1 : -1 }
        deleted[row] = isDeleted
    }

    /// Takes over the column when customers are restored.
    mutating func restoreDeleted(_ column: Column<Int64>) {
        deletedAtMicros = column
        deleted = Bitmap(count: column.count)
        deletedCount = 0
        for chunk in 0..<column.chunkCount where !column.isZero(chunk: chunk) {
            for row in column.rows(inChunk: chunk) where column[row] != 0 {
                deleted[row] = true
                deletedCount += 1
            }
        }
    }

    func row(named name: String) -> Int? {
        nameIndex.row(named: name, in: names)
    }

    /// Deleted customers that had this name when they were deleted, ascending; purged ones are not among them.
    func deletedRows(named name: String) -> [Int] {
        deletedNames.rows(named: name, in: names).sorted()
    }

    /// Removes a row from the name index it is in. Its name and deletion time change after that.
    mutating func removeFromNames(_ row: Int) {
        if deleted[row] {
            deletedNames.remove(names[row], row: row)
        } else {
            nameIndex.remove(names[row], row: row)
        }
    }

    mutating func addToNames(_ row: Int) {
        if deleted[row] {
            if !isPurged(row) { deletedNames.insert(names[row], row: row) }
        } else {
            nameIndex.insert(names[row], row: row)
        }
    }

    /// Indexes the names of restored columns.
    /// - Returns: false if two customers have the same name.
    mutating func indexNames() -> Bool {
        guard nameIndex.build(names, without: deleted) else { return false }
        deletedNames = NameIndex()
        for chunk in 0..<deletedAtMicros.chunkCount where !deletedAtMicros.isZero(chunk: chunk) {
            for row in deletedAtMicros.rows(inChunk: chunk) where deleted[row] { addToNames(row) }
        }
        return true
    }

    /// Decides when two names are the same: canonical equivalence (Swift's own comparison, as by NFC) and case.
    /// Upper-casing first folds what has no lower-case pair (`ß`, `SS`).
    static func fold(_ name: String) -> String { name.uppercased().lowercased() }

    /// Adds a customer that was checked before; its id is the new row + 1.
    mutating func append(_ customer: Customer, now: Int64) -> UInt32 {
        let row = UInt32(count)
        names.append(customer.name)
        currencies.append(customer.currency)
        countries.append(customer.country)
        companies.append(customer.company)
        accountManagers.append(customer.accountManager)
        statuses.append(UInt8(customer.status.position))
        creditMicros.append(customer.creditMicros)
        debitLimitMicros.append(customer.debitLimitMicros)
        channels.append(customer.channels)
        flowSpeeds.append(customer.flowSpeed)
        portalAccess.append(customer.portalAccess ? 1 : 0)
        shortCallSeconds.append(customer.shortCallSeconds)
        createdAtMicros.append(now)
        updatedAtMicros.append(now)
        versions.append(1)
        lastCallMicros.append(0)
        active.append(0)
        inboundActive.append(0)
        deletedAtMicros.append(0)
        deleted.grow(to: count)
        touch(row: Int(row))
        detailsByRow[Int(row)] = CustomerDetails(
            tags: customer.tags, contacts: customer.contacts, auth: customer.auth, routes: customer.routes,
            notes: customer.notes)
        nameIndex.insert(customer.name, row: Int(row))
        return row + 1
    }

    subscript(row: Int) -> Customer {
        var customer = Customer()
        customer.id = UInt32(row) + 1
        customer.name = names[row]
        customer.currency = currencies[row]
        customer.status = status(row)
        customer.creditMicros = creditMicros[row]
        customer.debitLimitMicros = debitLimitMicros[row]
        customer.channels = channels[row]
        customer.flowSpeed = flowSpeeds[row]
        customer.portalAccess = portalAccess[row] != 0
        customer.country = countries[row]
        customer.company = companies[row]
        customer.accountManager = accountManagers[row]
        customer.shortCallSeconds = shortCallSeconds[row]
        customer.createdAtMicros = createdAtMicros[row]
        customer.updatedAtMicros = updatedAtMicros[row]
        customer.version = versions[row]
        customer.lastCallMicros = lastCallMicros[row]
        if let details = detailsByRow[row] {
            customer.tags = details.tags
            customer.contacts = details.contacts
            customer.auth = details.auth
            customer.routes = details.routes
            customer.notes = details.notes
        }
        return customer
    }

    func status(_ row: Int) -> CustomerStatus { CustomerStatus.allCases[Int(statuses[row])] }

    /// The status including `Dialing`, which is Active with live calls.
    func shownStatus(_ row: Int) -> String {
        let stored = status(row)
        return stored == .active && active[row] > 0 ? CustomerTable.dialing : stored.rawValue
    }

    static let dialing = "Dialing"

    func tags(_ row: Int) -> [String] { detailsByRow[row]?.tags ?? [] }
    /// The rows with a tag. Costs the customers that have lists or notes.
    func rows(tagged tag: String) -> Bitmap {
        var rows = Bitmap(count: count)
        detailsByRow.forEachCustomer { row, details in
            if details.tags.contains(tag) { rows[Int(row)] = true }
        }
        return rows
    }

    /// The tags, contacts and auth entries of a customer, as the search box looks at them.
    func details(_ row: Int) -> [String] {
        guard let details = detailsByRow[row] else { return [] }
        var texts = details.tags
        for contact in details.contacts { texts += [contact.name, contact.email, contact.mobile] }
        for entry in details.auth { texts.append(entry.savedText) }
        return texts
    }

    var byteSize: Int {
        names.byteSize + currencies.byteSize + countries.byteSize + companies.byteSize + accountManagers.byteSize
            + statuses.byteSize + creditMicros.byteSize + debitLimitMicros.byteSize + channels.byteSize
            + flowSpeeds.byteSize + portalAccess.byteSize + shortCallSeconds.byteSize + createdAtMicros.byteSize
            + updatedAtMicros.byteSize + versions.byteSize + lastCallMicros.byteSize + active.byteSize
            + inboundActive.byteSize + fieldDeltas.byteSize + activeDeltas.byteSize
            + deletedAtMicros.byteSize + deleted.byteSize
            + nameIndex.byteSize + deletedNames.byteSize + detailsByRow.byteSize
    }
}
