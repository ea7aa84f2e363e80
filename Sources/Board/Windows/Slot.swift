/// The facts of one slot of time, `start ..< start + length of its level`, in no order and not yet all merged.
final class Slot {
    let start: Int64
    private(set) var entries: [FactEntry] = []
    /// How many entries there were after the last merge.
    private var mergedCount = 0

    init(start: Int64) {
        self.start = start
    }

    @inline(__always)
    func append(_ entry: FactEntry) {
        entries.append(entry)
    }

    func append(contentsOf other: Slot) {
        entries.append(contentsOf: other.entries)
    }

    var byteSize: Int { entries.capacity * MemoryLayout<FactEntry>.stride + 64 }

    /// Merges equal facts once the unmerged ones outnumber the merged ones, so that the work is linear in what was appended.
    func mergeIfWorthwhile(scratch: inout [FactEntry]) {
        guard entries.count >= 2 * mergedCount + 1_024 else { return }
        merge(scratch: &scratch)
    }

    func merge(scratch: inout [FactEntry]) {
        guard mergedCount != entries.count else { return }
        entries.sortByCustomer(scratch: &scratch)
        mergeEqualFacts()
        mergedCount = entries.count
        if entries.capacity > 2 * entries.count + 1_024 { entries = Array(entries) }
    }

    /// Adds up equal facts of each customer. The entries are sorted by customer; each customer's few facts are sorted here.
    private func mergeEqualFacts() {
        var kept = 0
        var index = 0
        while index < entries.count {
            var end = index + 1
            while end < entries.count && entries[end].customer == entries[index].customer { end += 1 }
            if end - index > 1 { entries[index..<end].sort { $0.fact.bits < $1.fact.bits } }
            let first = kept
            for position in index..<end {
                let entry = entries[position]
                if kept > first, entries[kept - 1].fact == entry.fact, entries[kept - 1].merge(entry) { continue }
                entries[kept] = entry
                kept += 1
            }
            // What was corrected away needs no place.
            if kept > first { kept = removeEmpty(from: first, to: kept) }
            index = end
        }
        entries.removeSubrange(kept...)
    }

    private func removeEmpty(from first: Int, to end: Int) -> Int {
        var kept = first
        for position in first..<end where entries[position].payload != 0 {
            entries[kept] = entries[position]
            kept += 1
        }
        return kept
    }
}
