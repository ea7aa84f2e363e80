// Amounts booked, credited, corrected and refused: totals by currency, and by customer what the windows lack.
//
// A call's cost touches a sum of its currency and nothing of its customer: the costs of a customer's calls are in the
// window `all`. Customers with credit notes, corrections or refusals are few, and have a table of their own.

/// Lives as long as the statistics: it is saved and restored with them, and producers that resume bring it up to date.
struct MoneyBook: Equatable, Sendable {
    /// By currency.
    private(set) var totals: [String: MoneyBookings] = [:]
    /// By the customer's row, without `booked`. Most have one currency.
    private(set) var customers: [UInt32: [CurrencySums]] = [:]
    /// Pairs of a customer and a currency that is not its own: each is an error of some sender.
    private(set) var foreignPairs = 0
    /// When the first amount came, by the engine's clock, microseconds since 1970; 0: none did.
    private(set) var sinceMicros: Int64 = 0

    init() {}

    init(totals: [String: MoneyBookings], customers: [UInt32: [CurrencySums]], foreignPairs: Int, sinceMicros: Int64) {
        self.totals = totals
        self.customers = customers
        self.foreignPairs = foreignPairs
        self.sinceMicros = sinceMicros
    }

    /// Adds costs of calls, counted while a batch was processed.
    mutating func book(_ amount: MoneyAmount, in currency: String, now: Int64) {
        if amount.isZero { return }
        begin(now)
        totals[currency, default: MoneyBookings()].booked.add(amount.micros, times: amount.count)
    }

    /// - Parameter micros: above 0.
    mutating func credit(_ micros: Int64, row: UInt32, currency: String, now: Int64) {
        note(micros, \.credited, row: row, currency: currency, isOwn: true, now: now)
    }

    /// Corrects the reported cost of a call.
    /// - Parameter micros: the new cost less the old one.
    mutating func correct(by micros: Int64, row: UInt32, currency: String, now: Int64) {
        note(micros, \.corrected, row: row, currency: currency, isOwn: true, now: now)
    }

    /// - Parameters:
    ///   - micros: the row's amount.
    ///   - isOwn: the currency is the customer's.
    mutating func refuse(_ micros: Int64, row: UInt32, currency: String, isOwn: Bool, now: Int64) {
        note(micros, \.refused, row: row, currency: currency, isOwn: isOwn, now: now)
    }

    private mutating func note(
        _ micros: Int64, _ field: WritableKeyPath<MoneyBookings, MoneyAmount>, row: UInt32, currency: String,
        isOwn: Bool, now: Int64
    ) {
        begin(now)
        totals[currency, default: MoneyBookings()][keyPath: field].add(micros)
        if let place = customers[row]?.firstIndex(where: { $0.currency == currency }) {
            customers[row]?[place].sums[keyPath: field].add(micros)
            return
        }
        if !isOwn {
            // What is not counted by customer is still in the total.
            guard foreignPairs < BoardLimits.foreignCurrencies else { return }
            foreignPairs += 1
        }
        var sums = MoneyBookings()
        sums[keyPath: field].add(micros)
        customers[row, default: []].append(CurrencySums(currency: currency, sums: sums))
    }

    private mutating func begin(_ now: Int64) { if sinceMicros == 0 { sinceMicros = now } }

    /// Purged customers leave nothing behind, and take no room from others.
    /// - Parameter currency: the customer's own.
    mutating func forget(row: UInt32, currency: String) {
        guard let sums = customers.removeValue(forKey: row) else { return }
        foreignPairs -= sums.count { $0.currency != currency }
    }

    var byteSize: Int {
        customers.capacity * (MemoryLayout<UInt32>.stride + MemoryLayout<[CurrencySums]>.stride)
            + customers.count * (32 + MemoryLayout<CurrencySums>.stride)
    }
}
