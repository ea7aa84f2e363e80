// What the engine returns besides the board itself: created customers, explanations, its own state.

/// The result of creating customers: all of them or none.
public struct CreateResult: Equatable, Sendable {
    public var ids: [UInt32] = []
    /// The first errors (up to `BoardLimits.reportedErrors`).
    public var errors: [CustomerError] = []
    public var errorCount = 0

    public init() {}
}

/// Where one cell of the board comes from.
public struct Explanation: Sendable {
    public var metric = ""
    public var customerID: UInt32 = 0
    public var window: Window = .fifteenMinutes
    public var asOfMicros: Int64 = 0
    public var windowStartMicros: Int64 = 0
    public var windowEndMicros: Int64 = 0
    /// The formula in words.
    public var formula = ""
    /// Which time of a call decides the window it is counted in.
    public var countedAt = ""
    public var numeratorName = ""
    public var numerator: Double = 0
    /// Empty where the metric is not a ratio.
    public var denominatorName = ""
    public var denominator: Double = 0
    /// Nil without a sample.
    public var value: Double?
    public var classes: [ClassCount] = []
    /// Outcomes by final SIP code, ascending; 0 where none is known.
    public var codes: [(code: UInt16, count: Int64)] = []
    /// The most recent finished calls, newest first.
    public var recent: [FinishedCall] = []
}

public struct ClassCount: Equatable, Sendable {
    public var name: String
    public var count: Int64
    public var inASRDenominator: Bool
    public var inNERNumerator: Bool
}

public struct EngineStatus: Sendable {
    public var nowMicros: Int64 = 0
    public var customers = 0
    public var activeCalls = 0
    public var tombstones = 0
    public var unattributed: Int64 = 0
    /// The busiest sources that match no customer, most attempts first.
    public var unattributedSources: [UnattributedSource] = []
    public var late: Int64 = 0
    public var future: Int64 = 0
    public var timedOut: Int64 = 0
    public var noResponse: Int64 = 0
    /// Nothing was missed since then; 0: nothing ever was.
    public var coverageFromMicros: Int64 = 0
    /// Producers that sent numbered batches in the last 24 hours.
    public var producers = 0
    /// Sequence numbers that producers gave up.
    public var lostByProducers: UInt64 = 0
    /// Finished calls that can still be found, and the bytes they take, details included.
    public var finishedCalls = 0
    public var finishedCallBytes = 0
    /// Details of live calls that did not fit, since the process began.
    public var detailsRefused = 0
    /// Bytes held by the engine's columns, tables and logs.
    public var residentBytes = 0
}
