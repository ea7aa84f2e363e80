// Applying a change: columns, indices and the log follow; it cannot fail any more.

import CallEvents
import Columnar

extension EngineState {
    /// Applies what was prepared since the last change.
    mutating func commit(_ prepared: PreparedChange, idempotencyKey: [UInt8]) -> ChangeResult {
        var result = ChangeResult(matched: prepared.matched, changed: prepared.change.customerCount)
        if !prepared.isEmpty {
            result.number = prepared.change.number
            apply(prepared.change, created: prepared.created)
            watch(prepared.change.rows.rows, now: prepared.change.atMicros)
        }
        idempotent[idempotencyKey] = KeyedResult(.changed(result), prepared.content)
        return result
    }

    /// Applies again what was done before the engine started, from the journal: values before the change are looked up.
    /// - Returns: false, and nothing is changed, if it is not the next change or does not fit the customers.
    mutating func replay(
        _ change: Change, created: [Customer], matched: Int, idempotencyKey: [UInt8],
        content: RequestContent = RequestContent()
    ) -> Bool {
        guard isNext(change), fits(change, created.count) else { return false }
        var change = change
        let rows = change.rows.rows
        for place in change.fields.indices {
            change.fields[place].old = customers.values(change.fields[place].field, rows)
        }
        apply(change, created: created)
        let result = ChangeResult(number: change.number, matched: matched, changed: change.customerCount)
        idempotent[idempotencyKey] = KeyedResult(.changed(result), content)
        return true
    }

    /// Older journals have creations without numbers: changes are counted from the first that has one.
    mutating func isNext(_ change: Change) -> Bool {
        if change.number != changes.lastNumber + 1 && changes.hasOnlyCreations {
            changes = ChangeLog([], lastNumber: change.number - 1)
        }
        return change.number == changes.lastNumber + 1
    }

    func fits(_ change: Change, _ created: Int) -> Bool {
        guard created == Int(change.createdCount), created <= BoardLimits.customers - customers.count,
            created == 0 || Int(change.createdFirstID) == customers.count + 1
        else { return false }
        let last = max(change.rows.rows.last ?? 0, change.note.leftOut.rows.last ?? 0)
        return Int(last) < max(1, customers.count)
    }

    mutating func apply(_ change: Change, created: [Customer]) {
        let rows = change.rows.rows
        let names = change.fields.contains { $0.field == .name || $0.field == .deleted }
        let auth = change.fields.contains { $0.field == .auth || $0.field == .deleted }
        // All are removed from the indices before any is inserted: one customer may get what another gives up.
        for row in rows where names { customers.removeFromNames(Int(row)) }
        for row in rows where auth && !customers.deleted[Int(row)] {
            for entry in customers.authEntries(Int(row)) { release(entry, row: row) }
        }
        for field in change.fields { customers.set(field.field, rows, to: field.new) }
        for row in rows where names { customers.addToNames(Int(row)) }
        for row in rows where auth && !customers.deleted[Int(row)] {
            for entry in customers.authEntries(Int(row)) { claim(entry, row: row) }
        }
        customers.finishChange(
            rows, atMicros: change.atMicros, texts: change.fields.contains { $0.field.isSearched })
        self.auth.reserve(created.count)
        for customer in created { _ = create(customer, now: change.atMicros) }
        if !created.isEmpty { timeline.grow(to: customers.count) }
        // Pending actions, and what became of them, are saved as customers are.
        if change.isKeptEmpty { customers.noteOtherChange() }
        changes.append(change)
    }

    /// Gives an auth entry to a customer.
    mutating func claim(_ entry: AuthEntry, row: UInt32) {
        auth.insert(entry, row: row)
        // A customer's address is no longer an unknown source.
        if !switches.isEmpty, let address = entry.address { switches.remove(address) }
        claimInbound(entry, row: row)
    }

    private mutating func release(_ entry: AuthEntry, row: UInt32) {
        auth.remove(entry, row: row)
        if let target = entry.inboundTarget { inbound.remove(target, row: row) }
    }
}

extension CustomerTable {
    func authEntries(_ row: Int) -> [AuthEntry] { detailsByRow[row]?.auth ?? [] }
}
