// Pending actions of changes, and actions that could not be done at their time.

/// A pending action of a change: an edit begins, or what was changed is set back.
public struct ScheduledChange: Sendable {
    /// The change with the pending action: calling it off needs its number.
    public var number: UInt32
    /// When it is done, microseconds since 1970.
    public var atMicros: Int64
    /// When it was requested, and by whom.
    public var askedAtMicros: Int64
    public var who: String
    /// The edit; nil: the change is set back.
    public var edit: CustomerEdit?
    /// For a set-back: the fields, and how many customers it changed.
    public var fields: [ChangedField] = []
    public var customerCount = 0
}

extension Engine {
    /// Pending actions, in the order in which they are done, and their total number.
    /// - Parameter customerID: only if this customer is named: what a condition will match is unknown. 0: all.
    public func scheduled(customerID: UInt32, limit: Int) -> (changes: [ScheduledChange], total: Int) {
        let log = state.changes
        if customerID == 0 {
            let first = log.pending.entries.prefix(limit)
            return (
                first.compactMap { entry in log[entry.number].map { state.scheduled($0, entry) } }, log.pending.count
            )
        }
        var (found, total): ([ScheduledChange], Int) = ([], 0)
        for entry in log.pending.entries {
            guard let change = log[entry.number] else { continue }
            guard change.later.plan?.names(customerID) ?? change.rows.contains(customerID - 1) else { continue }
            total += 1
            if found.count < limit { found.append(state.scheduled(change, entry)) }
        }
        return (found, total)
    }

    /// The number of pending actions, and when the first is due; 0: none.
    public var scheduledSummary: (count: Int, nextMicros: Int64) {
        (state.changes.pending.count, state.changes.pending.first?.micros ?? 0)
    }

    /// Changes since a time that could not be carried out, newest first.
    public func failedChanges(since micros: Int64, limit: Int) -> [Change] {
        let log = state.changes
        return log.failed.reversed().lazy.compactMap { log[$0] }.prefix { $0.atMicros >= micros }.prefix(limit).map {
            $0
        }
    }

    /// The edit of a planned change, and when it begins; nil: the change is none.
    public func plannedEdit(of change: Change) -> CustomerEdit? {
        guard let plan = change.later.plan, var edit = try? plan.edit() else { return nil }
        edit.who = change.who
        return edit
    }
}

extension EngineState {
    fileprivate func scheduled(_ change: Change, _ entry: DueTimes.Entry) -> ScheduledChange {
        var scheduled = ScheduledChange(
            number: change.number, atMicros: entry.micros, askedAtMicros: change.atMicros, who: change.who)
        if entry.isBegin {
            scheduled.edit = (try? change.later.plan?.edit()) ?? CustomerEdit()
            if case .ids(let ids)? = scheduled.edit?.selection { scheduled.customerCount = ids.count }
        } else {
            scheduled.fields = change.fields.map(\.field)
            scheduled.customerCount = change.rows.count
        }
        return scheduled
    }
}

extension EngineState {
    /// Whether a change is about a planned edit that names a customer: the edit, its failure, or its calling off.
    func names(_ change: Change, _ customerID: UInt32) -> Bool {
        guard change.isKeptEmpty, change.rows.count == 0 else { return false }
        let about = change.later.of != 0 ? change.later.of : change.undoes
        guard let planned = change.later.plan != nil ? change : changes[about] else { return false }
        return planned.later.plan?.names(customerID) ?? planned.rows.contains(customerID - 1)
    }
}
