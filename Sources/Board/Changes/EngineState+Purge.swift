// Customers deleted so long ago that they can no longer be restored: their data is forgotten, also by the history.
// Their rows stay, empty and marked as deleted, for ids are never reused.
//
// The owner of the journal gets the rows that are due, records them, and has them purged; a replay purges the same
// rows.

import Columnar

extension EngineState {
    /// Customers to be purged now, searched for once an hour. Costs the chunks with deleted customers.
    mutating func duePurge(now: Int64) -> RowSet? {
        guard now >= nextPurgeMicros else { return nil }
        nextPurgeMicros = now + BoardLimits.purgeIntervalMicros
        var rows: [UInt32] = []
        let deletedAt = customers.deletedAtMicros
        for chunk in 0..<deletedAt.chunkCount where !deletedAt.isZero(chunk: chunk) {
            for row in deletedAt.rows(inChunk: chunk) where rows.count < BoardLimits.purgedAtOnce {
                let isDue = deletedAt[row] != 0 && now - deletedAt[row] > BoardLimits.undeleteMicros
                if isDue && !customers.isPurged(row) { rows.append(UInt32(row)) }
            }
        }
        if rows.isEmpty { return nil }
        // There may be more.
        if rows.count == BoardLimits.purgedAtOnce { nextPurgeMicros = now }
        return RowSet(rows)
    }

    /// - Returns: false, and nothing is changed, if one of them exists, or never did.
    mutating func purge(_ set: RowSet) -> Bool {
        let rows = set.rows
        guard rows.allSatisfy({ Int($0) < customers.count && customers.deleted[Int($0)] }) else { return false }
        for row in rows {
            money.forget(row: row, currency: customers.currencies[Int(row)])
            customers.purge(Int(row))
        }
        warnings.forget(set)
        changes.forget(set)
        return true
    }
}

extension CustomerTable {
    /// The name of a customer that is not purged is never empty.
    func isPurged(_ row: Int) -> Bool { deleted[row] && names.byteCount(row) == 0 }

    /// Empties the row of a deleted customer.
    fileprivate mutating func purge(_ row: Int) {
        removeFromNames(row)
        names[row] = ""
        currencies[row] = ""
        countries[row] = ""
        companies[row] = ""
        accountManagers[row] = ""
        statuses[row] = 0
        creditMicros[row] = 0
        debitLimitMicros[row] = 0
        channels[row] = 0
        flowSpeeds[row] = 0
        portalAccess[row] = 0
        shortCallSeconds[row] = 0
        detailsByRow[row] = nil
        touch(row: row)
    }
}

extension WarningTable {
    /// Forgets the marks that people have set on warnings of some customers.
    fileprivate mutating func forget(_ rows: RowSet) {
        if marks.keys.contains(where: { rows.contains($0.row) }) { removeMarks { rows.contains($0.row) } }
    }
}

extension Change {
    /// The change without some customers.
    func without(_ others: (UInt32) -> Bool) -> Change {
        var change = self
        let all = rows.rows
        let places = all.indices.filter { !others(all[$0]) }
        change.rows = RowSet(places.map { all[$0] })
        // The note describes no other customer.
        if places.isEmpty && createdCount == 0 && !all.isEmpty { change.note = ChangeNote() }
        change.note.reratings.removeAll { others($0.customerID - 1) }
        if note.leftOut.count > 0 { change.note.leftOut = RowSet(note.leftOut.rows.filter { !others($0) }) }
        for field in change.fields.indices {
            change.fields[field].old = change.fields[field].old.picked(places)
            change.fields[field].new = change.fields[field].new.picked(places)
        }
        return change
    }
}

// MARK: - The engine's door

extension Engine {
    /// Customers that can no longer be restored, to be journalled and then purged; nil: there are none.
    public func duePurge(now: Int64) -> PurgedCustomers? { state.duePurge(now: now).map(PurgedCustomers.init) }

    /// Purges some deleted customers.
    /// - Returns: false, and nothing is changed, if one of them exists, or never did.
    @discardableResult
    public func purge(_ customers: PurgedCustomers) -> Bool { state.purge(customers.rows) }
}

/// Customers that are purged together.
public struct PurgedCustomers: Equatable, Sendable {
    package var rows: RowSet

    package init(_ rows: RowSet) { self.rows = rows }

    package init(_ reader: inout FieldReader) throws(FieldFault) { rows = try RowSet(&reader) }

    package func append(to writer: inout FieldWriter) { writer.append(rows) }

    public var count: Int { rows.count }
}
