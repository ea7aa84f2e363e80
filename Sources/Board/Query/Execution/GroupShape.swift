// How the groups of a query hang together: which cells have customers, the tree they make, the currencies in each group.
// It stays the same while customers come and go within the groups there are, and so it is kept from query to query.

import Columnar

struct GroupShape {
    let tree: GroupTree
    /// What sums up all places: `GroupTree.sumSteps`.
    let steps: [[(from: Int32, to: Int32)]]
    /// Where money is asked for.
    let money: MoneyShape?
    /// The cells that have customers, of the plain table and of the money's.
    private let occupied: [Bitmap]
    /// How many values each group column has.
    private let domains: [Int]

    /// - Parameters:
    ///   - plain: the table by group columns (and the pivot).
    ///   - money: the table by these and the currency, or the plain one itself if one of them is the currency, whose column
    ///     is `currencyColumn` then.
    /// - Throws: where there would be more than `limit` places.
    init(
        _ plain: AggregateTable, money: AggregateTable?, currencyColumn: Int?, currencies: GroupColumn?,
        hasPivot: Bool, limit: Int
    ) throws(QueryError) {
        let tree = try GroupTree(plain.index, hasPivot: hasPivot, customers: plain.customers, limit: limit)
        let steps = tree.sumSteps()
        (self.tree, self.steps) = (tree, steps)
        let ranks = currencies.map { $0.values.ranks(domain: $0.domain) } ?? []
        self.money = money.map { money in
            MoneyShape(
                tree, steps, money.index, customers: money.customers, plain: plain.index,
                currencyColumn: currencyColumn, currencyRanks: ranks)
        }
        occupied = GroupShape.occupied(plain, money)
        domains = GroupShape.domains(plain, currencies)
    }

    /// Whether it is that of these tables, too. Of tables of the same columns, all of them with stored codes.
    func isShape(of plain: AggregateTable, money: AggregateTable?, currencies: GroupColumn?) -> Bool {
        domains == GroupShape.domains(plain, currencies) && occupied == GroupShape.occupied(plain, money)
            && (self.money == nil) == (money == nil)
    }

    private static func occupied(_ plain: AggregateTable, _ money: AggregateTable?) -> [Bitmap] {
        ([plain] + (money.map { [$0] } ?? [])).map { table in
            var cells = Bitmap(count: table.index.cells)
            for (cell, customers) in table.customers.enumerated() where customers > 0 { cells[cell] = true }
            return cells
        }
    }

    private static func domains(_ plain: AggregateTable, _ currencies: GroupColumn?) -> [Int] {
        plain.index.columns.map(\.domain) + [currencies?.domain ?? 0]
    }

    var byteSize: Int {
        tree.placeOfCell.count * 4 + steps.reduce(0) { $0 + $1.count * 8 } + (money?.byteSize ?? 0)
    }
}
