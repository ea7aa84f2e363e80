// Money by group and currency: amounts of different currencies are never added up. A place of the tree has an entry for
// each currency of its customers; most have one.

import Columnar

/// The entries of a tree.
struct MoneyShape {
    /// Entries by place: those of place p are `order[starts[p]..<starts[p + 1]]`, one per currency, in alphabetical
    /// order of the currencies.
    private var starts: [Int32]
    private var order: [Int32]
    /// Currency code of each entry.
    let currencies: [Int32]
    /// Entry of each cell of the table, below 0 where the cell has no customers.
    let entryOfCell: [Int32]
    /// Steps that sum up all entries, like `GroupTree.sumSteps`.
    let steps: [[(from: Int32, to: Int32)]]

    /// One element per place: its entry if it has exactly one, else -1.
    let onlyEntry: [Int32]
    /// One element per place: whether it has several entries.
    let isMixed: [Bool]
    /// The places with several entries.
    let mixedPlaces: [Int32]

    func entries(_ place: Int) -> ArraySlice<Int32> { order[Int(starts[place])..<Int(starts[place + 1])] }

    /// - Parameters:
    ///   - index: the cells by the tree's columns and, last, the currency; or by the tree's columns alone, if the one
    ///     at `currencyColumn` is the currency.
    ///   - customers: the number of customers in each cell.
    ///   - plain: the index that the tree was built from.
    ///   - currencyRanks: the alphabetical rank of each currency.
    init(
        _ tree: GroupTree, _ steps: [[(from: Int32, to: Int32)]], _ index: GroupIndex, customers: [Int64],
        plain: GroupIndex, currencyColumn: Int?, currencyRanks: [Int]
    ) {
        let currencyCount = currencyRanks.count
        var entries = Entries(places: tree.places, currencyCount: currencyCount)
        var entryOfCell = [Int32](repeating: -1, count: index.cells)
        for cell in 0..<index.cells where customers[cell] > 0 {
            let number = index.number(ofCell: cell)
            // The currency is the lowest digit of the money's cells: without it the number is the plain table's.
            let currency = index.code(currencyColumn ?? index.columns.count - 1, of: number)
            let plainCell = currencyColumn == nil ? plain.cell(ofNumber: number / UInt64(currencyCount)) : cell
            guard let plainCell else { continue }
            entryOfCell[cell] = entries.entry(place: tree.placeOfCell[plainCell], currency: Int32(currency))
        }
        self.entryOfCell = entryOfCell
        self.steps = steps.map { entries.step($0) }
        currencies = entries.currencies
        // Sorted by counting, entries of the first currency of the alphabet first, so each place lists them in that
        // order.
        starts = Array(repeating: 0, count: tree.places + 1)
        for place in entries.places { starts[Int(place) + 1] += 1 }
        for place in 0..<tree.places { starts[place + 1] += starts[place] }
        order = Array(repeating: 0, count: entries.places.count)
        var next = starts
        for entry in entries.byCurrency(ranks: currencyRanks) {
            let place = Int(entries.places[Int(entry)])
            order[Int(next[place])] = entry
            next[place] += 1
        }
        let (starts, order) = (starts, order)
        isMixed = (0..<tree.places).map { starts[$0 + 1] - starts[$0] > 1 }
        // Safe: places are below 2^31.
        mixedPlaces = (0..<tree.places).filter { starts[$0 + 1] - starts[$0] > 1 }.map(Int32.init)
        onlyEntry = (0..<tree.places).map { starts[$0 + 1] - starts[$0] == 1 ? order[Int(starts[$0])] : -1 }
    }

    var byteSize: Int {
        (starts.count + order.count + currencies.count + entryOfCell.count + onlyEntry.count + mixedPlaces.count) * 4
            + isMixed.count
            + steps.reduce(0) { $0 + $1.count * 8 }
    }

    /// The entries while they are being collected.
    private struct Entries {
        private(set) var places: [Int32] = []
        private(set) var currencies: [Int32] = []
        /// Place and currency -> entry; below 0: none. A table where that is small, else a hash table.
        private var table: [Int32]
        private var numbers = GroupNumbers(limit: .max)
        private var target: [Int32]
        private let currencyCount: Int

        init(places: Int, currencyCount: Int) {
            self.currencyCount = max(1, currencyCount)
            let (size, overflow) = places.multipliedReportingOverflow(by: self.currencyCount)
            table = overflow || size > BoardLimits.largestCachedSums ? [] : Array(repeating: -1, count: size)
            target = Array(repeating: -1, count: places)
        }

        /// The entry of a place and currency, created if there is none.
        mutating func entry(place: Int32, currency: Int32) -> Int32 {
            let key = Int(place) * currencyCount + Int(currency)
            var entry = Int32(places.count)
            if table.isEmpty {
                // Fewer entries than places times currencies, which is far below the limit of numbers.
                entry = Int32(numbers.number(of: UInt64(key)) ?? 0)
            } else if table[key] >= 0 {
                return table[key]
            } else {
                table[key] = entry
            }
            if Int(entry) == places.count {
                places.append(place)
                currencies.append(currency)
            }
            return entry
        }

        /// All entries, those of the first currency first.
        func byCurrency(ranks: [Int]) -> [Int32] {
            var next = [Int](repeating: 0, count: ranks.count + 1)
            for currency in currencies { next[ranks[Int(currency)] + 1] += 1 }
            for rank in ranks.indices { next[rank + 1] += next[rank] }
            var order = [Int32](repeating: 0, count: currencies.count)
            for (entry, currency) in currencies.enumerated() {
                order[next[ranks[Int(currency)]]] = Int32(entry)
                next[ranks[Int(currency)]] += 1
            }
            return order
        }

        /// The steps between entries that correspond to a step between places.
        mutating func step(_ step: [(from: Int32, to: Int32)]) -> [(from: Int32, to: Int32)] {
            for (from, to) in step { target[Int(from)] = to }
            var result: [(from: Int32, to: Int32)] = []
            for entry in places.indices where target[Int(places[entry])] >= 0 {
                let to = self.entry(place: target[Int(places[entry])], currency: currencies[entry])
                result.append((Int32(entry), to))
            }
            for (from, _) in step { target[Int(from)] = -1 }
            return result
        }
    }
}

struct MoneySums {
    let shape: MoneyShape
    /// Measure of the money's list -> value of each entry.
    let values: [MeasureColumn]
    /// As in the shape, except that entries without customers do not make a place mixed.
    private let onlyEntry: [Int32]
    let isMixed: [Bool]

    /// `measures`: the table's measures that are money.
    init(_ shape: MoneyShape, _ table: AggregateTable, measures: [Int]) {
        self.shape = shape
        values = table.columns(
            of: measures, places: shape.entryOfCell, count: shape.currencies.count, steps: shape.steps)
        let customers = values[MeasureList.customers].integers
        var (onlyEntry, isMixed) = (shape.onlyEntry, shape.isMixed)
        for place in shape.mixedPlaces {
            var (count, last) = (0, Int32(-1))
            for entry in shape.entries(Int(place)) where customers[Int(entry)] > 0 {
                (count, last) = (count + 1, entry)
            }
            if count < 2 { (onlyEntry[Int(place)], isMixed[Int(place)]) = (count == 1 ? last : -1, false) }
        }
        (self.onlyEntry, self.isMixed) = (onlyEntry, isMixed)
    }

    /// One element per row: the entry of its place if that has exactly one, else below 0.
    func onlyEntries(_ shown: GroupRows, slot: Int) -> [Int32] {
        let customers = values[MeasureList.customers].integers
        return shown.values(of: onlyEntry, slot: slot).map { $0 >= 0 && customers[Int($0)] > 0 ? $0 : -1 }
    }

    func onlyEntry(_ place: Int) -> Int32 {
        let entry = onlyEntry[place]
        return entry >= 0 && values[MeasureList.customers].integers[Int(entry)] > 0 ? entry : -1
    }

    /// The entries of a place that have customers, in alphabetical order of the currencies.
    func entries(_ place: Int) -> [Int32] {
        let customers = values[MeasureList.customers].integers
        return shape.entries(place).filter { customers[Int($0)] > 0 }
    }
}
