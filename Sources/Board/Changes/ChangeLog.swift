// The newest changes, to be shown and taken back: as many as fit `BoardLimits.changeLogBytes`.
//
// They lie in groups, so that a picture of the log costs nothing and the next change copies one group, not all of them.

struct ChangeLog: Equatable, Sendable {
    private static let groupSize = 256

    /// Of the first change of the first group, whether that is still kept or not.
    private var groupsFirst: UInt32 = 1
    private var groups: [[Change]] = []
    /// The oldest change that is kept.
    private(set) var firstNumber: UInt32 = 1
    private(set) var byteSize = 0

    /// Of the newest change; 0: there was none.
    private(set) var lastNumber: UInt32 = 0

    init() {}

    /// - Parameter changes: in their order, without gaps.
    /// - Parameter lastNumber: of the newest change there was.
    init(_ changes: [Change], lastNumber: UInt32) {
        firstNumber = changes.first?.number ?? lastNumber + 1
        groupsFirst = firstNumber
        self.lastNumber = firstNumber - 1
        for change in changes { add(change) }
    }

    subscript(number: UInt32) -> Change? {
        guard let place = place(number) else { return nil }
        return groups[place.group][place.index]
    }

    private func place(_ number: UInt32) -> (group: Int, index: Int)? {
        guard number >= firstNumber && number <= lastNumber else { return nil }
        let place = Int(number - groupsFirst)
        return (place / Self.groupSize, place % Self.groupSize)
    }

    /// The next one, whose number it has.
    mutating func append(_ change: Change) {
        precondition(change.number == lastNumber + 1, "changes have no gaps")
        add(change)
        if change.undoes != 0 { withdraw(change.undoes, by: change.number) }
        while byteSize > BoardLimits.changeLogBytes && firstNumber < lastNumber { forgetFirst() }
    }

    private mutating func add(_ change: Change) {
        if groups.last.map({ $0.count == Self.groupSize }) ?? true { groups.append([]) }
        groups[groups.count - 1].append(change)
        lastNumber = change.number
        byteSize += change.byteSize
    }

    private mutating func forgetFirst() {
        guard let place = place(firstNumber) else { return }
        byteSize -= groups[place.group][place.index].byteSize
        // Its number keeps its place.
        groups[place.group][place.index] = Change()
        firstNumber += 1
        if Int(firstNumber - groupsFirst) == Self.groupSize {
            groups.removeFirst()
            groupsFirst = firstNumber
        }
    }

    /// Notes that a change is taken back. If it took another one back itself, that is in force again; and so on.
    private mutating func withdraw(_ number: UInt32, by other: UInt32) {
        var (number, other) = (number, other)
        while let place = place(number) {
            groups[place.group][place.index].undoneBy = other
            let undoes = groups[place.group][place.index].undoes
            // The withdrawn change no longer takes back this one, which, if it is an undo, takes back the next.
            guard undoes != 0, let restored = self.place(undoes) else { return }
            groups[restored.group][restored.index].undoneBy = 0
            (number, other) = (groups[restored.group][restored.index].undoes, undoes)
        }
    }

    /// All that are kept, oldest first.
    var changes: [Change] { Array(groups.joined().dropFirst(Int(firstNumber - groupsFirst))) }

    /// From the newest on, until `body` returns false.
    func forEachNewestFirst(_ body: (Change) -> Bool) {
        for (number, group) in groups.enumerated().reversed() {
            let kept = number == 0 ? Int(firstNumber - groupsFirst) : 0
            for index in (kept..<group.count).reversed() where !body(group[index]) { return }
        }
    }
}

// MARK: - Taking back

extension ChangeLog {
    /// The newest change in force of a customer that is no undo.
    func newest(of row: UInt32) -> Change? {
        var found: Change?
        forEachNewestFirst { change in
            if change.undoneBy == 0 && change.undoes == 0 && (change.rows.contains(row) || change.hasCreated(row: row)) {
                found = change
            }
            return found == nil
        }
        return found
    }

    /// The oldest later change that stands in the way of taking one back, with a row that both have.
    func obstacle(to change: Change) -> (later: Change, row: UInt32)? {
        var found: (Change, UInt32)?
        forEachNewestFirst { later in
            guard later.number > change.number else { return false }
            // A change that was taken back and what took it back come to nothing together.
            let isPair = later.undoneBy != 0 || later.undoes > change.number
            if !isPair, let row = later.firstRow(inTheWayOf: change) { found = (later, row) }
            return true
        }
        return found
    }
}

extension Change {
    /// A row of which both change the same; who is deleted stands in the way of everything.
    fileprivate func firstRow(inTheWayOf change: Change) -> UInt32? {
        if change.createdCount > 0, let row = rows.rows.first(where: { change.hasCreated(row: $0) }) { return row }
        let deletes = fields.contains { $0.field == .deleted }
        guard deletes || fields.contains(where: { own in change.fields.contains { $0.field == own.field } }) else {
            return nil
        }
        return rows.firstCommon(change.rows)
    }
}
