// Undoing a change: its fields get their earlier values again, unless later changes prevent it.

import Columnar

extension EngineState {
    /// - Parameters:
    ///   - number: 0: the newest change of the customer.
    ///   - customerID: 0: none is named; then there is a number.
    mutating func prepareUndo(
        customerID: UInt32, number: UInt32, who: String, now: Int64
    ) throws(ChangeRefusal) -> PreparedChange {
        advance(now: now)
        guard customerID <= customers.count else { throw .notFound("no customer with id \(customerID)") }
        if number == 0, customerID > 0, customers.row(id: customerID) == nil {
            if customers.isPurged(Int(customerID) - 1) {
                throw .conflict(
                    "customer \(customerID) was deleted more than 30 days ago and can no longer be restored")
            }
            return try prepareUndelete(row: customerID - 1, who: who, now: now)
        }
        if let other = try prepareUndo(planned: number, customerID: customerID, who: who, now: now) { return other }
        let change = try changeToUndo(customerID, number)
        if change.kind == .rerated {
            throw .conflict(
                "change \(change.number) is what calls cost, as a feed told it; to take it back, feed the rows with the costs of before"
            )
        }
        guard change.customerCount > 0 || change.kind == .scheduled else {
            throw .conflict("the customers of change \(change.number) were deleted more than 30 days ago")
        }
        if change.undoneBy != 0 {
            throw .conflict("change \(change.number) is undone already, by change \(change.undoneBy)")
        }
        if let (later, row) = changes.obstacle(to: change) { throw .conflict(obstacle(later, row, change)) }
        var prepared = PreparedChange()
        prepared.change = next(.undone, who: who, now: now)
        prepared.change.undoes = change.number
        var check = CustomerCheck(table: customers, auth: auth, isRestoring: true)
        try restore(change, &prepared.change, &check)
        prepared.matched = prepared.change.customerCount
        (prepared.errors, prepared.errorCount) = (check.errors, check.errorCount)
        return prepared
    }

    /// Prepares the set-back of a change that is due: values that were changed since stay.
    func prepareSetBack(_ due: Change, now: Int64) -> PreparedChange {
        var change = due
        var prepared = PreparedChange()
        prepared.change = next(.scheduled, who: change.who, now: now)
        prepared.change.undoes = change.number
        prepared.matched = change.rows.count
        let inTheWay = changes.rowsInTheWay(of: change)
        if !inTheWay.isEmpty {
            change = change.without { inTheWay.contains($0) }
            prepared.change.note.leftOut = RowSet(inTheWay.sorted())
            prepared.change.note.leftOutFor = changes.newestInTheWay(of: due.number, rows: inTheWay)
        }
        var empty = prepared.change
        var check = CustomerCheck(table: customers, auth: auth, isRestoring: true)
        do throws(ChangeRefusal) {
            if change.rows.count > 0 { try restore(change, &prepared.change, &check) }
        } catch {
            empty.note.leftOut = due.rows
            (empty.later.hasFailed, empty.later.remark) = (true, error.message)
            prepared.change = empty
        }
        // Another customer has the name by now: then nothing is set back.
        if let first = check.errors.first {
            empty.note.leftOut = due.rows
            (empty.later.hasFailed, empty.later.remark) = (true, "customer \(first.customerID): \(first.message)")
            prepared.change = empty
        }
        return prepared
    }

    private func changeToUndo(_ customerID: UInt32, _ number: UInt32) throws(ChangeRefusal) -> Change {
        let row = customerID &- 1
        if number == 0 {
            guard customerID > 0 else { throw .invalid(QueryError("give a customer, or a change")) }
            guard let newest = changes.newest(of: row) else {
                throw .notFound("no change of customer \(customerID) is left to undo")
            }
            guard newest.customerCount == 1 else {
                throw .conflict(
                    "change \(newest.number) changed \(newest.customerCount) customers; to undo it for all of them, name it: "
                        + "--change \(newest.number)")
            }
            guard !newest.hasCreated(row: row) else {
                throw .conflict(
                    "customer \(customerID) has nothing to undo except its creation; to remove it, use `customer delete`"
                )
            }
            return newest
        }
        guard let change = changes[number] else {
            let reason = number > changes.lastNumber ? "there is no change" : "too long ago, and no longer kept: change"
            throw .notFound("\(reason) \(number)")
        }
        guard customerID == 0 || change.rows.contains(row) || change.hasCreated(row: row) else {
            throw .notFound("change \(number) is none of customer \(customerID)")
        }
        return change
    }

    private func obstacle(_ later: Change, _ row: UInt32, _ change: Change) -> String {
        let fields = later.fields.filter { own in change.fields.contains { $0.field == own.field } }.map(\.field.name)
        let who = later.who.isEmpty ? "" : " by \(later.who)"
        let what =
            later.fields.contains { $0.field == .deleted } ? "deleted" : "changed \(fields.joined(separator: ", ")) of"
        return
            "change \(change.number) cannot be undone: change \(later.number)\(who) has since \(what) customer \(row + 1) "
            + "'\(customers.names[Int(row)])'; undo that one first"
    }

    /// Restores a deleted customer, whether or not its deletion is still in the log.
    private func prepareUndelete(row: UInt32, who: String, now: Int64) throws(ChangeRefusal) -> PreparedChange {
        var prepared = PreparedChange()
        prepared.change = next(.undone, who: who, now: now)
        prepared.matched = 1
        // At any time: the clock may have been set back since.
        changes.forEachNewestFirst { change in
            let isIt = change.rows.contains(row) && change.fields.contains { $0.field == .deleted }
            if isIt && change.rows.count == 1 { prepared.change.undoes = change.number }
            return !isIt
        }
        var check = CustomerCheck(table: customers, auth: auth, isRestoring: true)
        var change = Change()
        change.fields = [
            FieldChange(field: .deleted, old: FieldValues([Int64(0)]), new: customers.values(.deleted, [row]))
        ]
        change.rows = .list([row])
        try restore(change, &prepared.change, &check)
        (prepared.errors, prepared.errorCount) = (check.errors, check.errorCount)
        return prepared
    }

    /// Gives the fields of a change their earlier values. Deleted customers exist again; customers that it restored or
    /// created are deleted.
    private func restore(
        _ undone: Change, _ change: inout Change, _ check: inout CustomerCheck
    ) throws(ChangeRefusal) {
        let changed = undone.rows.rows
        // Created rows were the last, so they come after the changed ones.
        let rows = changed + (0..<undone.createdCount).map { undone.createdFirstID - 1 + $0 }
        change.rows = RowSet(rows)
        var isDeletedRestored = false
        for field in undone.fields {
            let now = customers.values(field.field, rows)
            let new: FieldValues
            switch field.field {
            case .credit: new = restoredCredits(field, now, rows, changed.count, &check)
            case .deleted:
                isDeletedRestored = true
                new = try restoredDeletes(field, now, rows, changed.count, change.atMicros, &check)
            default: new = field.old.followed(by: now, from: changed.count)
            }
            change.fields.append(FieldChange(field: field.field, old: now, new: new))
        }
        if undone.createdCount > 0 && !isDeletedRestored {
            let now = customers.values(.deleted, rows)
            let new = rows.indices.map { $0 < changed.count ? now.number($0) : change.atMicros }
            change.fields.append(FieldChange(field: .deleted, old: now, new: FieldValues(new)))
        }
        checkValues(change, rows, &check)
    }

    /// Calls have been paid from the credit since: what was added is subtracted, and the other way round.
    private func restoredCredits(
        _ field: FieldChange, _ now: FieldValues, _ rows: [UInt32], _ changed: Int, _ check: inout CustomerCheck
    ) -> FieldValues {
        var credits: [Int64] = []
        for (place, row) in rows.enumerated() {
            guard place < changed else {
                credits.append(now.number(place))
                continue
            }
            let (difference, first) = field.old.number(place).subtractingReportingOverflow(field.new.number(place))
            let (credit, second) = now.number(place).addingReportingOverflow(difference)
            if first || second {
                check.report("credit", "credit would be beyond what an amount can be", row: row, index: Int(row))
            }
            credits.append(credit)
        }
        return FieldValues(credits)
    }

    private func restoredDeletes(
        _ field: FieldChange, _ now: FieldValues, _ rows: [UInt32], _ changed: Int, _ atMicros: Int64,
        _ check: inout CustomerCheck
    ) throws(ChangeRefusal) -> FieldValues {
        var deletes: [Int64] = []
        for (place, row) in rows.enumerated() {
            let deletedAt = now.number(place)
            if place >= changed {
                deletes.append(atMicros)
            } else if field.old.number(place) == field.new.number(place) {
                deletes.append(deletedAt)
            } else if field.old.number(place) != 0 {
                deletes.append(atMicros)
            } else {
                if atMicros - deletedAt > BoardLimits.undeleteMicros {
                    throw .conflict(
                        "customer \(row + 1) was deleted more than 30 days ago and can no longer be restored")
                }
                // Another customer may have its name or auth entries by now.
                check.check(.name, .text(customers.names[Int(row)]), row: row, index: Int(row))
                check.check(.auth, customers.value(.auth, Int(row)), row: row, index: Int(row))
                deletes.append(0)
            }
        }
        return FieldValues(deletes)
    }
}

extension FieldValues {
    /// These values, followed by those of `other` from a position on.
    fileprivate func followed(by other: FieldValues, from first: Int) -> FieldValues {
        if other.count == first { return self }
        switch self {
        case .numbers(let numbers): return FieldValues(numbers.values + (first..<other.count).map { other.number($0) })
        case .coded:
            return FieldValues((0..<first).map { value($0) } + (first..<other.count).map { other.value($0) })
        }
    }
}
