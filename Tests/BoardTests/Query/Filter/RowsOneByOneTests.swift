// What is read of a chunk by kernels, and what is read of one row, must be the same: a cached selection or order is
// brought up to date row by row, and an answer does not show in which of the two ways it came about.

import CallEvents
import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct RowsOneByOneTests {
    /// Every comparison of every column with values that it has, lies beside, or cannot have; null tests and lists; of
    /// all rows of a chunk, of few of them, and of one.
    @Test(arguments: Seeds.of(1, 2)) func everyTestOfEveryColumn(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let sample = try ColumnSample(seed: seed, isLong: seed == 2)
        for column in ColumnSample.columns {
            let left = Expression(node: .column(column), kind: column.kind, position: 0)
            let constants = sample.constants(column, &random)
            var tests = [Expression(node: .isNull(left), kind: .boolean, position: 0)]
            for constant in constants {
                let isOrdered = column.kind != .boolean
                for comparison in isOrdered ? Self.comparisons : [.equal, .notEqual] {
                    tests.append(sample.test(left, comparison, constant))
                }
            }
            // A list is one of its kind.
            let list = Self.ascending(constants.filter { $0.isLike(column.kind) })
            for list in [list, Array(list.prefix(2)), list + [.null]] where !list.isEmpty {
                tests.append(Expression(node: .oneOf(left, list), kind: .boolean, position: 0))
            }
            for test in tests { check(test, sample, "seed \(seed), \(column.key)") }
        }
    }

    private static let comparisons: [Expression.Comparison] = [
        .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
    ]

    private static func ascending(_ cells: [Cell]) -> [Cell] {
        var unique: [Cell] = []
        for cell in cells.sorted(by: { $0.order($1, descending: false) ?? false }) where cell != unique.last {
            unique.append(cell)
        }
        return unique
    }

    /// Conditions of several columns, and what no kernel and no column holds.
    @Test(arguments: Seeds.of(3)) func wholeConditions(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let sample = try ColumnSample(seed: seed, isLong: false)
        let special = [
            "tags HAS 'vip'", "NOT tags HAS 'vip'", "warnings HAS no_routing", "NOT warnings HAS no_auth",
            "name LIKE '%a%'", "NOT name LIKE '%nova%'", "name LIKE 'a%'", "tags HAS 'none' OR active > 0",
            "country NOT IN ('US', 'FR')", "NOT (last_call IS NULL OR asr IS NULL)", "lower(company) = 'bell'",
        ]
        let texts = special + (0..<60).map { _ in RandomBoard.condition(&random, depth: 2) }
        for text in texts {
            let filter = try #require(try ExpressionParser.filter(text, window: .fifteenMinutes))
            check(filter, sample, "seed \(seed), \(text)")
        }
    }

    private func check(_ expression: Expression, _ sample: ColumnSample, _ place: String) {
        let truths = sample.rows.map { row in expression.truth { sample.cell($0, row) } }
        let test = RowTest(expression, sample.state) { sample.cell($0, $1) }
        let filter = RowFilter(test) { sample.column($0) }
        for wanted in [true, false] {
            let expected = truths.map { $0 == wanted }
            let alone = sample.rows.map { filter.holds(wanted, row: $0) }
            #expect(alone == expected, "one by one, \(wanted): \(expression.node), \(place)")
            // Few rows are left by what was tested before.
            for step in [1, 41] {
                let selected = sample.selected(filter, wanted, every: step)
                let some = expected.enumerated().map { $1 && $0 % step == 0 }
                #expect(selected == some, "every \(step), \(wanted): \(expression.node), \(place)")
            }
        }
    }

    /// The keys of every column, both ways: of a chunk and of one row, and in the order of the cells.
    @Test(arguments: Seeds.of(1, 2)) func everyOrderOfEveryColumn(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let sample = try ColumnSample(seed: seed, isLong: seed == 2)
        for column in ColumnSample.columns {
            let expression = Expression(node: .column(column), kind: column.kind, position: 0)
            for descending in [false, true] {
                let keys = sample.state.sortOperands(expression) { sample.cell($0, $1) }.map {
                    SortKey($0, descending: descending, names: sample.state.customers.names) { sample.column($0) }
                }
                let chunks = keys.map { $0.chunk(sample.chunk, rows: sample.rows.count) }
                for (index, row) in sample.rows.enumerated() {
                    let together = zip(keys, chunks).map { $0.key($1, index, row: row) }
                    #expect(together == keys.map { $0.key(row: row) }, "seed \(seed), \(column.key), row \(row)")
                }
                for _ in 0..<300 {
                    let (one, other) = (sample.row(&random), sample.row(&random))
                    let expected = sample.cell(column, one).order(sample.cell(column, other), descending: descending)
                    #expect(
                        Self.isBefore(keys, one, other) == expected, "seed \(seed), \(column.key): \(one), \(other)")
                }
            }
        }
    }

    /// Whether a row precedes another; nil: their keys are equal.
    private static func isBefore(_ keys: [SortKey], _ row: Int, _ other: Int) -> Bool? {
        for key in keys {
            let (left, right) = (key.key(row: row), key.key(row: other))
            let isUndecided = left == right || left == SortKey.undecided || right == SortKey.undecided
            if key.hasUndecided && isUndecided {
                if let isBefore = key.order(row, other) { return isBefore }
            } else if left != right {
                return left < right
            }
        }
        return nil
    }

    /// Every set of nine codes: as ranges, where these are few, and as a table.
    @Test func aSetOfCodesIsItsMembers() {
        for bits in 0..<512 {
            let members = (0..<9).map { bits >> $0 & 1 == 1 }
            let set = CodeSet(members)
            #expect((0..<9).map { set.contains(UInt32($0)) } == members)
            let runs = (0..<9).count { members[$0] && ($0 == 0 || !members[$0 - 1]) }
            #expect((set.ranges == nil) == (runs > 3), "\(members)")
            guard let ranges = set.ranges else { continue }
            #expect((0..<9).map { code in ranges.contains { $0.contains(UInt32(code)) } } == members)
        }
    }
}

/// The columns of a board with some of everything, and its cells.
private struct ColumnSample {
    let state: EngineState
    /// The rows that are looked at, all of one chunk.
    let rows: Range<Int>
    var chunk: Int { rows.lowerBound / ChunkSize.rows }
    private let setups: Column<Int32>
    private let cells: RowCells

    static let columns: [BoardColumn] =
        CustomerField.allCases.filter { $0 != .tags && $0 != .warnings }.map { .field($0) }
        + Metric.all.flatMap { metric -> [BoardColumn] in
            if case .pddQuantile = metric.formula { return [] }
            // Of one window, for the columns of all windows are read alike; of all time where peaks are kept apart.
            return [.metric(metric, metric.name == "cps_peak" ? .all : .oneHour)]
        }

    init(seed: UInt64, isLong: Bool) throws {
        let count = isLong ? ChunkSize.rows + 70 : 76
        let engine = try RandomBoard(count, seed: seed).engine
        var random = SeededGenerator(seed: seed)
        rows = isLong ? ChunkSize.rows..<count : 0..<count
        ColumnSample.block(engine, rows, &random)
        var query = BoardQuery()
        // Makes the peaks and the index of texts.
        (query.columns, query.filter) = (["cps_peak_1h", "cps_peak_all"], "name LIKE '%a%'")
        _ = try engine.board(query, now: RandomBoard.now)
        for row in rows {
            engine.state.customers.shortCallSeconds[row] = [0, 0, 6, 7, .max].randomElement(using: &random) ?? 0
            if row % 11 == 3 { engine.state.customers.channels[row] = .max }
            if row % 5 == 1 { engine.state.customers.changeInboundActive(row, by: Int32(row % 3)) }
            engine.state.customers.versions[row] = UInt32(row % 4) + 1
        }
        state = engine.state
        setups = state.setupsColumn(isRead: true)
        cells = RowCells(state, setups: setups, delays: [:])
    }

    /// Calls that our own switch refused: attempts are fewer than bids.
    private static func block(_ engine: Engine, _ rows: Range<Int>, _ random: inout SeededGenerator) {
        var batch = CallRecordBatch()
        for number in 0..<60 {
            batch.parties.append(Party(customerID: UInt32(Int.random(in: rows, using: &random)) + 1))
            batch.party.append(UInt32(number))
            batch.setupMicros.append(RandomBoard.now - Int64.random(in: 60_000_000...900_000_000, using: &random))
            batch.ringMilliseconds.append(CallRecordBatch.never)
            batch.answerMilliseconds.append(CallRecordBatch.never)
            batch.endMilliseconds.append(100)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(OutcomeTable.blockedCode)
            batch.q850.append(0)
            batch.costMicros.append(0)
        }
        _ = engine.ingest(batch, now: RandomBoard.now)
    }

    func cell(_ column: BoardColumn, _ row: Int) -> Cell { cells.cell(column, row) }

    func column(_ source: NumberSource) -> NumberColumn { state.column(source, setups: setups) }

    func row(_ random: inout SeededGenerator) -> Int { Int.random(in: rows, using: &random) }

    /// Values of some rows, what lies beside them, and what a column of its width cannot hold.
    func constants(_ column: BoardColumn, _ random: inout SeededGenerator) -> [Cell] {
        var cells = (0..<9).map { _ in cell(column, row(&random)) }.filter { $0 != .null }
        switch column.kind {
        case .integer:
            let limits: [Int64] = [0, 6, 255, 256, 2_147_483_647, 4_294_967_295, 4_294_967_296, .min, .max]
            cells += limits.map(Cell.integer) + [-0.5, 0.5, 4_294_967_294.5, 1e300].map(Cell.number)
        case .money: cells += [.money(0), .money(.min), .money(.max), .number(0.5), .number(-1e300)]
        case .time: cells += [.time(0), .time(1), .time(.min), .time(.max)]
        case .number: cells += [.number(0), .integer(50), .integer(-1), .number(100)]
        case .text: cells += [.text("US"), .text("Active"), .text("")]
        case .boolean: cells += [.boolean(true), .boolean(false)]
        case .texts: break
        }
        // Metrics are many, and of few kinds.
        if case .metric = column { return Array(cells.shuffled(using: &random).prefix(10)) }
        return cells
    }

    func test(_ left: Expression, _ comparison: Expression.Comparison, _ constant: Cell) -> Expression {
        let right = Expression(node: .constant(constant), kind: left.kind, position: 0)
        return Expression(node: .comparison(comparison, left, right), kind: .boolean, position: 0)
    }

    /// Which of every so many rows a filter selects.
    func selected(_ filter: RowFilter, _ wanted: Bool, every step: Int) -> [Bool] {
        var words = [UInt64](repeating: 0, count: (rows.count + 63) >> 6)
        for index in stride(from: 0, to: rows.count, by: step) { words[index >> 6] |= 1 << UInt64(index & 63) }
        words.withUnsafeMutableBufferPointer {
            filter.intersect($0, where: wanted, chunk: chunk, rows: rows.count)
        }
        return (0..<rows.count).map { words[$0 >> 6] >> UInt64($0 & 63) & 1 == 1 }
    }
}

extension Cell {
    /// Whether a list of a column of this kind may have it.
    fileprivate func isLike(_ kind: CellKind) -> Bool {
        switch (self, kind) {
        case (.integer, .integer), (.money, .money), (.time, .time), (.text, .text), (.boolean, .boolean): true
        case (.number, .number), (.integer, .number): true
        default: false
        }
    }
}
