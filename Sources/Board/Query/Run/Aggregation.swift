// Adds up a query's measures by group, a chunk at a time: the plain ones by the group columns (and the pivot), money by
// these and the currency.

import Columnar

struct Aggregation {
    private let hasPivot: Bool
    private let currencyColumn: Int?
    private let currencies: GroupColumn?
    private var plain: AggregateTable
    /// The money by group columns and currency; nil where there is none, or where it is in the plain table because one
    /// of the group columns is the currency.
    private var money: AggregateTable?
    /// Number of the plain table's measures that come from the plain list.
    private let plainMeasures: Int
    /// Positions of the money list's measures in the table that has them; empty without money.
    private let moneyMeasures: [Int]
    private let plainScratch = ChunkScratch()
    private let moneyScratch = ChunkScratch()
    private let codes = ChunkScratch()
    private let expressions: [RowExpression]
    /// Whether all codes are stored in the customers' columns, so that they are the same in every query.
    private let hasStoredCodes: Bool
    /// The logs of recent changes.
    let deltas: [DeltaLog]
    /// The logs that record which rows are selected and in which cells; nil: some changes are not recorded.
    private(set) var sharedLogs: [Int]?
    /// The groups of the query before, and whether they still hold.
    private var cachedGroups: QueryCache.CachedGroups?
    private var isCachedValid = false
    private var stamps: [UInt64] = []

    /// - Parameters:
    ///   - fields: the fields grouped by, the pivot last.
    ///   - expressions: the operands of the list's expressions.
    ///   - deltas: the engine's logs.
    init(
        _ engine: EngineState, _ list: MeasureList, fields: [CustomerField], hasPivot: Bool,
        expressions: [RowExpression], deltas: [DeltaLog], source: (NumberSource) -> NumberColumn
    ) throws(QueryError) {
        self.hasPivot = hasPivot
        self.expressions = expressions
        currencyColumn = fields.firstIndex(of: .currency)
        currencies = engine.customers.codes(.currency)
        let columns = fields.compactMap { engine.groupColumn($0) }
        let rows = engine.customers.count
        let limit = BoardLimits.groupCells / (list.plain.count + list.money.count)
        let index = try GroupIndex(columns, rows: rows, limit: limit)
        plainMeasures = list.plain.count
        let hasMoney = list.money.count > 1
        let isOneTable = hasMoney && currencyColumn != nil
        let measures = isOneTable ? list.plain + list.money.dropFirst() : list.plain
        plain = AggregateTable(measures, index: index, rows: rows, columns: source) { expressions[$0].isNumber }
        moneyMeasures =
            isOneTable
            ? [MeasureList.customers] + Array(list.plain.count..<measures.count)
            : hasMoney ? Array(list.money.indices) : []
        if hasMoney && !isOneTable, let currencies {
            let index = try GroupIndex(
                columns + [currencies], rows: rows, limit: limit)
            money = AggregateTable(list.money, index: index, rows: rows, columns: source) { expressions[$0].isNumber }
        }
        self.deltas = deltas
        hasStoredCodes =
            fields.allSatisfy { engine.customers.codes($0) != nil } && index.isDirect && money?.index.isDirect ?? true
    }

    /// Whether later queries may use what this one finds.
    var isCacheable: Bool { hasStoredCodes && size <= BoardLimits.largestCachedSums }

    private var size: Int { plain.size + (money?.size ?? 0) }

    // MARK: Adding up

    /// Adds all rows of all chunks that a selector selects, and calls `body` for each chunk that has some, with the
    /// cell of each row; nil where there is only one. Nothing is cached.
    mutating func addEvery(
        _ engine: EngineState, _ selector: inout RowSelector,
        body: (_ chunk: Int, _ words: UnsafeMutableBufferPointer<UInt64>, _ cells: UnsafeBufferPointer<UInt32>?) -> Void
    ) {
        for part in 0..<partCount { begin(part) }
        let parts = [Bool](repeating: true, count: partCount)
        add(0..<engine.customers.chunkCount, engine, &selector, parts: parts, body: body)
    }

    /// Adds all rows that a condition selects, from sums that are cached where nothing has changed since.
    mutating func addAll(
        _ engine: EngineState, _ selector: inout RowSelector, key: QueryCache.Key, _ cache: inout QueryCache
    ) {
        let chunks = engine.customers.chunkCount
        guard isCacheable, chunks > 0 else {
            return addEvery(engine, &selector) { _, _, _ in }
        }
        // A segment's sums are far smaller than the columns they come from.
        let segments = max(1, min(chunks, BoardLimits.cachedSegments, BoardLimits.cachedSums / max(1, size)))
        var entry = cache.take(key)
        let zeroMeasures = [plain.zeroMeasures, money?.zeroMeasures ?? []]
        let domains = plain.index.columns.map(\.domain) + [currencies?.domain ?? 0]
        if entry.segments.count != segments || entry.chunks != chunks || entry.zeroMeasures != zeroMeasures
            || entry.domains != domains
        {
            let parts = [QueryCache.CachedPart?](repeating: nil, count: partCount)
            entry.segments = (0..<segments).map { segment in
                let count = (segment + 1) * chunks / segments - segment * chunks / segments
                return QueryCache.Segment(parts: parts, selections: Array(repeating: nil, count: count))
            }
            (entry.chunks, entry.zeroMeasures, entry.domains) = (chunks, zeroMeasures, domains)
            entry.table = nil
        }
        cachedGroups = entry.table
        let shared = selector.dependencies.union(key.fields.map(Dependency.init))
        sharedLogs = shared.logs
        let dependencies = (0..<partCount).map { shared.union(self.dependencies($0)) }
        let stamps = dependencies.compactMap { stamp($0, 0..<chunks, engine) }
        if stamps.count == partCount {
            self.stamps = stamps
            isCachedValid = entry.table?.stamps == stamps
            if isCachedValid {
                cache[key] = entry
                return
            }
        }
        for segment in 0..<segments {
            let range = segment * chunks / segments..<(segment + 1) * chunks / segments
            update(&entry.segments[segment], range, engine, &selector, dependencies)
        }
        for part in 0..<partCount {
            for (number, segment) in entry.segments.enumerated() {
                if let sums = segment.parts[part]?.sums { put(sums, part, merging: number > 0) }
            }
        }
        cache[key] = entry
    }

    /// Brings what is cached of some chunks up to date, or adds it up again where it is not known what has changed.
    private mutating func update(
        _ segment: inout QueryCache.Segment, _ chunks: Range<Int>, _ engine: EngineState,
        _ selector: inout RowSelector, _ dependencies: [Set<Dependency>]
    ) {
        func stamp(_ part: Int) -> UInt64? { self.stamp(dependencies[part], chunks, engine) }
        func isStale(_ part: Int) -> Bool {
            guard let cached = segment.parts[part], let stamp = stamp(part) else { return true }
            return cached.stamp != stamp
        }
        let all = (0..<partCount).map(isStale)
        guard all.contains(true) else { return }
        var stale = all
        follow(&segment, chunks, engine, &selector, stale: &stale)
        let versions = chunks.map { deltas.versions(chunk: $0) }
        for part in all.indices where all[part] && !stale[part] {
            segment.parts[part]?.stamp = stamp(part) ?? 0
            segment.parts[part]?.versions = versions
        }
        guard stale.contains(true) else { return }
        for part in 0..<partCount where stale[part] { begin(part) }
        add(chunks, engine, &selector, parts: stale) { _, _, _ in }
        for part in 0..<partCount where stale[part] {
            // Those without a stamp are put in their place all the same, and found stale the next time.
            segment.parts[part] = QueryCache.CachedPart(stamp: stamp(part) ?? 0, versions: versions, sums: sums(part))
        }
        segment.selections = chunks.map { selector.hasCondition ? selector.cached[$0] : nil }
    }

    /// As long as it is unchanged, so are sums with these dependencies.
    private func stamp(_ dependencies: Set<Dependency>, _ chunks: Range<Int>, _ engine: EngineState) -> UInt64? {
        engine.stamp(dependencies, chunks: chunks)
    }

    private mutating func add(
        _ chunks: Range<Int>, _ engine: EngineState, _ selector: inout RowSelector, parts: [Bool],
        body: (_ chunk: Int, _ words: UnsafeMutableBufferPointer<UInt64>, _ cells: UnsafeBufferPointer<UInt32>?) -> Void
    ) {
        let ofPlain = Array(parts[..<plain.partCount])
        let ofMoney = Array(parts[plain.partCount...])
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (ChunkSize.rows + 63) >> 6) { memory in
            memory.initialize(repeating: 0)
            for chunk in chunks {
                let rows = engine.customers.statuses.rows(inChunk: chunk).count
                let words = UnsafeMutableBufferPointer(rebasing: memory[..<((rows + 63) >> 6)])
                let found = selector.select(chunk, rows: rows, into: words)
                if found == 0 { continue }
                let selected = found == rows ? nil : UnsafeBufferPointer(words)
                let expressions = self.expressions
                let vector = { (number: Int) in expressions[number].vector(chunk, rows: rows, selected: selected) }
                let cells = ofPlain.contains(true) ? fill(plain.index, chunk, plainScratch.cells(rows)) : nil
                plain.add(chunk, rows: rows, cells: cells, selected: selected, parts: ofPlain, vector: vector)
                if let index = money?.index, ofMoney.contains(true) {
                    let cells = fill(index, chunk, moneyScratch.cells(rows))
                    money?.add(chunk, rows: rows, cells: cells, selected: selected, parts: ofMoney, vector: vector)
                }
                body(chunk, words, cells)
            }
        }
    }

    private func fill(
        _ index: GroupIndex, _ chunk: Int, _ cells: UnsafeMutableBufferPointer<UInt32>
    ) -> UnsafeBufferPointer<UInt32>? {
        guard index.cells > 1 else { return nil }
        index.fill(cells, chunk: chunk, scratch: codes)
        return UnsafeBufferPointer(cells)
    }

    /// Customers added so far, one element per cell.
    var customers: [Int64] { plain.customers }

    // MARK: Groups

    /// The groups with their sums; their shape is that of an earlier query where it is still valid.
    /// - Throws: when there are too many groups.
    func groups() throws(QueryError) -> GroupTable {
        let values = plain.index.columns.map(\.values)
        if isCachedValid, let cachedGroups { return GroupTable(cachedGroups, values: values) }
        let limit = BoardLimits.groupCells / (plain.measures.count + (money?.measures.count ?? 0))
        let moneyTable = moneyMeasures.isEmpty ? nil : money ?? plain
        let customers = [self.customers] + (money.map { [$0.customers] } ?? [])
        let shape: GroupShape
        if let cachedShape = cachedGroups?.shape,
            cachedShape.covers(plain.index, money: moneyTable?.index, customers: customers, currencies: currencies)
        {
            shape = cachedShape
        } else {
            shape = try self.shape(moneyTable, customers, limit)
        }
        var moneySums: MoneySums?
        if let money = shape.money, let moneyTable {
            moneySums = MoneySums(money, moneyTable, measures: moneyMeasures)
        }
        let table = QueryCache.CachedGroups(
            stamps: stamps, shape: shape, sums: GroupSums(shape, plain, measures: plainMeasures), money: moneySums)
        return GroupTable(table, values: values)
    }

    private func shape(
        _ moneyTable: AggregateTable?, _ customers: [[Int64]], _ limit: Int
    ) throws(QueryError) -> GroupShape {
        func make(_ customers: [[Int64]]) throws(QueryError) -> GroupShape {
            try GroupShape(
                plain.index, money: moneyTable?.index, customers: customers, currencyColumn: currencyColumn,
                currencies: currencies, hasPivot: hasPivot, limit: limit)
        }
        // One that is cached has room for calls that begin and end, unless that were too much.
        if isCacheable, dependsOnLiveCalls {
            let indices = [plain.index] + (money.map { [$0.index] } ?? [])
            let roomy = zip(indices, customers).map { $0.withTwins($1) }
            if let shape = try? make(roomy) { return shape }
        }
        return try make(customers)
    }
}

// MARK: - The parts of both tables, the plain table's first

extension Aggregation {
    /// The part, if its changes may be told one by one.
    func packed(_ part: Int) -> PackedSums? {
        part < plain.partCount ? plain.packed(part: part) : money?.packed(part: part - plain.partCount)
    }

    /// The index of the part's cells.
    func index(_ part: Int) -> GroupIndex? { part < plain.partCount ? plain.index : money?.index }

    /// Whether live calls determine which cell a row belongs to.
    var dependsOnLiveCalls: Bool { plain.index.columns.contains(where: \.dependsOnLiveCalls) }

    private var partCount: Int { plain.partCount + (money?.partCount ?? 0) }

    private func dependencies(_ part: Int) -> Set<Dependency> {
        let own = plain.partCount
        return part < own
            ? plain.dependencies(ofPart: part) : money?.dependencies(ofPart: part - own) ?? [.unknown]
    }

    private func sums(_ part: Int) -> PartSums {
        let own = plain.partCount
        return part < own ? plain.sums(ofPart: part) : money?.sums(ofPart: part - own) ?? .packed([])
    }

    private mutating func begin(_ part: Int) {
        let own = plain.partCount
        if part < own { plain.begin(part: part) } else { money?.begin(part: part - own) }
    }

    private mutating func put(_ sums: PartSums, _ part: Int, merging: Bool) {
        let own = plain.partCount
        if part < own {
            plain.put(sums, part: part, merging: merging)
        } else {
            money?.put(sums, part: part - own, merging: merging)
        }
    }
}

/// All groups of a query with their sums.
struct GroupTable {
    /// All of it but the values of the group columns.
    let cached: QueryCache.CachedGroups
    /// Of the group columns.
    let values: [GroupValues]

    init(_ cached: QueryCache.CachedGroups, values: [GroupValues]) { (self.cached, self.values) = (cached, values) }

    /// Some place of the tree has no customers.
    var hasEmpty: Bool { cached.hasEmpty }
    var shape: GroupShape { cached.shape }
    var tree: GroupTree { cached.shape.tree }
    var sums: GroupSums { cached.sums }
    var money: MoneySums? { cached.money }
}
