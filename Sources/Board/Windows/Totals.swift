import Columnar

/// The counters and sums of all customers in one window, as columns with one row a customer.
///
/// Sliding windows hold `Int32` counts (24 h at 24,855 calls a second of one customer fit), `all` holds `Int64`. Columns of
/// chunks without traffic take no memory.
struct Totals<Count: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
    private(set) var counts: [Column<Count>]
    private(set) var sums: [Column<Int64>]
    /// Most set-ups in one second of the window.
    var peak = Column<Int32>()

    init() {
        counts = Array(repeating: Column<Count>(), count: CounterField.count)
        sums = Array(repeating: Column<Int64>(), count: SumField.count)
    }

    mutating func grow(to rows: Int) {
        for index in counts.indices { counts[index].grow(to: rows) }
        for index in sums.indices { sums[index].grow(to: rows) }
        peak.grow(to: rows)
    }

    /// Every counter 0, memory given back.
    mutating func clear() {
        for index in counts.indices { counts[index].clear() }
        for index in sums.indices { sums[index].clear() }
        peak.clear()
    }

    @inline(__always)
    func count(_ field: CounterField, _ row: Int) -> Int64 { Int64(counts[field.rawValue][row]) }

    @inline(__always)
    func sum(_ field: SumField, _ row: Int) -> Int64 { sums[field.rawValue][row] }

    mutating func raisePeak(_ row: Int, to count: Int32) {
        if count > peak[row] { peak[row] = count }
    }

    var byteSize: Int {
        counts.reduce(0) { $0 + $1.byteSize } + sums.reduce(0) { $0 + $1.byteSize } + peak.byteSize
    }

    /// Where a counter's chunk is in memory, copied first if a snapshot shares it.
    fileprivate mutating func countChunk(_ field: Int, _ chunk: Int) -> UnsafeMutablePointer<Count> {
        counts[field].withMutableChunk(chunk) { $0.baseAddress.unsafelyUnwrapped }
    }

    fileprivate mutating func sumChunk(_ field: Int, _ chunk: Int) -> UnsafeMutablePointer<Int64> {
        sums[field].withMutableChunk(chunk) { $0.baseAddress.unsafelyUnwrapped }
    }
}

/// Adds rows of counters to a `Totals`, chunk by chunk: it looks a chunk's memory up once and not for every row.
///
/// Unsafe, and why it is right: the pointers are into chunks that `withMutableChunk` has just made the writer's own; they
/// stay valid as long as nobody copies or changes those columns, and a `TotalsWriter` lives only inside one fold, which
/// does neither between `begin(chunk:)` and the next. Rows are masked into the chunk.
struct TotalsWriter<Count: FixedWidthInteger & BitwiseCopyable & Sendable> {
    private var chunk = -1
    private var counts = [UnsafeMutablePointer<Count>?](repeating: nil, count: CounterField.count)
    private var sums = [UnsafeMutablePointer<Int64>?](repeating: nil, count: SumField.count)

    /// Adds `values` (first the counters, then the sums) to a row. A count that leaves its type's range stays at the end of it.
    @inline(__always)
    mutating func add(_ values: UnsafePointer<Int64>, row: Int, to totals: inout Totals<Count>) {
        let rowChunk = row / ChunkSize.rows
        if rowChunk != chunk { begin(chunk: rowChunk) }
        let offset = row % ChunkSize.rows
        for field in 0..<CounterField.count where values[field] != 0 {
            let pointer = counts[field] ?? locateCount(field, &totals)
            let (sum, overflow) = pointer[offset].addingReportingOverflow(Count(clamping: values[field]))
            pointer[offset] = overflow ? (values[field] > 0 ? .max : .min) : sum
        }
        for field in 0..<SumField.count where values[CounterField.count + field] != 0 {
            let pointer = sums[field] ?? locateSum(field, &totals)
            let value = values[CounterField.count + field]
            let (sum, overflow) = pointer[offset].addingReportingOverflow(value)
            pointer[offset] = overflow ? (value > 0 ? .max : .min) : sum
        }
    }

    private mutating func begin(chunk: Int) {
        self.chunk = chunk
        for field in 0..<CounterField.count { counts[field] = nil }
        for field in 0..<SumField.count { sums[field] = nil }
    }

    @inline(never)
    private mutating func locateCount(_ field: Int, _ totals: inout Totals<Count>) -> UnsafeMutablePointer<Count> {
        let pointer = totals.countChunk(field, chunk)
        counts[field] = pointer
        return pointer
    }

    @inline(never)
    private mutating func locateSum(_ field: Int, _ totals: inout Totals<Count>) -> UnsafeMutablePointer<Int64> {
        let pointer = totals.sumChunk(field, chunk)
        sums[field] = pointer
        return pointer
    }
}
