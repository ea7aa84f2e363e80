// The data needed to check and book a batch's money: computed once per batch, one look-up per row.

import CallEvents
import Columnar

struct BatchMoney {
    /// The batch has neither costs nor currencies.
    let isNone: Bool
    /// By the batch's parties, and one more: the code of the customer's currency; 0: no customer.
    private var codeOfSender: [UInt32] = []
    /// By index of the batch's currencies plus one: the code among the customers'; `unknown`: no customer has it.
    private var told: [UInt32] = []
    /// By code: the highest allowed cost of one call.
    private var limits: [Int64] = []
    /// By code: the costs of this batch's calls.
    private var booked: [MoneyAmount] = []

    private static let unknown = UInt32.max

    init(_ batch: borrowing CallRecordBatch, _ senders: RecordSenders, _ engine: borrowing EngineState) {
        isNone = batch.costMicros.isEmpty && batch.currencies.isEmpty
        if isNone { return }
        let currencies = engine.customers.currencies
        codeOfSender = senders.customers.map { $0 < TrackedCall.otherLeg ? currencies.codes[Int($0)] : 0 }
        told = [0] + batch.currencies.codes.map { currencies.code(of: $0) ?? BatchMoney.unknown }
        let ofBatch = batch.costLimitMicros > 0 ? batch.costLimitMicros : .max
        limits = currencies.values.map { min(ofBatch, engine.configuration.costLimit.micros(in: $0)) }
        booked = Array(repeating: MoneyAmount(), count: limits.count)
    }

    /// Why a customer's row cannot be booked; nil: it can.
    /// - Parameter party: index among the batch's parties; it is a customer.
    @inline(__always)
    func fault(
        _ batch: borrowing CallRecordBatch, _ row: Int, party: Int, micros: Int64
    ) -> (reason: MoneyRefusal.Reason, limitMicros: Int64)? {
        fault(batch, row, code: codeOfSender[party], micros: micros)
    }

    /// - Parameter code: of the currency of the call's customer.
    func fault(
        _ batch: borrowing CallRecordBatch, _ row: Int, code: UInt32, micros: Int64
    ) -> (reason: MoneyRefusal.Reason, limitMicros: Int64)? {
        let told = told[batch.currencies.index(ofCall: row)]
        if told != 0 && told != code { return (.currency, 0) }
        if micros > limits[Int(code)] { return (.limit, limits[Int(code)]) }
        if micros < 0 {
            if micros < -BoardLimits.costMicros { return (.limit, BoardLimits.costMicros) }
            if batch.key.isEmpty || batch.key[row] == .none { return (.creditWithoutID, 0) }
        }
        return nil
    }

    /// Adds the cost of a call.
    /// - Parameter code: of the currency of the call's customer.
    mutating func book(_ micros: Int64, code: UInt32) { booked[Int(code)].add(micros) }

    /// Returns the costs of the batch's calls, by code of the currency, and resets them.
    mutating func takeBooked() -> [MoneyAmount] {
        defer { for index in booked.indices { booked[index] = MoneyAmount() } }
        return booked
    }
}

/// The highest cost of one call, from the server's settings. Calls above it are refused by name.
public struct CostLimit: Equatable, Sendable {
    /// 10^-6 of any currency.
    public var micros: Int64
    /// Limits for these currencies instead.
    public var microsByCurrency: [String: Int64]

    public init(micros: Int64 = BoardLimits.costMicros, microsByCurrency: [String: Int64] = [:]) {
        (self.micros, self.microsByCurrency) = (micros, microsByCurrency)
    }

    func micros(in currency: String) -> Int64 {
        max(0, min(microsByCurrency[currency] ?? micros, BoardLimits.costMicros))
    }
}
