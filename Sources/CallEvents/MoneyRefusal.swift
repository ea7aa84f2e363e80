/// A row of a batch that was refused for its money. It changed no figure and is not remembered: once corrected, it may
/// be sent again.
public struct MoneyRefusal: Equatable, Sendable {
    public enum Reason: String, CaseIterable, Sendable {
        /// Another currency than the customer's.
        case currency = "other_currency"
        /// A cost above the limit.
        case limit = "cost_limit"
        /// A credit note without an id, which cannot be distinguished from its repetition.
        case creditWithoutID = "credit_without_id"
        /// The customer's credit would leave the range of amounts.
        case overflow = "credit_overflow"
    }

    /// Row number in its batch.
    public var row: UInt32
    public var reason: Reason
    public var customerID: UInt32
    /// 10^-6 of `currency`.
    public var micros: Int64
    /// Currency of the row, or of the customer if the row has none.
    public var currency: String
    /// The limit that the cost exceeds; 0: it was refused for another reason.
    public var limitMicros: Int64

    public init(
        row: Int, reason: Reason, customerID: UInt32, micros: Int64, currency: String, limitMicros: Int64 = 0
    ) {
        self.row = UInt32(clamping: row)
        self.reason = reason
        self.customerID = customerID
        self.micros = micros
        self.currency = currency
        self.limitMicros = limitMicros
    }
}
