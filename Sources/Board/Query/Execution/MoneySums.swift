// Money by group and currency: amounts of different currencies are never added. A slot of a group has an entry for each
// currency of its customers, and most have one.

/// The money of a level's slots.
struct MoneySlots {
    /// Entries of slot s are `starts[s]..<starts[s + 1]`; their currencies differ.
    private(set) var starts: [Int] = [0]
    /// Code of each entry.
    private(set) var currencies: [Int] = []
    /// Measure -> value of each entry.
    private(set) var values: [MeasureColumn]
    /// Currency -> the entry that the slot being appended has for it; -1: none.
    private var entryOfCurrency: [Int]

    init(_ values: [MeasureColumn], currencyCount: Int) {
        self.values = values
        entryOfCurrency = Array(repeating: -1, count: currencyCount)
    }

    func entries(_ slot: Int) -> Range<Int> { starts[slot]..<starts[slot + 1] }

    /// Adds an entry of a table's cell to the slot being appended.
    mutating func add(_ table: AggregateTable, cell: Int, currency: Int) {
        let entry = entry(of: currency)
        for measure in values.indices { values[measure].merge(table.value(measure, cell: cell), into: entry) }
    }

    /// Adds the entries of another level's slot to the slot being appended.
    mutating func add(_ other: MoneySlots, slot: Int) {
        for source in other.entries(slot) {
            let entry = entry(of: other.currencies[source])
            for measure in values.indices {
                values[measure].merge(other.values[measure], from: source, count: 1, into: entry)
            }
        }
    }

    /// Begins the next slot.
    mutating func endSlot() {
        for entry in starts[starts.count - 1]..<currencies.count { entryOfCurrency[currencies[entry]] = -1 }
        starts.append(currencies.count)
    }

    private mutating func entry(of currency: Int) -> Int {
        if entryOfCurrency[currency] >= 0 { return entryOfCurrency[currency] }
        entryOfCurrency[currency] = currencies.count
        currencies.append(currency)
        for measure in values.indices { values[measure].append() }
        return currencies.count - 1
    }
}

struct MoneySums {
    /// One a level of the tree.
    private(set) var levels: [MoneySlots]

    /// - Parameters:
    ///   - table: the money by the tree's columns and, as the last one, the currency; or by the tree's columns alone, if
    ///     the one at `currencyColumn` is the currency.
    ///   - plain: the index that the tree was made of.
    init(
        _ tree: GroupTree, _ table: AggregateTable, plain: GroupIndex, currencyColumn: Int?, currencyCount: Int,
        isOccupied: (Int) -> Bool
    ) {
        let empty = MoneySlots(
            table.measures.indices.map { table.emptyColumn($0, count: 0) }, currencyCount: currencyCount)
        levels = Array(repeating: empty, count: tree.levels.count)
        let leaves = tree.levels.count - 1
        var bySlot = [[(cell: Int, currency: Int)]](repeating: [], count: tree.levels[leaves].codes.count * tree.slots)
        var codes = [Int](repeating: 0, count: table.index.columns.count)
        for cell in 0..<table.index.cells where isOccupied(cell) {
            let number = table.index.number(ofCell: cell)
            table.index.codes(of: number, into: &codes)
            // The currency is the lowest digit of the money's cells: without it the number is the plain table's.
            guard let plainCell = currencyColumn == nil ? plain.cell(ofNumber: number / UInt64(currencyCount)) : cell
            else { continue }
            bySlot[tree.slotOfCell[plainCell]].append((cell, codes[currencyColumn ?? codes.count - 1]))
        }
        levels[leaves] = leafSlots(tree, table, bySlot, empty)
        for level in (0..<leaves).reversed() { levels[level] = parentSlots(tree, level, empty) }
    }

    private func leafSlots(
        _ tree: GroupTree, _ table: AggregateTable, _ bySlot: [[(cell: Int, currency: Int)]], _ empty: MoneySlots
    ) -> MoneySlots {
        var result = empty
        for first in stride(from: 0, to: bySlot.count, by: tree.slots) {
            for slot in first..<first + tree.slots {
                // The slot for all of a leaf with pivot values is the sum of these.
                let sources = slot == first ? bySlot[first..<first + tree.slots] : bySlot[slot...slot]
                for entry in sources.joined() { result.add(table, cell: entry.cell, currency: entry.currency) }
                result.endSlot()
            }
        }
        return result
    }

    private func parentSlots(_ tree: GroupTree, _ level: Int, _ empty: MoneySlots) -> MoneySlots {
        var result = empty
        for node in tree.levels[level].codes.indices {
            for slot in 0..<tree.slots {
                for child in tree.levels[level].firstChild[node]..<tree.levels[level].firstChild[node + 1] {
                    result.add(levels[level + 1], slot: child * tree.slots + slot)
                }
                result.endSlot()
            }
        }
        return result
    }
}
