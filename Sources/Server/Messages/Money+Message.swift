// Sums of money, and errors in a row's money, as texts for people.

import Board
import CallEvents
import Wire

extension Busyhour_V1_MoneySums {
    init(_ own: CurrencySums) {
        self.init()
        currency = own.currency
        (booked, bookedMicros) = (UInt64(clamping: own.sums.booked.count), own.sums.booked.micros)
        (credits, creditMicros) = (UInt64(clamping: own.sums.credited.count), own.sums.credited.micros)
        (corrections, correctedMicros) = (UInt64(clamping: own.sums.corrected.count), own.sums.corrected.micros)
        (refused, refusedMicros) = (UInt64(clamping: own.sums.refused.count), own.sums.refused.micros)
    }
}

extension MoneyRefusal {
    /// One line: what is wrong, for which customer, what to do.
    /// - Parameter customer: nil: it no longer exists.
    func text(_ customer: Customer?) -> String {
        let whose = customer.map { "customer \($0.id) \"\($0.name)\"" } ?? "customer \(customerID)"
        switch reason {
        case .currency:
            return "the row is in \(currency), and \(whose) is billed in \(customer?.currency ?? "another currency"); "
                + "give the cost in the customer's currency, or the row to the customer that it is of"
        case .limit where micros < 0:
            return "a credit of \(Self.text(micros)) \(currency) for \(whose) is beyond "
                + "\(Self.text(limitMicros)), which is no amount of one row; check the column and its unit"
        case .limit:
            return "a call of \(whose) costs \(Self.text(micros)) \(currency), above the limit of "
                + "\(Self.text(limitMicros)); check the column and its unit, or raise --cost-limit"
        case .creditWithoutID:
            return "a credit note of \(Self.text(micros)) \(currency) for \(whose) has no id, so its repetition "
                + "could not be told; give it one"
        case .overflow:
            return "\(Self.text(micros)) \(currency) would take the credit of \(whose) out of the range of amounts; "
                + "check the credit and the column of costs"
        }
    }

    /// With two to six decimals.
    private static func text(_ micros: Int64) -> String {
        let (units, rest) = micros.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var decimals = String(rest)
        decimals = String(repeating: "0", count: 6 - decimals.utf8.count) + decimals
        while decimals.utf8.count > 2 && decimals.hasSuffix("0") { decimals.removeLast() }
        return (micros < 0 ? "-" : "") + "\(units).\(decimals)"
    }
}
