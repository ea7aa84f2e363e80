// Customers who were deleted so long ago that nobody can have them back: what they had is forgotten, also by the history.
// Their rows stay, empty and marked as deleted, for ids are never given again.
//
// Whoever keeps a journal asks who is due, keeps that, and has it done; a replay does the same rows again.

import Columnar

extension EngineState {
    /// Customers to be purged now, looked for once an hour. Cost: the chunks that have somebody deleted.
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

    /// - Returns: false, and nothing is changed, if somebody of them is there, or was never.
    mutating func purge(_ set: RowSet) -> Bool {
        let rows = set.rows
        guard rows.allSatisfy({ Int($0) < customers.count && customers.deleted[Int($0)] }) else { return false }
        for row in rows {
            customers.purge(Int(row))
            money.forget(row: row)
        }
        warnings.forget(set)
        changes.forget(set)
        return true
    }
}

extension CustomerTable {
    /// A name is never empty before.
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
    /// What people have said of warnings of some customers.
    fileprivate mutating func forget(_ rows: RowSet) {
        if marks.keys.contains(where: { rows.contains($0.row) }) { removeMarks { rows.contains($0.row) } }
    }
}

extension Change {
    /// Takes some customers out of it.
    func without(_ others: (UInt32) -> Bool) -> Change {
        var change = self
        let all = rows.rows
        let places = all.indices.filter { !others(all[$0]) }
        change.rows = RowSet(places.map { all[$0] })
        // What was asked for tells of nobody else.
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
    /// Customers whose time to be had back is over, to be kept and then purged; nil: there are none.
    public func duePurge(now: Int64) -> PurgedCustomers? { state.duePurge(now: now).map(PurgedCustomers.init) }

    /// Forgets all that some deleted customers had.
    /// - Returns: false, and nothing is changed, if somebody of them is there, or was never.
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
