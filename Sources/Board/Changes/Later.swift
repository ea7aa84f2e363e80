// Edits that begin later, as changes store them: an edit that waits for its time, and what became of it.
//
// An edit that begins later is a change of its own (kind `planned`), with a number and without customers. When its time
// comes, it is prepared like any edit, from the customers' values of then; the result is the next change (kind
// `scheduled`), whose `of` names the planned one. So one thing waits for its time in the log of changes, whether it
// begins or is set back, and it is saved, retained and journalled with it.

/// A change's relation to edits that begin later; most changes have none.
public struct Later: Equatable, Sendable {
    /// For `planned`: what is to be done, and when.
    package var plan: PlannedEdit?
    /// The change that this one is about: for `scheduled` the planned edit that it carries out, for `calledOff` the
    /// change whose pending action is called off; 0: none.
    public package(set) var of: UInt32 = 0
    /// For a planned edit: the change that has carried it out, or failed to; 0: none yet.
    public internal(set) var carriedOutBy: UInt32 = 0
    /// The change that has called off this one's pending action; 0: none.
    public internal(set) var calledOffBy: UInt32 = 0
    /// For `scheduled`: its delay after the due time, microseconds; 0: in time.
    public package(set) var lateMicros: Int64 = 0
    /// For `scheduled`: nothing could be done, and `remark` says why.
    public package(set) var hasFailed = false
    /// For `scheduled`: why nothing was done, or which customers were left out.
    public package(set) var remark = ""

    package init() {}

    /// Approximate bytes it takes in the log.
    var byteSize: Int { (plan?.bytes.count ?? 0) + remark.utf8.count }
}

extension Change {
    /// Whether it is retained although it changes no customer: it records a pending action, or what became of one.
    public var isKeptEmpty: Bool { kind == .scheduled || kind == .planned || kind == .calledOff }

    /// Its pending action; nil: none.
    var due: DueTimes.Entry? {
        if undoneBy != 0 || later.calledOffBy != 0 { return nil }
        if let plan = later.plan {
            let isWaiting = later.carriedOutBy == 0
            return isWaiting ? DueTimes.Entry(micros: plan.beginMicros, isBegin: true, number: number) : nil
        }
        return undoAtMicros == 0 ? nil : DueTimes.Entry(micros: undoAtMicros, isBegin: false, number: number)
    }
}
