// Edits that begin later: checked and stored now, carried out with the customers' values at their time, or called off.

import Columnar

extension EngineState {
    // MARK: - Planning

    /// Prepares an edit that begins later. All its errors are found now, from the customers' present values; which
    /// customers it changes is decided when it begins.
    mutating func preparePlan(_ edit: CustomerEdit, now: Int64) throws(ChangeRefusal) -> PreparedChange {
        guard edit.expectedVersion == 0 else {
            throw .invalid(
                QueryError(
                    "a version is that of now, and the edit begins later, from what the customer has then; leave --version out"
                ))
        }
        try checkTimes(edit, now: now)
        var probe = edit
        (probe.beginAtMicros, probe.undoAtMicros) = (0, 0)
        var prepared = try prepare(probe, isAhead: true, now: now)
        prepared.preview = prepared.change
        prepared.change = next(.planned, who: edit.who, now: now)
        var planned = edit
        switch edit.selection {
        // The customer with this name now is meant, whatever its later name.
        case .ids, .name: planned.selection = .ids(try rows(edit.selection, now: now).map { $0 + 1 })
        case .query: break
        }
        let plan = PlannedEdit(planned)
        guard plan.bytes.count <= BoardLimits.plannedEditBytes else {
            throw .invalid(
                QueryError(
                    "an edit that begins later has at most \(BoardLimits.plannedEditBytes) bytes, and this one \(plan.bytes.count)"
                        + "; give a condition, or fewer customers at a time"))
        }
        prepared.change.later.plan = plan
        guard changes.pending.beginCount < BoardLimits.plannedEdits else {
            throw .conflict(
                "\(BoardLimits.plannedEdits) edits wait for their time, and no more are kept; call some off, or let one with a "
                    + "condition do what many would")
        }
        try checkRoom(for: prepared.change)
        return prepared
    }

    private func checkTimes(_ edit: CustomerEdit, now: Int64) throws(ChangeRefusal) {
        let days = BoardLimits.scheduleMicros / 86_400_000_000
        let (begin, end) = (edit.beginAtMicros, edit.undoAtMicros)
        // Both are positive from here on, so no difference overflows.
        guard begin > now else {
            throw .invalid(
                QueryError("the time at which the edit is to begin has passed; give one to come, or leave --from out"))
        }
        guard begin - now <= BoardLimits.scheduleMicros else {
            throw .invalid(QueryError("an edit begins within \(days) days from now; give an earlier time"))
        }
        guard end != 0 else { return }
        guard end > begin else {
            throw .invalid(QueryError("the edit would be set back before it begins; give a later time to --until"))
        }
        guard end - begin <= BoardLimits.scheduleMicros else {
            throw .invalid(QueryError("a change is set back within \(days) days after it begins; give an earlier time"))
        }
    }

    // MARK: - Carrying out

    /// Prepares the first change that is due; to be committed even if empty, which ends the wait. Nil: nothing is due.
    /// - Parameter refusal: why it cannot be journalled as is: then nothing is done but to record that.
    mutating func prepareDue(refusal: String? = nil, now: Int64) -> PreparedChange? {
        guard let number = changes.due(now), let change = changes[number], let due = change.due else { return nil }
        var prepared: PreparedChange
        if let refusal {
            prepared = failed(change, refusal, now: now)
        } else if let plan = change.later.plan {
            prepared = carryOut(change, plan, now: now)
        } else {
            prepared = prepareSetBack(change, now: now)
        }
        let (late, isAbsurd) = now.subtractingReportingOverflow(due.micros)
        if !isAbsurd && late > BoardLimits.lateMicros { prepared.change.later.lateMicros = late }
        let remark = prepared.change.later.remark.utf8.prefix(BoardLimits.remarkBytes)
        prepared.change.later.remark = String(decoding: remark, as: UTF8.self)
        return prepared
    }

    /// The edit as it is now. If it cannot be done it changes nothing and says why.
    private mutating func carryOut(_ planned: Change, _ plan: PlannedEdit, now: Int64) -> PreparedChange {
        do throws(ChangeRefusal) {
            var edit = try read(plan)
            (edit.beginAtMicros, edit.who) = (0, planned.who)
            guard edit.undoAtMicros == 0 || edit.undoAtMicros > now else {
                throw .conflict("it was to be set back by now; the server was not running when it was due")
            }
            let gone = try leaveOutDeleted(&edit)
            var prepared = try prepare(edit, now: now)
            if let first = prepared.errors.first {
                let more = prepared.errorCount > 1 ? " (and \(prepared.errorCount - 1) more errors)" : ""
                throw .conflict("customer \(first.customerID): \(first.message)\(more)")
            }
            prepared.change.kind = .scheduled
            prepared.change.later.of = planned.number
            prepared.change.later.remark = gone
            // There is nothing to set back.
            if prepared.change.rows.count == 0 { (prepared.change.fields, prepared.change.undoAtMicros) = ([], 0) }
            return prepared
        } catch {
            return failed(planned, error.message, now: now)
        }
    }

    private func read(_ plan: PlannedEdit) throws(ChangeRefusal) -> CustomerEdit {
        do throws(FieldFault) {
            return try plan.edit()
        } catch {
            // It was readable when it was planned.
            throw .conflict("it \(error.message)")
        }
    }

    /// Leaves out named customers that are deleted by now, for a condition would not find them either.
    /// - Returns: the customers left out, in words.
    private func leaveOutDeleted(_ edit: inout CustomerEdit) throws(ChangeRefusal) -> String {
        guard case .ids(let ids) = edit.selection else { return "" }
        let there = ids.filter { customers.row(id: $0) != nil }
        guard let gone = ids.first(where: { customers.row(id: $0) == nil }) else { return "" }
        guard !there.isEmpty else {
            throw .notFound(ids.count == 1 ? absence(of: gone) : "all \(ids.count) customers are deleted")
        }
        edit.selection = .ids(there)
        let count = ids.count - there.count
        return count == 1 ? "left out: customer \(gone), deleted" : "left out: \(count) customers, deleted, as \(gone)"
    }

    /// A change at its due time that changes nothing and says why.
    private func failed(_ change: Change, _ reason: String, now: Int64) -> PreparedChange {
        var prepared = PreparedChange()
        prepared.change = next(.scheduled, who: change.who, now: now)
        if change.later.plan == nil {
            prepared.change.undoes = change.number
            prepared.matched = change.rows.count
        } else {
            prepared.change.later.of = change.number
        }
        prepared.change.later.hasFailed = true
        prepared.change.later.remark = reason
        return prepared
    }

    // MARK: - Calling off

    /// Calls off the pending action of a change: an edit does not begin, or what was changed stays as it is.
    mutating func prepareCallOff(
        number: UInt32, who: String, now: Int64
    ) throws(ChangeRefusal) -> PreparedChange {
        advance(now: now)
        guard let change = changes[number] else {
            throw .notFound(
                number > changes.lastNumber
                    ? "there is no change \(number)" : "nothing is to come of change \(number), which is no longer kept"
            )
        }
        guard change.due != nil else { throw .conflict(nothingToCome(of: change)) }
        var prepared = PreparedChange()
        prepared.change = next(.calledOff, who: who, now: now)
        prepared.change.later.of = number
        return prepared
    }

    private func nothingToCome(of change: Change) -> String {
        let (number, done, off) = (change.number, change.later.carriedOutBy, change.later.calledOffBy)
        if off != 0 { return "what was to come of change \(number) is called off already, by change \(off)" }
        if done != 0 {
            return
                "change \(number) was due, and is done by change \(done); `busyhour customer undo --change \(done)` takes it back"
        }
        return "nothing is to come of change \(number); `busyhour customer scheduled` lists what is"
    }

    /// Undoing an edit that waits for its time calls it off; one that has begun is undone as the change that it became.
    /// Nil: it is neither.
    mutating func prepareUndo(
        planned number: UInt32, customerID: UInt32, who: String, now: Int64
    ) throws(ChangeRefusal) -> PreparedChange? {
        guard number != 0, let change = changes[number] else { return nil }
        if change.kind == .calledOff {
            throw .conflict(
                "change \(number) has cancelled the rest of change \(change.later.of); schedule it again")
        }
        guard let plan = change.later.plan else { return nil }
        if customerID != 0 {
            let edit = try read(plan)
            guard case .ids(let ids) = edit.selection, ids.contains(customerID) else {
                throw .notFound("change \(number) does not name customer \(customerID)")
            }
        }
        guard change.later.carriedOutBy == 0 else {
            return try prepareUndo(
                customerID: customerID, number: change.later.carriedOutBy, who: who, now: now)
        }
        return try prepareCallOff(number: number, who: who, now: now)
    }
}

extension ChangeRefusal {
    /// The refusal in one line.
    var message: String {
        switch self {
        case .invalid(let error): error.message
        case .notFound(let message), .conflict(let message): message
        }
    }
}
