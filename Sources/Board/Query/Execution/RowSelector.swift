// Which rows of a chunk meet a query's conditions, from what was kept where the chunk has not changed since.

import Columnar

/// What a query asks of a customer.
struct Condition: Hashable {
    var filter: String
    var search: String
    var status: String
    /// Of unqualified metrics.
    var window: Window

    var isEmpty: Bool { filter.isEmpty && search.isEmpty && status.isEmpty }
}

/// The rows found in a chunk, for as long as it stays as it was.
struct KeptSelection {
    var stamp: [UInt64]
    var words: [UInt64]
}

struct RowSelector {
    private let engine: EngineState
    private let filter: RowFilter?
    /// What the conditions read; nil where that cannot be told, and nothing is kept.
    let sources: [NumberSource]?
    /// By chunk.
    private(set) var kept: [KeptSelection?]

    init(_ engine: EngineState, _ test: RowTest?, kept: [KeptSelection?], _ columns: (NumberSource) -> NumberColumn) {
        self.engine = engine
        filter = test.map { RowFilter($0, columns) }
        sources = test.map(\.sources) ?? []
        self.kept = kept + Array(repeating: nil, count: max(0, engine.customers.chunkCount - kept.count))
    }

    /// Writes a bit for each row of a chunk and returns how many are set. `words` has one for each 64 rows begun.
    mutating func select(_ chunk: Int, rows: Int, into words: UnsafeMutableBufferPointer<UInt64>) -> Int {
        words.update(repeating: ~0)
        if rows & 63 != 0 { words[words.count - 1] = (1 << UInt64(rows & 63)) - 1 }
        guard let filter else { return rows }
        let stamp = sources.flatMap { engine.stamp($0, [], chunk: chunk) }
        if let stamp, let found = kept[chunk], found.stamp == stamp {
            _ = words.update(fromContentsOf: found.words)
        } else {
            filter.keep(words, where: true, chunk: chunk, rows: rows)
            kept[chunk] = stamp.map { KeptSelection(stamp: $0, words: Array(words)) }
        }
        return Kernel.count(selected: UnsafeBufferPointer(words))
    }
}

extension RowTest {
    /// The columns that it reads, besides stored fields; nil where any condition is asked row by row.
    fileprivate var sources: [NumberSource]? {
        switch self {
        case .integers(let operand, _), .numbers(let operand, _): return operand.sources
        case .codes(let column, _):
            if case .shownStatus = column.codes { return [.input(.active, .all)] }
            return []
        case .rows: return []
        case .rowByRow: return nil
        case .not(let inner): return inner.sources
        case .and(let parts), .or(let parts):
            return parts.reduce([]) { all, part in all.flatMap { all in part.sources.map { all + $0 } } }
        }
    }
}

extension RowOperand {
    fileprivate var sources: [NumberSource] {
        switch self {
        case .integers(let sum), .amount(let sum, _): sum.terms.map(\.source)
        case .times(let source): [source]
        case .ratio(let numerator, let denominator, _): (numerator.terms + denominator.terms).map(\.source)
        }
    }
}
