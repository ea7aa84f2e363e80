/// What became of a batch of events or records: every one of them is in exactly one of `applied`, `duplicates` and the last six counts,
/// and `calls` counts the attempts that it added to the figures.
public struct IngestSummary: Equatable, Sendable {
    /// Attempts newly counted, less those that were taken back: below 0 where earlier batches' were.
    public var calls = 0
    /// Events and records that belong to a counted or a new attempt of a customer.
    public var applied = 0
    /// Records of calls that another source told of, too, and calls heard of which a record was there: counted once. (Records are
    /// also in `applied`.)
    public var joined = 0
    /// Repetitions: they changed no figure.
    public var duplicates = 0
    /// Events of calls that are nobody's (another leg, a call begun before we listened): ignored.
    public var ignored = 0
    /// Older than the longest window: counted in the window `all` only. (Also in `applied`.)
    public var late = 0
    /// More than the tolerance ahead of the clock: refused.
    public var future = 0
    /// Attempts of sources that match no customer, less those that proved to be somebody's: below 0 where earlier batches' did.
    public var unattributed = 0
    /// Malformed: times that run backwards or overflow, indices out of range.
    public var invalid = 0
    /// Costs that the customer's credit cannot take without leaving the range of amounts: refused.
    public var overflowed = 0
    /// Records of calls that were heard of one customer and name another: refused.
    public private(set) var otherCustomers = 0
    // Which rows of the batch they were, ascending: of each kind the first `IngestLimits.namedRows`.
    public private(set) var lateRows: [UInt32] = []
    public private(set) var futureRows: [UInt32] = []
    public private(set) var unattributedRows: [UInt32] = []
    public private(set) var otherCustomerRows: [UInt32] = []

    public init() {}

    public mutating func countLate(_ row: Int) {
        late += 1
        Self.note(row, in: &lateRows)
    }

    public mutating func countFuture(_ row: Int) {
        future += 1
        Self.note(row, in: &futureRows)
    }

    public mutating func countUnattributed(_ row: Int) {
        unattributed += 1
        Self.note(row, in: &unattributedRows)
    }

    public mutating func countOtherCustomer(_ row: Int) {
        otherCustomers += 1
        Self.note(row, in: &otherCustomerRows)
    }

    // Few rows are so; the others pay nothing for it.
    @inline(never)
    private static func note(_ row: Int, in rows: inout [UInt32]) {
        if rows.count < IngestLimits.namedRows { rows.append(UInt32(clamping: row)) }
    }

    public static func += (left: inout IngestSummary, right: IngestSummary) {
        left.calls += right.calls
        left.applied += right.applied
        left.duplicates += right.duplicates
        left.ignored += right.ignored
        left.late += right.late
        left.future += right.future
        left.unattributed += right.unattributed
        left.invalid += right.invalid
        left.overflowed += right.overflowed
        left.joined += right.joined
        left.otherCustomers += right.otherCustomers
        for row in right.lateRows { note(Int(row), in: &left.lateRows) }
        for row in right.futureRows { note(Int(row), in: &left.futureRows) }
        for row in right.unattributedRows { note(Int(row), in: &left.unattributedRows) }
        for row in right.otherCustomerRows { note(Int(row), in: &left.otherCustomerRows) }
    }
}
