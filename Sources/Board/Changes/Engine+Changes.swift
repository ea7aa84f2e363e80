// Changes of customers, in two steps: prepared, which changes nothing and finds every error, and committed, which
// cannot fail. In between the caller checks whether the change can be journalled.

import Columnar

extension Engine {
    /// Prepares an edit of one customer or many.
    public func prepare(_ edit: CustomerEdit, now: Int64) throws(ChangeRefusal) -> PreparedChange {
        try state.prepare(edit, now: now)
    }

    /// - Parameters:
    ///   - expectedVersion: of the only customer; 0: any.
    ///   - expectedSelection: `selectionHash` of an earlier preparation; 0: any.
    public func prepareDelete(
        _ selection: CustomerEdit.Selection, expectedVersion: UInt32, expectedSelection: UInt64 = 0, who: String,
        now: Int64
    ) throws(ChangeRefusal) -> PreparedChange {
        try state.prepareDelete(
            selection, expectedVersion: expectedVersion, expectedSelection: expectedSelection, who: who, now: now)
    }

    /// Prepares an undo. `number` 0: the newest change of the customer; `customerID` 0: `number` alone decides.
    public func prepareUndo(
        customerID: UInt32, number: UInt32, who: String, now: Int64
    ) throws(ChangeRefusal) -> PreparedChange {
        try state.prepareUndo(customerID: customerID, number: number, who: who, now: now)
    }

    /// Prepares the first change that is due to begin or to be set back; to be committed even if empty, which ends the
    /// wait. Nil: none is due.
    /// - Parameter refusal: why it cannot be journalled as is: then nothing is done but to record that.
    public func prepareDue(refusal: String? = nil, now: Int64) -> PreparedChange? {
        state.prepareDue(refusal: refusal, now: now)
    }

    /// Calls off the pending action of a change: an edit does not begin, or what was changed is not set back.
    public func prepareCallOff(number: UInt32, who: String, now: Int64) throws(ChangeRefusal) -> PreparedChange {
        try state.prepareCallOff(number: number, who: who, now: now)
    }

    /// Changes in force that set others back before their time, because the clock ran ahead: the newest first.
    /// Costs a check of the newest `BoardLimits.earlySetBacksWithin` changes.
    public func setBackEarly(now: Int64) -> [EarlySetBack] { state.changes.setBackEarly(now: now) }

    /// Applies what was prepared, all of it at once; nothing else has changed since. It has no errors.
    public func commit(_ prepared: PreparedChange, idempotencyKey: [UInt8]) -> ChangeResult {
        state.commit(prepared, idempotencyKey: idempotencyKey)
    }

    /// Applies a change from the journal again, before any call is observed.
    /// - Returns: false, and nothing is changed, if it is not the next change.
    public func replay(
        _ change: Change, created: [Customer], matched: Int, idempotencyKey: [UInt8],
        content: RequestContent = RequestContent()
    ) -> Bool {
        state.replay(change, created: created, matched: matched, idempotencyKey: idempotencyKey, content: content)
    }

    /// Customers that match a query, with ids above `id`, ascending; and the number of all matches.
    public func customers(
        _ query: BoardQuery, after id: UInt32, limit: Int, now: Int64
    ) throws(QueryError) -> (customers: [Customer], matched: Int) {
        state.advance(now: now)
        let rows = try state.rows(query)
        return (rows.lazy.filter { $0 >= id }.prefix(limit).map { state.customers[Int($0)] }, rows.count)
    }

    /// Checks that a query is valid.
    public func check(_ query: BoardQuery) throws(QueryError) {
        _ = try BoardPlan(query, nowMicros: state.nowMicros)
    }

    // MARK: - Imports

    /// The progress of an import; nil: there is none with this key.
    public func importProgress(_ key: [UInt8]) -> (
        parts: UInt32, counts: ImportCounts, errorCount: Int, isRefused: Bool
    )? {
        state.imports[key].map { ($0.parts, $0.counts, $0.errorCount, $0.hasRefused) }
    }

    public var importCount: Int { state.imports.count }

    /// Takes the next rows of an import, which begins with its first.
    /// - Parameter hash: of the part's content; nil: unknown, and then no part's hash is stored.
    /// - Returns: errors of these rows, and what the journal has to store of them.
    package func takeImport(
        _ rows: [ImportRow], unreadable: Int, of key: [UInt8], hash: UInt64? = nil, now: Int64
    ) throws(ChangeRefusal) -> (
        errors: [CustomerError], created: ArraySlice<Customer>, updates: ArraySlice<ImportUpdate>
    ) {
        try state.takeImport(rows, unreadable: unreadable, of: key, hash: hash, now: now)
    }

    /// Prepares the change of a complete import. The import is over then, whether or not the change is committed.
    /// - Parameter file: its name, for the history.
    public func prepareImport(
        _ key: [UInt8], who: String, file: String = "", now: Int64
    ) throws(ChangeRefusal) -> PreparedChange {
        try state.prepareImport(key, who: who, file: file, now: now)
    }

    public func forgetImport(_ key: [UInt8]) { state.imports[key] = nil }

    /// Drops imports whose next part has been missing for long.
    public func forgetImports(before micros: Int64) { state.forgetImports(before: micros) }

    package func replayImport(
        _ created: ArraySlice<Customer>, _ updates: ArraySlice<ImportUpdate>, of key: [UInt8]
    ) {
        state.replayImport(created, updates, of: key)
    }

    package func replayImport(
        _ header: Change, matched: Int, of key: [UInt8], content: RequestContent = RequestContent()
    ) -> Bool {
        state.replayImport(header, matched: matched, of: key, content: content)
    }

    // MARK: - Results and history

    /// The earlier result of a request with this key; nil: there was none.
    public func result(ofKey key: [UInt8]) -> ChangeResult? {
        if case .changed(let result)? = state.idempotent[key]?.outcome { result } else { nil }
    }

    /// The retained changes of a customer, newest first; those before a number (0: all).
    public func history(customerID: UInt32, before number: UInt32, limit: Int) -> [Change] {
        guard customerID > 0 else { return [] }
        var found: [Change] = []
        state.changes.forEachNewestFirst { change in
            let isHis =
                change.rows.contains(customerID - 1) || change.hasCreated(row: customerID - 1)
                || change.note.hasLeftOut(customerID: customerID) || state.names(change, customerID)
            if isHis && (number == 0 || change.number < number) { found.append(change) }
            return found.count < limit
        }
        return found
    }

    /// Changes of all customers, newest first.
    public func history(before number: UInt32, limit: Int) -> [Change] {
        var found: [Change] = []
        state.changes.forEachNewestFirst { change in
            if number == 0 || change.number < number { found.append(change) }
            return found.count < limit
        }
        return found
    }

    public func change(_ number: UInt32) -> Change? { state.changes[number] }

    /// The name of a customer, deleted or not.
    public func nameEver(of id: UInt32) -> String { hasHad(id) ? state.customers.names[Int(id) - 1] : "" }

    /// When a customer was deleted, microseconds since 1970; 0: it exists, or never did.
    public func deletedAtMicros(of id: UInt32) -> Int64 {
        hasHad(id) ? state.customers.deletedAtMicros[Int(id) - 1] : 0
    }

    /// Whether a customer with this id exists or was deleted.
    public func hasHad(_ id: UInt32) -> Bool { id >= 1 && Int(id) <= state.customers.count }
}
