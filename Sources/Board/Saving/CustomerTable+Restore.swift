// The customers from saved tables. Columns are taken over as they are; hash indices (names, dictionaries) are
// rebuilt. Everything that other code relies on is checked.

import Columnar

extension CustomerTable {
    init(_ tables: [SavedTable]) throws(RestoreError) {
        self.init()
        let table = try tables[.customers]
        guard table.rowCount <= BoardLimits.customers else { throw table.fault("has too many customers") }
        names = try table.text(1)
        statuses = try CustomerTable.statuses(try table.unsigned8(2), try tables[.statuses])
        currencies = try CustomerTable.dictionary(try table.codes(3), try tables[.currencies])
        countries = try CustomerTable.dictionary(try table.codes(4), try tables[.countries])
        companies = try CustomerTable.dictionary(try table.codes(5), try tables[.companies])
        accountManagers = try CustomerTable.dictionary(try table.codes(6), try tables[.accountManagers])
        creditMicros = try table.signed64(7)
        debitLimitMicros = try table.signed64(8)
        channels = try table.unsigned32(9)
        flowSpeeds = try table.unsigned32(10)
        portalAccess = try table.unsigned8(11)
        shortCallSeconds = try table.unsigned32(12)
        createdAtMicros = try table.signed64(13)
        updatedAtMicros = try table.signed64(14)
        versions = try table.unsigned32(15)
        lastCallMicros.grow(to: table.rowCount)
        var active = Column<Int32>()
        active.grow(to: table.rowCount)
        restoreActive(active, inbound: active)
        // Older files have no such column: no customer was deleted.
        var deletedAt = table.column(16) == nil ? Column<Int64>() : try table.signed64(16)
        deletedAt.grow(to: table.rowCount)
        restoreDeleted(deletedAt)
        guard indexNames() else { throw table.fault("has two customers of one name") }
        guard hasSums else { throw table.fault("has credit and limit that add up to more than an amount can be") }
        for chunk in 0..<chunkCount { touch(row: chunk * ChunkSize.rows) }
        try restoreDetails(tables)
    }

    /// `credit + debit limit` is computed elsewhere without a check.
    private var hasSums: Bool {
        (0..<chunkCount).allSatisfy { chunk in
            creditMicros.withChunk(chunk) { credit in
                debitLimitMicros.withChunk(chunk) { limit in
                    credit.indices.allSatisfy { !credit[$0].addingReportingOverflow(limit[$0]).overflow }
                }
            }
        }
    }

    /// Statuses are saved as positions in a list that is saved with them.
    private static func statuses(_ saved: Column<UInt8>, _ list: SavedTable) throws(RestoreError) -> Column<UInt8> {
        let names = try list.text(1)
        var positions: [UInt8] = []
        for row in 0..<min(names.count, 256) {
            guard let position = CustomerStatus.allCases.firstIndex(where: { $0.rawValue == names[row] }) else {
                throw list.fault("has the unknown status '\(names[row])'")
            }
            positions.append(UInt8(position))
        }
        guard CodeColumn(.narrow(saved)).areBelow(UInt32(positions.count)) else {
            throw list.fault("has fewer statuses than customers use")
        }
        if positions.enumerated().allSatisfy({ $0.offset == $0.element }) { return saved }
        var column = saved
        for row in 0..<saved.count { column[row] = positions[Int(saved[row])] }
        return column
    }

    private static func dictionary(_ codes: CodeColumn, _ list: SavedTable) throws(RestoreError) -> DictionaryColumn {
        let texts = try list.text(1)
        guard let column = DictionaryColumn(codes: codes, values: (0..<texts.count).map { texts[$0] }) else {
            throw list.fault("is no dictionary of the customers")
        }
        return column
    }

    // MARK: - Lists

    private mutating func restoreDetails(_ tables: [SavedTable]) throws(RestoreError) {
        let tags = try tables[.tags]
        let tagTexts = try tags.text(2)
        try forEachEntry(tags) { entry, details in details.tags.append(tagTexts[entry]) }
        let contacts = try tables[.contacts]
        let (name, email) = (try contacts.text(2), try contacts.text(3))
        let (mobile, kind) = (try contacts.text(4), try contacts.text(5))
        try forEachEntry(contacts) { entry, details in
            details.contacts.append(
                Contact(name: name[entry], email: email[entry], mobile: mobile[entry], kind: kind[entry]))
        }
        let auth = try tables[.auth]
        let (authKinds, authTexts) = (try auth.unsigned8(2), try auth.text(3))
        try forEachEntry(auth) { (entry, details) throws(RestoreError) in
            guard let value = AuthEntry(savedKind: authKinds[entry], text: authTexts[entry]) else {
                throw auth.fault("has an entry of an unknown kind, or one that cannot be read")
            }
            details.auth.append(value)
        }
        let routes = try tables[.routes]
        let (routeNames, areEnabled) = (try routes.text(2), try routes.unsigned8(3))
        try forEachEntry(routes) { entry, details in
            details.routes.append(Route(name: routeNames[entry], enabled: areEnabled[entry] != 0))
        }
        let notes = try tables[.notes]
        let noteTexts = try notes.text(2)
        try forEachEntry(notes) { entry, details in details.notes = noteTexts[entry] }
    }

    /// Passes each entry of a list table to `body`, with its customer's details so far.
    private mutating func forEachEntry(
        _ table: SavedTable, _ body: (_ entry: Int, inout CustomerDetails) throws(RestoreError) -> Void
    ) throws(RestoreError) {
        let rows = try table.unsigned32(1)
        var entry = 0
        while entry < rows.count {
            let row = Int(rows[entry])
            guard row < count else { throw table.fault("names a customer that there is not") }
            try detailsByRow.change(row) { (details) throws(RestoreError) in
                repeat {
                    try body(entry, &details)
                    entry += 1
                } while entry < rows.count && Int(rows[entry]) == row
            }
        }
    }
}

extension AuthIndex {
    /// The auth sets of all customers.
    init(_ customers: CustomerTable) throws(RestoreError) {
        self.init(expected: customers.detailsByRow.count)
        try customers.detailsByRow.forEachCustomer { (row, details) throws(RestoreError) in
            // A deleted customer has given up its entries.
            for entry in details.auth where !customers.deleted[Int(row)] && !insert(entry, row: row) {
                throw RestoreError(table: "auth", fault: "has '\(entry.savedText)', which is another's or no address")
            }
        }
    }
}
