// Money by group and currency: amounts of different currencies are never added. A place of the tree has an entry for each
// currency of its customers, and most have one.

import Columnar

struct MoneySums {
    /// Entries by place: those of place p are `order[starts[p]..<starts[p + 1]]`; their currencies differ.
    private var starts: [Int32]
    private var order: [Int32]
    /// Code of each entry.
    private(set) var currencies: [Int32] = []
    /// Measure -> value of each entry.
    let values: [MeasureColumn]

    func entries(_ place: Int) -> ArraySlice<Int32> { order[Int(starts[place])..<Int(starts[place + 1])] }

    /// - Parameters:
    ///   - table: the money by the tree's columns and, as the last one, the currency; or by the tree's columns alone, if
    ///     the one at `currencyColumn` is the currency.
    ///   - plain: the index that the tree was made of.
    init(
        _ tree: GroupTree, _ table: AggregateTable, plain: GroupIndex, currencyColumn: Int?, currencyCount: Int
    ) {
        var entries = Entries(places: tree.places, currencyCount: currencyCount)
        var entryOfCell = [Int32](repeating: -1, count: table.index.cells)
        let customers = table.customers
        for cell in 0..<table.index.cells where customers[cell] > 0 {
            let number = table.index.number(ofCell: cell)
            // The currency is the lowest digit of the money's cells: without it the number is the plain table's.
            let currency = table.index.code(currencyColumn ?? table.index.columns.count - 1, of: number)
            let plainCell = currencyColumn == nil ? plain.cell(ofNumber: number / UInt64(currencyCount)) : cell
            guard let plainCell else { continue }
            entryOfCell[cell] = entries.entry(place: tree.placeOfCell[plainCell], currency: Int32(currency))
        }
        let steps = tree.sumSteps().map { entries.step($0) }
        values = table.measures.indices.map { measure in
            var column = table.emptyColumn(measure, count: entries.places.count)
            table.copy(measure, places: entryOfCell, to: &column)
            for step in steps { column.mergeWithin(step) }
            return column
        }
        currencies = entries.currencies
        starts = Array(repeating: 0, count: tree.places + 1)
        for place in entries.places { starts[Int(place) + 1] += 1 }
        for place in 0..<tree.places { starts[place + 1] += starts[place] }
        order = Array(repeating: 0, count: entries.places.count)
        var next = starts
        for (entry, place) in entries.places.enumerated() {
            order[Int(next[Int(place)])] = Int32(entry)
            next[Int(place)] += 1
        }
    }

    /// The entries while they are being found.
    private struct Entries {
        private(set) var places: [Int32] = []
        private(set) var currencies: [Int32] = []
        private var numbers: GroupNumbers
        private var target: [Int32]
        private let currencyCount: UInt64

        init(places: Int, currencyCount: Int) {
            self.currencyCount = UInt64(max(1, currencyCount))
            numbers = GroupNumbers(limit: .max)
            target = Array(repeating: -1, count: places)
        }

        mutating func entry(place: Int32, currency: Int32) -> Int32 {
            // Fewer entries than places times currencies, which is far below the limit.
            let number = numbers.number(of: UInt64(place) * currencyCount + UInt64(currency)) ?? 0
            if Int(number) == places.count {
                places.append(place)
                currencies.append(currency)
            }
            return Int32(number)
        }

        /// What a step between places is between entries.
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
