// What is to come of changes, and what could not be done at its time.

/// Something that is to come of a change: an edit begins, or what was changed is set back.
public struct ScheduledChange: Sendable {
    /// The change of which it is to come: calling it off needs its number.
    public var number: UInt32
    /// When it is done, microseconds since 1970.
    public var atMicros: Int64
    /// When it was asked for, and by whom.
    public var askedAtMicros: Int64
    public var who: String
    /// What is done; nil: the change is set back.
    public var edit: CustomerEdit?
    /// Of a set-back: the fields, and how many customers it changed.
    public var fields: [ChangedField] = []
    public var customerCount = 0
}

extension Engine {
    /// What is to come, in the order in which it is done, and how many there are.
    /// - Parameter customerID: of this customer alone, as far as it is named: whom a condition will find nobody knows. 0: of all.
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

    /// How much is to come, and when the first of it is; 0: nothing is.
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

    /// What is to be done by a planned edit, and when it begins; nil: the change is none.
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
    /// Whether a change is of an edit that begins later and names a customer: it is planned, has come to nothing, or is called off.
    func names(_ change: Change, _ customerID: UInt32) -> Bool {
        guard change.isKeptEmpty, change.rows.count == 0 else { return false }
        let about = change.later.of != 0 ? change.later.of : change.undoes
        guard let planned = change.later.plan != nil ? change : changes[about] else { return false }
        return planned.later.plan?.names(customerID) ?? planned.rows.contains(customerID - 1)
    }
}
