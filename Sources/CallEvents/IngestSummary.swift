/// What became of a batch of events or records: every one of them is in exactly one of `applied`, `duplicates` and the last five counts,
/// and `calls` counts the attempts that it added to the figures.
public struct IngestSummary: Equatable, Sendable {
    /// Attempts newly counted.
    public var calls = 0
    /// Events and records that belong to a counted or a new attempt of a customer.
    public var applied = 0
    /// Repetitions: they changed no figure.
    public var duplicates = 0
    /// Events of calls that are nobody's (another leg, a call begun before we listened): ignored.
    public var ignored = 0
    /// Older than the longest window: counted in the window `all` only. (Also in `applied`.)
    public var late = 0
    /// More than the tolerance ahead of the clock: refused.
    public var future = 0
    /// Attempts of sources that match no customer.
    public var unattributed = 0
    /// Malformed: times that run backwards or overflow, indices out of range.
    public var invalid = 0
    /// Costs that the customer's credit cannot take without leaving the range of amounts: refused.
    public var overflowed = 0

    public init() {}

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
    }
}
