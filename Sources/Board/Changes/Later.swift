// What begins later, as changes have it: an edit that waits for its time, and what became of it.
//
// An edit that begins later is a change of its own (kind `planned`), with a number and without customers. When its time
// comes, it is prepared as any edit is, from what the customers have then; what that comes to is the next change (kind
// `scheduled`), whose `of` names the planned one. So one thing waits for its time in the log of changes, whether it begins or
// is set back, and it is saved, kept and journalled with it.

/// What a change has to do with what begins later; most have nothing.
public struct Later: Equatable, Sendable {
    /// Of kind `planned`: what is to be done, and when.
    package var plan: PlannedEdit?
    /// The change that this one is about: of `scheduled` the planned edit that it carries out, of `calledOff` the change of which
    /// what was to come is called off; 0: none.
    public package(set) var of: UInt32 = 0
    /// Of a planned edit: the change that has carried it out, or could not; 0: none yet.
    public internal(set) var carriedOutBy: UInt32 = 0
    /// The change that has called off what was to come of this one; 0: none.
    public internal(set) var calledOffBy: UInt32 = 0
    /// Of `scheduled`: by how much it came later than it was due, microseconds; 0: in time.
    public package(set) var lateMicros: Int64 = 0
    /// Of `scheduled`: nothing could be done, and `remark` says why.
    public package(set) var hasFailed = false
    /// Of `scheduled`: why nothing was done, or who was left out.
    public package(set) var remark = ""

    package init() {}

    /// Bytes that it takes in the log, roughly.
    var byteSize: Int { (plan?.bytes.count ?? 0) + remark.utf8.count }
}

extension Change {
    /// Whether it is kept although it changes no customer: it says what is to come, or what came of that.
    public var isKeptEmpty: Bool { kind == .scheduled || kind == .planned || kind == .calledOff }

    /// What is still to come of it; nil: nothing.
    var due: DueTimes.Entry? {
        if undoneBy != 0 || later.calledOffBy != 0 { return nil }
        if let plan = later.plan {
            let isWaiting = later.carriedOutBy == 0
            return isWaiting ? DueTimes.Entry(micros: plan.beginMicros, isBegin: true, number: number) : nil
        }
        return undoAtMicros == 0 ? nil : DueTimes.Entry(micros: undoAtMicros, isBegin: false, number: number)
    }
}
