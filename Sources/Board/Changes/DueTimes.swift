// Pending actions of changes, in the order in which they are done.

struct DueTimes: Equatable, Sendable {
    /// A change has at most one pending action.
    struct Entry: Equatable, Comparable, Sendable {
        var micros: Int64
        /// False: the change is set back.
        var isBegin: Bool
        var number: UInt32

        /// At the same instant set-backs come before edits, so that one edit may follow another without a gap; then the
        /// lower change number comes first.
        static func < (left: Entry, right: Entry) -> Bool {
            if left.micros != right.micros { return left.micros < right.micros }
            return left.isBegin == right.isBegin ? left.number < right.number : right.isBegin
        }
    }

    /// Ascending. They are some thousands at most: an insertion moves the others in microseconds.
    private(set) var entries: [Entry] = []
    private var waiting: [UInt32: Waiting] = [:]
    /// Number of edits that are to begin.
    private(set) var beginCount = 0
    /// Bytes of the changes that wait.
    private(set) var byteSize = 0

    private struct Waiting: Equatable, Sendable {
        var entry: Entry
        var byteSize: Int
    }

    var count: Int { entries.count }
    var first: Entry? { entries.first }

    /// Whether a change has a pending action.
    func contains(_ number: UInt32) -> Bool { waiting[number] != nil }

    /// Updates the pending action of a change.
    mutating func note(_ change: Change) {
        let number = change.number
        let new = change.due.map { Waiting(entry: $0, byteSize: change.byteSize) }
        let old = waiting[number]
        guard old != new else { return }
        byteSize += (new?.byteSize ?? 0) - (old?.byteSize ?? 0)
        waiting[number] = new
        guard old?.entry != new?.entry else { return }
        if let entry = old?.entry {
            entries.remove(at: place(of: entry))
            beginCount -= entry.isBegin ? 1 : 0
        }
        if let entry = new?.entry {
            entries.insert(entry, at: place(of: entry))
            beginCount += entry.isBegin ? 1 : 0
        }
    }

    /// The position of an entry, or where it would be inserted.
    private func place(of entry: Entry) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle] < entry { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
