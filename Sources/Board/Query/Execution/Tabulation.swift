// Adds up a query's measures by group, a chunk at a time: the plain ones by the group columns (and the pivot), money by
// these and the currency.

import Columnar

struct Tabulation {
    private let hasPivot: Bool
    private let currencyColumn: Int?
    /// The place of each currency in the alphabet.
    private let currencyRanks: [Int]
    private var plain: AggregateTable
    private var money: AggregateTable?
    private let plainScratch = ChunkScratch()
    private let moneyScratch = ChunkScratch()
    private let codes = ChunkScratch()
    private let expressions: [RowExpression]

    /// - Parameters:
    ///   - columns: what is grouped by, and the pivot last.
    ///   - currencyColumn: which of them is the currency, if any.
    ///   - expressions: what the list's expressions are.
    init(
        _ engine: EngineState, _ list: MeasureList, columns: [GroupColumn], hasPivot: Bool, currencyColumn: Int?,
        expressions: [RowExpression], hashesAreEqual: Bool, source: (NumberSource) -> NumberColumn
    ) throws(QueryError) {
        self.hasPivot = hasPivot
        self.currencyColumn = currencyColumn
        let rows = engine.customers.count
        let limit = BoardLimits.groupCells / (list.plain.count + list.money.count)
        self.expressions = expressions
        let index = try GroupIndex(columns, rows: rows, limit: limit, hashesAreEqual: hashesAreEqual)
        plain = AggregateTable(list.plain, index: index, rows: rows, columns: source) { expressions[$0].isNumber }
        let currencies = engine.customers.codes(.currency)
        currencyRanks = currencies.map { $0.values.ranks(domain: $0.domain) } ?? []
        guard list.money.count > 1, let currencies else { return }
        let moneyIndex =
            currencyColumn == nil
            ? try GroupIndex(columns + [currencies], rows: rows, limit: limit, hashesAreEqual: hashesAreEqual) : index
        money = AggregateTable(list.money, index: moneyIndex, rows: rows, columns: source) { expressions[$0].isNumber }
    }

    /// Adds a chunk's rows: all (nil), or those whose bit is set. Returns the plain cell of each row, valid until the next
    /// call; nil where there is only one.
    @discardableResult
    mutating func add(
        _ chunk: Int, rows: Int, selected: UnsafeBufferPointer<UInt64>?
    ) -> UnsafeBufferPointer<UInt32>? {
        let expressions = self.expressions
        let vector = { (number: Int) in expressions[number].vector(chunk, rows: rows, selected: selected) }
        let plainCells = fill(plain.index, chunk, plainScratch.cells(rows))
        plain.add(chunk, rows: rows, cells: plainCells, selected: selected, vector: vector)
        if let index = money?.index {
            let cells = currencyColumn == nil ? fill(index, chunk, moneyScratch.cells(rows)) : plainCells
            money?.add(chunk, rows: rows, cells: cells, selected: selected, vector: vector)
        }
        return plainCells
    }

    /// Adds all customers that a condition selects, from sums that were kept where nothing has changed since.
    mutating func addAll(
        _ engine: EngineState, _ list: MeasureList, _ fields: [CustomerField], _ condition: Condition,
        _ selector: inout RowSelector, _ cache: inout TabulationCache
    ) {
        let chunks = engine.customers.chunkCount
        let size = plain.size + (money?.size ?? 0)
        // A segment's sums are far smaller than the columns they come from.
        let segments = max(1, min(chunks, BoardLimits.keptSums / max(1, size)))
        let ranges = (0..<segments).map { $0 * chunks / segments..<($0 + 1) * chunks / segments }
        let sources = selector.sources.map { $0 + list.sources }
        let stamps = ranges.map { range in sources.flatMap { stamp(range, engine, $0, fields) } }
        let isKept =
            size <= BoardLimits.largestKeptSums && chunks > 0 && list.expressions.isEmpty && !stamps.contains(nil)
        guard isKept, plain.index.isDirect, money?.index.isDirect ?? true else {
            return add(0..<chunks, engine, &selector)
        }
        let key = TabulationCache.Key(condition: condition, fields: fields, plain: list.plain, money: list.money)
        var kept = cache[key]
        if kept.count != segments { kept = Array(repeating: nil, count: segments) }
        for (segment, range) in ranges.enumerated() {
            guard let stamp = stamps[segment], kept[segment]?.stamp != stamp else { continue }
            plain.reset(to: nil)
            money?.reset(to: nil)
            add(range, engine, &selector)
            kept[segment] = TabulationCache.Segment(stamp: stamp, plain: plain.sums, money: money?.sums)
        }
        plain.reset(to: kept[0]?.plain)
        money?.reset(to: kept[0]?.money)
        for segment in kept.dropFirst() {
            guard let segment else { continue }
            plain.merge(segment.plain)
            if let sums = segment.money { money?.merge(sums) }
        }
        cache[key] = kept
    }

    private mutating func add(_ chunks: Range<Int>, _ engine: EngineState, _ selector: inout RowSelector) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (ChunkSize.rows + 63) >> 6) { memory in
            memory.initialize(repeating: 0)
            for chunk in chunks {
                let rows = engine.customers.statuses.rows(inChunk: chunk).count
                let words = UnsafeMutableBufferPointer(rebasing: memory[..<((rows + 63) >> 6)])
                let found = selector.select(chunk, rows: rows, into: words)
                if found > 0 { add(chunk, rows: rows, selected: found == rows ? nil : UnsafeBufferPointer(words)) }
            }
        }
    }

    /// Customers added so far.
    var customers: Int { plain.customers.reduce(0) { $0 + Int($1) } }

    /// Everything that some chunks' sums depend on; nil where that cannot be told.
    private func stamp(
        _ chunks: Range<Int>, _ engine: EngineState, _ sources: [NumberSource], _ fields: [CustomerField]
    ) -> [UInt64]? {
        var stamp = plain.index.columns.map { UInt64($0.domain) } + [UInt64(currencyRanks.count)]
        for chunk in chunks {
            guard let versions = engine.stamp(sources, fields, chunk: chunk) else { return nil }
            stamp += versions
        }
        return stamp
    }

    private func fill(
        _ index: GroupIndex, _ chunk: Int, _ cells: UnsafeMutableBufferPointer<UInt32>
    ) -> UnsafeBufferPointer<UInt32>? {
        guard index.cells > 1 else { return nil }
        index.fill(cells, chunk: chunk, scratch: codes)
        return UnsafeBufferPointer(cells)
    }

    /// - Throws: when there are too many.
    func groups() throws(QueryError) -> GroupTable {
        let limit = BoardLimits.groupCells / (plain.measures.count + (money?.measures.count ?? 0))
        let tree = try GroupTree(plain.index, hasPivot: hasPivot, customers: plain.customers, limit: limit)
        let moneySums = money.map { money in
            MoneySums(
                tree, money, plain: plain.index, currencyColumn: currencyColumn, currencyRanks: currencyRanks)
        }
        return GroupTable(
            tree: tree, columns: plain.index.columns, sums: GroupSums(tree, plain), money: moneySums)
    }
}

/// All groups of a query with their sums.
struct GroupTable {
    let tree: GroupTree
    let columns: [GroupColumn]
    let sums: GroupSums
    let money: MoneySums?
}
