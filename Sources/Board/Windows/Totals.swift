import Columnar

/// What the values of each chunk of a column come to, modulo 2^64.
struct ChunkTotals {
    fileprivate let values: [Int64]
    fileprivate let first: Int
    fileprivate let stride: Int

    subscript(chunk: Int) -> Int64 { values[first + chunk * stride] }
}

/// The counters and sums of all customers in one window, as columns with one row a customer.
///
/// Sliding windows hold `Int32` counts (24 h at 24,855 calls a second of one customer fit), `all` holds `Int64`. Columns of
/// chunks without traffic take no memory.
struct Totals<Count: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
    var counts: [Column<Count>]
    var sums: [Column<Int64>]
    /// Most set-ups in one second of the window, as of the last `Timeline.refreshPeaks`.
    private(set) var peak = Column<Int32>()
    /// One number a chunk, another one after every change of a value in it: what was worked out from a chunk holds as long
    /// as its number is the same. Numbers are never used twice.
    private(set) var chunkVersions: [UInt64] = []
    private var version: UInt64 = 0
    /// What the values of a chunk come to, modulo 2^64: of each counter, then of each sum, chunk by chunk.
    private var chunkTotals: [Int64] = []
    private static var fields: Int { CounterField.count + SumField.count }

    init() {
        counts = Array(repeating: Column<Count>(), count: CounterField.count)
        sums = Array(repeating: Column<Int64>(), count: SumField.count)
    }

    mutating func grow(to rows: Int) {
        for index in counts.indices { counts[index].grow(to: rows) }
        for index in sums.indices { sums[index].grow(to: rows) }
        peak.grow(to: rows)
        // The last chunk has more rows than before.
        if let last = chunkVersions.indices.last { touch(chunk: last) }
        while chunkVersions.count < peak.chunkCount {
            chunkVersions.append(0)
            chunkTotals += repeatElement(0, count: Totals.fields)
            touch(chunk: chunkVersions.count - 1)
        }
    }

    /// Every counter 0, memory given back.
    mutating func clear() {
        for index in counts.indices { counts[index].clear() }
        for index in sums.indices { sums[index].clear() }
        peak.clear()
        chunkTotals = Array(repeating: 0, count: chunkTotals.count)
        for chunk in chunkVersions.indices { touch(chunk: chunk) }
    }

    /// Puts other values in the place of all that are there.
    mutating func restore(_ counts: [Column<Count>], _ sums: [Column<Int64>]) {
        precondition(counts.count == CounterField.count && sums.count == SumField.count, "a column for each field")
        (self.counts, self.sums) = (counts, sums)
        for chunk in chunkVersions.indices {
            for field in counts.indices { setTotal(of: counts[field], chunk, field) }
            for field in sums.indices { setTotal(of: sums[field], chunk, CounterField.count + field) }
            touch(chunk: chunk)
        }
    }

    private mutating func setTotal(of column: Column<some FixedWidthInteger>, _ chunk: Int, _ field: Int) {
        chunkTotals[chunk * Totals.fields + field] =
            column.isZero(chunk: chunk) ? 0 : column.withChunk(chunk) { Kernel.sum($0) }
    }

    func totals(_ field: CounterField) -> ChunkTotals {
        ChunkTotals(values: chunkTotals, first: field.rawValue, stride: Totals.fields)
    }

    func totals(_ field: SumField) -> ChunkTotals {
        ChunkTotals(values: chunkTotals, first: CounterField.count + field.rawValue, stride: Totals.fields)
    }

    @inline(__always)
    func count(_ field: CounterField, _ row: Int) -> Int64 { Int64(counts[field.rawValue][row]) }

    @inline(__always)
    func sum(_ field: SumField, _ row: Int) -> Int64 { sums[field.rawValue][row] }

    /// Adds the counters and sums of a tile's customers. Fields that are 0 throughout cost a look at the tile only.
    mutating func add(_ tile: FactTile, number: Int) {
        let first = number << FactTile.shift
        let chunk = first / ChunkSize.rows
        let offset = first % ChunkSize.rows
        let rows = min(FactTile.rows, peak.count - first)
        let touched = tile.touchedRows
        for field in 0..<CounterField.count {
            let added = tile.counts + field << FactTile.shift
            if tile.totals[field].isZero { continue }
            chunkTotals[chunk * Totals.fields + field] &+= tile.totals[field].sum
            counts[field].withMutableChunk(chunk) { values in
                guard let touched else {
                    for row in 0..<rows { values[offset + row] &+= Count(truncatingIfNeeded: added[row]) }
                    return
                }
                for row in touched { values[offset + row] &+= Count(truncatingIfNeeded: added[row]) }
            }
        }
        for field in 0..<SumField.count {
            let added = tile.sums + field << FactTile.shift
            let total = tile.totals[CounterField.count + field]
            if total.isZero { continue }
            chunkTotals[chunk * Totals.fields + CounterField.count + field] &+= total.sum
            sums[field].withMutableChunk(chunk) { values in
                guard let touched else {
                    for row in 0..<rows { values[offset + row] &+= added[row] }
                    return
                }
                for row in touched { values[offset + row] &+= added[row] }
            }
        }
        touch(chunk: chunk)
    }

    mutating func setPeak(_ peak: Column<Int32>) {
        self.peak = peak
        for chunk in chunkVersions.indices { touch(chunk: chunk) }
    }

    var byteSize: Int {
        counts.reduce(0) { $0 + $1.byteSize } + sums.reduce(0) { $0 + $1.byteSize } + peak.byteSize
    }

    private mutating func touch(chunk: Int) {
        version += 1
        chunkVersions[chunk] = version
    }
}
