// Deleted customers that can be restored.

import Columnar

public struct DeletedCustomer: Sendable {
    public var id: UInt32
    public var name: String
    /// Microseconds since 1970.
    public var deletedAtMicros: Int64
    /// Until when it can be restored, microseconds since 1970.
    public var untilMicros: Int64
    /// The change that deleted it; nil: no longer retained.
    public var change: Change?
}

extension Engine {
    /// Ids of customers that had this name when they were deleted, ascending; purged ones are not among them. Costs one
    /// probe of the index of deleted names.
    public func deletedCustomers(named name: String) -> [UInt32] { state.deletedCustomers(named: name) }

    /// Why there is no customer with a name: deleted, or never created.
    public func absence(named name: String) -> String { state.absence(named: name) }

    /// Deleted customers that can be restored, by id.
    /// - Returns: those above `id`, up to `limit`, and their total number.
    public func deletedCustomers(after id: UInt32, limit: Int, now: Int64) -> (customers: [DeletedCustomer], total: Int)
    {
        var (found, total): ([DeletedCustomer], Int) = ([], 0)
        state.customers.forEachDeleted { row in
            let deletedAt = state.customers.deletedAtMicros[row]
            guard now - deletedAt <= BoardLimits.undeleteMicros else { return }
            total += 1
            if row >= Int(id) && found.count < limit {
                found.append(
                    DeletedCustomer(
                        id: UInt32(row) + 1, name: state.customers.names[row], deletedAtMicros: deletedAt,
                        untilMicros: deletedAt + BoardLimits.undeleteMicros))
            }
        }
        addChanges(to: &found)
        return (found, total)
    }

    /// Adds the newest change that deleted each: one pass over the log for all.
    private func addChanges(to found: inout [DeletedCustomer]) {
        var places: [UInt32: Int] = [:]
        for (place, customer) in found.enumerated() { places[customer.id - 1] = place }
        state.changes.forEachNewestFirst { change in
            guard change.fields.contains(where: { $0.field == .deleted }) else { return !places.isEmpty }
            // The smaller of the two: the size of the log bounds the work.
            let isFew = change.rows.count < places.count
            for row in isFew ? change.rows.rows : Array(places.keys) where isFew || change.rows.contains(row) {
                if let place = places.removeValue(forKey: row) { found[place].change = change }
            }
            return !places.isEmpty
        }
    }
}

extension EngineState {
    func deletedCustomers(named name: String) -> [UInt32] {
        customers.deletedRows(named: name).map { UInt32($0) + 1 }
    }

    func absence(named name: String) -> String {
        guard let deleted = deletedCustomers(named: name).last else {
            return "no customer with name '\(name.prefix(BoardLimits.nameBytes))'"
        }
        return absence(of: deleted)
    }
}

extension CustomerTable {
    /// Visits the rows of deleted customers that are not purged, ascending.
    fileprivate func forEachDeleted(_ body: (Int) -> Void) {
        guard deletedCount > 0 else { return }
        for chunk in 0..<deletedAtMicros.chunkCount where !deletedAtMicros.isZero(chunk: chunk) {
            for row in deletedAtMicros.rows(inChunk: chunk) where deletedAtMicros[row] != 0 && !isPurged(row) {
                body(row)
            }
        }
    }
}
