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
        let count = entries.count
        let kept = entries.withUnsafeMutableBufferPointer { entries in
            var kept = 0
            var index = 0
            while index < count {
                let customer = entries[index].customer
                var end = index + 1
                while end < count && entries[end].customer == customer { end += 1 }
                if end - index > 1 { Slot.sortByFact(UnsafeMutableBufferPointer(rebasing: entries[index..<end])) }
                let first = kept
                while index < end {
                    let entry = entries[index]
                    index += 1
                    // What was corrected away needs no place.
                    if kept > first, entries[kept - 1].payload == 0 { kept -= 1 }
                    if kept > first, entries[kept - 1].fact == entry.fact, entries[kept - 1].merge(entry) { continue }
                    entries[kept] = entry
                    kept += 1
                }
                if kept > first, entries[kept - 1].payload == 0 { kept -= 1 }
            }
            return kept
        }
        entries.removeSubrange(kept...)
    }

    /// A few elements are put in order by insertion, many by the library's sort.
    @inline(__always)
    private static func sortByFact(_ entries: UnsafeMutableBufferPointer<FactEntry>) {
        guard entries.count <= 24 else {
            var entries = entries
            return entries.sort { $0.fact.bits < $1.fact.bits }
        }
        for index in 1..<entries.count {
            let entry = entries[index]
            var place = index
            while place > 0 && entries[place - 1].fact.bits > entry.fact.bits {
                entries[place] = entries[place - 1]
                place -= 1
            }
            entries[place] = entry
        }
    }
}
