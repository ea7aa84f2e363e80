// Taking a change back: what it set becomes again what it was before, unless later changes stand in the way.

import Columnar

extension EngineState {
    /// - Parameters:
    ///   - number: 0: the newest of the customer's.
    ///   - customerID: 0: none is named; then there is a number.
    mutating func prepareUndo(
        customerID: UInt32, number: UInt32, who: String, now: Int64
    ) throws(ChangeRefusal) -> PreparedChange {
        advance(now: now)
        guard customerID <= customers.count else { throw .notFound("no customer with id \(customerID)") }
        if number == 0, customerID > 0, customers.row(id: customerID) == nil {
            return try prepareUndelete(row: customerID - 1, who: who, now: now)
        }
        let change = try changeToUndo(customerID, number)
        if change.undoneBy != 0 {
            throw .conflict("change \(change.number) is undone already, by change \(change.undoneBy)")
        }
        if let (later, row) = changes.obstacle(to: change) { throw .conflict(obstacle(later, row, change)) }
        var prepared = PreparedChange()
        prepared.change = next(.undone, who: who, now: now)
        prepared.change.undoes = change.number
        var check = CustomerCheck(table: customers, auth: auth)
        let rows = change.rows.rows
        if change.fields.contains(where: { $0.field == .deleted }) {
            try restoreDeleted(rows, change, &prepared.change, &check, now: now)
        } else {
            try restoreValues(rows, change, &prepared.change, &check)
        }
        prepared.matched = prepared.change.customerCount
        (prepared.errors, prepared.errorCount) = (check.errors, check.errorCount)
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
                throw .conflict("customer \(customerID) has no change but his creation; delete him, if that is meant")
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
        let what = later.fields.contains { $0.field == .deleted } ? "deleted" : "changed \(fields.joined(separator: ", ")) of"
        return "change \(change.number) cannot be undone: change \(later.number)\(who) has since \(what) customer \(row + 1) "
            + "'\(customers.names[Int(row)])'; undo that one first"
    }

    /// A deleted customer, whether or not his delete is still in the log.
    private func prepareUndelete(row: UInt32, who: String, now: Int64) throws(ChangeRefusal) -> PreparedChange {
        var prepared = PreparedChange()
        prepared.change = next(.undone, who: who, now: now)
        prepared.matched = 1
        let deletedAt = customers.deletedAtMicros[Int(row)]
        changes.forEachNewestFirst { change in
            let isIt = change.rows.contains(row) && change.fields.contains { $0.field == .deleted }
            if isIt && change.rows.count == 1 { prepared.change.undoes = change.number }
            return !isIt && change.atMicros >= deletedAt
        }
        var check = CustomerCheck(table: customers, auth: auth)
        var change = Change()
        change.fields = [deletion([row], atMicros: 0)]
        change.rows = .list([row])
        try restoreDeleted([row], change, &prepared.change, &check, now: now)
        (prepared.errors, prepared.errorCount) = (check.errors, check.errorCount)
        return prepared
    }

    /// Brings back who was deleted, or (for an undo is a change, too) deletes who was brought back.
    private func restoreDeleted(
        _ rows: [UInt32], _ undone: Change, _ change: inout Change, _ check: inout CustomerCheck, now: Int64
    ) throws(ChangeRefusal) {
        change.rows = undone.rows
        if undone.kind == .undone, rows.contains(where: { customers.deletedAtMicros[Int($0)] == 0 }) {
            change.fields = [deletion(rows, atMicros: change.atMicros)]
            return
        }
        for row in rows {
            let deletedAt = customers.deletedAtMicros[Int(row)]
            if change.atMicros - deletedAt > BoardLimits.undeleteMicros {
                throw .conflict("customer \(row + 1) was deleted more than 30 days ago and cannot be had back")
            }
            check.check(.name, .text(customers.names[Int(row)]), row: row, index: Int(row))
            check.check(.auth, customers.value(.auth, Int(row)), row: row, index: Int(row))
        }
        change.fields = [deletion(rows, atMicros: 0)]
    }

    private func restoreValues(
        _ rows: [UInt32], _ undone: Change, _ change: inout Change, _ check: inout CustomerCheck
    ) throws(ChangeRefusal) {
        if undone.createdCount > 0 {
            guard rows.isEmpty else {
                throw .conflict("change \(undone.number) created and changed customers; delete and edit them instead")
            }
            let created = (0..<undone.createdCount).map { undone.createdFirstID - 1 + $0 }
            change.rows = RowSet(created)
            change.fields = [deletion(created, atMicros: change.atMicros)]
            return
        }
        change.rows = undone.rows
        for field in undone.fields {
            var new = field.old
            if field.field == .credit {
                // Calls have been paid from it since: what was added is taken away, and the other way round.
                let now = customers.numbers(.credit, rows)
                var credits: [Int64] = []
                for (place, row) in rows.enumerated() {
                    let (difference, first) = field.old.number(place).subtractingReportingOverflow(
                        field.new.number(place))
                    let (credit, second) = now[place].addingReportingOverflow(difference)
                    if first || second { check.report("credit", "credit would be beyond what an amount can be", row: row, index: Int(row)) }
                    credits.append(credit)
                }
                new = FieldValues(credits)
            }
            change.fields.append(FieldChange(field: field.field, old: customers.values(field.field, rows), new: new))
        }
        checkValues(change, rows, &check)
    }
}
