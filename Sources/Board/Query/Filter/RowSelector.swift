// Which rows of a chunk meet a query's conditions, from what is cached where the chunk has not changed since.

import Columnar

/// The rows found in a chunk, for as long as it stays as it was; of one that has changed since, only rows that have
/// changed are looked at again.
struct CachedSelection {
    var stamp: UInt64
    var versions: LogVersions
    var words: [UInt64]
}

struct RowSelector {
    private let engine: EngineState
    private let filter: RowFilter?
    /// What the conditions depend on.
    let dependencies: Set<Dependency>
    /// The logs that record changes of these; nil: some changes are not recorded.
    private let logs: [Int]?
    private let deltas: [DeltaLog]
    /// By chunk.
    private(set) var cached: [CachedSelection?]

    init(
        _ engine: EngineState, _ test: RowTest?, cached: [CachedSelection?], _ deltas: [DeltaLog],
        _ columns: (NumberSource) -> NumberColumn
    ) {
        self.engine = engine
        filter = test.map { RowFilter($0, columns) }
        dependencies = test?.dependencies ?? []
        logs = dependencies.logs
        self.deltas = deltas
        self.cached = cached
        let more = engine.customers.chunkCount - cached.count
        // Where nothing is missing nothing is copied.
        if more > 0 { self.cached += repeatElement(nil, count: more) }
    }

    /// Writes a bit for each row of a chunk and returns how many are set. `words` has one element for each 64 rows
    /// begun.
    mutating func select(_ chunk: Int, rows: Int, into words: UnsafeMutableBufferPointer<UInt64>) -> Int {
        words.update(repeating: ~0)
        if rows & 63 != 0 { words[words.count - 1] = (1 << UInt64(rows & 63)) - 1 }
        if engine.customers.deletedCount > 0 {
            engine.customers.deleted.withWords(inChunk: chunk) { deleted in
                for word in words.indices { words[word] &= ~deleted[word] }
            }
        }
        guard let filter else { return Kernel.count(selected: UnsafeBufferPointer(words)) }
        let stamp = engine.stamp(dependencies, chunks: chunk..<chunk + 1)
        if let stamp, let found = cached[chunk], found.stamp == stamp {
            _ = words.update(fromContentsOf: found.words)
        } else {
            if !update(words, chunk, filter) { filter.intersect(words, where: true, chunk: chunk, rows: rows) }
            cached[chunk] = stamp.map {
                CachedSelection(stamp: $0, versions: deltas.versions(chunk: chunk), words: Array(words))
            }
        }
        return Kernel.count(selected: UnsafeBufferPointer(words))
    }

    /// Takes what is cached of a chunk and looks at the rows that have changed since. False, and nothing is done, where
    /// these are too many, or not known. `words` has a bit for each row that is there.
    private func update(_ words: UnsafeMutableBufferPointer<UInt64>, _ chunk: Int, _ filter: RowFilter) -> Bool {
        guard let logs, let found = cached[chunk], found.words.count == words.count else { return false }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words.count) { changed in
            changed.initialize(repeating: 0)
            let count = deltas.mark(logs, chunk: chunk, since: found.versions, into: changed)
            guard let count, count <= RowSelector.rowsAlone else { return false }
            // Deletions and undeletions are not recorded row by row: of the other rows, only those that exist are
            // tested.
            for word in words.indices { changed[word] &= words[word] }
            _ = words.update(fromContentsOf: found.words)
            RowFilter.forEachBit(changed) { index in
                let bit: UInt64 = 1 << UInt64(index & 63)
                if filter.holds(true, row: chunk * ChunkSize.rows + index) {
                    words[index >> 6] |= bit
                } else {
                    words[index >> 6] &= ~bit
                }
            }
            return true
        }
    }

    /// Rows that are tested one by one; if there are more, kernels test the whole chunk, which takes no longer.
    private static let rowsAlone = max(4, ChunkSize.rows / 64)

    var hasCondition: Bool { filter != nil }

    /// Whether a row meets the conditions.
    func holds(row: Int) -> Bool {
        if engine.customers.deletedCount > 0 && engine.customers.deleted[row] { return false }
        return filter?.holds(true, row: row) ?? true
    }
}

extension RowTest {
    fileprivate var dependencies: Set<Dependency> {
        switch self {
        case .integers(let operand, _), .numbers(let operand, _): Set(operand.sources.map(Dependency.init))
        case .codes(let column, _): if case .shownStatus = column.codes { [.active] } else { [] }
        case .rows(let found): found.dependencies
        case .rowByRow(_, let dependencies): dependencies
        case .not(let inner): inner.dependencies
        case .and(let parts), .or(let parts): parts.reduce([]) { $0.union($1.dependencies) }
        }
    }
}

extension RowOperand {
    var sources: [NumberSource] {
        switch self {
        case .integers(let sum), .amount(let sum, _): sum.terms.map(\.source)
        case .times(let source): [source]
        case .ratio(let numerator, let denominator, _): (numerator.terms + denominator.terms).map(\.source)
        }
    }
}

extension Expression {
    /// What the value of a column depends on.
    var dependencies: Set<Dependency> {
        var found: Set<Dependency> = []
        _ = reads { column in
            if let operand = RowOperand(column) {
                found.formUnion(operand.sources.map(Dependency.init))
            } else if case .field(let field) = column {
                found.insert(Dependency(field))
            } else {
                found.insert(.unknown)
            }
            return false
        }
        return found
    }
}
