// Sums of up to four columns of one width side by side in each cell: one cache line is touched for four additions.

import Columnar

struct PackedSums {
    static let lanes = 4

    private let columns: [NumberColumn]
    private let scratch: [ChunkScratch]
    /// Column m of cell c is at 4 c + m.
    var sums: [Int64]
    private let isNarrow: Bool

    /// `columns`: one to four, all `counts` (or `ones`) or all `sums`.
    init(_ columns: [NumberColumn], cells: Int) {
        precondition((1...PackedSums.lanes).contains(columns.count), "one to four columns")
        self.columns = columns
        scratch = columns.map { _ in ChunkScratch() }
        sums = Array(repeating: 0, count: cells * PackedSums.lanes)
        isNarrow = columns.allSatisfy { if case .sums = $0 { false } else { true } }
    }

    subscript(cell: Int, lane: Int) -> Int64 { sums[cell * PackedSums.lanes + lane] }

    /// Adds a chunk's rows to their cells: `index` has the cell of each, or is nil where there is only one.
    mutating func add(
        _ chunk: Int, rows: Int, index: UnsafeBufferPointer<UInt32>?, selected: UnsafeBufferPointer<UInt64>?
    ) {
        guard let index else {
            for (lane, column) in columns.enumerated() {
                sums[lane] &+= PackedSums.sum(column.chunk(chunk, scratch: scratch[lane]), rows, selected)
            }
            return
        }
        let parts = columns.indices.map { columns[$0].chunk(chunk, scratch: scratch[$0]) }
        if isNarrow {
            add(parts.map { $0.counts(rows) }, rows, index, selected, zeros: ChunkScratch.narrowZeros(rows))
        } else {
            add(parts.map { $0.sums(rows) }, rows, index, selected, zeros: ChunkScratch.wideZeros(rows))
        }
    }

    /// Nil parts are all zero; where all are, nothing is done.
    private mutating func add<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ parts: [UnsafeBufferPointer<Value>?], _ rows: Int, _ index: UnsafeBufferPointer<UInt32>,
        _ selected: UnsafeBufferPointer<UInt64>?, zeros: UnsafeBufferPointer<Value>
    ) {
        guard parts.contains(where: { $0 != nil }) else { return }
        let lanes = parts.map { $0 ?? zeros } + Array(repeating: zeros, count: PackedSums.lanes - parts.count)
        sums.withUnsafeMutableBufferPointer {
            Kernel.sumByCode(lanes[0], lanes[1], lanes[2], lanes[3], codes: index, selected: selected, into: $0)
        }
    }

    static func sum(_ values: NumberChunk, _ rows: Int, _ selected: UnsafeBufferPointer<UInt64>?) -> Int64 {
        switch values {
        case .zeros: 0
        case .octets(let values): selected.map { Kernel.sum(values, selected: $0) } ?? Kernel.sum(values)
        case .counts(let values): selected.map { Kernel.sum(values, selected: $0) } ?? Kernel.sum(values)
        case .limits(let values): selected.map { Kernel.sum(values, selected: $0) } ?? Kernel.sum(values)
        case .sums(let values): selected.map { Kernel.sum(values, selected: $0) } ?? Kernel.sum(values)
        }
    }
}

extension NumberChunk {
    /// The memory of 32-bit counts; nil where all are zero.
    fileprivate func counts(_ rows: Int) -> UnsafeBufferPointer<Int32>? {
        if case .counts(let values) = self { values } else { nil }
    }

    fileprivate func sums(_ rows: Int) -> UnsafeBufferPointer<Int64>? {
        if case .sums(let values) = self { values } else { nil }
    }
}

extension ChunkScratch {
    fileprivate static func wideZeros(_ rows: Int) -> UnsafeBufferPointer<Int64> {
        UnsafeBufferPointer(rebasing: zeros[..<rows])
    }

    fileprivate static func narrowZeros(_ rows: Int) -> UnsafeBufferPointer<Int32> {
        // Safe: `zeros` has at least as many octets, aligned for it, and is never written.
        UnsafeBufferPointer(rebasing: UnsafeRawBufferPointer(zeros).assumingMemoryBound(to: Int32.self)[..<rows])
    }
}
