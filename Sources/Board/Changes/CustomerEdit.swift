// Requests to change customers, and their results before anything is done.

/// An edit of one customer or many.
public struct CustomerEdit: Sendable {
    public enum Selection: Sendable {
        case ids([UInt32])
        case name(String)
        /// Filter, search, status and window of a board query.
        case query(BoardQuery)
    }

    public var selection = Selection.ids([])
    /// The assignments as written: `channels=ceil(channels*1.1)`, `tags+=gold`. Applied in order, with numbers from the
    /// customer's values before the edit.
    public var assignments: [String] = []
    /// Values of the fields that are named in `fields`, the same for all customers.
    public var values = Customer()
    public var fields: [ChangedField] = []
    /// The version that the editor has seen; 0: any. For one customer.
    public var expectedVersion: UInt32 = 0
    /// When it begins, microseconds since 1970; 0: at once. Customers and values are then those of that time.
    public var beginAtMicros: Int64 = 0
    /// When it is to be set back automatically, microseconds since 1970; 0: never.
    public var undoAtMicros: Int64 = 0
    /// The editor's name, as given by the client.
    public var who = ""

    public init() {}

    /// What it sets, as written.
    public var written: [String] {
        fields.map { field in
            let value = field.isNumber ? field.shown(values.number(field)) : values.value(field).shown
            return "\(field.name)=\(value)"
        } + assignments
    }
}

/// A change that is ready to be committed: everything is checked. It holds as long as nothing else changes the engine.
public struct PreparedChange: Sendable {
    /// Has the next number. To apply it after its rows are gone is an error of the caller.
    public package(set) var change = Change()
    /// Customers that it will create.
    public package(set) var created: [Customer] = []
    /// Number of customers selected.
    public package(set) var matched = 0
    /// For a delete: a hash of the selected customers, the same in every process.
    public package(set) var selectionHash: UInt64 = 0
    /// The first errors (up to `BoardLimits.reportedErrors`). With any error nothing can be done.
    public package(set) var errors: [CustomerError] = []
    public package(set) var errorCount = 0
    /// The content of the request, to be stored with its key.
    public var content = RequestContent()
    /// For an edit that begins later: what it would change now.
    public package(set) var preview: Change?
    /// Obstacles that exist now but need not when it begins (at most `BoardLimits.notices`).
    public package(set) var notices: [String] = []

    package init() {}

    public var isEmpty: Bool { change.customerCount == 0 && !change.isKeptEmpty }
    /// Customers that do not change.
    public var unchanged: Int { max(0, matched - change.customerCount) }
}

/// The result of a change, also for a repeated request.
public struct ChangeResult: Equatable, Sendable {
    /// 0: nothing had to be changed.
    public var number: UInt32 = 0
    public var matched = 0
    public var changed = 0

    public init(number: UInt32 = 0, matched: Int = 0, changed: Int = 0) {
        self.number = number
        self.matched = matched
        self.changed = changed
    }
}

/// Why a change is refused.
public enum ChangeRefusal: Error, Equatable, Sendable {
    /// The request makes no sense.
    case invalid(QueryError)
    case notFound(String)
    /// It conflicts with what has happened since.
    case conflict(String)
}

/// One field of one customer, before and after, as text.
public struct ShownChange: Equatable, Sendable {
    public var customerID: UInt32
    public var field: String
    public var old: String
    public var new: String
}

extension Change {
    /// The first differences, by customer, up to `limit`.
    public func shown(limit: Int) -> [ShownChange] {
        var shown: [ShownChange] = []
        for (place, row) in rows.rows.enumerated() {
            shown += self.shown(place: place, row: row)
            if shown.count >= limit { break }
        }
        return Array(shown.prefix(limit))
    }

    /// The differences of one customer.
    public func shown(customerID: UInt32) -> [ShownChange] {
        guard customerID > 0, let place = rows.place(of: customerID - 1) else { return [] }
        return shown(place: place, row: customerID - 1)
    }

    private func shown(place: Int, row: UInt32) -> [ShownChange] {
        fields.filter { $0.isChanged(place) }.map { field in
            let (old, new) = field.shown(place)
            return ShownChange(customerID: row + 1, field: field.field.name, old: old, new: new)
        }
    }

    /// The number of customers changed, per field.
    public var countByField: [(field: String, count: Int)] {
        fields.map { field in (field.field.name, (0..<rows.count).count { field.isChanged($0) }) }
    }
}
