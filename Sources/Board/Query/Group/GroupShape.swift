// How the groups of a query relate: which cells may have customers, the tree they form, the currencies in each group.
//
// Making it takes longer than adding up what calls have changed, so it is cached from query to query, and groups may be
// in it that have no customers at the moment: an answer passes these over. Most of them are there by intention: a
// customer that begins a call goes from Active to Dialing and comes back, so that where one of the two has customers
// the other has a place as well.

import Columnar

struct GroupShape {
    let tree: GroupTree
    /// The steps that sum up all places: `GroupTree.sumSteps`.
    let steps: [[(from: Int32, to: Int32)]]
    /// The entries of money; nil where the query shows none.
    let money: MoneyShape?
    /// Which cells have a place, in the plain table and in the money table: a bit each.
    private let covered: [[UInt64]]
    /// How many values each group column has.
    private let domains: [Int]

    /// - Parameters:
    ///   - plain: the index by group columns (and the pivot).
    ///   - money: the index by these columns and the currency; or the plain index itself if one of them is the
    ///     currency, at `currencyColumn` then. Nil where the query shows no money.
    ///   - customers: the number of customers in each cell, in the plain table and, where it is another one, in the
    ///     money table; cells where that is above 0 have a place.
    /// - Throws: when there would be more than `limit` places.
    init(
        _ plain: GroupIndex, money: GroupIndex?, customers: [[Int64]], currencyColumn: Int?,
        currencies: GroupColumn?, hasPivot: Bool, limit: Int
    ) throws(QueryError) {
        let tree = try GroupTree(plain, hasPivot: hasPivot, customers: customers[0], limit: limit)
        let steps = tree.sumSteps()
        (self.tree, self.steps) = (tree, steps)
        let ranks = currencies.map { $0.values.ranks(domain: $0.domain) } ?? []
        self.money = money.map { money in
            MoneyShape(
                tree, steps, money, customers: customers[customers.count - 1], plain: plain,
                currencyColumn: currencyColumn, currencyRanks: ranks)
        }
        covered = customers.map(GroupShape.occupied)
        domains = GroupShape.domains(plain, currencies)
    }

    /// Whether it also has a place for every customer of such tables, with the same group columns, all of them with
    /// stored codes.
    func covers(_ plain: GroupIndex, money: GroupIndex?, customers: [[Int64]], currencies: GroupColumn?) -> Bool {
        guard (self.money == nil) == (money == nil), domains == GroupShape.domains(plain, currencies),
            covered.count == customers.count
        else { return false }
        return zip(covered, customers).allSatisfy { covered, customers in
            let occupied = GroupShape.occupied(customers)
            return covered.count == occupied.count && zip(covered, occupied).allSatisfy { $1 & ~$0 == 0 }
        }
    }

    private static func occupied(_ customers: [Int64]) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: (customers.count + 63) >> 6)
        for (cell, customers) in customers.enumerated() {
            words[cell >> 6] |= (customers > 0 ? 1 : 0) << UInt64(cell & 63)
        }
        return words
    }

    private static func domains(_ plain: GroupIndex, _ currencies: GroupColumn?) -> [Int] {
        plain.columns.map(\.domain) + [currencies?.domain ?? 0]
    }

    var byteSize: Int {
        tree.byteSize + steps.reduce(0) { $0 + $1.count * 8 } + (money?.byteSize ?? 0)
    }
}
