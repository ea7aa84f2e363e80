// Sums over customers that stay right as long as the chunks they were made of do not change: a board that is asked
// again costs what has changed since, and not what there is.
//
// Kept are the parts of tables by segment, some chunks in a row, each with a stamp of everything it was made of; what they
// come to by group; and the rows that met a condition, by chunk. Only these are kept: a column kept here would have to be
// copied at its next change.

import Columnar

struct TabulationCache {
    struct Key: Hashable {
        var condition: Condition
        var fields: [CustomerField]
        /// Whether the last field is a pivot: the sums are the same, and what they come to by group is not.
        var hasPivot: Bool
        var plain: [Measure]
        var money: [Measure]
    }

    struct Entry {
        /// What the segments are parts of.
        var chunks = 0
        /// What parts mean: of both tables the measures that have none.
        var zeroMeasures: [[Int]] = []
        /// How many values each group column had, for which cells are numbered.
        var domains: [Int] = []
        var segments: [Segment] = []
        var table: KeptTable?
    }

    /// All of them together by group, for the parts' stamps over all chunks. Nothing of it is a column.
    struct KeptTable {
        var stamps: [UInt64]
        var shape: GroupShape
        var sums: GroupSums
        var money: MoneySums?
        /// Somewhere in the tree nobody is.
        var hasEmpty: Bool
        /// What the last query made of it: while all else holds, it gets the same answer, but for the times.
        var answer: KeptAnswer?

        init(stamps: [UInt64], shape: GroupShape, sums: GroupSums, money: MoneySums?) {
            (self.stamps, self.shape, self.sums, self.money) = (stamps, shape, sums, money)
            let (customers, slots) = (sums.values[MeasureList.customers].integers, shape.tree.slots)
            hasEmpty = stride(from: 0, to: customers.count, by: slots).contains { customers[$0] == 0 }
        }
    }

    struct KeptAnswer {
        var query: BoardQuery
        var answer: BoardAnswer
    }

    /// What is kept of some chunks in a row.
    struct Segment {
        /// By part.
        var parts: [KeptPart?]
        /// By chunk, the rows that were selected when the parts were made; nil without a condition.
        var selections: [KeptSelection?]
    }

    struct KeptPart {
        var stamp: UInt64
        /// By chunk.
        var versions: [LogVersions]
        var sums: PartSums
    }

    private var entries: [(key: Key, entry: Entry)] = []
    /// The rows that meet a condition, by chunk: a bit each.
    private var selections: [(condition: Condition, chunks: [KeptSelection?])] = []
    /// The best sort keys among them, by chunk.
    private var bests: [(key: ChunkBests.Key, chunks: [ChunkBests.Best?])] = []

    /// Entries are few: comparing them costs nothing beside a query.
    subscript(key: Key) -> Entry {
        get { entries.first { $0.key == key }?.entry ?? Entry() }
        set {
            entries.removeAll { $0.key == key }
            if entries.count >= BoardLimits.keptTabulations { entries.removeFirst() }
            entries.append((key, newValue))
        }
    }

    /// What is kept for a key, which is nobody else's then: so it can be changed in place.
    mutating func take(_ key: Key) -> Entry {
        guard let place = entries.firstIndex(where: { $0.key == key }) else { return Entry() }
        return entries.remove(at: place).entry
    }

    subscript(condition: Condition) -> [KeptSelection?] {
        get { selections.first { $0.condition == condition }?.chunks ?? [] }
        set {
            selections.removeAll { $0.condition == condition }
            if selections.count >= BoardLimits.keptTabulations { selections.removeFirst() }
            selections.append((condition, newValue))
        }
    }

    subscript(key: ChunkBests.Key) -> [ChunkBests.Best?] {
        get { bests.first { $0.key == key }?.chunks ?? [] }
        set {
            bests.removeAll { $0.key == key }
            if bests.count >= BoardLimits.keptTabulations { bests.removeFirst() }
            bests.append((key, newValue))
        }
    }

    var byteSize: Int {
        var size = bests.reduce(0) { $0 + $1.chunks.count * MemoryLayout<ChunkBests.Best?>.stride }
        for selection in selections { for chunk in selection.chunks { size += (chunk?.words.count ?? 0) * 8 } }
        for (_, entry) in entries {
            for segment in entry.segments {
                for part in segment.parts { size += part?.byteSize ?? 0 }
                // Most are the selections above; some may be older ones.
                for selection in segment.selections { size += (selection?.words.count ?? 0) * 8 }
            }
            size += entry.table?.byteSize ?? 0
        }
        return size
    }
}

extension TabulationCache.KeptPart {
    var byteSize: Int { sums.byteSize + versions.count * MemoryLayout<LogVersions>.stride }
}

extension TabulationCache.KeptTable {
    var byteSize: Int {
        let columns = sums.values + (money?.values ?? [])
        return shape.byteSize + columns.reduce(0) { $0 + $1.byteSize } + (answer?.answer.cellCount ?? 0) * 8
    }
}

extension BoardAnswer {
    /// Values of the rows, and amounts of money beside them.
    var cellCount: Int { depths.count * columns.count + groupMoney.count }
}
