// The best first sort key among the selected rows of each chunk: where even that one is beyond the page, the chunk can
// be skipped, and where all are known, the chunks that matter come first.

import Columnar

struct ChunkBests {
    struct Key: Hashable {
        var condition: Condition
        var operand: RowOperand
        var descending: Bool
    }

    struct Best {
        var stamp: UInt64
        var versions: LogVersions
        /// No row's key is smaller than this.
        var key: Int64
    }

    let key: Key
    /// One entry per chunk: a stamp of everything that its best key depends on.
    private let stamps: [UInt64?]
    /// The logs that record changes of these; nil: some changes are not recorded.
    private let logs: [Int]?
    private let deltas: [DeltaLog]
    /// By chunk.
    private(set) var cached: [Best?]

    /// `selection`: what the selection of rows depends on.
    init(
        _ engine: EngineState, _ key: Key, selection: Set<Dependency>, cached: [Best?], _ deltas: [DeltaLog]
    ) {
        self.key = key
        let dependencies = selection.union(key.operand.sources.map(Dependency.init))
        logs = dependencies.logs
        self.deltas = deltas
        self.cached = cached
        let more = engine.customers.chunkCount - cached.count
        // Where nothing is missing nothing is copied.
        if more > 0 { self.cached += repeatElement(nil, count: more) }
        stamps = (0..<engine.customers.chunkCount).map { engine.stamp(dependencies, chunks: $0..<$0 + 1) }
    }

    /// The best key of a chunk, if it is still known.
    subscript(chunk: Int) -> Int64? {
        guard let best = cached[chunk], best.stamp == stamp(chunk) else { return nil }
        return best.key
    }

    mutating func note(_ key: Int64, chunk: Int) {
        cached[chunk] = stamp(chunk).map { Best(stamp: $0, versions: deltas.versions(chunk: chunk), key: key) }
    }

    /// Brings what is cached up to date where it is known which rows have changed since: none of the others has become
    /// better.
    /// - Parameters:
    ///   - holds: whether a row is selected.
    ///   - keyOfRow: a row's first key.
    mutating func update(holds: (Int) -> Bool, keyOfRow: (Int) -> Int64) {
        guard let logs else { return }
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (ChunkSize.rows + 63) >> 6) { changed in
            changed.initialize(repeating: 0)
            for chunk in cached.indices {
                guard let best = cached[chunk], best.stamp != stamp(chunk),
                    let count = deltas.mark(logs, chunk: chunk, since: best.versions, into: changed),
                    count <= ChunkBests.rowsAlone
                else { continue }
                var key = best.key
                RowFilter.forEachBit(changed) { index in
                    let row = chunk * ChunkSize.rows + index
                    if holds(row) { key = min(key, keyOfRow(row)) }
                }
                note(key, chunk: chunk)
            }
        }
    }

    /// Rows that are tested one by one.
    private static let rowsAlone = max(4, ChunkSize.rows / 64)

    /// All chunks, those with the best keys first; nil where the best key of some is unknown.
    var order: [Int]? {
        var bests: [(key: Int64, chunk: Int)] = []
        for chunk in cached.indices {
            guard let best = self[chunk] else { return nil }
            bests.append((best, chunk))
        }
        return bests.sorted { ($0.key, $0.chunk) < ($1.key, $1.chunk) }.map(\.chunk)
    }

    private func stamp(_ chunk: Int) -> UInt64? { stamps[chunk] }
}
