// One query over the columns of one instant: chunk by chunk the filter selects rows, the page collects the best of
// them, and the sums are added up, all while the chunk is in the processor's cache.

import Columnar

struct BoardRun {
    let engine: EngineState
    let plan: BoardPlan
    let outputs: [GroupOutput]
    let sortOutputs: [GroupSortKey]
    /// The logs of recent changes.
    let deltas: [DeltaLog]
    /// Row -> cell of the groups, below 0 where the row did not match; only where delays have to be summed up.
    private(set) var cellOfRow: [Int32] = []
    private let setups: Column<Int32>
    private let list: MeasureList
    private var aggregation: Aggregation
    private var selector: RowSelector
    private var top: TopRows?
    /// Present where the first sort key is a number.
    private var bests: ChunkBests?
    private var matched = 0

    /// - Parameters:
    ///   - cache: what earlier queries have cached.
    ///   - isLarge: whether a column's sum over all customers may not fit 64 bits.
    init(
        _ engine: EngineState, _ plan: BoardPlan, _ cache: QueryCache,
        isLarge: @escaping (NumberSource) -> Bool
    ) throws(QueryError) {
        self.engine = engine
        self.plan = plan
        deltas = engine.deltaLogs
        let setups = engine.setupsColumn(isRead: plan.reads { metric, _ in metric.name == "cps" })
        self.setups = setups
        let source = { (source: NumberSource) in engine.column(source, setups: setups) }
        var list = MeasureList(groupBy: plan.groupBy, isLarge: isLarge)
        outputs = plan.columns.map { column in
            column.total.map { list.output($0) } ?? .none(column.expression.kind)
        }
        sortOutputs = plan.isGrouped ? plan.sort.map { list.sortKey($0) } : []
        let cells = RowCells(engine, setups: setups, delays: engine.delays(of: plan.rowQuantileWindows) { $1($0) })
        let cell = { (column: BoardColumn, row: Int) in cells.cell(column, row) }
        self.list = list
        aggregation = try Aggregation(
            engine, list, fields: plan.fields, hasPivot: plan.pivot != nil,
            expressions: list.expressions.map { RowExpression($0, cell: cell, source) }, deltas: deltas,
            source: source)
        selector = RowSelector(engine, engine.test(plan, cell: cell), cached: cache[plan.condition], deltas, source)
        if !plan.isGrouped {
            let operands = plan.sort.flatMap { key in
                engine.sortOperands(key.expression, cell: cell).map { ($0, key.descending) }
            }
            let keys = operands.map { SortKey($0, descending: $1, names: engine.customers.names, source) }
            if case (.number(let operand), let descending)? = operands.first {
                let key = ChunkBests.Key(condition: plan.condition, operand: operand, descending: descending)
                bests = ChunkBests(engine, key, selection: selector.dependencies, cached: cache[key], deltas)
            }
            let wanted = plan.page(of: engine.customers.count).upperBound
            top = TopRows(wanted, keys: keys)
        }
        if !plan.quantileWindows.isEmpty { cellOfRow = Array(repeating: -1, count: engine.customers.count) }
    }

    /// The answer, without its times.
    mutating func run(_ cache: inout QueryCache) throws(QueryError) -> BoardAnswer {
        // Percentiles are put together from calls, which have no versions: their dependency is unknown.
        let stamp = engine.stamp(plan.dependencies, chunks: 0..<engine.customers.chunkCount)
        if let stamp, let known = cache.answer(plan.query, stamp: stamp) { return known }
        let answer = try workOut(&cache)
        if let stamp { cache.store(answer, of: plan.query, stamp: stamp) }
        return answer
    }

    private mutating func workOut(_ cache: inout QueryCache) throws(QueryError) -> BoardAnswer {
        let key = QueryCache.Key(
            condition: plan.condition, fields: plan.fields, hasPivot: plan.pivot != nil, plain: list.plain,
            money: list.money)
        if cellOfRow.isEmpty {
            aggregation.addAll(engine, &selector, key: key, &cache)
            findTop()
        } else {
            addRows()
        }
        if !plan.condition.isEmpty { cache[plan.condition] = selector.cached }
        if let bests { cache[bests.key] = bests.cached }
        let groups = try aggregation.groups()
        if aggregation.isCacheable { cache[key].table = groups.cached }
        var answer = BoardAnswer()
        answer.window = plan.window
        // The tree's root has the total.
        matched = Int(groups.sums.values[MeasureList.customers].integers[0])
        answer.matched = matched
        let delays = GroupDelays(engine.timeline, plan.quantileWindows, groups.shape, cells: cellOfRow)
        if plan.isGrouped { fillGroups(&answer, groups, delays) } else { fillRows(&answer) }
        fillTotal(&answer, groups, delays)
        return answer
    }

    /// Brings the best keys of chunks up to date.
    private mutating func updateBests() {
        guard var bests, let top else { return }
        self.bests = nil
        bests.update(holds: { selector.holds(row: $0) }, keyOfRow: { top.firstKey(row: $0) })
        self.bests = bests
    }

    /// Finds the rows of the page.
    private mutating func findTop() {
        guard top != nil else { return }
        updateBests()
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (ChunkSize.rows + 63) >> 6) { memory in
            memory.initialize(repeating: 0)
            for chunk in bests?.order ?? Array(0..<engine.customers.chunkCount) {
                // Without an order the page is full early, and the rest need not be read.
                if top?.isComplete ?? true { return }
                let known = bests?[chunk]
                if let known, top?.isBeyond(known, chunk: chunk) == true { continue }
                let rows = engine.customers.statuses.rows(inChunk: chunk).count
                let words = UnsafeMutableBufferPointer(rebasing: memory[..<((rows + 63) >> 6)])
                let found = selector.select(chunk, rows: rows, into: words)
                let best = found == 0 ? .max : top?.add(words, chunk: chunk, rows: rows)
                // A key known before may be the better bound, because it may come from another page.
                if let best { bests?.note(max(best, known ?? best), chunk: chunk) }
            }
        }
    }

    /// Adds all rows to the sums and notes the cell of each; the rows of the page are found in the same pass.
    private mutating func addRows() {
        var cellOfRow = cellOfRow
        var top = top
        aggregation.addEvery(engine, &selector) { [engine] chunk, words, cells in
            let first = chunk * ChunkSize.rows
            // Safe: cells are at most `BoardLimits.groupCells`.
            RowFilter.forEachBit(words) { row in cellOfRow[first + row] = cells.map { Int32($0[row]) } ?? 0 }
            top?.add(words, chunk: chunk, rows: engine.customers.statuses.rows(inChunk: chunk).count)
        }
        self.cellOfRow = cellOfRow
        self.top = top
    }

    private mutating func fillRows(_ answer: inout BoardAnswer) {
        let rows = top?.rows(plan.page(of: matched)) ?? []
        let shown = Set(rows)
        let delays = engine.delays(of: plan.quantileWindows) { row, add in if shown.contains(row) { add(row) } }
        let cells = RowCells(engine, setups: setups, delays: delays)
        answer.columns = plan.columns.map { cells.column($0.expression, name: $0.name, rows: rows) }
    }
}
