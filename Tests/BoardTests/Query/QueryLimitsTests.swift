// Both sides of what a query may ask for.

import Testing

@testable import Board

@Suite struct QueryLimitsTests {
    private static let now: Int64 = 1_750_000_000_000_000

    private func isRead(_ text: String) -> Bool {
        (try? ExpressionParser.filter(text, window: .oneHour, nowMicros: Self.now)) != nil
    }

    private func isAnswered(_ engine: Engine, _ edit: (inout BoardQuery) -> Void) -> Bool {
        var query = BoardQuery()
        query.columns = ["id"]
        edit(&query)
        return (try? engine.board(query, now: Self.now)) != nil
    }

    /// Each way to nest, as deep as it may be and one deeper.
    @Test func expressionsAreNested() {
        let limit = BoardLimits.expressionDepth
        for (open, close) in [("(", ")"), ("NOT (", ")"), ("abs(", ") > 0"), ("- (", ") > 0")] {
            let isValue = close.hasSuffix("0")
            // NOT and a sign are a level each, and so are their parentheses.
            let levels = open.hasPrefix("NOT") || open.hasPrefix("-") ? 2 : 1
            for count in [limit / levels - 1, limit / levels, limit / levels + 1] {
                var text = isValue ? "active" : "active > 0"
                text = String(repeating: open, count: count) + text + String(repeating: ")", count: count)
                if isValue { text += " > 0" }
                #expect(isRead(text) == (count * levels <= limit), "\(open) \(count)")
            }
        }
    }

    @Test func expressionsAreLong() {
        let limit = BoardLimits.expressionBytes
        for length in [limit - 1, limit, limit + 1] {
            #expect(isRead("id > 0" + String(repeating: " ", count: length - 6)) == (length <= limit), "\(length)")
            let accents = "name = '\(String(repeating: "é", count: (length - 9) / 2))'"
            let text = accents + String(repeating: " ", count: length - accents.utf8.count)
            #expect(isRead(text) == (length <= limit), "\(length)")
        }
        // Operators in a row: one more level than there are operands.
        let chain = BoardLimits.expressionChain
        for operation in ["+", "-", "*", "/"] {
            for count in [chain - 1, chain, chain + 1] {
                let text = Array(repeating: "1", count: count).joined(separator: operation) + " > 0"
                #expect(isRead(text) == (count <= chain), "\(count) of \(operation)")
            }
        }
    }

    @Test func columnsAndKeysAndGroups() {
        let engine = makeEngine(customers: 2, now: Self.now)
        let columns = BoardLimits.queryColumns
        for count in [columns - 1, columns, columns + 1] {
            let isGood = count <= columns
            #expect(isAnswered(engine) { $0.columns = Array(repeating: "bids", count: count) } == isGood, "\(count)")
            // The columns grouped by count, too.
            #expect(
                isAnswered(engine) {
                    $0.groupBy = ["country", "currency"]
                    $0.columns = Array(repeating: "bids", count: count - 2)
                } == isGood, "\(count) in groups")
        }
        let keys = BoardLimits.sortKeys
        for count in [keys - 1, keys, keys + 1] {
            let isGood = count <= keys
            #expect(isAnswered(engine) { $0.sort = Array(repeating: "-id", count: count) } == isGood, "\(count)")
        }
        let fields = CustomerField.allCases.filter { $0 != .tags && $0 != .warnings }.map(\.rawValue)
        for count in [BoardLimits.groupColumns - 1, BoardLimits.groupColumns, BoardLimits.groupColumns + 1] {
            let isGood = count <= BoardLimits.groupColumns
            #expect(
                isAnswered(engine) {
                    ($0.groupBy, $0.columns) = (Array(fields.prefix(count)), ["count"])
                } == isGood, "\(count)")
        }
    }

    /// A pivot of as many values as columns can be spread over.
    @Test func pivotsHaveManyValues() throws {
        let limit = BoardLimits.pivotValues
        let engine = Engine()
        let drafts = (1...limit + 1).map { number in
            var customer = Customer()
            (customer.name, customer.currency, customer.channels) = ("C\(number)", "EUR", UInt32(number))
            return customer
        }
        let isCreated = engine.recreateCustomers(drafts, firstID: 1, createdAtMicros: Self.now, idempotencyKey: [])
        try #require(isCreated)
        for count in [limit - 1, limit, limit + 1] {
            for pivot in ["channels", "name"] {
                let isGood = isAnswered(engine) {
                    ($0.pivot, $0.columns, $0.filter) = (pivot, ["count"], "id <= \(count)")
                }
                #expect(isGood == (count <= limit), "\(count) of \(pivot)")
            }
        }
    }

    /// Pages at the ends of an answer, and beyond.
    @Test func pagesAreCutToTheAnswer() throws {
        let engine = makeEngine(customers: 5, now: Self.now)
        for isGrouped in [false, true] {
            for offset in [0, 1, 4, 5, 6, .max] {
                for limit in [0, 1, 4, 5, 6, .max] {
                    var query = BoardQuery()
                    (query.columns, query.offset, query.limit) = (["id"], offset, limit)
                    if isGrouped { (query.groupBy, query.columns) = (["id"], ["count"]) }
                    let found = try engine.board(query, now: Self.now)
                    let expected = Array([1, 2, 3, 4, 5].dropFirst(offset).prefix(limit)).map { Cell.integer($0) }
                    #expect(found.columns[0].cells == expected, "\(isGrouped), \(offset), \(limit)")
                    #expect(found.matched == 5 && found.groups == (isGrouped ? 5 : 0))
                }
            }
        }
        for (offset, limit) in [(-1, 1), (1, -1), (.min, .max)] {
            #expect(!isAnswered(engine) { ($0.offset, $0.limit) = (offset, limit) })
        }
    }
}
