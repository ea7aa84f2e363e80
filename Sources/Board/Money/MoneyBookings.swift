/// A number of bookings and their sum, 10^-6 of one currency. A sum beyond 64 bits is clamped.
public struct MoneyAmount: Equatable, Sendable {
    public var count: Int64
    public var micros: Int64

    public init(count: Int64 = 0, micros: Int64 = 0) { (self.count, self.micros) = (count, micros) }

    public var isZero: Bool { count == 0 && micros == 0 }

    mutating func add(_ micros: Int64, times: Int64 = 1) {
        count &+= times
        let (sum, tooMuch) = self.micros.addingReportingOverflow(micros)
        self.micros = tooMuch ? (micros < 0 ? .min : .max) : sum
    }
}

/// Amounts in one currency.
public struct MoneyBookings: Equatable, Sendable {
    /// Costs of calls as first reported. For a single customer they are in the window `all`, and not here.
    public var booked = MoneyAmount()
    /// Credit notes, above 0.
    public var credited = MoneyAmount()
    /// Differences from rows that were sent again with another cost, in either direction.
    public var corrected = MoneyAmount()
    /// Rows refused for their money, with their amounts.
    public var refused = MoneyAmount()

    public init() {}

    public var isZero: Bool { booked.isZero && credited.isZero && corrected.isZero && refused.isZero }

    static func += (left: inout MoneyBookings, right: MoneyBookings) {
        for field in fields {
            let amount = right[keyPath: field]
            left[keyPath: field].add(amount.micros, times: amount.count)
        }
    }

    /// In the order in which they are saved.
    static var fields: [WritableKeyPath<MoneyBookings, MoneyAmount>] { [\.booked, \.credited, \.corrected, \.refused] }
}

/// The amounts with their currency.
public struct CurrencySums: Equatable, Sendable {
    public var currency: String
    public var sums: MoneyBookings

    public init(currency: String, sums: MoneyBookings) { (self.currency, self.sums) = (currency, sums) }
}
