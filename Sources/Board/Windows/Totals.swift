import Columnar

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
            touch(chunk: chunkVersions.count - 1)
        }
    }

    /// Every counter 0, memory given back.
    mutating func clear() {
        for index in counts.indices { counts[index].clear() }
        for index in sums.indices { sums[index].clear() }
        peak.clear()
        for chunk in chunkVersions.indices { touch(chunk: chunk) }
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
        for field in 0..<CounterField.count {
            let added = tile.counts + field << FactTile.shift
            if Totals.isZero(added, tile.touchedRows) { continue }
            counts[field].withMutableChunk(chunk) { values in
                guard let touched = tile.touchedRows else {
                    for row in 0..<rows { values[offset + row] &+= Count(truncatingIfNeeded: added[row]) }
                    return
                }
                for row in touched { values[offset + row] &+= Count(truncatingIfNeeded: added[row]) }
            }
        }
        for field in 0..<SumField.count {
            let added = tile.sums + field << FactTile.shift
            if Totals.isZero(added, tile.touchedRows) { continue }
            sums[field].withMutableChunk(chunk) { values in
                guard let touched = tile.touchedRows else {
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

    @inline(__always)
    private static func isZero<Value: FixedWidthInteger>(
        _ values: UnsafeMutablePointer<Value>, _ touchedRows: [Int]?
    ) -> Bool {
        var bits: Value = 0
        if let touchedRows {
            for row in touchedRows { bits |= values[row] }
        } else {
            for row in 0..<FactTile.rows { bits |= values[row] }
        }
        return bits == 0
    }
}
