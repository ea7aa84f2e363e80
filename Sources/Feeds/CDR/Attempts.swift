import CallEvents

/// What accounting rows have told about an attempt so far.
struct Attempt {
    /// Its key in the events.
    var key: CallKey
    /// Number of the last INVITE transaction: 1, then 2 after a challenge or a redirection, ...
    var sequence: UInt32
    var isAnswered: Bool
    /// When its first transaction ended, microseconds since 1970.
    var beginMicros: Int64
    /// The same of its last one.
    var timeMicros: Int64
    /// Its final code.
    var code: UInt16
    /// It was challenged or redirected, so that another one may follow.
    var mayGoOn = false
    /// Who sent it.
    var partyKey: CallKey
    /// The same Call-ID with the tag of the called side.
    var otherSide: CallKey
    /// When its BYE came, microseconds since 1970.
    var endMicros: Int64?
}

/// Whether a row of `acc` is of the attempt that is known by its Call-ID and tag, or of another one: Call-IDs come
/// again, some gateways have a constant From tag, and some called sides a constant To tag.
extension Attempt {
    /// Whether an INVITE row at `time` is of this attempt. Rows tell when a transaction ended: one that follows a
    /// challenge may come minutes later, after all the ringing.
    ///
    /// - Parameter otherSide: the Call-ID with the row's To tag.
    func goesOn(at time: Int64, otherSide: CallKey) -> Bool {
        if time < beginMicros - CDRLimits.identityMicros { return false }
        let gap = time - timeMicros
        if gap <= CDRLimits.identityMicros { return true }
        if isAnswered {
            if let endMicros { return time <= endMicros + CDRLimits.identityMicros }
            // A re-INVITE has both tags of the dialog; another To tag is that of another one, whose BYE was lost.
            return otherSide == self.otherSide || otherSide == .none || self.otherSide == .none
        }
        // A busy called party or a caller who gave up is nothing that a proxy tries again; a challenge and an error is.
        let isTriedAgain = mayGoOn || code == 408 || (500...599).contains(code)
        return isTriedAgain && gap <= CDRLimits.attemptMicros
    }

    /// Whether a BYE row at `time` may be of this attempt: none comes before its answer, and none long after another.
    func mayEnd(at time: Int64) -> Bool {
        time >= timeMicros - CDRLimits.identityMicros
            && (endMicros.map { time <= $0 + CDRLimits.identityMicros } ?? true)
    }

    /// The key of an attempt whose first row is at `time`.
    ///
    /// It is made of the Call-ID, the tag and the hour, so that a BYE in another file can find it; of one that begins in
    /// the hour of the one before it, of the second.
    static func key(_ id: CallKey, at time: Int64, after former: Attempt?) -> CallKey {
        let hour = time / CDRLimits.attemptSlotMicros
        if let former, former.timeMicros / CDRLimits.attemptSlotMicros == hour {
            return CDRKeyHash.key(id, slot: -1 - time / 1_000_000)
        }
        return CDRKeyHash.key(id, slot: hour)
    }

    /// The keys that an attempt which ends at `time` may have.
    static func keys(_ id: CallKey, endingAt time: Int64) -> [CallKey] {
        let last = time / CDRLimits.attemptSlotMicros
        return (max(0, last - CDRLimits.attemptSlots + 1)...max(0, last)).map { CDRKeyHash.key(id, slot: $0) }
    }
}

/// The last attempts by Call-ID and tag. Of most ids there is one; those that came again have a list of the ones before.
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

    /// The latest one for which it is so.
    private func find(_ id: CallKey, _ isIt: (Attempt) -> Bool) -> Attempt? {
        guard let newest = newest(id) else { return nil }
        if isIt(newest) { return newest }
        return formers[id]?.last(where: isIt)
    }

    mutating func store(_ attempt: Attempt, for id: CallKey) {
        guard let newest = latest[id], newest.key != attempt.key else { return latest.store(attempt, for: id) }
        var list = formers[id] ?? []
        list.removeAll { $0.key == attempt.key }
        // The newest stays by itself, whatever order the rows came in.
        let isNewest = attempt.timeMicros >= newest.timeMicros
        let older = isNewest ? newest : attempt
        let place = list.firstIndex { $0.timeMicros > older.timeMicros } ?? list.count
        list.insert(older, at: place)
        if list.count > CDRLimits.attemptsOfOneID { list.removeFirst() }
        formers.store(list, for: id)
        if isNewest { latest.store(attempt, for: id) }
    }
}
