// The first rows of an order over several chunks, which come in any order and of which some are left out, against all
// rows sorted.

import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct PagesOfChunksTests {
    /// Few different values, so that ties cross the borders of chunks; several keys; names with accents; small pages.
    @Test(arguments: Seeds.of(1, 2, 3, 4)) func theFirstRowsAreThoseOfAllSorted(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let rows = SortedRows(using: &random)
        for round in 0..<40 {
            let orders = (0..<Int.random(in: 1...3, using: &random)).map { _ in SortedRows.order(&random) }
            let wanted = [1, 2, 9, 40, 75].randomElement(using: &random) ?? 1
            let rarity = [50, 50, 400].randomElement(using: &random) ?? 50
            let selected = (0..<rows.count).filter { _ in Int.random(in: 0..<rarity, using: &random) == 0 }
            let place = "seed \(seed), round \(round): \(orders), \(wanted) of \(selected.count)"
            let expected = selected.sorted { rows.isBefore($0, $1, orders) }.prefix(wanted)
            var top = TopRows(wanted, keys: rows.keys(orders))
            for chunk in (0..<rows.chunks).shuffled(using: &random) {
                let here = selected.filter { $0 / ChunkSize.rows == chunk }
                let keys = here.map { top.firstKey(row: $0) }
                // A query that knows the best key may pass over the chunk.
                let isKnown = orders[0].value.isNumber && Bool.random(using: &random)
                if isKnown, let best = keys.min(), top.isBeyond(best, chunk: chunk) { continue }
                let bound = rows.add(here, chunk, to: &top)
                #expect(keys.allSatisfy { $0 >= bound }, "\(place): no row is before the bound of its chunk")
            }
            let offset = Int.random(in: 0...min(3, wanted), using: &random)
            #expect(top.rows(offset..<wanted) == Array(expected.dropFirst(offset)), "\(place)")
        }
    }

    /// One order asked for page by page while rows become better and worse: a chunk that was passed over for a small
    /// page counts for a larger one.
    @Test(arguments: Seeds.of(5)) func pagesGrowWhileRowsChange(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var state = EngineState(configuration: EngineConfiguration())
        let count = 2 * ChunkSize.rows + 300
        let drafts = (0..<count).map { number in
            var customer = Customer()
            (customer.name, customer.currency, customer.channels) = ("C\(number)", "USD", UInt32(number % 3))
            customer.creditMicros = Int64.random(in: 0...2_000, using: &random) * 1_000_000
            return customer
        }
        let isCreated = state.recreateCustomers(drafts, firstID: 1, createdAtMicros: 1, idempotencyKey: [])
        try #require(isCreated)
        for step in 0..<40 {
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let row = Int.random(in: 0..<count, using: &random)
                let credit =
                    [Int64.random(in: 0...2_000, using: &random), -1, 3_000].randomElement(using: &random) ?? 0
                state.customers.setCredit(credit * 1_000_000, row: row)
            }
            var query = BoardQuery()
            query.columns = ["id", "credit"]
            query.sort =
                [["credit"], ["-credit"], ["-credit", "-channels"], ["channels", "credit"]]
                .randomElement(using: &random) ?? []
            query.limit = [1, 2, 5, 40, 200].randomElement(using: &random) ?? 1
            query.filter = ["", "", "channels > 0"].randomElement(using: &random) ?? ""
            let found = try state.board(query, now: RandomBoard.now)
            var fresh = state
            fresh.forgetQueries()
            let expected = try fresh.board(query, now: RandomBoard.now)
            #expect(found == expected, "seed \(seed), step \(step): \(query)")
        }
    }
}

/// Columns of three chunks, and their order by the values themselves.
private struct SortedRows {
    enum Value: CaseIterable {
        case integer, time, amount, ratio, code, name

        var isNumber: Bool { self != .code && self != .name }
    }

    let count = 2 * ChunkSize.rows + 500
    var chunks: Int { (count + ChunkSize.rows - 1) / ChunkSize.rows }
    private var first = Column<Int64>()
    private var second = Column<Int64>()
    private var times = Column<Int64>()
    private var codes = Column<UInt32>()
    private var names = TextColumn()
    private static let texts = ["delta", "", "alpha", "Élan", "zeta"]

    init(using random: inout SeededGenerator) {
        // Accents before and after plain names, so that the last name of a page may be either.
        let words = ["Abc", "Acme", "Aéro", "Bär", "Élan", "Elan", "zürich", "Zurich Telecom", "Zurich Tel", "北京", "a"]
        for _ in 0..<count {
            first.append(Int64.random(in: -9...9, using: &random))
            second.append(Int64.random(in: 0...3, using: &random))
            times.append(max(0, Int64.random(in: -20...40, using: &random)))
            codes.append(UInt32.random(in: 0..<UInt32(Self.texts.count), using: &random))
            names.append("\(words.randomElement(using: &random) ?? "") \(Int.random(in: 0..<30, using: &random))")
        }
    }

    static func order(_ random: inout SeededGenerator) -> (value: Value, descending: Bool) {
        (Value.allCases.randomElement(using: &random) ?? .integer, Bool.random(using: &random))
    }

    func keys(_ orders: [(value: Value, descending: Bool)]) -> [SortKey] {
        orders.map { order in
            SortKey(operand(order.value), descending: order.descending, names: names) { source in
                switch source {
                case .lastCall: .sums(times, nil)
                case .debitLimit: .sums(second, nil)
                default: .sums(first, nil)
                }
            }
        }
    }

    private func operand(_ value: Value) -> SortOperand {
        switch value {
        case .integer: .number(.integers(NumberSum(.credit)))
        case .time: .number(.times(.lastCall))
        case .amount: .number(.amount(NumberSum(.credit), divisor: 4))
        case .ratio:
            .number(.ratio(numerator: NumberSum(.credit), denominator: NumberSum(.debitLimit), scale: 100))
        case .code: .codes(GroupColumn(codes: .numbered(codes), domain: Self.texts.count, values: .texts(Self.texts)))
        case .name: .names
        }
    }

    private func cell(_ value: Value, _ row: Int) -> Cell {
        switch value {
        case .integer: .integer(first[row])
        case .time: times[row] == 0 ? .null : .time(times[row])
        case .amount: .number(Double(first[row]) / 4)
        case .ratio: second[row] == 0 ? .null : .number(100 * Double(first[row]) / Double(second[row]))
        case .code: codes[row] == 1 ? .null : .text(Self.texts[Int(codes[row])])
        case .name: .text(names[row])
        }
    }

    func isBefore(_ row: Int, _ other: Int, _ orders: [(value: Value, descending: Bool)]) -> Bool {
        for order in orders {
            let (left, right) = (cell(order.value, row), cell(order.value, other))
            if let isBefore = left.order(right, descending: order.descending) { return isBefore }
        }
        return row < other
    }

    /// Adds some rows of a chunk; returns the bound of their first keys.
    func add(_ rows: [Int], _ chunk: Int, to top: inout TopRows) -> Int64 {
        let length = min(ChunkSize.rows, count - chunk * ChunkSize.rows)
        var words = [UInt64](repeating: 0, count: (length + 63) >> 6)
        for row in rows {
            let index = row - chunk * ChunkSize.rows
            words[index >> 6] |= 1 << UInt64(index & 63)
        }
        return words.withUnsafeMutableBufferPointer { top.add($0, chunk: chunk, rows: length) }
    }
}
