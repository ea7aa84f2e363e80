import CallEvents

/// A feed's settings for the costs in its files.
public struct CDRMoney: Equatable, Sendable {
    /// ISO 4217: of costs whose rows state none; nil: the customer's own.
    public var currency: String?
    /// Calls that cost more are refused, 10^-6 of the customer's currency; 0: the server's limit alone.
    public var limitMicros: Int64 = 0

    public init() {}
}

/// The currency of a row in four bytes.
struct RowCurrency: Equatable, Sendable {
    /// Three upper-case letters; 0: the row states none.
    let letters: UInt32

    static let none = RowCurrency(letters: 0)

    private init(letters: UInt32) { self.letters = letters }

    init(_ code: String) { letters = code.utf8.reduce(0) { $0 << 8 | UInt32($1) } }

    /// Nil: it is not a code of ISO 4217, in any case.
    init?(_ line: Span<UInt8>, _ field: CDRField) {
        guard field.end - field.start == 3 else { return nil }
        var letters: UInt32 = 0
        for at in field.start..<field.end {
            let letter = line[at] & 0xDF
            guard letter &- UInt8(ascii: "A") < 26 else { return nil }
            letters = letters << 8 | UInt32(letter)
        }
        guard RowCurrency.known.contains(letters) else { return nil }
        self.letters = letters
    }

    var code: String {
        String(decoding: [16, 8, 0].map { UInt8(truncatingIfNeeded: letters >> $0) }, as: UTF8.self)
    }

    private static let known = Set(CurrencyCode.known.map { RowCurrency($0).letters })
}

/// Costs, currencies and credit notes.
extension CDRReader {
    /// The cost in millionths, rounded to nearest; below 0: the row is a credit note. CGRateS's -1, "not rated", is
    /// none.
    mutating func cost(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) -> Int64? {
        guard let source = layout.source(.cost, in: fields) else { return nil }
        guard let cost = CDRNumber.amount(line, fields[source.position], takesComma: takesComma) else {
            throw RowFault(name: .number, field: source.position)
        }
        return cost < 0 && isUnknown(line, fields[source.position]) ? nil : cost
    }

    /// The currency of the cost: the row's, else the feed's.
    mutating func currency(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) -> RowCurrency {
        guard let source = layout.source(.currency, in: fields) else {
            return money.currency.map { RowCurrency($0) } ?? .none
        }
        guard let currency = RowCurrency(line, fields[source.position]) else {
            throw RowFault(name: .currency, field: source.position)
        }
        return currency
    }

    /// Emits a credit note: once, and never as a part of the call whose id it may have.
    mutating func readCredit(
        _ call: FinishedCall, _ id: CallKey, _ line: Span<UInt8>, _ layout: CDRLayout
    ) throws(RowFault) {
        guard id != .none else {
            throw RowFault(name: .credit, field: layout.source(.cost, in: fields)?.position ?? -1)
        }
        var credit = call
        credit.key = CDRKeyHash.creditKey(id, slot: call.setupMicros / CDRLimits.identityMicros)
        if recent[credit.key] != nil {
            counters.duplicates += 1
            return
        }
        // After the calls that are held, because rows are emitted in their order.
        if held.first == nil { try give(credit, .none, line, layout) } else { try hold(credit, .none, line, layout) }
        // No row replaces it, so its number is of no use.
        recent.store(-1, for: credit.key)
        counters.calls -= 1
        counters.credits += 1
    }

    /// Rows of one call must be in one currency, or their sum means nothing.
    func checkCurrency(_ call: FinishedCall, ofHeld index: Int, _ layout: CDRLayout) throws(RowFault) {
        if let first = held.currency(at: index), first != call.currency, first != .none, call.currency != .none {
            throw RowFault(name: .currencies, field: layout.source(.currency, in: fields)?.position ?? -1)
        }
    }
}
