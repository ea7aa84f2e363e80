import CallEvents
import Columnar
import Randomness
import Testing

@testable import Board

/// Groups, subtotals, pivots and totals against the obvious: the customers of each group looked up one by one.
@Suite struct BoardGroupsTests {
    private static let columns = [
        "count", "bids", "attempts", "asr", "acd", "talk", "cps_peak", "active", "channels", "credit", "available",
        "cost",
        "sum(flow_speed)", "avg(channels)", "min(credit)", "max(last_call)", "count(asr)", "avg(asr)", "max(credit)",
        "sum(channels * 3)", "avg(credit)", "sum(channels * 9000000000000000000)",
        "100 * sum(active) / flow_speed AS load", "coalesce(asr, -1)",
    ]
    private static let keys = [
        "country", "currency", "status", "company", "portal_access", "channels", "credit", "last_call", "name", "id",
    ]

    @Test(arguments: Seeds.of(1, 2))
    func groups(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let board = try RandomBoard(seed == 2 ? ChunkSize.rows + 20 : 90, seed: seed)
        for _ in 0..<(seed == 2 ? 1 : 10) {
            var query = BoardQuery()
            query.columns = BoardGroupsTests.columns
            query.groupBy = Array(
                BoardGroupsTests.keys.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)))
            if Int.random(in: 0..<2, using: &random) == 0 || query.groupBy.isEmpty {
                query.pivot = ["status", "currency", "channels"].first { !query.groupBy.contains($0) } ?? ""
            }
            if seed == 2 { query.groupBy.removeAll { $0 == "name" || $0 == "id" } }
            if query.groupBy.isEmpty && query.pivot.isEmpty { continue }
            if Bool.random(using: &random) { query.filter = RandomBoard.condition(&random, depth: 1) }
            query.limit = 1_000_000
            try check(try board.engine.board(query, now: RandomBoard.now), query, board)
        }
    }

    /// Every row against the customers that have its values.
    private func check(_ answer: BoardAnswer, _ query: BoardQuery, _ board: RandomBoard) throws {
        let filter = try ExpressionParser.filter(query.filter, window: query.window)
        let matched = (0..<board.count).filter { row in
            filter == nil || filter?.truth { board.cell($0, row) } == true
        }
        #expect(answer.matched == matched.count, "\(query.filter)")
        let levels = query.groupBy.count
        let columns = answer.columns.map(\.cells)
        var seen: Set<String> = []
        for row in answer.depths.indices {
            let depth = Int(answer.depths[row])
            let values = (0..<depth).map { columns[$0][row] }
            seen.insert("\(values)")
            let members = matched.filter { customer in
                (0..<depth).allSatisfy { board.cell(query.groupBy[$0], customer) == values[$0] }
            }
            #expect(!members.isEmpty)
            for level in depth..<levels { #expect(columns[level][row] == .null) }
            for (index, column) in answer.columns.enumerated().dropFirst(levels) {
                let mixed = answer.groupMoney.filter { $0.row == row && $0.columnIndex == index }
                    .map { MoneyTotal(columnIndex: index, currency: $0.currency, micros: $0.micros) }
                try check(columns[index][row], mixed, column, members, query, board)
            }
        }
        let prefixes = Set(
            (1...max(1, levels)).flatMap { depth in
                matched.map { customer in "\(query.groupBy.prefix(depth).map { board.cell($0, customer) })" }
            })
        #expect(levels == 0 || seen == prefixes, "\(query.groupBy)")
        for (index, column) in answer.total.enumerated().dropFirst(levels) {
            let money = answer.totalMoney.filter { $0.columnIndex == index }
            try check(column.cells[0], money, column, matched, query, board)
        }
    }

    private func check(
        _ cell: Cell, _ mixed: [MoneyTotal], _ column: ResultColumn, _ group: [Int], _ query: BoardQuery,
        _ board: RandomBoard
    ) throws {
        var members = group
        if let pivot = column.pivot { members = group.filter { board.text(query.pivot, $0) == pivot } }
        let currencies = Set(members.map { board.text("currency", $0) }).count
        let expected = try board.value(column.name, members)
        if expected.isMoney {
            if currencies == 1 { #expect(near(cell, expected.cell), "\(column.name) of \(members)") }
            if currencies != 1 { #expect(cell == .null) }
            let amounts = Dictionary(grouping: members) { board.text("currency", $0) }
            let expectedMixed = try amounts.sorted { $0.key < $1.key }.compactMap { currency, members -> String? in
                guard case .money(let micros) = try board.value(column.name, members).cell else { return nil }
                return "\(currency) \(micros)"
            }
            // Of one currency the total repeats its amount, a row does not.
            if currencies > 1 || !mixed.isEmpty {
                #expect(mixed.map { "\($0.currency) \($0.micros)" } == expectedMixed, "\(column.name)")
            }
        } else {
            #expect(near(cell, expected.cell), "\(column.name) pivot \(column.pivot ?? "-") of \(members)")
        }
    }

    /// Sums of real numbers depend on the order of additions.
    private func near(_ left: Cell, _ right: Cell) -> Bool {
        if case .number(let left) = left, let right = right.real {
            return (left - right).magnitude <= 1e-9 * max(1, left.magnitude)
        }
        return left == right
    }

    @Test func siblingsAreSortedAndPagesCountLevelOne() throws {
        let board = try RandomBoard(150, seed: 3)
        var query = BoardQuery()
        query.groupBy = ["country", "currency"]
        query.columns = ["count"]
        query.sort = ["-count", "-currency"]
        query.limit = 2
        query.offset = 1
        let all = try board.engine.board(query, now: RandomBoard.now)
        #expect(all.groups == 5)
        #expect(all.depths.filter { $0 == 1 }.count == 2)
        var parents: [Int64] = []
        var children: [Int64] = []
        for (depth, cell) in zip(all.depths, all.columns[2].cells) {
            guard case .integer(let count) = cell else { continue }
            if depth == 1 {
                #expect(parents.last ?? .max >= count)
                parents.append(count)
                children = []
            } else {
                #expect(children.last ?? .max >= count)
                children.append(count)
            }
        }
    }

    @Test func tooManyGroupsAreRefused() throws {
        let board = try RandomBoard(150, seed: 3)
        var query = BoardQuery()
        query.groupBy = ["tags"]
        #expect(throws: QueryError.self) { try board.engine.board(query, now: RandomBoard.now) }
        query.groupBy = ["country", "country"]
        #expect(throws: QueryError.self) { try board.engine.board(query, now: RandomBoard.now) }
        query.groupBy = ["country"]
        query.pivot = "name"
        #expect(throws: QueryError.self) { try RandomBoard(600, seed: 3).engine.board(query, now: RandomBoard.now) }
        query.pivot = ""
        query.columns = ["name"]
        #expect(throws: QueryError.self) { try board.engine.board(query, now: RandomBoard.now) }
    }
}

extension RandomBoard {
    func text(_ column: String, _ row: Int) -> String {
        switch cell(column, row) {
        case .text(let text): text
        case .integer(let value): String(value)
        default: ""
        }
    }

    /// What a column should show of some customers.
    func value(_ column: String, _ rows: [Int]) throws -> (cell: Cell, isMoney: Bool) {
        let text = column == "load" ? "100 * sum(active) / flow_speed" : column
        let expression = try ColumnExpression(text, window: .fifteenMinutes, scope: .group(by: [])).expression
        var plain = true
        if case .aggregate = expression.node {} else if case .column = expression.node {} else { plain = false }
        return (value(expression, rows), plain && expression.kind == .money)
    }

    private func value(_ expression: Expression, _ rows: [Int]) -> Cell {
        switch expression.node {
        case .column(.metric(let metric, let window)):
            var sum = MetricTally()
            for row in rows {
                var tally = MetricTally()
                engine.load(row, window, into: &tally)
                sum.add(tally)
            }
            return metric.cell { sum[$0] }
        case .aggregate(let aggregate, let inner):
            guard let inner else { return .integer(Int64(rows.count)) }
            let values = rows.map { row in inner.value { cell($0, row) } }.filter { $0 != .null }
            return RandomBoard.aggregate(aggregate, values, expression.kind)
        default:
            var aggregates: [Int: Cell] = [:]
            collect(expression, rows, &aggregates)
            return expression.value { column in
                self.value(Expression(node: .column(column), kind: .number, position: 0), rows)
            } aggregate: {
                aggregates[$0] ?? .null
            }
        }
    }

    private func collect(_ expression: Expression, _ rows: [Int], _ aggregates: inout [Int: Cell]) {
        if case .aggregate = expression.node {
            aggregates[expression.position] = value(expression, rows)
        } else {
            for part in expression.parts { collect(part, rows, &aggregates) }
        }
    }

    private static func aggregate(_ aggregate: Expression.Aggregate, _ values: [Cell], _ kind: CellKind) -> Cell {
        if aggregate == .count { return .integer(Int64(values.count)) }
        guard let first = values.first else { return .null }
        if aggregate == .min || aggregate == .max {
            return values.dropFirst().reduce(first) { best, value in
                let isBetter = (value.compare(best) ?? 0) < 0
                return isBetter == (aggregate == .min) && value.compare(best) != 0 ? value : best
            }
        }
        var whole: Int128 = 0
        var real = 0.0
        for value in values {
            switch value {
            case .integer(let value), .money(let value): whole += Int128(value)
            default: real += value.real ?? 0
            }
        }
        if case .number = first { return .number(aggregate == .avg ? real / Double(values.count) : real) }
        guard let sum = Int64(exactly: whole) else { return .null }
        if case .money = first {
            return aggregate == .avg
                ? Cell.arithmetic(.divide, .money(sum), .integer(Int64(values.count))) : .money(sum)
        }
        return aggregate == .avg ? .number(Double(sum) / Double(values.count)) : .integer(sum)
    }
}
