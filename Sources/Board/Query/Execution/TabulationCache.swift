// Sums over customers that stay right as long as the chunks they were made of do not change: a board that is asked
// again costs what has changed since, and not what there is.
//
// Kept are sums by segment, some chunks in a row, each with the versions of everything it was made of. Only sums are kept:
// a column kept here would have to be copied at its next change.

import Columnar

struct TabulationCache {
    struct Key: Hashable {
        var condition: Condition
        var fields: [CustomerField]
        var plain: [Measure]
        var money: [Measure]
    }

    struct Segment {
        /// The versions of the sources in each chunk, and how many values the group columns have.
        var stamp: [UInt64]
        var plain: AggregateSums
        var money: AggregateSums?
    }

    private var entries: [(key: Key, segments: [Segment?])] = []
    /// The rows that meet a condition, by chunk: a bit each.
    private var selections: [(condition: Condition, chunks: [KeptSelection?])] = []

    /// Entries are few: comparing them costs nothing beside a query.
    subscript(key: Key) -> [Segment?] {
        get { entries.first { $0.key == key }?.segments ?? [] }
        set {
            entries.removeAll { $0.key == key }
            if entries.count >= BoardLimits.keptTabulations { entries.removeFirst() }
            entries.append((key, newValue))
        }
    }

    subscript(condition: Condition) -> [KeptSelection?] {
        get { selections.first { $0.condition == condition }?.chunks ?? [] }
        set {
            selections.removeAll { $0.condition == condition }
            if selections.count >= BoardLimits.keptTabulations { selections.removeFirst() }
            selections.append((condition, newValue))
        }
    }

    var byteSize: Int {
        selections.reduce(0) { $0 + $1.chunks.reduce(0) { $0 + ($1?.words.count ?? 0) * 8 } }
            + entries.reduce(0) {
                $0 + $1.segments.reduce(0) { $0 + ($1?.plain.byteSize ?? 0) + ($1?.money?.byteSize ?? 0) }
            }
    }
}

/// The sums of a table without its columns.
struct AggregateSums {
    fileprivate var packs: [[Int64]]
    fileprivate var others: [MeasureColumn]

    var byteSize: Int { packs.reduce(0) { $0 + $1.count * 8 } + others.reduce(0) { $0 + $1.integers.count * 8 } }
}

extension AggregateTable {
    /// The sums so far.
    var sums: AggregateSums { AggregateSums(packs: packs.map(\.sums), others: others.map(\.sums)) }

    /// Puts other sums of the same measures and cells in their place; nil: begins anew.
    mutating func reset(to sums: AggregateSums?) {
        for number in packs.indices {
            packs[number].sums = sums?.packs[number] ?? Array(repeating: 0, count: packs[number].sums.count)
        }
        for number in others.indices {
            others[number].sums = sums?.others[number] ?? others[number].sums.empty(count: index.cells)
        }
    }

    /// Adds the sums of a table of the same measures and cells.
    mutating func merge(_ sums: AggregateSums) {
        for number in packs.indices {
            packs[number].sums.withUnsafeMutableBufferPointer { own in
                sums.packs[number].withUnsafeBufferPointer { other in
                    for place in own.indices { own[place] &+= other[place] }
                }
            }
        }
        for number in others.indices { others[number].sums.mergeAll(sums.others[number]) }
    }

    /// Values that the sums have in all.
    var size: Int { packs.reduce(0) { $0 + $1.sums.count } + others.count * index.cells }
}

extension EngineState {
    /// The state of a chunk as far as some sources and group columns go; nil where it cannot be told.
    func stamp(_ sources: [NumberSource], _ fields: [CustomerField], chunk: Int) -> [UInt64]? {
        var stamp = [customers.chunkVersions[chunk]]
        if fields.contains(.status) { stamp.append(customers.activeVersion) }
        for source in sources {
            guard let version = version(of: source, chunk: chunk) else { return nil }
            stamp.append(version)
        }
        return stamp
    }
}
