/// A question to the board; every text is as the user typed it.
public struct BoardQuery: Equatable, Sendable {
    /// Comparisons over fields and metrics: `status = 'Active' AND asr < 40`. Empty: every customer.
    public var filter: String = ""
    public var search: String = ""
    /// Names of the columns to answer; empty: the default columns.
    public var columns: [String] = []
    /// `name` ascending, `-name` descending, null last either way, ties by id. Empty: by id.
    public var sort: [String] = []
    public var limit: Int = 100
    public var offset: Int = 0
    public var window: Window = .fifteenMinutes
    /// A status, `Dialing`, or empty (or `All`) for every one.
    public var status: String = ""

    public init() {}
}

/// What the board answers: columns of equal length, one element a row.
public struct BoardAnswer: Sendable {
    public var asOfMicros: Int64 = 0
    public var window: Window = .fifteenMinutes
    public var windowStartMicros: Int64 = 0
    public var windowEndMicros: Int64 = 0
    /// Rows that matched before limit and offset.
    public var matched: Int = 0
    public var columns: [ResultColumn] = []
    /// The same columns with one row: the total of all rows that matched, ratios from sums.
    public var total: [ResultColumn] = []
    /// Totals of money, one amount a currency.
    public var totalMoney: [MoneyTotal] = []

    public init() {}
}

public struct ResultColumn: Equatable, Sendable {
    public var name: String
    public var values: ResultValues
    /// True where the value is null; empty when none is.
    public var nulls: [Bool]

    public init(name: String, values: ResultValues, nulls: [Bool] = []) {
        self.name = name
        self.values = values
        self.nulls = nulls
    }
}

public enum ResultValues: Equatable, Sendable {
    case integers([Int64])
    case numbers([Double])
    case texts([String])
    case textLists([[String]])
    case booleans([Bool])
    /// 10^-6 of the row's currency.
    case money([Int64])
    /// Microseconds since 1970 (UTC).
    case times([Int64])
}

public struct MoneyTotal: Equatable, Sendable {
    public var column: String
    public var currency: String
    public var micros: Int64

    public init(column: String, currency: String, micros: Int64) {
        self.column = column
        self.currency = currency
        self.micros = micros
    }
}

/// A query that cannot be answered: what was wrong, where in the text, and how to mend it, in one line.
public struct QueryError: Error, Equatable, Sendable {
    public var message: String
    /// Zero-based position in the expression, in characters; nil where it is not about the expression.
    public var position: Int?

    public init(_ message: String, position: Int? = nil) {
        self.message = message
        self.position = position
    }
}
