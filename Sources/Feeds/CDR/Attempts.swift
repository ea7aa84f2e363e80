import CallEvents

/// What accounting rows have stated about an attempt so far.
struct Attempt {
    /// Its key in the events.
    var key: CallKey
    /// Number of the last INVITE transaction: 1, then 2 after a challenge or a redirection, ...
    var sequence: UInt32
    var isAnswered: Bool
    /// When its first transaction ended, microseconds since 1970.
    var beginMicros: Int64
    /// When its last transaction ended.
    var timeMicros: Int64
    /// Its final code.
    var code: UInt16
    /// It was challenged or redirected, so that another one may follow.
    var mayGoOn = false
    /// The party that sent it.
    var partyKey: CallKey
    /// The same Call-ID with the tag of the called side.
    var otherSide: CallKey
    /// When its BYE came, microseconds since 1970.
    var endMicros: Int64?
}

/// Whether a row of `acc` belongs to the attempt known by its Call-ID and tag, or to another one: Call-IDs are
/// reused, some gateways have a constant From tag, and some called sides a constant To tag.
extension Attempt {
    /// Whether an INVITE row at `time` belongs to this attempt. Rows state when a transaction ended: one that follows a
    /// challenge may come minutes later, after all the ringing.
    ///
    /// - Parameter otherSide: the Call-ID with the row's To tag.
    func goesOn(at time: Int64, otherSide: CallKey) -> Bool {
        if time < beginMicros - CDRLimits.identityMicros { return false }
        let gap = time - timeMicros
        if gap <= CDRLimits.identityMicros { return true }
        if isAnswered {
            if let endMicros { return time <= endMicros + CDRLimits.identityMicros }
            // A re-INVITE has both tags of the dialog; with another To tag it is another one's, whose BYE was lost.
            return otherSide == self.otherSide || otherSide == .none || self.otherSide == .none
        }
        // A proxy does not retry a busy party or after the caller gave up; it does after a challenge or an error.
        let isTriedAgain = mayGoOn || code == 408 || (500...599).contains(code)
        return isTriedAgain && gap <= CDRLimits.attemptMicros
    }

    /// Whether a BYE row at `time` may belong to this attempt: none comes before its answer, and none long after
    /// another.
    func mayEnd(at time: Int64) -> Bool {
        time >= timeMicros - CDRLimits.identityMicros
            && (endMicros.map { time <= $0 + CDRLimits.identityMicros } ?? true)
    }

    /// The key of an attempt whose first row is at `time`.
    ///
    /// It is made of the Call-ID, the tag and the hour, so that a BYE in another file can find it; if the attempt
    /// begins in the hour of the previous one, of the second instead.
    static func key(_ id: CallKey, at time: Int64, after former: Attempt?) -> CallKey {
        let hour = time / CDRLimits.attemptSlotMicros
        if let former, former.timeMicros / CDRLimits.attemptSlotMicros == hour {
            return CDRKeyHash.key(id, slot: -1 - time / 1_000_000)
        }
        return CDRKeyHash.key(id, slot: hour)
    }

    /// The keys that an attempt ending at `time` may have.
    static func keys(_ id: CallKey, endingAt time: Int64) -> [CallKey] {
        let last = time / CDRLimits.attemptSlotMicros
        return (max(0, last - CDRLimits.attemptSlots + 1)...max(0, last)).map { CDRKeyHash.key(id, slot: $0) }
    }
}

/// The last attempts by Call-ID and tag. Most ids have one; reused ones have a list of the earlier attempts.
struct Attempts: Sendable {
    private var latest = KeyedMemory<Attempt>(capacity: CDRLimits.attempts)
    private var formers = KeyedMemory<[Attempt]>(capacity: CDRLimits.attempts / 16)

    /// The one with the latest time.
    func newest(_ id: CallKey) -> Attempt? { id == .none ? nil : latest[id] }

    /// The one that an INVITE row at `time` belongs to.
    func attempt(_ id: CallKey, goingOnAt time: Int64, otherSide: CallKey) -> Attempt? {
        find(id) { $0.goesOn(at: time, otherSide: otherSide) }
    }

    /// The one that a BYE row at `time` belongs to.
    func attempt(_ id: CallKey, endingAt time: Int64) -> Attempt? { find(id) { $0.mayEnd(at: time) } }

    /// The latest one that meets a condition.
    private func find(_ id: CallKey, _ isIt: (Attempt) -> Bool) -> Attempt? {
        guard let newest = newest(id) else { return nil }
        if isIt(newest) { return newest }
        return formers[id]?.last(where: isIt)
    }

    mutating func store(_ attempt: Attempt, for id: CallKey) {
        guard let newest = latest[id], newest.key != attempt.key else { return latest.store(attempt, for: id) }
        var list = formers[id] ?? []
        list.removeAll { $0.key == attempt.key }
        // The newest is stored separately, whatever the order of the rows.
        let isNewest = attempt.timeMicros >= newest.timeMicros
        let older = isNewest ? newest : attempt
        let place = list.firstIndex { $0.timeMicros > older.timeMicros } ?? list.count
        list.insert(older, at: place)
        if list.count > CDRLimits.attemptsOfOneID { list.removeFirst() }
        formers.store(list, for: id)
        if isNewest { latest.store(attempt, for: id) }
    }
}
