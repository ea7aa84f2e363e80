// Upper bounds of a column's values: where even the sum over all customers cannot exceed 64 bits, no check is needed.

import Columnar

/// Largest magnitudes by chunk, recomputed only for chunks that have changed.
struct ColumnBounds: Sendable {
    private struct Bound: Sendable {
        var version: UInt64?
        var magnitude: UInt64
    }

    private var bounds: [NumberSource: [Bound]] = [:]

    /// Whether the sum of a column over all rows may not fit 64 bits. `version` returns a chunk's version.
    mutating func isLarge(
        _ source: NumberSource, _ column: Column<Int64>, version: (_ chunk: Int) -> UInt64?
    ) -> Bool {
        var chunks = bounds[source] ?? []
        var largest: UInt64 = 0
        for chunk in 0..<column.chunkCount {
            if chunk == chunks.count { chunks.append(Bound(version: nil, magnitude: 0)) }
            let version = version(chunk)
            if chunks[chunk].version != version || version == nil {
                let range = column.isZero(chunk: chunk) ? nil : column.withChunk(chunk) { Kernel.minMax($0) }
                chunks[chunk] = Bound(
                    version: version, magnitude: range.map { max($0.min.magnitude, $0.max.magnitude) } ?? 0)
            }
            largest = max(largest, chunks[chunk].magnitude)
        }
        bounds[source] = chunks
        let (total, overflow) = largest.multipliedReportingOverflow(by: UInt64(max(1, column.count)))
        return overflow || total > UInt64(Int64.max)
    }
}

extension EngineState {
    /// The columns of money that a query reads and whose sums may not fit 64 bits.
    mutating func largeSources(_ plan: BoardPlan) -> Set<NumberSource> {
        var sources: [NumberSource] = []
        if plan.reads(field: .credit) || plan.reads(field: .available) { sources.append(.credit) }
        if plan.reads(field: .debitLimit) || plan.reads(field: .available) { sources.append(.debitLimit) }
        for window in Window.allCases where plan.reads({ $0.name == "cost" && $1 == window }) {
            sources.append(.input(.sum(.costMicros), window))
        }
        return Set(
            sources.filter { source in
                guard case .sums(let column, _) = column(source, setups: Column()) else { return false }
                let versions = (0..<column.chunkCount).map { version(of: source, chunk: $0) }
                return columnBounds.isLarge(source, column) { versions[$0] }
            })
    }
}
