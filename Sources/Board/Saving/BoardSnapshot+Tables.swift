// The customers as tables: one of columns, one per dictionary, and one per list, whose rows name their customer.

import Columnar

extension BoardSnapshot {
    /// Costs nothing for columns; the lists are read once, 0.1 us per entry.
    public func tables() -> [SavedTable] {
        var lists = DetailLists()
        details.forEachCustomer { lists.append($1, row: $0) }
        // In ascending order of ids: a file is read in that order, and its root hash is over that order.
        return [customers]
            + [
                texts(.statuses, CustomerStatus.allCases.map(\.rawValue)), texts(.currencies, currencies.values),
                texts(.countries, countries.values), texts(.companies, companies.values),
                texts(.accountManagers, accountManagers.values),
            ] + lists.tables + [results.table] + changes.tables
            + [documents.table, WarningTable.table(warningMarks), results.contentTable] + changes.laterTables
            + [debits.table]
    }

    private var customers: SavedTable {
        SavedTable(
            id: SavedTableID.customers.rawValue, name: "customers",
            columns: [
                SavedColumn(1, "name", .text(names)),
                SavedColumn(2, "status", .unsigned8(statuses)),
                SavedColumn(3, "currency", SavedValues(currencies.codes)),
                SavedColumn(4, "country", SavedValues(countries.codes)),
                SavedColumn(5, "company", SavedValues(companies.codes)),
                SavedColumn(6, "account_manager", SavedValues(accountManagers.codes)),
                SavedColumn(7, "credit_micros", .signed64(creditMicros)),
                SavedColumn(8, "debit_limit_micros", .signed64(debitLimitMicros)),
                SavedColumn(9, "channels", .unsigned32(channels)),
                SavedColumn(10, "flow_speed", .unsigned32(flowSpeeds)),
                SavedColumn(11, "portal_access", .unsigned8(portalAccess)),
                SavedColumn(12, "short_call_seconds", .unsigned32(shortCallSeconds)),
                SavedColumn(13, "created_at_micros", .signed64(createdAtMicros)),
                SavedColumn(14, "updated_at_micros", .signed64(updatedAtMicros)),
                SavedColumn(15, "version", .unsigned32(versions)),
                SavedColumn(16, "deleted_at_micros", .signed64(deletedAtMicros)),
            ])
    }

    private func texts(_ id: SavedTableID, _ values: [String]) -> SavedTable {
        SavedTable(id: id.rawValue, name: "\(id)", columns: [SavedColumn(1, "text", SavedValues(values))])
    }
}

/// The lists of all customers, end to end. Each has a column of the customers' rows, which ascend.
private struct DetailLists {
    private var tagRows = Column<UInt32>()
    private var tags = TextColumn()
    private var contactRows = Column<UInt32>()
    private var contacts = [TextColumn](repeating: TextColumn(), count: 4)
    private var authRows = Column<UInt32>()
    private var authKinds = Column<UInt8>()
    private var auth = TextColumn()
    private var routeRows = Column<UInt32>()
    private var routes = TextColumn()
    private var areRoutesEnabled = Column<UInt8>()
    private var noteRows = Column<UInt32>()
    private var notes = TextColumn()

    mutating func append(_ details: CustomerDetails, row: UInt32) {
        for tag in details.tags {
            tagRows.append(row)
            tags.append(tag)
        }
        for contact in details.contacts {
            contactRows.append(row)
            let texts = [contact.name, contact.email, contact.mobile, contact.kind]
            for (index, text) in texts.enumerated() { contacts[index].append(text) }
        }
        for entry in details.auth {
            authRows.append(row)
            authKinds.append(entry.savedKind)
            auth.append(entry.savedText)
        }
        for route in details.routes {
            routeRows.append(row)
            routes.append(route.name)
            areRoutesEnabled.append(route.enabled ? 1 : 0)
        }
        if !details.notes.isEmpty {
            noteRows.append(row)
            notes.append(details.notes)
        }
    }

    var tables: [SavedTable] {
        [
            table(.tags, tagRows, [SavedColumn(2, "tag", .text(tags))]),
            table(
                .contacts, contactRows,
                [
                    SavedColumn(2, "name", .text(contacts[0])), SavedColumn(3, "email", .text(contacts[1])),
                    SavedColumn(4, "mobile", .text(contacts[2])), SavedColumn(5, "kind", .text(contacts[3])),
                ]),
            table(
                .auth, authRows,
                [SavedColumn(2, "kind", .unsigned8(authKinds)), SavedColumn(3, "entry", .text(auth))]),
            table(
                .routes, routeRows,
                [SavedColumn(2, "name", .text(routes)), SavedColumn(3, "enabled", .unsigned8(areRoutesEnabled))]),
            table(.notes, noteRows, [SavedColumn(2, "notes", .text(notes))]),
        ]
    }

    private func table(_ id: SavedTableID, _ rows: Column<UInt32>, _ columns: [SavedColumn]) -> SavedTable {
        SavedTable(
            id: id.rawValue, name: "\(id)", columns: [SavedColumn(1, "customer_row", .unsigned32(rows))] + columns)
    }
}
