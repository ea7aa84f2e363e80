/// A query to the board; every text is as the user typed it.
public struct BoardQuery: Equatable, Sendable {
    /// Comparisons over fields and metrics: `status = 'Active' AND asr < 40`. Empty: every customer.
    public var filter: String = ""
    public var search: String = ""
    /// Names of the fields to group by, the outermost level first. Empty: one row per customer.
    public var groupBy: [String] = []
    /// Name of the field whose values spread the value columns; empty: no pivot.
    public var pivot: String = ""
    /// Names of the columns to answer, or expressions over them (`active * 100 / channels AS load`); empty: the default
    /// columns.
    public var columns: [String] = []
    /// `name` ascending, `-name` descending, null last either way. Ties are ordered by id, in groups by the group's
    /// value; empty: by that alone.
    public var sort: [String] = []
    /// Maximum of rows; in a grouped query of rows of the first level, each with all rows below it.
    public var limit: Int = 100
    public var offset: Int = 0
    public var window: Window = .fifteenMinutes
    /// A status, `Dialing`, or empty (or `All`) for any status.
    public var status: String = ""

    public init() {}
}

/// What the board answers: columns of equal length, one element per row.
///
/// Grouped, the rows are a tree written out from the top: a row of a level stands before those of the next level in it.
public struct BoardAnswer: Equatable, Sendable {
    public var asOfMicros: Int64 = 0
    public var window: Window = .fifteenMinutes
    public var windowStartMicros: Int64 = 0
    public var windowEndMicros: Int64 = 0
    /// The instant from which the window is complete; 0: it is complete.
    public var coverageFromMicros: Int64 = 0
    /// Customers that matched before limit and offset.
    public var matched: Int = 0
    /// Groups of the first level before limit and offset; 0 when not grouped.
    public var groups: Int = 0
    /// The level of each row, 1 for the outermost group; empty when not grouped.
    public var depths: [UInt8] = []
    /// How many of the first columns are the group columns. A row has values in as many of them as its depth.
    public var groupColumns: Int = 0
    public var columns: [ResultColumn] = []
    /// The same columns with one row: the total of all matching customers, ratios computed from sums.
    public var total: [ResultColumn] = []
    /// Totals of money, one amount per currency, currencies of a column in alphabetical order.
    public var totalMoney: [MoneyTotal] = []
    /// The money of groups with several currencies, whose cells are null; ordered by row, column, currency.
    public var groupMoney = MoneyAmounts()

    public init() {}
}

public struct ResultColumn: Equatable, Sendable {
    public var name: String
    /// The value of the pivot field that the column's customers have, "" for customers without one; nil: all customers.
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
    /// Each row's index into the dictionary, which may have texts that no row shows.
    case texts(codes: [UInt32], dictionary: [String])
    case textLists([[String]])
    case booleans([Bool])
    /// 10^-6 of the row's currency.
    case money([Int64])
    /// Microseconds since 1970 (UTC).
    case times([Int64])
}

public struct MoneyTotal: Equatable, Sendable {
    /// Index of an answer's column.
    public var columnIndex: Int
    /// ISO 4217.
    public var currency: String
    public var micros: Int64

    public init(columnIndex: Int, currency: String, micros: Int64) {
        self.columnIndex = columnIndex
        self.currency = currency
        self.micros = micros
    }
}

/// A query that cannot be answered: what was wrong, where in the text, and how to fix it, in one line.
public struct QueryError: Error, Equatable, Sendable {
    public var message: String
    /// Zero-based position in the expression, in characters; nil where the error is not in an expression.
    public var position: Int?
    /// The text in which `position` counts, an element of `columns` as it was typed; nil: the filter.
    public var expression: String?

    public init(_ message: String, position: Int? = nil, expression: String? = nil) {
        self.message = message
        self.position = position
        self.expression = expression
    }
}
