/// A question to the board; every text is as the user typed it.
public struct BoardQuery: Equatable, Sendable {
    /// Comparisons over fields and metrics: `status = 'Active' AND asr < 40`. Empty: every customer.
    public var filter: String = ""
    public var search: String = ""
    /// Names of the columns to answer; empty: the default columns.
    public var columns: [String] = []
    /// Fields to group by, outermost first; empty: an answer of customers.
    public var groupBy: [String] = []
    /// A field whose values stand side by side, each with all columns; empty: none.
    public var pivot: String = ""
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
    /// Customers that matched, before limit and offset.
    public var matched: Int = 0
    /// Grouped: rows of level 1 before limit and offset.
    public var groups: Int = 0
    /// Grouped: the level of each row from 1, subtotals directly before what they sum up. Else empty.
    public var depths: [UInt8] = []
    /// How many of the first columns are those grouped by.
    public var groupColumns: Int = 0
    public var columns: [ResultColumn] = []
    /// The same columns with one row: the total of all customers that matched, ratios from sums.
    public var total: [ResultColumn] = []
    /// Totals of money, one amount a currency.
    public var totalMoney: [MoneyTotal] = []
    /// Money of the rows whose customers have several currencies: their cells are null.
    public var groupMoney: [GroupMoney] = []

    public init() {}
}

public struct ResultColumn: Equatable, Sendable {
    public var name: String
    /// The pivot's value that this column is about, "" for null; nil: all.
    public var pivot: String?
    public var values: ResultValues
    /// True where the value is null; empty when none is.
    public var nulls: [Bool]

    public init(name: String, pivot: String? = nil, values: ResultValues, nulls: [Bool] = []) {
        self.name = name
        self.pivot = pivot
        self.values = values
        self.nulls = nulls
    }
}

public enum ResultValues: Equatable, Sendable {
    case integers([Int64])
    case numbers([Double])
    /// Each row's place in the dictionary, which may have texts that no row shows.
    case texts(codes: [UInt32], dictionary: [String])
    case textLists([[String]])
    case booleans([Bool])
    /// 10^-6 of the row's currency.
    case money([Int64])
    /// Microseconds since 1970 (UTC).
    case times([Int64])
}

public struct MoneyTotal: Equatable, Sendable {
    /// Position in `columns` and `total`.
    public var columnIndex: Int
    public var currency: String
    public var micros: Int64

    public init(columnIndex: Int, currency: String, micros: Int64) {
        self.columnIndex = columnIndex
        self.currency = currency
        self.micros = micros
    }
}

public struct GroupMoney: Equatable, Sendable {
    public var row: Int
    /// Position in `columns`.
    public var columnIndex: Int
    public var currency: String
    public var micros: Int64

    public init(row: Int, columnIndex: Int, currency: String, micros: Int64) {
        self.row = row
        self.columnIndex = columnIndex
        self.currency = currency
        self.micros = micros
    }
}

/// A query that cannot be answered: what was wrong, where in the text, and how to mend it, in one line.
public struct QueryError: Error, Equatable, Sendable {
    public var message: String
    /// Zero-based position in the expression, in characters; nil where it is not about an expression.
    public var position: Int?
    /// The text that `position` counts in, an element of `columns` as it was typed; nil: the filter.
    public var expression: String?

    public init(_ message: String, position: Int? = nil, expression: String? = nil) {
        self.message = message
        self.position = position
        self.expression = expression
    }
}
