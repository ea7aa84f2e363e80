/// What became of a batch of events or records: each of them is counted in exactly one of `applied`, `duplicates`,
/// `credits` and the counts from `ignored` on except `late`; `calls` counts the attempts added to the figures.
public struct IngestSummary: Equatable, Sendable {
    /// Attempts newly counted, minus those that were taken back: below 0 where these came from earlier batches.
    public var calls = 0
    /// Events and records that belong to a counted or a new attempt of a customer.
    public var applied = 0
    /// Records of calls that another source reported too, and calls observed that already had a record: counted once.
    /// (Records are also in `applied`.)
    public var joined = 0
    /// Records that told another cost of a known call: the difference was booked. (Also in `applied`.)
    public var rerated = 0
    /// Costs that were booked without their calls, which are not known (`CallRecordBatch.isCostsOnly`). (Also in
    /// `applied`.)
    public var costs = 0
    /// Repetitions: they changed no figure.
    public var duplicates = 0
    /// Events of unknown calls (another leg, a call that began before we listened): ignored.
    public var ignored = 0
    /// Older than the longest window: counted in the window `all` only. (Also in `applied`.)
    public var late = 0
    /// More than the tolerance ahead of the clock: refused.
    public var future = 0
    /// Attempts of sources that match no customer, minus those later attributed: below 0 where these came from earlier
    /// batches.
    public var unattributed = 0
    /// Malformed: times that run backwards or overflow, indices out of range.
    public var invalid = 0
    /// Costs that the customer's credit cannot take without leaving the range of amounts: refused.
    public var overflowed = 0
    /// Credit notes, booked to the customers' credit.
    public var credits = 0
    /// Refused: in another currency than the customer's.
    public private(set) var otherCurrency = 0
    /// Refused: costs above the limit.
    public private(set) var aboveLimit = 0
    /// Refused: credit notes that cannot be distinguished from their repetition.
    public private(set) var creditsWithoutID = 0
    /// Rows refused for their money, the first `IngestLimits.namedRows` of each kind.
    public private(set) var refusals: [MoneyRefusal] = []
    /// Records that name another customer than the one the call was observed for: refused.
    public private(set) var otherCustomers = 0
    // Row numbers in the batch, ascending: of each kind the first `IngestLimits.namedRows`.
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

    /// Rows that were refused for their money or their customer.
    public var refused: Int { otherCurrency + aboveLimit + creditsWithoutID + overflowed + otherCustomers }

    /// Counts a row that is refused for its money.
    public mutating func refuse(_ refusal: MoneyRefusal) {
        switch refusal.reason {
        case .currency: otherCurrency += 1
        case .limit: aboveLimit += 1
        case .creditWithoutID: creditsWithoutID += 1
        case .overflow: overflowed += 1
        }
        note(refusal)
    }

    private mutating func note(_ refusal: MoneyRefusal) {
        if refusals.count(where: { $0.reason == refusal.reason }) < IngestLimits.namedRows { refusals.append(refusal) }
    }

    public mutating func countOtherCustomer(_ row: Int) {
        otherCustomers += 1
        Self.note(row, in: &otherCustomerRows)
    }

    // Such rows are rare; the others pay nothing for it.
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
        left.credits += right.credits
        left.otherCurrency += right.otherCurrency
        left.aboveLimit += right.aboveLimit
        left.creditsWithoutID += right.creditsWithoutID
        for refusal in right.refusals { left.note(refusal) }
        left.joined += right.joined
        left.rerated += right.rerated
        left.costs += right.costs
        left.otherCustomers += right.otherCustomers
        for row in right.lateRows { note(Int(row), in: &left.lateRows) }
        for row in right.futureRows { note(Int(row), in: &left.futureRows) }
        for row in right.unattributedRows { note(Int(row), in: &left.unattributedRows) }
        for row in right.otherCustomerRows { note(Int(row), in: &left.otherCustomerRows) }
    }
}
