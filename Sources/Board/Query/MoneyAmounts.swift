// The money of an answer's groups. A pivot of countries by status has some ten thousand amounts: they are columns, and
// their currencies are codes.

/// One currency's amount in the money cell of a group that holds several currencies.
public struct GroupMoney: Equatable, Sendable {
    /// Index into the answer's rows.
    public var row: Int
    /// Index into the answer's columns.
    public var columnIndex: Int
    /// ISO 4217.
    public var currency: String
    public var micros: Int64

    public init(row: Int, columnIndex: Int, currency: String, micros: Int64) {
        self.row = row
        self.columnIndex = columnIndex
        self.currency = currency
        self.micros = micros
    }
}

/// A list of `GroupMoney`, stored as columns with one element per amount.
public struct MoneyAmounts: Equatable, Sendable {
    public private(set) var rows: [UInt32] = []
    public private(set) var columnIndices: [UInt32] = []
    /// Each amount's index into `currencies`.
    public private(set) var currencyCodes: [UInt32] = []
    public private(set) var micros: [Int64] = []
    /// The currencies that occur, in the order of their first amount.
    public private(set) var currencies: [String] = []

    public init() {}

    public init(_ amounts: [GroupMoney]) {
        for amount in amounts {
            append(
                row: amount.row, columnIndex: amount.columnIndex, code: code(of: amount.currency),
                micros: amount.micros)
        }
    }

    /// The code of a currency, assigned at its first amount. An answer has some ten currencies, so this is a linear
    /// search.
    mutating func code(of currency: String) -> UInt32 {
        if let code = currencies.firstIndex(of: currency) { return UInt32(code) }
        currencies.append(currency)
        return UInt32(currencies.count - 1)
    }

    /// `code` comes from `code(of:)`. Rows and columns are fewer than 2^32: an answer of that many is refused.
    mutating func append(row: Int, columnIndex: Int, code: UInt32, micros amount: Int64) {
        rows.append(UInt32(truncatingIfNeeded: row))
        columnIndices.append(UInt32(truncatingIfNeeded: columnIndex))
        currencyCodes.append(code)
        micros.append(amount)
    }
}

extension MoneyAmounts: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { micros.count }

    public subscript(index: Int) -> GroupMoney {
        GroupMoney(
            row: Int(rows[index]), columnIndex: Int(columnIndices[index]),
            currency: currencies[Int(currencyCodes[index])], micros: micros[index])
    }
}
