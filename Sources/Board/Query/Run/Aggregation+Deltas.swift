// Brings cached sums up to date with what has changed since: a query after some calls costs what they changed, and not
// what there is.
//
// Logs (`DeltaLog`) record by how much a value of a row has grown. That is added to the row's cell. Where a row is no
// longer selected, or is newly selected, or belongs to another cell (a customer that begins a call is shown as
// Dialing), its changes go to its old cell, and then the whole row moves to its new cell. All values are whole numbers
// modulo 2^64, so the sums are bit by bit those that reading every row again would give.

import Columnar

/// Which rows of a chunk were selected and which are, and their former cells; for one chunk after the other.
struct ChunkMoves {
    private let active: Column<Int32>
    private let deleted: Bitmap?
    private let before: [UInt64]?
    private let after: [UInt64]?
    /// Changes of the number of live calls of the chunk's rows, where that matters; by row, ascending.
    private var liveChanges: [(row: Int, change: Int32)] = []
    /// The rows that may have moved, each once.
    private(set) var rows: [Int] = []

    /// - Parameters:
    ///   - before: the words of the rows that were selected, as they were cached; nil with `after`: all that are there
    ///     are.
    ///   - liveDeltas: of live calls, where the cells depend on them.
    init(
        _ engine: EngineState, chunk: Int, before: [UInt64]?, after: [UInt64]?, liveDeltas: ArraySlice<Delta>
    ) {
        active = engine.customers.active
        deleted = engine.customers.deletedCount > 0 ? engine.customers.deleted : nil
        (self.before, self.after) = (before, after)
        for delta in liveDeltas.sorted(by: { $0.row < $1.row }) where delta.field == CustomerTable.activeField {
            let (row, change) = (Int(delta.row), Int32(truncatingIfNeeded: delta.change))
            if let last = liveChanges.last, last.row == row {
                liveChanges[liveChanges.count - 1].change &+= change
            } else {
                liveChanges.append((row, change))
                rows.append(row)
            }
        }
        guard let before, let after else { return }
        for word in before.indices {
            var bits = before[word] ^ after[word]
            while bits != 0 {
                let row = chunk * ChunkSize.rows + word << 6 + bits.trailingZeroBitCount
                if change(row) == nil { rows.append(row) }
                bits &= bits &- 1
            }
        }
    }

    private func change(_ row: Int) -> Int32? {
        var (low, high) = (0, liveChanges.count)
        while low < high {
            let middle = (low + high) / 2
            if liveChanges[middle].row < row { low = middle + 1 } else { high = middle }
        }
        return low < liveChanges.count && liveChanges[low].row == row ? liveChanges[low].change : nil
    }

    func wasSelected(_ row: Int) -> Bool { isSelected(row, before) }

    func isSelected(_ row: Int) -> Bool { isSelected(row, after) }

    private func isSelected(_ row: Int, _ words: [UInt64]?) -> Bool {
        guard let words else { return deleted.map { !$0[row] } ?? true }
        let index = row % ChunkSize.rows
        return words[index >> 6] & 1 << UInt64(index & 63) != 0
    }

    func live(_ row: Int) -> Int32 { active[row] }

    func liveBefore(_ row: Int) -> Int32 {
        active[row] &- (change(row) ?? 0)
    }
}

extension PackedSums {
    /// Adds what has changed in a chunk to sums that are cached. `index` has the cell of each row.
    func follow(
        _ sums: inout [Int64], _ deltas: [DeltaLog], chunk: Int, since versions: LogVersions, _ moves: ChunkMoves,
        _ index: GroupIndex
    ) {
        let lanes = lanes
        for log in logs ?? [] where deltas[log].version(chunk: chunk) != versions[log] {
            for delta in deltas[log].deltas(chunk: chunk, since: versions[log]) ?? [] {
                let lane = lane(log: log, field: delta.field)
                let row = Int(delta.row)
                guard lane >= 0, moves.wasSelected(row) else { continue }
                sums[index.cell(row: row, live: moves.liveBefore(row)) * lanes + lane] &+= delta.change
            }
        }
        for row in moves.rows {
            let before = moves.wasSelected(row) ? index.cell(row: row, live: moves.liveBefore(row)) : nil
            let after = moves.isSelected(row) ? index.cell(row: row, live: moves.live(row)) : nil
            if before == after { continue }
            for lane in 0..<columnCount {
                let value = value(lane: lane, row: row)
                if let before { sums[before * lanes + lane] &-= value }
                if let after { sums[after * lanes + lane] &+= value }
            }
        }
    }
}

extension Aggregation {
    /// Brings those stale parts of some chunks up to date of which it is known what has changed; the others stay stale.
    mutating func follow(
        _ segment: inout QueryCache.Segment, _ chunks: Range<Int>, _ engine: EngineState,
        _ selector: inout RowSelector, stale: inout [Bool]
    ) {
        guard let shared = sharedLogs else { return }
        guard !selector.hasCondition || segment.selections.allSatisfy({ $0 != nil }) else { return }
        var candidates: [(part: Int, sums: PackedSums, index: GroupIndex, versions: [LogVersions])] = []
        for part in stale.indices where stale[part] {
            guard let sums = packed(part), let own = sums.logs, let index = index(part),
                let versions = segment.parts[part]?.versions
            else { continue }
            let isKnown = chunks.allSatisfy { chunk in
                let versions = versions[chunk - chunks.lowerBound]
                return deltas.know(own, chunk: chunk, since: versions)
                    && deltas.know(shared, chunk: chunk, since: versions)
            }
            if isKnown { candidates.append((part, sums, index, versions)) }
        }
        guard let sharedVersions = candidates.first?.versions else { return }
        var sums = candidates.map { segment.parts[$0.part]?.takeSums() ?? [] }
        let after = chunks.map { selection($0, engine, &selector) }
        for (offset, chunk) in chunks.enumerated() {
            let versions = sharedVersions[offset]
            let live = dependsOnLiveCalls ? deltas[1].deltas(chunk: chunk, since: versions[1]) ?? [] : []
            let moves = ChunkMoves(
                engine, chunk: chunk, before: segment.selections[offset]?.words, after: after[offset]?.words,
                liveDeltas: live)
            for (number, candidate) in candidates.enumerated() {
                candidate.sums.follow(
                    &sums[number], deltas, chunk: chunk, since: candidate.versions[offset], moves, candidate.index)
            }
        }
        for (number, candidate) in candidates.enumerated() {
            segment.parts[candidate.part]?.sums = .packed(sums[number])
            stale[candidate.part] = false
        }
        segment.selections = after
    }

    /// The rows of a chunk that are selected; nil without a condition.
    func selection(_ chunk: Int, _ engine: EngineState, _ selector: inout RowSelector) -> CachedSelection? {
        guard selector.hasCondition else { return nil }
        let rows = engine.customers.statuses.rows(inChunk: chunk).count
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (rows + 63) >> 6) { words in
            words.initialize(repeating: 0)
            _ = selector.select(chunk, rows: rows, into: words)
        }
        return selector.cached[chunk]
    }
}

extension QueryCache.CachedPart {
    /// The sums of a packed part, whose place is empty then: so they are changed in place.
    fileprivate mutating func takeSums() -> [Int64] {
        guard case .packed(let sums) = self.sums else { return [] }
        self.sums = .packed([])
        return sums
    }
}
