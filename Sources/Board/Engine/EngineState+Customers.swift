import CallEvents
import Columnar

extension EngineState {
    /// Creates customers, all of them or none. `idempotencyKey` is empty or 16 bytes made by the client: a repetition
    /// returns the first result. Ids, times and versions of the argument are ignored.
    mutating func createCustomers(
        _ drafts: [Customer], dryRun: Bool, who: String = "", idempotencyKey: [UInt8],
        content: RequestContent = RequestContent(), now: Int64
    ) -> CreateResult {
        advance(now: now)
        if case .created(let result)? = idempotent[idempotencyKey]?.outcome { return result }
        var result = CreateResult()
        if customers.count + drafts.count > BoardLimits.customers {
            result.errors = [
                CustomerError(
                    index: 0, field: "",
                    message: "there would be more than \(BoardLimits.customers) customers; create fewer")
            ]
            result.errorCount = 1
            return result
        }
        (result.errors, result.errorCount) = faults(of: drafts)
        guard result.errorCount == 0, !dryRun else { return result }
        result.ids = create(drafts, who: who, now: now)
        // Where nothing was done nothing is stored: the journal has no record of it either.
        if !result.ids.isEmpty { idempotent[idempotencyKey] = KeyedResult(.created(result), content) }
        return result
    }

    /// A separate function: the check holds the customers' table, and while it lives every change to the table's memory
    /// copies what it changes, the index of names as a whole. With a million customers that is a millisecond each.
    @inline(never)
    private func faults(of drafts: [Customer]) -> (errors: [CustomerError], count: Int) {
        var check = CustomerCheck(table: customers, auth: auth)
        for (index, draft) in drafts.enumerated() { check.check(draft, index: index) }
        return (check.errors, check.errorCount)
    }

    /// Restores customers that were created before the engine started, with the ids from `firstID` on. They were
    /// checked when they were created. The clock does not move.
    /// - Returns: false, and nothing is changed, if these are not the next ids.
    mutating func recreateCustomers(
        _ created: [Customer], firstID: UInt32, createdAtMicros: Int64, who: String = "", idempotencyKey: [UInt8],
        content: RequestContent = RequestContent()
    ) -> Bool {
        guard Int(firstID) == customers.count + 1, created.count <= BoardLimits.customers - customers.count
        else { return false }
        var result = CreateResult()
        result.ids = create(created, who: who, now: createdAtMicros)
        idempotent[idempotencyKey] = KeyedResult(.created(result), content)
        return true
    }

    private mutating func create(_ drafts: [Customer], who: String, now: Int64) -> [UInt32] {
        if drafts.isEmpty { return [] }
        var change = next(.created, who: who, now: now)
        change.createdFirstID = UInt32(customers.count) + 1
        change.createdCount = UInt32(drafts.count)
        let ids = drafts.map { create($0, now: now) }
        timeline.grow(to: customers.count)
        changes.append(change)
        return ids
    }

    mutating func create(_ draft: Customer, now: Int64) -> UInt32 {
        let id = customers.append(draft, now: now)
        for entry in draft.auth { claim(entry, row: id - 1) }
        return id
    }

    func customer(id: UInt32) -> Customer? {
        customers.row(id: id).map { customers[$0] }
    }

    /// By name, ignoring case and normalisation.
    func customer(named name: String) -> Customer? {
        customers.row(named: name).map { customers[$0] }
    }

    /// Customers with ids above `id`, ascending.
    func customers(after id: UInt32, limit: Int) -> [Customer] {
        var found: [Customer] = []
        var row = min(Int(id), customers.count)
        while row < customers.count && found.count < limit {
            if !customers.deleted[row] { found.append(customers[row]) }
            row += 1
        }
        return found
    }
}
