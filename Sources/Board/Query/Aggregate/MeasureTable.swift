// One measure by cell, for what `PackedSums` does not hold: least and greatest values, counts of non-null values, sums
// of expressions and of the halves of large values. Works row by row.

import Columnar

struct MeasureTable {
    private let measure: Measure
    private let column: NumberColumn?
    private let scratch = ChunkScratch()
    private let cells: Int
    /// One element per cell; empty before `begin`.
    var sums: MeasureColumn

    init(_ measure: Measure, column: NumberColumn?, isNumber: Bool, cells: Int) {
        self.measure = measure
        self.column = column
        self.cells = cells
        sums = MeasureColumn(measure.operation, isNumber: isNumber, count: 0)
    }

    /// What its sums depend on.
    var dependencies: Set<Dependency> {
        if case .column(let source) = measure.source { [Dependency(source)] } else { [.unknown] }
    }

    /// Starts with nothing merged.
    mutating func begin() { sums = emptyColumn(count: cells) }

    func emptyColumn(count: Int) -> MeasureColumn { sums.empty(count: count) }

    mutating func add(
        _ chunk: Int, rows: Int, index: UnsafeBufferPointer<UInt32>?, selected: UnsafeBufferPointer<UInt64>?,
        vector: (Int) -> RowVector
    ) {
        if case .expression(let number) = measure.source {
            switch vector(number) {
            case .integers(let values, let nulls): return add(values, index, selected, nulls: nulls)
            case .numbers(let values): return add(values, index, selected)
            }
        }
        guard let column else { return }
        switch column.chunk(chunk, scratch: scratch) {
        case .zeros: add(UnsafeBufferPointer(rebasing: ChunkScratch.zeros[..<rows]), index, selected, nulls: nil)
        case .bytes(let values): add(values, index, selected, nulls: nil)
        case .counts(let values): add(values, index, selected, nulls: nil)
        case .limits(let values): add(values, index, selected, nulls: nil)
        case .sums(let values): add(values, index, selected, nulls: nil)
        }
    }

    private mutating func add<Value: FixedWidthInteger>(
        _ values: UnsafeBufferPointer<Value>, _ index: UnsafeBufferPointer<UInt32>?,
        _ selected: UnsafeBufferPointer<UInt64>?, nulls: UnsafeBufferPointer<UInt64>?
    ) {
        MeasureTable.forEach(values.count, selected, butNot: nulls) { row in
            let value = Int64(truncatingIfNeeded: values[row])
            let cell = index.map { Int($0[row]) } ?? 0
            switch measure.operation {
            case .sum, .minimum, .maximum, .peak: sums.merge(value, into: cell)
            case .sumOfUpperHalves: sums.merge(value >> 32, into: cell)
            case .sumOfLowerHalves: sums.merge(value & 0xFFFF_FFFF, into: cell)
            case .count: sums.merge(1 as Int64, into: cell)
            }
        }
    }

    private mutating func add(
        _ values: UnsafeBufferPointer<Double>, _ index: UnsafeBufferPointer<UInt32>?,
        _ selected: UnsafeBufferPointer<UInt64>?
    ) {
        MeasureTable.forEach(values.count, selected, butNot: nil) { row in
            let value = values[row]
            if value.isNaN { return }
            let cell = index.map { Int($0[row]) } ?? 0
            if measure.operation == .count { sums.merge(1 as Int64, into: cell) } else { sums.merge(value, into: cell) }
        }
    }

    /// Calls `body` with each row below `count` that is selected (nil: all are) and not among `excluded`.
    @inline(__always)
    private static func forEach(
        _ count: Int, _ selected: UnsafeBufferPointer<UInt64>?, butNot excluded: UnsafeBufferPointer<UInt64>?,
        _ body: (Int) -> Void
    ) {
        for word in 0..<(count + 63) >> 6 {
            let rows = min(64, count - word << 6)
            var bits = selected?[word] ?? (rows == 64 ? ~0 : (1 << UInt64(rows)) - 1)
            if let excluded { bits &= ~excluded[word] }
            while bits != 0 {
                body(word << 6 + bits.trailingZeroBitCount)
                bits &= bits &- 1
            }
        }
    }
}
