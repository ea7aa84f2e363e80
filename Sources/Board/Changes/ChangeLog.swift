// The newest changes, to be shown and reverted: as many as fit `BoardLimits.changeLogBytes`.
//
// They are stored in groups, so that a snapshot of the log costs nothing and the next change copies one group, not all.

struct ChangeLog: Equatable, Sendable {
    private static let groupSize = 256

    /// Number of the first change of the first group, whether it is still retained or not.
    private var groupsFirst: UInt32 = 1
    private var groups: [[Change]] = []
    /// Number of the oldest retained change.
    private(set) var firstNumber: UInt32 = 1
    private(set) var byteSize = 0

    /// Pending actions of changes: those that begin later, and those that are set back.
    private(set) var pending = DueTimes()
    /// Changes that could not be carried out at their time, oldest first.
    private(set) var failed: [UInt32] = []
    /// Changes too old to be retained, except that their action is still pending.
    private var pinned: [UInt32: Change] = [:]
    /// Number of the newest change; 0: there was none.
    private(set) var lastNumber: UInt32 = 0
    /// Of the newest that a customer's fields may have changed by: not by costs.
    private(set) var lastEdit: UInt32 = 0

    init() {}

    /// - Parameters:
    ///   - changes: in order, the newest without gaps; those before the last gap wait for their time.
    ///   - lastNumber: the number of the newest change ever.
    init(_ changes: [Change], lastNumber: UInt32) {
        var kept = changes[...]
        if let gap = zip(changes, changes.dropFirst()).enumerated().reversed().first(where: { _, pair in
            pair.0.number + 1 != pair.1.number
        }) {
            kept = changes[(gap.offset + 1)...]
        }
        firstNumber = kept.first?.number ?? lastNumber + 1
        groupsFirst = firstNumber
        self.lastNumber = firstNumber - 1
        lastEdit = firstNumber - 1
        for change in changes[..<kept.startIndex] {
            pinned[change.number] = change
            byteSize += change.byteSize
            pending.note(change)
        }
        for change in kept { add(change) }
    }

    subscript(number: UInt32) -> Change? {
        guard let place = place(number) else { return pinned[number] }
        return groups[place.group][place.index]
    }

    private func place(_ number: UInt32) -> (group: Int, index: Int)? {
        guard number >= firstNumber && number <= lastNumber else { return nil }
        let place = Int(number - groupsFirst)
        return (place / Self.groupSize, place % Self.groupSize)
    }

    /// Appends the next change, which has the next number.
    mutating func append(_ change: Change) {
        precondition(change.number == lastNumber + 1, "changes have no gaps")
        add(change)
        if change.later.of != 0 {
            noteFate(change)
        } else if change.kind == .scheduled && change.rows.count == 0 {
            // Its time came, and nothing could be set back.
            self.change(change.undoes) { $0.undoAtMicros = 0 }
        } else if change.undoes != 0 {
            withdraw(change.undoes, by: change.number)
        }
        while byteSize > BoardLimits.changeLogBytes && firstNumber < lastNumber { forgetFirst() }
    }

    private mutating func add(_ change: Change) {
        if groups.last.map({ $0.count == Self.groupSize }) ?? true { groups.append([]) }
        groups[groups.count - 1].append(change)
        lastNumber = change.number
        if change.kind != .rerated { lastEdit = change.number }
        byteSize += change.byteSize
        pending.note(change)
        guard change.later.hasFailed else { return }
        failed.append(change.number)
        if failed.count > BoardLimits.failedChanges { failed.removeFirst() }
    }

    /// Records the result of a planned edit, or that a pending action was called off.
    private mutating func noteFate(_ change: Change) {
        let number = change.number
        self.change(change.later.of) {
            if change.kind == .calledOff { $0.later.calledOffBy = number } else { $0.later.carriedOutBy = number }
        }
    }

    private mutating func forgetFirst() {
        guard let place = place(firstNumber) else { return }
        let change = groups[place.group][place.index]
        if pending.contains(firstNumber) { pinned[firstNumber] = change } else { byteSize -= change.byteSize }
        if failed.first == firstNumber { failed.removeFirst() }
        // An empty change remains in its position.
        groups[place.group][place.index] = Change()
        firstNumber += 1
        if Int(firstNumber - groupsFirst) == Self.groupSize {
            groups.removeFirst()
            groupsFirst = firstNumber
        }
    }

    /// Removes some customers from all changes.
    mutating func forget(_ rows: RowSet) {
        for group in groups.indices {
            for index in groups[group].indices where groups[group][index].names(anyOf: rows) {
                byteSize -= groups[group][index].byteSize
                groups[group][index] = groups[group][index].without { rows.contains($0) }
                byteSize += groups[group][index].byteSize
                pending.note(groups[group][index])
            }
        }
        for (number, change) in pinned where change.names(anyOf: rows) {
            let rest = change.without { rows.contains($0) }
            byteSize += rest.byteSize - change.byteSize
            pinned[number] = rest
            pending.note(rest)
        }
    }

    /// Updates what is recorded of a change.
    private mutating func change(_ number: UInt32, _ body: (inout Change) -> Void) {
        if let place = place(number) {
            body(&groups[place.group][place.index])
            pending.note(groups[place.group][place.index])
        } else if var change = pinned[number] {
            body(&change)
            pending.note(change)
            pinned[number] = change
            if !pending.contains(number) {
                byteSize -= change.byteSize
                pinned[number] = nil
            }
        }
    }

    /// Records that a change is reverted. If it had reverted another one itself, that is in force again; and so on.
    private mutating func withdraw(_ number: UInt32, by other: UInt32) {
        var (number, other) = (number, other)
        while let withdrawn = self[number] {
            change(number) { $0.undoneBy = other }
            // The withdrawn change no longer reverts this one, which, if it is an undo, reverts the next.
            guard withdrawn.undoes != 0, let restored = self[withdrawn.undoes] else { return }
            change(withdrawn.undoes) { $0.undoneBy = 0 }
            (number, other) = (restored.undoes, withdrawn.undoes)
        }
    }

    /// The first change that is due to begin or to be set back.
    func due(_ micros: Int64) -> UInt32? {
        guard let first = pending.first, first.micros <= micros else { return nil }
        return first.number
    }

    /// Bytes of the changes that wait for their time.
    var pendingBytes: Int { pending.byteSize }

    /// All retained changes, oldest first.
    var changes: [Change] {
        pinned.values.sorted { $0.number < $1.number }
            + Array(groups.joined().dropFirst(Int(firstNumber - groupsFirst)))
    }

    var hasOnlyCreations: Bool { pinned.isEmpty && groups.joined().allSatisfy { $0.kind == .created } }

    /// Visits the changes, newest first, until `body` returns false.
    func forEachNewestFirst(_ body: (Change) -> Bool) {
        for (number, group) in groups.enumerated().reversed() {
            let kept = number == 0 ? Int(firstNumber - groupsFirst) : 0
            for index in (kept..<group.count).reversed() where !body(group[index]) { return }
        }
    }
}

// MARK: - Reverting

/// A change that was to last for some time, and was set back by the server before that was over.
public struct EarlySetBack: Equatable, Sendable {
    /// The change that set it back.
    public let number: UInt32
    /// The change that was set back.
    public let undone: UInt32
    /// When that was due, microseconds since 1970.
    public let dueMicros: Int64
}

extension ChangeLog {
    /// See `Engine.setBackEarly`.
    func setBackEarly(now: Int64) -> [EarlySetBack] {
        var found: [EarlySetBack] = []
        var seen = 0
        forEachNewestFirst { change in
            seen += 1
            if change.kind == .scheduled, change.undoneBy == 0, change.atMicros > now,
                let undone = self[change.undoes], undone.undoAtMicros > now
            {
                found.append(
                    EarlySetBack(number: change.number, undone: undone.number, dueMicros: undone.undoAtMicros))
            }
            return seen < BoardLimits.earlySetBacksWithin
        }
        return found
    }

    /// The newest change in force of a customer that is no undo.
    func newest(of row: UInt32) -> Change? {
        var found: Change?
        forEachNewestFirst { change in
            if change.undoneBy == 0 && change.undoes == 0 && change.kind != .rerated
                && (change.rows.contains(row) || change.hasCreated(row: row))
            {
                found = change
            }
            return found == nil
        }
        return found
    }

    /// The customers of a change for which a later change in force has changed one of the same fields.
    func rowsInTheWay(of change: Change) -> Set<UInt32> {
        var rows: Set<UInt32> = []
        forEachNewestFirst { later in
            guard later.number > change.number else { return false }
            if later.undoneBy == 0 && later.undoes <= change.number { later.addRows(inTheWayOf: change, to: &rows) }
            return true
        }
        return rows
    }

    /// The newest change in force that has since changed the same fields of some of these rows.
    func newestInTheWay(of number: UInt32, rows: Set<UInt32>) -> UInt32 {
        guard let change = self[number] else { return 0 }
        var newest: UInt32 = 0
        forEachNewestFirst { later in
            guard later.number > number, newest == 0 else { return false }
            var own: Set<UInt32> = []
            if later.undoneBy == 0 && later.undoes <= number { later.addRows(inTheWayOf: change, to: &own) }
            if !own.isDisjoint(with: rows) { newest = later.number }
            return true
        }
        return newest
    }

    /// The oldest later change that prevents undoing this one, with a row that both have.
    func obstacle(to change: Change) -> (later: Change, row: UInt32)? {
        var found: (Change, UInt32)?
        forEachNewestFirst { later in
            guard later.number > change.number else { return false }
            // A change that was taken back and what took it back come to nothing together.
            let isPair = later.undoneBy != 0 || later.undoes > change.number || later.kind == .rerated
            if !isPair, let row = later.firstRow(inTheWayOf: change) { found = (later, row) }
            return true
        }
        return found
    }
}

extension Change {
    fileprivate func names(anyOf others: RowSet) -> Bool {
        rows.firstCommon(others) != nil || note.leftOut.firstCommon(others) != nil
    }

    fileprivate func addRows(inTheWayOf change: Change, to rows: inout Set<UInt32>) {
        let deletes = fields.contains { $0.field == .deleted }
        guard deletes || fields.contains(where: { own in change.fields.contains { $0.field == own.field } }) else {
            return
        }
        for row in self.rows.rows where change.rows.contains(row) { rows.insert(row) }
    }

    /// A row of which both change the same field; a deleted customer prevents everything.
    fileprivate func firstRow(inTheWayOf change: Change) -> UInt32? {
        if change.createdCount > 0, let row = rows.rows.first(where: { change.hasCreated(row: $0) }) { return row }
        let deletes = fields.contains { $0.field == .deleted }
        guard deletes || fields.contains(where: { own in change.fields.contains { $0.field == own.field } }) else {
            return nil
        }
        return rows.firstCommon(change.rows)
    }
}
