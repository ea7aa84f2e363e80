// What begins later done the obvious way: a list of customers, a list of what is to come, and of each customer's field
// who has set it, one upon the other.

@testable import Board

struct NaiveSchedule {
    struct Person: Equatable {
        var name: String
        var channels: Int64 = 0
        var credit: Int64 = 0
        var tags: [String] = []
        var version: UInt32 = 1
        var isDeleted = false
    }

    enum Field: Int, CaseIterable { case name, channels, credit, tags }

    enum Value: Equatable {
        case text(String)
        case number(Int64)
        case list([String])
    }

    enum Whom {
        case ids([Int])
        case atLeast(channels: Int64)
    }

    enum What {
        case name(String)
        case channels(Int64)
        case moreChannels(Int64)
        case credit(Int64)
        case tag(String)

        var field: Field {
            switch self {
            case .name: .name
            case .channels, .moreChannels: .channels
            case .credit: .credit
            case .tag: .tags
            }
        }
    }

    struct Plan {
        var whom: Whom
        var what: What
        var begin: Int64
        var end: Int64
    }

    /// What a change in force has set: by customer what was there before, and what it set.
    struct Deed {
        var field: Field
        var values: [Int: (old: Value, new: Value)]
        var end: Int64
        var isUndone = false
    }

    var people: [Person]
    var plans: [UInt32: Plan] = [:]
    var deeds: [UInt32: Deed] = [:]
    /// What planned changes have become.
    var becameOf: [UInt32: UInt32] = [:]
    /// Numbers of the changes that have set a customer's field and hold, the newest last.
    private var stacks: [Int: [Field: [UInt32]]] = [:]
    private(set) var failures = 0

    init(_ people: [Person]) { self.people = people }

    // MARK: - Now

    func value(_ row: Int, _ field: Field) -> Value {
        switch field {
        case .name: .text(people[row].name)
        case .channels: .number(people[row].channels)
        case .credit: .number(people[row].credit)
        case .tags: .list(people[row].tags)
        }
    }

    private mutating func set(_ row: Int, _ field: Field, _ value: Value) {
        switch (field, value) {
        case (.name, .text(let text)): people[row].name = text
        case (.channels, .number(let number)): people[row].channels = number
        case (.credit, .number(let number)): people[row].credit = number
        case (.tags, .list(let list)): people[row].tags = list
        default: break
        }
        people[row].version += 1
    }

    func rows(_ whom: Whom) -> [Int] {
        switch whom {
        case .ids(let rows): rows.filter { !people[$0].isDeleted }
        case .atLeast(let channels): people.indices.filter { !people[$0].isDeleted && people[$0].channels >= channels }
        }
    }

    private func becomes(_ what: What, _ row: Int) -> Value {
        switch what {
        case .name(let text): .text(text)
        case .channels(let number): .number(number)
        case .moreChannels(let number): .number(people[row].channels + number)
        case .credit(let number): .number(people[row].credit + number)
        case .tag(let tag): .list(people[row].tags.contains(tag) ? people[row].tags : people[row].tags + [tag])
        }
    }

    func isTaken(_ name: String, for row: Int) -> Bool {
        people.indices.contains { $0 != row && !people[$0].isDeleted && people[$0].name == name }
    }

    /// - Returns: how many it changed; nil: it is refused.
    mutating func edit(_ whom: Whom, _ what: What, end: Int64, as number: UInt32) -> Int? {
        let rows = rows(whom)
        if rows.isEmpty, case .ids = whom { return nil }
        if case .name(let name) = what, rows.contains(where: { isTaken(name, for: $0) }) { return nil }
        var deed = Deed(field: what.field, values: [:], end: end)
        for row in rows {
            let (old, new) = (value(row, what.field), becomes(what, row))
            if old != new { deed.values[row] = (old, new) }
        }
        for (row, values) in deed.values {
            set(row, deed.field, values.new)
            stacks[row, default: [:]][deed.field, default: []].append(number)
        }
        if deed.values.isEmpty { return 0 }
        deeds[number] = deed
        return deed.values.count
    }

    mutating func delete(_ row: Int) {
        people[row].isDeleted = true
        people[row].version += 1
    }

    /// - Returns: false: it is refused.
    mutating func undelete(_ row: Int) -> Bool {
        guard !isTaken(people[row].name, for: row) else { return false }
        people[row].isDeleted = false
        people[row].version += 1
        return true
    }

    private func isOnTop(_ number: UInt32, _ row: Int, _ field: Field) -> Bool {
        !people[row].isDeleted && stacks[row]?[field]?.last == number
    }

    /// By hand: all of it or nothing.
    /// - Returns: false: it is refused.
    mutating func undo(_ number: UInt32) -> Bool {
        guard let deed = deeds[number], !deed.isUndone,
            deed.values.keys.allSatisfy({ isOnTop(number, $0, deed.field) })
        else { return false }
        return takeBack(number, deed)
    }

    private mutating func takeBack(_ number: UInt32, _ deed: Deed) -> Bool {
        let rows = deed.values.keys.filter { isOnTop(number, $0, deed.field) }
        if rows.isEmpty { return false }
        for row in rows {
            if case .text(let name)? = deed.values[row]?.old, isTaken(name, for: row) { return false }
        }
        for row in rows {
            guard let (old, new) = deed.values[row] else { continue }
            if deed.field == .credit, case .number(let old) = old, case .number(let new) = new {
                set(row, .credit, .number(people[row].credit + old - new))
            } else {
                set(row, deed.field, old)
            }
        }
        for row in deed.values.keys { stacks[row]?[deed.field]?.removeAll { $0 == number } }
        deeds[number]?.isUndone = true
        return true
    }

    // MARK: - Then

    /// What is to come, in order, as (time, number).
    var pending: [(micros: Int64, isBegin: Bool, number: UInt32)] {
        let begins = plans.map { ($0.value.begin, true, $0.key) }
        let ends = deeds.filter { $0.value.end != 0 && !$0.value.isUndone }.map { ($0.value.end, false, $0.key) }
        return (begins + ends).map { (micros: $0.0, isBegin: $0.1, number: $0.2) }.sorted {
            ($0.micros, $0.isBegin ? 1 : 0, $0.number) < ($1.micros, $1.isBegin ? 1 : 0, $1.number)
        }
    }

    /// Does the first that is due.
    /// - Parameter next: the number of the change that it becomes.
    /// - Returns: false: nothing is due.
    mutating func doDue(_ now: Int64, as next: UInt32) -> Bool {
        guard let first = pending.first, first.micros <= now else { return false }
        guard let plan = plans.removeValue(forKey: first.number) else {
            guard let deed = deeds[first.number] else { return false }
            deeds[first.number]?.end = 0
            let wasClash =
                deed.field == .name
                && deed.values.contains { row, values in
                    guard isOnTop(first.number, row, .name), case .text(let name) = values.old else { return false }
                    return isTaken(name, for: row)
                }
            if !takeBack(first.number, deed) && wasClash { failures += 1 }
            return true
        }
        becameOf[first.number] = next
        if plan.end != 0 && plan.end <= now || edit(plan.whom, plan.what, end: plan.end, as: next) == nil {
            failures += 1
        }
        return true
    }
}
