// Sums over customers that stay valid as long as the chunks they were made from do not change: a repeated board costs
// what has changed since, not what there is.
//
// Cached are the parts of tables by segment, some chunks in a row, each with a stamp of everything it was made of; what
// they come to by group; the rows that met a condition, by chunk; and whole answers, for as long as nothing changes
// that they show. Only these are cached: a column held here would have to be copied at its next change.

import Columnar

struct QueryCache {
    struct Key: Hashable {
        var condition: Condition
        var fields: [CustomerField]
        /// Whether the last field is a pivot: the sums are the same then, but not their totals by group.
        var hasPivot: Bool
        var plain: [Measure]
        var money: [Measure]
    }

    struct Entry {
        /// How many chunks the segments cover.
        var chunks = 0
        /// The measures of both tables that have no sums: this determines what parts mean.
        var zeroMeasures: [[Int]] = []
        /// How many values each group column had: this determines how cells are numbered.
        var domains: [Int] = []
        var segments: [Segment] = []
        var table: CachedGroups?
    }

    /// All of them together by group, for the parts' stamps over all chunks. Nothing of it is a column.
    struct CachedGroups {
        var stamps: [UInt64]
        var shape: GroupShape
        var sums: GroupSums
        var money: MoneySums?
        /// Whether some place of the tree has no customers.
        var hasEmpty: Bool

        init(stamps: [UInt64], shape: GroupShape, sums: GroupSums, money: MoneySums?) {
            (self.stamps, self.shape, self.sums, self.money) = (stamps, shape, sums, money)
            let (customers, slots) = (sums.values[MeasureList.customers].integers, shape.tree.slots)
            hasEmpty = stride(from: 0, to: customers.count, by: slots).contains { customers[$0] == 0 }
        }
    }

    /// What is cached of some chunks in a row.
    struct Segment {
        /// By part.
        var parts: [CachedPart?]
        /// By chunk, the rows that were selected when the parts were made; nil without a condition.
        var selections: [CachedSelection?]
    }

    struct CachedPart {
        var stamp: UInt64
        /// One entry per chunk.
        var versions: [LogVersions]
        var sums: PartSums
    }

    /// All but the times of an answer.
    struct CachedAnswer {
        var query: BoardQuery
        /// A stamp of everything that the query reads.
        var stamp: UInt64
        /// Nil: it was asked once since something changed. The memory of answers that are asked for once
        /// would come from the system each time, which takes longer than making them.
        var answer: BoardAnswer?
    }

    private var answers: [CachedAnswer] = []
    private var entries: [(key: Key, entry: Entry)] = []
    /// The rows that meet a condition, by chunk: a bit each.
    private var selections: [(condition: Condition, chunks: [CachedSelection?])] = []
    /// The best sort keys among them, by chunk.
    private var bests: [(key: ChunkBests.Key, chunks: [ChunkBests.Best?])] = []

    /// The answer of a query, if it is cached and nothing has changed since.
    func answer(_ query: BoardQuery, stamp: UInt64) -> BoardAnswer? {
        answers.first { $0.stamp == stamp && $0.query == query }?.answer
    }

    /// Notes that a query was answered, and the second time stores the answer, unless it is very long.
    mutating func store(_ answer: BoardAnswer, of query: BoardQuery, stamp: UInt64) {
        let isSecond = answers.contains { $0.stamp == stamp && $0.query == query }
        answers.removeAll { $0.query == query }
        if answers.count >= BoardLimits.cachedAggregations { answers.removeFirst() }
        let isStored = isSecond && answer.byteSize <= BoardLimits.cachedAnswerBytes
        answers.append(CachedAnswer(query: query, stamp: stamp, answer: isStored ? answer : nil))
    }

    /// There are few entries: comparing them costs nothing beside a query.
    subscript(key: Key) -> Entry {
        get { entries.first { $0.key == key }?.entry ?? Entry() }
        set {
            entries.removeAll { $0.key == key }
            if entries.count >= BoardLimits.cachedAggregations { entries.removeFirst() }
            entries.append((key, newValue))
        }
    }

    /// What is cached for a key. The caller owns it then, so that it can change it in place.
    mutating func take(_ key: Key) -> Entry {
        guard let place = entries.firstIndex(where: { $0.key == key }) else { return Entry() }
        return entries.remove(at: place).entry
    }

    subscript(condition: Condition) -> [CachedSelection?] {
        get { selections.first { $0.condition == condition }?.chunks ?? [] }
        set {
            selections.removeAll { $0.condition == condition }
            if selections.count >= BoardLimits.cachedAggregations { selections.removeFirst() }
            selections.append((condition, newValue))
        }
    }

    subscript(key: ChunkBests.Key) -> [ChunkBests.Best?] {
        get { bests.first { $0.key == key }?.chunks ?? [] }
        set {
            bests.removeAll { $0.key == key }
            if bests.count >= BoardLimits.cachedAggregations { bests.removeFirst() }
            bests.append((key, newValue))
        }
    }

    var byteSize: Int {
        var size = answers.reduce(0) { $0 + ($1.answer?.byteSize ?? 0) }
        size += bests.reduce(0) { $0 + $1.chunks.count * MemoryLayout<ChunkBests.Best?>.stride }
        for selection in selections { for chunk in selection.chunks { size += (chunk?.words.count ?? 0) * 8 } }
        for (_, entry) in entries {
            for segment in entry.segments {
                for part in segment.parts { size += part?.byteSize ?? 0 }
                // Most are the same as the selections above; some may be older.
                for selection in segment.selections { size += (selection?.words.count ?? 0) * 8 }
            }
            size += entry.table?.byteSize ?? 0
        }
        return size
    }
}

extension QueryCache.CachedPart {
    var byteSize: Int { sums.byteSize + versions.count * MemoryLayout<LogVersions>.stride }
}

extension QueryCache.CachedGroups {
    var byteSize: Int {
        let columns = sums.values + (money?.values ?? [])
        return shape.byteSize + columns.reduce(0) { $0 + $1.byteSize }
    }
}

extension BoardAnswer {
    /// Bytes of the data of its rows.
    var byteSize: Int {
        depths.count + groupMoney.count * 20 + columns.reduce(0) { $0 + $1.values.byteSize + $1.nulls.count }
    }
}

extension ResultValues {
    fileprivate var byteSize: Int {
        switch self {
        case .integers(let values), .money(let values), .times(let values): values.count * 8
        case .numbers(let values): values.count * 8
        case .booleans(let values): values.count
        case .texts(let codes, let dictionary): codes.count * 4 + ResultValues.byteSize(of: dictionary)
        case .textLists(let lists): lists.reduce(0) { $0 + ResultValues.byteSize(of: $1) }
        }
    }

    private static func byteSize(of texts: [String]) -> Int { texts.reduce(0) { $0 + 16 + $1.utf8.count } }
}
