import Columnar

/// Totals of the values of each chunk of a column, modulo 2^64.
struct ChunkTotals {
    fileprivate let values: [Int64]
    fileprivate let first: Int
    fileprivate let stride: Int

    subscript(chunk: Int) -> Int64 { values[first + chunk * stride] }
}

/// The counters and sums of all customers in one window, as columns with one row per customer.
///
/// Sliding windows hold `Int32` counts (24 h at 24,855 calls per second of one customer fit), `all` holds `Int64`.
/// Columns of chunks without traffic take no memory.
struct Totals<Count: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
    var counts: [Column<Count>]
    var sums: [Column<Int64>]
    /// Most set-ups in one second of the window, as of the last `Timeline.refreshPeaks`.
    private(set) var peak = Column<Int32>()
    /// Changes after every change of a peak.
    private(set) var peakVersion: UInt64 = 0
    /// The changes in each chunk. Fields are numbered as totals are: counters, then sums.
    private(set) var deltas = DeltaLog()
    /// Totals of the values of a chunk, modulo 2^64: of each counter, then of each sum, chunk by chunk.
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
        peakVersion += 1
        // The last chunk has more rows than before.
        if deltas.chunkCount > 0 { deltas.invalidate(chunk: deltas.chunkCount - 1) }
        deltas.grow(toChunks: peak.chunkCount)
        chunkTotals += repeatElement(0, count: peak.chunkCount * Totals.fields - chunkTotals.count)
    }

    /// Sets every counter to 0 and gives the memory back.
    mutating func clear() {
        for index in counts.indices { counts[index].clear() }
        for index in sums.indices { sums[index].clear() }
        peak.clear()
        peakVersion += 1
        chunkTotals = Array(repeating: 0, count: chunkTotals.count)
        invalidateDeltas()
    }

    /// Replaces all values.
    mutating func restore(_ counts: [Column<Count>], _ sums: [Column<Int64>]) {
        precondition(counts.count == CounterField.count && sums.count == SumField.count, "a column for each field")
        (self.counts, self.sums) = (counts, sums)
        for chunk in 0..<deltas.chunkCount {
            for field in counts.indices { setTotal(of: counts[field], chunk, field) }
            for field in sums.indices { setTotal(of: sums[field], chunk, CounterField.count + field) }
        }
        invalidateDeltas()
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

    /// Adds the counters and sums of a tile's customers. Fields that are 0 throughout cost a test of the tile only.
    mutating func add(_ tile: FactTile, number: Int) {
        let first = number << FactTile.shift
        let chunk = first / ChunkSize.rows
        let offset = first % ChunkSize.rows
        let rows = min(FactTile.rows, peak.count - first)
        let touched = tile.touchedRows
        for field in 0..<tile.counterCount {
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
            note(added, touched, first..<first + rows, chunk, field: field)
        }
        for field in 0..<tile.sumCount {
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
            note(added, touched, first..<first + rows, chunk, field: CounterField.count + field)
        }
    }

    /// Notes what a tile adds to a field of some rows, of which those in `touched` (nil: all) may have changed.
    @inline(__always)
    private mutating func note(
        _ added: UnsafeMutablePointer<some FixedWidthInteger>, _ touched: [Int]?, _ rows: Range<Int>, _ chunk: Int,
        field: Int
    ) {
        guard deltas.isRecording(chunk: chunk) else { return deltas.invalidate(chunk: chunk) }
        // Safe: rows are below 2^24, fields twenty-five, and values have at most 64 bits.
        func note(_ row: Int) {
            let delta = Delta(
                row: UInt32(truncatingIfNeeded: rows.lowerBound + row), field: UInt32(truncatingIfNeeded: field),
                change: Int64(truncatingIfNeeded: added[row]))
            deltas.note(delta, chunk: chunk)
        }
        if let touched {
            for row in touched where added[row] != 0 { note(row) }
        } else {
            for row in 0..<rows.count where added[row] != 0 { note(row) }
        }
    }

    /// From now on changes are retained: a query that comes again asks for them.
    mutating func retainDeltas() { deltas.retain() }

    mutating func setPeak(_ peak: Column<Int32>) {
        self.peak = peak
        peakVersion += 1
    }

    var byteSize: Int {
        counts.reduce(0) { $0 + $1.byteSize } + sums.reduce(0) { $0 + $1.byteSize } + peak.byteSize
            + deltas.byteSize
    }

    private mutating func invalidateDeltas() { for chunk in 0..<deltas.chunkCount { deltas.invalidate(chunk: chunk) } }
}
