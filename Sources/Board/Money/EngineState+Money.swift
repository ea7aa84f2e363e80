// Rows that cannot be booked, credit notes, and the total sums.

import CallEvents
import Columnar

extension EngineState {
    /// Counts a customer's row that is refused for its money; nothing else of it counts, and its key is not remembered.
    mutating func refuse(
        _ batch: borrowing CallRecordBatch, _ row: Int, customer: UInt32,
        _ fault: (reason: MoneyRefusal.Reason, limitMicros: Int64), _ summary: inout IngestSummary
    ) {
        let micros = batch.cost(row) ?? 0
        let own = customers.currencies[Int(customer)]
        let currency = batch.currencies.code(ofCall: row) ?? own
        money.refuse(micros, row: customer, currency: currency, isOwn: currency == own, now: nowMicros)
        summary.refuse(
            MoneyRefusal(
                row: row, reason: fault.reason, customerID: customer + 1, micros: micros, currency: currency,
                limitMicros: fault.limitMicros))
    }

    /// Books a credit note: once, to the credit; it is no call.
    /// - Parameter micros: the row's amount, below 0.
    mutating func fileCredit(
        _ batch: borrowing CallRecordBatch, _ row: Int, customer: UInt32, micros: Int64, _ summary: inout IngestSummary
    ) {
        let key = batch.key[row]
        if seen.contains(key) {
            summary.duplicates += 1
            return
        }
        if row >= debits.firstRow && !debits.take(micros, from: customer, customers) {
            return refuse(batch, row, customer: customer, (.overflow, 0), &summary)
        }
        _ = seen.insert(key)
        money.credit(-micros, row: customer, currency: customers.currencies[Int(customer)], now: nowMicros)
        summary.credits += 1
    }

    /// Adds the costs of a batch's calls to the sums.
    mutating func noteBooked(_ batch: inout BatchMoney) {
        for (code, amount) in batch.takeBooked().enumerated() {
            money.book(amount, in: customers.currencies.values[code], now: nowMicros)
        }
    }

    /// Amounts booked, credited, corrected and refused, by currency.
    var moneyTotals: [CurrencySums] {
        money.totals.sorted { $0.key < $1.key }.map { currency, kept in
            var sums = kept
            // The costs as corrected.
            sums.booked.add(kept.corrected.micros, times: 0)
            return CurrencySums(currency: currency, sums: sums)
        }
    }

    /// A customer's amounts: its own currency first, then those of its refused rows.
    mutating func moneySums(customerID: UInt32, now: Int64) -> CustomerMoney? {
        guard let row = customers.row(id: customerID) else { return nil }
        advance(now: now)
        var figures = CustomerFigures()
        guard read(&figures, customerID: customerID, window: .all, now: now) else { return nil }
        let own = customers.currencies[row]
        let kept = money.customers[UInt32(row)] ?? []
        var first = CurrencySums(currency: own, sums: kept.first { $0.currency == own }?.sums ?? MoneyBookings())
        // The costs as corrected; the corrections are also reported separately.
        first.sums.booked.micros = figures.costMicros
        let others = kept.filter { $0.currency != own }.sorted { $0.currency < $1.currency }
        return CustomerMoney(
            sinceMicros: max(coverage.beganMicros, customers.createdAtMicros[row]), sums: [first] + others)
    }
}

/// The amounts of one customer.
public struct CustomerMoney: Equatable, Sendable {
    /// Microseconds since 1970.
    public var sinceMicros: Int64
    /// The customer's own currency first. `booked` is the corrected cost of its calls; their number is not stored.
    public var sums: [CurrencySums]
}

extension Engine {
    /// Amounts since `moneySinceMicros`, by currency, never summed across. `booked` is the corrected cost of calls.
    public var moneyTotals: [CurrencySums] { state.moneyTotals }

    /// When the first of these amounts came, microseconds since 1970; 0: none did.
    public var moneySinceMicros: Int64 { state.money.sinceMicros }

    /// The amounts of one customer; nil: there is no such customer. Advances the clock as `advance` does.
    public func money(customerID: UInt32, now: Int64) -> CustomerMoney? {
        state.moneySums(customerID: customerID, now: now)
    }
}
