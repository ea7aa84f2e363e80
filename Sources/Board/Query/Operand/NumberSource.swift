// Where the numbers of a query are in memory: columns of the customers and of the windows, a chunk at a time.

import Columnar

/// A column of numbers, one per customer.
enum NumberSource: Hashable, Sendable {
    case id, portalAccess, credit, debitLimit, channels, flowSpeed, shortCallSeconds, createdAt, updatedAt, version
    /// The time of the last call; 0: no call yet.
    case lastCall
    case input(MetricInput, Window)
}

/// A sum of columns, each times a factor: what most fields and metrics are. Never null. Modulo 2^64.
struct NumberSum: Hashable, Sendable {
    struct Term: Hashable, Sendable {
        var source: NumberSource
        var factor: Int64 = 1
    }

    var terms: [Term]

    init(_ source: NumberSource) { terms = [Term(source: source)] }

    init(_ sum: MetricSum, _ window: Window) {
        terms = sum.terms.map { Term(source: .input($0.input, $0.input.isGauge ? .all : window), factor: $0.factor) }
    }

    init(_ terms: [Term]) { self.terms = terms }
}

/// The numbers of a chunk's rows, at the width they are stored in.
enum NumberChunk {
    case zeros
    case bytes(UnsafeBufferPointer<UInt8>)
    case counts(UnsafeBufferPointer<Int32>)
    case limits(UnsafeBufferPointer<UInt32>)
    case sums(UnsafeBufferPointer<Int64>)
}

/// Memory for one chunk of 8-byte values, reused by every chunk of a query, always for one type of value.
final class ChunkScratch {
    private var memory: UnsafeMutableBufferPointer<Int64>?

    /// Allocated when it is first used: an answer from cached sums needs none.
    private var integers: UnsafeMutableBufferPointer<Int64> {
        if let memory { return memory }
        let memory = UnsafeMutableBufferPointer<Int64>.allocate(capacity: ChunkSize.rows)
        memory.initialize(repeating: 0)
        self.memory = memory
        return memory
    }

    deinit { memory?.deallocate() }

    /// Chunks of ones and of zeros. Never written and never released.
    nonisolated(unsafe) static let ones = constant(Int32(1))
    nonisolated(unsafe) static let wideOnes = constant(Int64(1))
    nonisolated(unsafe) static let zeros = constant(Int64(0))

    private static func constant<Value>(_ value: Value) -> UnsafeBufferPointer<Value> {
        let memory = UnsafeMutableBufferPointer<Value>.allocate(capacity: ChunkSize.rows)
        memory.initialize(repeating: value)
        return UnsafeBufferPointer(memory)
    }

    /// The first `count` values; at most `ChunkSize.rows`, which slicing checks.
    func integers(_ count: Int) -> UnsafeMutableBufferPointer<Int64> {
        UnsafeMutableBufferPointer(rebasing: integers[..<count])
    }

    /// The same memory as Doubles. Safe: both are 8 bytes without padding and every pattern of bits is a value; a
    /// scratch is used as one of the two at a time.
    func numbers(_ count: Int) -> UnsafeMutableBufferPointer<Double> {
        let raw = UnsafeMutableRawBufferPointer(integers(count))
        return raw.bindMemory(to: Double.self)
    }

    /// The same memory as `count` bytes.
    func bytes(_ count: Int) -> UnsafeMutableBufferPointer<UInt8> {
        let raw = UnsafeMutableRawBufferPointer(integers)
        return UnsafeMutableBufferPointer(rebasing: raw.bindMemory(to: UInt8.self)[..<count])
    }

    /// The same memory as `count` words of bits.
    func words(_ count: Int) -> UnsafeMutableBufferPointer<UInt64> {
        UnsafeMutableRawBufferPointer(integers(count)).bindMemory(to: UInt64.self)
    }

    /// The same memory as `count` 32-bit numbers.
    func cells(_ count: Int) -> UnsafeMutableBufferPointer<UInt32> {
        let raw = UnsafeMutableRawBufferPointer(integers)
        return UnsafeMutableBufferPointer(rebasing: raw.bindMemory(to: UInt32.self)[..<count])
    }
}

/// The column behind a source. It shares the engine's memory: nothing is copied.
enum NumberColumn {
    case bytes(Column<UInt8>)
    /// With the totals of its chunks, where these are known.
    case counts(Column<Int32>, ChunkTotals?)
    case limits(Column<UInt32>)
    case sums(Column<Int64>, ChunkTotals?)
    /// 1 in every row: its sum counts rows.
    case ones(rows: Int)
    /// The row number + 1.
    case ids(rows: Int)
    /// Seconds, where 0 stands for the default.
    case seconds(Column<UInt32>, default: Int64)

    /// Whether every value is 0, as far as that is known without reading them. Cost: the chunks.
    var isZero: Bool {
        switch self {
        case .bytes(let column): column.isZero
        case .counts(let column, _): column.isZero
        case .limits(let column): column.isZero
        case .sums(let column, _): column.isZero
        case .ones, .ids, .seconds: false
        }
    }

    /// What all rows of a chunk come to, modulo 2^64; nil where no total is cached.
    func total(chunk: Int) -> Int64? {
        switch self {
        case .counts(_, let totals), .sums(_, let totals): totals?[chunk]
        case .bytes, .limits, .ones, .ids, .seconds: nil
        }
    }

    /// One row's value.
    subscript(row: Int) -> Int64 {
        switch self {
        case .bytes(let column): Int64(column[row])
        case .counts(let column, _): Int64(column[row])
        case .limits(let column): Int64(column[row])
        case .sums(let column, _): column[row]
        case .ones: 1
        case .ids: Int64(row + 1)
        case .seconds(let column, let standard): column[row] == 0 ? standard : Int64(column[row])
        }
    }

    /// The values of a chunk, valid as long as this column lives. `scratch` takes those that are not stored as they are
    /// shown.
    func chunk(_ chunk: Int, scratch: ChunkScratch) -> NumberChunk {
        switch self {
        case .bytes(let column): return column.isZero(chunk: chunk) ? .zeros : .bytes(column.unsafeChunk(chunk))
        case .counts(let column, _): return column.isZero(chunk: chunk) ? .zeros : .counts(column.unsafeChunk(chunk))
        case .limits(let column): return column.isZero(chunk: chunk) ? .zeros : .limits(column.unsafeChunk(chunk))
        case .sums(let column, _): return column.isZero(chunk: chunk) ? .zeros : .sums(column.unsafeChunk(chunk))
        case .ones(let rows):
            return .counts(
                UnsafeBufferPointer(rebasing: ChunkScratch.ones[..<min(ChunkSize.rows, rows - chunk * ChunkSize.rows)]))
        case .ids(let rows):
            let first = chunk * ChunkSize.rows
            let ids = scratch.integers(min(ChunkSize.rows, rows - first))
            for index in ids.indices { ids[index] = Int64(first + index + 1) }
            return .sums(UnsafeBufferPointer(ids))
        case .seconds(let column, let standard):
            let stored = column.unsafeChunk(chunk)
            let seconds = scratch.integers(stored.count)
            for index in stored.indices { seconds[index] = stored[index] == 0 ? standard : Int64(stored[index]) }
            return .sums(UnsafeBufferPointer(seconds))
        }
    }
}

/// A sum of columns, ready to be read by chunk.
struct NumberSumColumn {
    private let terms: [(column: NumberColumn, factor: Int64)]
    private let scratch = ChunkScratch()

    init(_ sum: NumberSum, _ columns: (NumberSource) -> NumberColumn) {
        terms = sum.terms.map { (columns($0.source), $0.factor) }
    }

    /// One row's value, modulo 2^64.
    subscript(row: Int) -> Int64 {
        var sum: Int64 = 0
        for term in terms { sum &+= term.column[row] &* term.factor }
        return sum
    }

    /// The values of a chunk of `rows` rows, valid until the next call and as long as this lives.
    func chunk(_ number: Int, rows: Int) -> NumberChunk {
        if terms.count == 1, terms[0].factor == 1 { return terms[0].column.chunk(number, scratch: scratch) }
        var only = NumberChunk.zeros
        var used = 0
        // Most sums have terms whose chunk is all zero, such as blocked set-ups: what is left is often one column as
        // is.
        for term in terms {
            let part = term.column.chunk(number, scratch: scratch)
            if case .zeros = part { continue }
            used += term.factor == 1 ? 1 : 2
            only = part
        }
        if used <= 1 { return only }
        let total = scratch.integers(rows)
        total.update(repeating: 0)
        for term in terms {
            // Sums of several terms are of plain columns: they need no scratch of their own.
            switch term.column.chunk(number, scratch: scratch) {
            case .zeros: break
            case .bytes(let values): Kernel.add(values, times: term.factor, into: total)
            case .counts(let values): Kernel.add(values, times: term.factor, into: total)
            case .limits(let values): Kernel.add(values, times: term.factor, into: total)
            case .sums(let values): Kernel.add(values, times: term.factor, into: total)
            }
        }
        return .sums(UnsafeBufferPointer(total))
    }
}

extension EngineState {
    /// The column of a source. `setups` is what `cps` reads: set-ups in the last full second.
    func column(_ source: NumberSource, setups: Column<Int32>) -> NumberColumn {
        switch source {
        case .id: .ids(rows: customers.count)
        case .shortCallSeconds: .seconds(customers.shortCallSeconds, default: 6)
        case .portalAccess: .bytes(customers.portalAccess)
        case .credit: .sums(customers.creditMicros, nil)
        case .debitLimit: .sums(customers.debitLimitMicros, nil)
        case .channels: .limits(customers.channels)
        case .flowSpeed: .limits(customers.flowSpeeds)
        case .createdAt: .sums(customers.createdAtMicros, nil)
        case .updatedAt: .sums(customers.updatedAtMicros, nil)
        case .version: .limits(customers.versions)
        case .lastCall: .sums(customers.lastCallMicros, nil)
        case .input(.active, _): .counts(customers.active, nil)
        case .input(.inboundActive, _): .counts(customers.inboundActive, nil)
        case .input(.cps, _): .counts(setups, nil)
        case .input(.counter(let field), .all):
            .sums(timeline.all.counts[field.rawValue], timeline.all.totals(field))
        case .input(.sum(let field), .all): .sums(timeline.all.sums[field.rawValue], timeline.all.totals(field))
        case .input(.cpsPeak, .all): .counts(timeline.all.peak, nil)
        case .input(.counter(let field), let window): timeline.sliding[window.rawValue].column(field)
        case .input(.sum(let field), let window): timeline.sliding[window.rawValue].column(field)
        case .input(.cpsPeak, let window): .counts(timeline.sliding[window.rawValue].peak, nil)
        }
    }

    /// A number for the state of a source's chunk: as long as it is the same, so are the values. Nil where none exists.
    func version(of source: NumberSource, chunk: Int) -> UInt64? {
        switch source {
        case .lastCall: customers.lastCallVersion
        case .input(.active, _), .input(.inboundActive, _): customers.activeDeltas.version(chunk: chunk)
        case .input(.cps, _), .input(.cpsPeak, _): nil
        case .input(_, .all): timeline.all.deltas.version(chunk: chunk)
        case .input(_, let window): timeline.sliding[window.rawValue].deltas.version(chunk: chunk)
        default: customers.fieldDeltas.version(chunk: chunk)
        }
    }
}

extension Totals<Int32> {
    fileprivate func column(_ field: CounterField) -> NumberColumn { .counts(counts[field.rawValue], totals(field)) }

    fileprivate func column(_ field: SumField) -> NumberColumn { .sums(sums[field.rawValue], totals(field)) }
}
