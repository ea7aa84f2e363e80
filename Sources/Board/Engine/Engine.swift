// The engine: customers, calls and windows as one state machine. It reads no clock, opens no file and starts no thread:
// every call of it takes the time as an argument, changes the state and returns an answer, so the same inputs give the
// same outputs in a test, a replay or a simulation. One thread owns it.
//
// The state is one struct, `EngineState`, with an extension for each thing it does; `Engine` is the door to it. (A
// struct, because the compiler checks exclusive access to a struct's parts once, and to a class's at every use.)
//
//     EngineState+Customers    the customers                 EngineState+Board    the grid
//     EngineState+Attribution  whose a call is               EngineState+Figures  one customer's counters
//     EngineState+Events       live events                   EngineState+Explain  where a figure comes from
//     EngineState+Records      finished calls                EngineState+Clock    time, deadlines, folds
//     EngineState+ClockHealing the clock that ran ahead
//     Engine+Producers         numbered batches              Saving               snapshots and restoring
//     Changes                  edits, deletes, undo

import CallEvents

public final class Engine {
    var state: EngineState

    public init(configuration: EngineConfiguration = EngineConfiguration()) {
        state = EngineState(configuration: configuration)
    }

    public var configuration: EngineConfiguration { state.configuration }

    /// The engine's time, microseconds since 1970: the newest `now` or, by the events' clock, the newest event's time.
    public var nowMicros: Int64 { state.nowMicros }

    /// Some customer has auth entries `to:`, so a leg that our switch sends may be a call to that customer.
    public var wantsSwitchLegs: Bool { !state.inbound.isEmpty }

    public var customerCount: Int { state.customers.presentCount }

    /// The properties of a call that some auth entry tests; follows every change of customers.
    public var partyNeeds: PartyNeeds { state.auth.conditions.needs }

    /// Whose a call would be, and why: by the same code as calls themselves.
    public func attribution(of party: Party) -> Attribution {
        var (answer, search) = attributionBegun(of: party)
        while search != nil { goOn(&answer, &search, entries: .max) }
        return answer
    }

    /// The same a part at a time: while there is a search, it is to go on.
    public func attributionBegun(of party: Party) -> (answer: Attribution, search: NearestEntries?) {
        state.attribution(of: party)
    }

    /// Looks at so many entries more; the answer is whole when `search` is nil.
    public func goOn(_ answer: inout Attribution, _ search: inout NearestEntries?, entries: Int) {
        guard var looking = search else { return }
        let isDone = state.lookOn(&looking, places: entries)
        search = isDone ? nil : looking
        if isDone { state.finish(&answer, looking) }
    }

    /// Changes with every change of what `snapshot` shows of the customers.
    public var customersVersion: UInt64 { state.customers.version }

    /// Bytes held by columns, tables and logs.
    public var byteSize: Int { state.byteSize }

    /// Advances the clock: closes what is overdue and slides the windows. By the events' clock only events advance it.
    public func advance(now: Int64) { state.advance(now: now) }

    public func status(now: Int64) -> EngineStatus { state.status(now: now) }

    /// Creates customers, all of them or none. `idempotencyKey` is empty or 16 bytes made by the client: a repetition
    /// returns the first result, whatever its content (see `conflict(ofKey:)`). Ids, times and versions of the argument
    /// are ignored.
    public func createCustomers(
        _ customers: [Customer], dryRun: Bool, who: String = "", idempotencyKey: [UInt8],
        content: RequestContent = RequestContent(), now: Int64
    ) -> CreateResult {
        state.createCustomers(
            customers, dryRun: dryRun, who: who, idempotencyKey: idempotencyKey, content: content, now: now)
    }

    /// Restores customers from the journal that were created before the engine started: with the ids from `firstID` on,
    /// and unchecked, for they were checked then. Before any call is observed.
    /// - Returns: false, and nothing is changed, if these are not the next ids.
    public func recreateCustomers(
        _ customers: [Customer], firstID: UInt32, createdAtMicros: Int64, who: String = "", idempotencyKey: [UInt8],
        content: RequestContent = RequestContent()
    ) -> Bool {
        state.recreateCustomers(
            customers, firstID: firstID, createdAtMicros: createdAtMicros, who: who, idempotencyKey: idempotencyKey,
            content: content)
    }

    public func customer(id: UInt32) -> Customer? { state.customer(id: id) }

    /// By name, ignoring case and normalisation.
    public func customer(named name: String) -> Customer? { state.customer(named: name) }

    /// Customers with ids above `id`, ascending.
    public func customers(after id: UInt32, limit: Int) -> [Customer] { state.customers(after: id, limit: limit) }

    /// Why there is no customer with an id: never created, or deleted.
    public func absence(of id: UInt32) -> String { state.absence(of: id) }

    /// - Parameter isNumbered: a producer sends it again if it is lost (`admit`).
    public func ingest(_ batch: CallEventBatch, now: Int64, isNumbered: Bool = false) -> IngestSummary {
        if !isNumbered && batch.count > 0 { state.coverage.heard(firstMicros: batch.timeMicros.first) }
        let summary = state.ingest(batch, now: now)
        if state.clockWatch.isBehind { state.clockWatch.callsMeanwhile &+= Int64(summary.calls) }
        return summary
    }

    /// - Parameter isNumbered: a producer sends it again if it is lost (`admit`).
    public func ingest(_ batch: CallRecordBatch, now: Int64, isNumbered: Bool = false) -> IngestSummary {
        if !isNumbered && batch.count > 0 { state.coverage.heard(firstMicros: batch.setupMicros.first) }
        let summary = state.ingest(batch, now: now)
        if state.clockWatch.isBehind { state.clockWatch.callsMeanwhile &+= Int64(summary.calls) }
        return summary
    }

    public func board(_ query: BoardQuery, now: Int64) throws(QueryError) -> BoardAnswer {
        try state.board(query, now: now)
    }

    /// Parses and checks a query, and captures the columns of this instant for it; costs some microseconds. Another
    /// thread may then run the task. Each task must be returned to `finish`; until then the figures do not change.
    public func boardTask(_ query: BoardQuery, now: Int64) throws(QueryError) -> BoardTask {
        try state.boardTask(query, now: now)
    }

    /// Takes back a task, answered or not, with what it has cached for the next.
    public func finish(_ task: consuming BoardTask) { state.finish(task) }

    /// Whether some task has not been returned yet.
    public var isBeingRead: Bool { state.readers > 0 }

    /// The counters of one customer in a window; nil: there is no such customer. A hundred times cheaper than a board.
    public func figures(customerID: UInt32, window: Window, now: Int64) -> CustomerFigures? {
        state.advance(now: now)
        state.timeline.countLastSecond()
        var figures = CustomerFigures()
        return state.read(&figures, customerID: customerID, window: window, now: now) ? figures : nil
    }

    /// Lets go of everything that queries have cached for the next: for measurements.
    public func forgetQueries() { state.forgetQueries() }

    /// The counters of many customers at one instant, in one pass: until `next` returns nil or an unknown customer.
    public func figures(
        now: Int64, of next: () -> (customerID: UInt32, window: Window)?, to take: (borrowing CustomerFigures) -> Void
    ) {
        state.advance(now: now)
        state.figures(now: now, of: next, to: take)
    }

    /// Nil: there is no such customer.
    /// - Throws: there is no such metric.
    public func explain(
        metric: String, customerID: UInt32, window: Window, now: Int64
    ) throws(QueryError) -> Explanation? {
        try state.explain(metric: metric, customerID: customerID, window: window, now: now)
    }

    /// Live calls of a customer (0: of all), oldest first, and how many there are.
    /// - Parameter isInbound: only calls to customers, or only those that they make; nil: both.
    public func liveCalls(
        customerID: UInt32, isInbound: Bool? = nil, limit: Int, now: Int64
    ) -> (calls: [LiveCallInfo], total: Int) {
        state.liveCalls(customerID: customerID, isInbound: isInbound, limit: limit, now: now)
    }

    /// The customers at this instant, to be saved by another thread. Costs some microseconds.
    public func snapshot() -> BoardSnapshot { BoardSnapshot(state) }

    /// Restores saved customers; the engine has none yet. All or nothing.
    public func restore(_ tables: [SavedTable]) throws(RestoreError) { try state.restore(tables) }

    /// The statistics at this instant, to be saved by another thread. Advances the clock as `advance` does.
    /// - Parameter isLast: no more events will be observed.
    public func statistics(now: Int64, isLast: Bool = false) -> StatisticsSnapshot {
        state.advance(now: now)
        return StatisticsSnapshot(state, isLast: isLast)
    }

    /// Restores saved statistics; the customers were restored before, and no call was observed yet. On an error the
    /// state is unchanged. The windows then show what they showed at the statistics' time, and the next `advance` moves
    /// them on.
    public func restoreStatistics(_ tables: [SavedTable]) throws(RestoreError) { try state.restoreStatistics(tables) }

    /// To be called once when all is restored: from now on the engine receives every batch. What was restored may have
    /// times in the future, if the clock ran ahead before: the board then goes back.
    /// - Parameter now: the machine's time.
    public func beginListening(now: Int64) {
        if configuration.clock == .wall && state.nowMicros - BoardLimits.clockBehindMicros > now {
            state.goBack(to: now)
        }
        state.coverage.begin(configuration.clock, now: now, statisticsMicros: nowMicros)
    }

    /// Fills a tally with a row's figures in a window: for tests that check sums.
    func load(_ row: Int, _ window: Window, into tally: inout MetricTally) { state.load(row, window, into: &tally) }
}
