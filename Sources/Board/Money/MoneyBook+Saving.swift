import CallEvents
import Columnar

extension MoneyBook {
    /// One row per currency for all customers (customer 0), and one per customer and currency, without `booked`.
    var table: SavedTable {
        let all =
            totals.sorted { $0.key < $1.key }.map { (UInt32(0), CurrencySums(currency: $0.key, sums: $0.value)) }
            + customers.sorted { $0.key < $1.key }.flatMap { entry in entry.value.map { (entry.key + 1, $0) } }
        var columns = [
            SavedColumn(1, "customer_id", .unsigned32(Column(all.map(\.0)))),
            SavedColumn(2, "currency", SavedValues(all.map(\.1.currency))),
        ]
        for (index, (name, field)) in zip(MoneyBook.columnNames, MoneyBookings.fields).enumerated() {
            let amounts = all.map { $0.1.sums[keyPath: field] }
            let id = UInt16(3 + 2 * index)
            columns.append(SavedColumn(id, "\(name)_count", .signed64(Column(amounts.map(\.count)))))
            columns.append(SavedColumn(id + 1, "\(name)_micros", .signed64(Column(amounts.map(\.micros)))))
        }
        return SavedTable(.money, columns)
    }

    private static let columnNames = ["booked", "credited", "corrected", "refused"]

    /// - Parameters:
    ///   - saved: nil: statistics of a release without these sums.
    ///   - currencies: the customers' currencies, by row.
    init(_ saved: SavedTable?, sinceMicros: Int64, currencies: DictionaryColumn) throws(RestoreError) {
        self.init()
        guard let saved else { return }
        let (ids, codes) = (try saved.unsigned32(1), try saved.text(2))
        var amounts: [(counts: Column<Int64>, micros: Column<Int64>)] = []
        for index in MoneyBookings.fields.indices {
            let id = UInt16(3 + 2 * index)
            amounts.append((try saved.signed64(id), try saved.signed64(id + 1)))
        }
        var (totals, customers, foreign): ([String: MoneyBookings], [UInt32: [CurrencySums]], Int) = ([:], [:], 0)
        for row in 0..<saved.rowCount {
            let (id, currency) = (ids[row], codes[row])
            guard Int(id) <= currencies.count, CurrencyCode.isKnown(currency) else {
                throw saved.fault("has money of a customer or in a currency that there is not")
            }
            var sums = MoneyBookings()
            for (field, columns) in zip(MoneyBookings.fields, amounts) {
                sums[keyPath: field] = MoneyAmount(count: columns.counts[row], micros: columns.micros[row])
            }
            if id == 0 {
                totals[currency] = sums
            } else {
                customers[id - 1, default: []].append(CurrencySums(currency: currency, sums: sums))
                if currencies[Int(id) - 1] != currency { foreign += 1 }
            }
        }
        self.init(totals: totals, customers: customers, foreignPairs: foreign, sinceMicros: sinceMicros)
    }
}
