import CallEvents
import Columnar

/// All that the engine knows.
struct EngineState {
    let configuration: EngineConfiguration
    var nowMicros: Int64 = 0
    /// Watches whether the machine's clock is behind `nowMicros`.
    var clockWatch = ClockWatch()
    /// The second of `nowMicros`.
    var nowSecond: Int64 = 0
    /// Board queries under way that have captured the columns; nothing is folded meanwhile.
    var readers = 0
    /// The clock at the last fold.
    var foldedMicros: Int64 = 0

    var customers = CustomerTable()
    var auth = AuthIndex()
    /// The customers' trunk addresses and numbers for calls to them.
    var inbound = InboundIndex()
    /// Built at the first search.
    var searchIndex = SearchIndex()
    var columnBounds = ColumnBounds()
    /// Plans of board queries, by their texts.
    var plans = BoardPlans()
    /// Sums that board queries have kept for the next.
    var queryCache = QueryCache()
    let outcomes = OutcomeTable()
    let outcomeCodes: OutcomeCodes
    var timeline: Timeline
    /// Reused from one batch of finished calls to the next.
    let recordBlock = RecordBlock()
    var calls = CallTable()
    var seen = SeenCalls()
    /// Details of the calls that are not over, by number; `recent` has those of the others.
    var details = CallDetailTable()
    var recent: RecentCalls
    /// Finds both by Call-ID.
    var callIDs: CallIDBook
    /// Costs were told alone: they may wait for calls, and calls that only events told of may have some.
    var takesCostsOnly = false
    var unattributed = UnattributedSources()
    /// Our own hosts: configured, or learnt from where calls go.
    var switches: Set<IPAddress>
    /// Hosts to which our hosts send calls: carriers, and other hosts of our own.
    var nextHops: Set<IPAddress> = []
    var idempotent = IdempotentResults()
    var changes = ChangeLog()
    var warnings = WarningTable()
    /// Layouts and settings.
    var documents = DocumentTable()
    /// Files being imported, by the client's key.
    var imports: [[UInt8]: ImportSession] = [:]
    var producers = ProducerTable()
    var coverage = Coverage()
    var debits = DebitBook()
    /// Booked and refused amounts.
    var money = MoneyBook()
    /// When deleted customers are next checked for purging.
    var nextPurgeMicros: Int64 = 0

    var activeCalls = 0
    var late: Int64 = 0
    var future: Int64 = 0
    var timedOut: Int64 = 0
    var noResponse: Int64 = 0

    init(configuration: EngineConfiguration) {
        self.configuration = configuration
        outcomeCodes = OutcomeCodes(outcomes)
        recent = RecentCalls(outcomeCodes, limit: configuration.keptCalls)
        callIDs = CallIDBook(finishedCalls: configuration.keptCalls)
        timeline = Timeline(weights: OutcomeWeights(outcomes))
        switches = Set(configuration.switches)
    }

    mutating func status(now: Int64) -> EngineStatus {
        advance(now: now)
        var status = EngineStatus()
        status.nowMicros = asOfMicros == 0 ? now : asOfMicros
        status.customers = customers.presentCount
        status.activeCalls = activeCalls
        status.tombstones = calls.count - activeCalls
        status.unattributed = unattributed.total
        status.unattributedSources = unattributed.top(20)
        status.late = late
        status.future = future
        status.timedOut = timedOut
        status.noResponse = noResponse
        status.residentBytes = byteSize
        status.coverageFromMicros = coverage.fromMicros
        status.producers = producers.entries.count
        status.lostByProducers = producers.lost
        status.finishedCalls = recent.count
        status.finishedCallBytes = recent.byteSize
        status.detailsRefused = details.refused
        return status
    }

    var byteSize: Int {
        customers.byteSize + queryCache.byteSize + searchIndex.byteSize + auth.byteSize + inbound.byteSize
            + timeline.byteSize + calls.byteSize + money.byteSize + seen.byteSize + recent.byteSize
            + details.byteSize + changes.byteSize + warnings.byteSize + callIDs.byteSize
    }
}
