import CallEvents
import Columnar
import Randomness
import Testing

@testable import Board

/// Filters, orders and pages against the obvious: every row asked by itself, all rows sorted.
@Suite struct BoardRowsTests {
    @Test(arguments: Seeds.of(1, 2))
    func filtersAndPages(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let board = try RandomBoard(seed == 2 ? ChunkSize.rows + 70 : 150, seed: seed)
        for _ in 0..<(seed == 2 ? 4 : 80) {
            var query = BoardQuery()
            query.columns = ["id"]
            query.filter = RandomBoard.condition(&random, depth: 2)
            query.sort = (0..<Int.random(in: 0...3, using: &random)).map { _ in RandomBoard.sortKey(&random) }
            query.offset = Int.random(in: 0...board.count, using: &random) / Int.random(in: 1...20, using: &random)
            query.limit = Int.random(in: 0...board.count, using: &random)
            let filter = try #require(try ExpressionParser.filter(query.filter, window: query.window))
            let matched = (0..<board.count).filter { row in filter.truth { board.cell($0, row) } == true }
            let keys = try query.sort.map { key in
                let descending = key.hasPrefix("-")
                let name = descending ? String(key.dropFirst()) : key
                let expression = try ColumnExpression(name, window: query.window, scope: .customer).expression
                return (descending, (0..<board.count).map { row in expression.value { board.cell($0, row) } })
            }
            let order = matched.sorted { left, right in
                for (descending, cells) in keys {
                    if let isBefore = cells[left].order(cells[right], descending: descending) { return isBefore }
                }
                return left < right
            }
            let expected = order.dropFirst(query.offset).prefix(query.limit).map { Cell.integer(Int64($0) + 1) }
            let answer = try board.engine.board(query, now: RandomBoard.now)
            #expect(answer.matched == matched.count, "\(query.filter)")
            #expect(answer.columns[0].cells == Array(expected), "\(query.filter) \(query.sort) \(query.offset)")
        }
    }

    @Test(arguments: Seeds.of(1))
    func searches(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let board = try RandomBoard(700, seed: seed)
        for text in [
            "", "acme", "ELAN", "zurich", "a", "京", "ne 1", "core 8", "vip", "metro", "nova nova", "12", "ab ",
        ] {
            var query = BoardQuery()
            query.columns = ["id"]
            query.limit = board.count
            query.search = text
            if Bool.random(using: &random) { query.search = text.uppercased() }
            let folded = FoldedText.fold(query.search)
            let expected = (0..<board.count).filter { row in
                let customer = board.engine.customer(id: UInt32(row) + 1)
                let texts = [customer?.name ?? "", customer?.company ?? ""] + (customer?.tags ?? [])
                var needle = folded
                return folded.isEmpty || folded == String(row + 1)
                    || needle.withUTF8 { needle in texts.contains { FoldedText.contains($0, needle) } }
            }
            let answer = try board.engine.board(query, now: RandomBoard.now)
            #expect(answer.columns[0].cells == expected.map { Cell.integer(Int64($0) + 1) }, "\(text)")
            query.search = ""
            query.filter = "name LIKE '%\(text)%'"
            let like = try #require(try ExpressionParser.filter(query.filter, window: query.window))
            let liked = (0..<board.count).filter { row in like.truth { board.cell($0, row) } == true }
            #expect(
                try board.engine.board(query, now: RandomBoard.now).columns[0].cells
                    == liked.map { Cell.integer(Int64($0) + 1) })
        }
    }

    @Test func tagsAreFound() throws {
        let board = try RandomBoard(200, seed: 3)
        let tagged = (0..<board.count).filter {
            board.engine.customer(id: UInt32($0) + 1)?.tags.contains("vip") == true
        }
        var query = BoardQuery()
        query.columns = ["id"]
        query.limit = board.count
        query.filter = "tags HAS 'vip'"
        #expect(
            try board.engine.board(query, now: RandomBoard.now).columns[0].cells
                == tagged.map { .integer(Int64($0) + 1) })
        query.filter = "NOT tags HAS 'vip'"
        #expect(try board.engine.board(query, now: RandomBoard.now).matched == board.count - tagged.count)
        query.filter = "tags HAS 'vi'"
        #expect(try board.engine.board(query, now: RandomBoard.now).matched == 0)
    }

    /// By their entries one after the other; the empty list is the first of all, and the last the other way round.
    @Test func listsAreSortedBothWays() throws {
        let lists = [["b"], ["a", "c"], [], ["a"], ["a", "b", "z"], ["b"], []]
        let engine = makeEngine(customers: lists.count, now: RandomBoard.now) { customer in
            customer.tags = lists[(Int(customer.name.dropFirst()) ?? 1) - 1]
        }
        for (key, order) in [("tags", [3, 7, 4, 5, 2, 1, 6]), ("-tags", [1, 6, 2, 5, 4, 3, 7])] as [(String, [Int64])] {
            var query = BoardQuery()
            (query.columns, query.sort) = (["id"], [key])
            let found = try engine.board(query, now: RandomBoard.now).columns[0].cells
            #expect(found == order.map { .integer($0) }, "\(key)")
        }
    }

    @Test func theIndexFollowsNewCustomers() throws {
        let board = try RandomBoard(30, seed: 1)
        var query = BoardQuery()
        query.columns = ["id"]
        query.search = "brand new"
        #expect(try board.engine.board(query, now: RandomBoard.now).matched == 0)
        var customer = Customer()
        customer.name = "A Brand New One"
        customer.currency = "USD"
        _ = board.engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: RandomBoard.now)
        #expect(try board.engine.board(query, now: RandomBoard.now).columns[0].cells == [.integer(31)])
    }
}

extension RandomBoard {
    static func sortKey(_ random: inout SeededGenerator) -> String {
        let names = numbers + texts + others + ["active * 2 - channels", "channels / active", "lower(name)"]
        return (Bool.random(using: &random) ? "-" : "") + (names.randomElement(using: &random) ?? "id")
    }

    /// A random condition over the columns above.
    static func condition(_ random: inout SeededGenerator, depth: Int) -> String {
        if depth > 0 {
            let left = condition(&random, depth: depth - 1)
            let right = condition(&random, depth: depth - 1)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: return "(\(left)) AND (\(right))"
            case 1: return "(\(left)) OR (\(right))"
            case 2: return "NOT (\(left))"
            default: break
            }
        }
        let comparison = ["=", "<>", "<", "<=", ">", ">="].randomElement(using: &random) ?? "="
        let number = numbers.randomElement(using: &random) ?? "id"
        let constant =
            ["0", "1", "2", "50", "-10", "40.5", "3.3333333", "100", "1e30"].randomElement(using: &random) ?? "0"
        switch Int.random(in: 0..<13, using: &random) {
        case 0: return "country \(comparison) 'FR'"
        case 1: return "status IN ('Active', 'Dialing', 'Penalty')"
        case 2: return "country IS NULL"
        case 3: return "\(number) IS NOT NULL"
        case 4: return "name LIKE '%\(["acme", "ZÜR", "e_a", "1"].randomElement(using: &random) ?? "")%'"
        case 5: return "\(number) BETWEEN 1 AND \(constant)"
        case 6: return "channels IN (1, 2) OR company LIKE 'M%'"
        case 7: return "active * 2 \(comparison) channels"
        case 8: return "last_call \(comparison) '2025-06-15T15:06:00Z'"
        case 9: return "\(constant) \(comparison) \(number)"
        case 10: return "\(number) IN (100, 0, 1, 2, 3, 3, 4, 5, 6, 7, 8, -10, 40.5, 50, \(constant))"
        default: return "\(number) \(comparison) \(constant)"
        }
    }
}
