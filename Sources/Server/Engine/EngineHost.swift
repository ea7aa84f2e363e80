// The one owner of the engine.
//
// The engine is a serial state machine without locks. One event loop (one thread) owns it, and the same loop serves the
// connections of programs: a request is decoded, done and answered by plain function calls where it was read, without
// a hop to another thread, a lock or a queue. What takes longer, a board of very many customers, is answered by another
// thread from a copy of the columns (`BoardQueue`). HEP packets, whose parsing costs more than counting them, are
// parsed on a second loop and arrive here as whole batches of events (`HEPReceiver`).

import Board
import CallEvents
import Feeds
import Logging
import NIOCore
import Store
import Wire

/// Where a server listens, as the status shows it.
struct ListenAddresses: Sendable {
    var rpc = ""
    /// Nil: nowhere, as below.
    var hep: String?
    var hepTLS: String?
}

/// The engine with what the server counts beside it. Lives on the engine's event loop; never leaves it.
final class EngineHost {
    let engine: Engine
    let table = RequestTable()
    let windows = WindowNames()
    /// Microseconds since 1970; ignored by the engine when it runs by the events' clock.
    let now: @Sendable () -> Int64
    let startedAtMicros: Int64
    /// Captured HEP sent by programs.
    var captures: HEPCaptures
    /// The parser of the sockets, once it exists, and the customers' version that both parsers know.
    var hepReceiver: NIOLoopBound<HEPReceiver>?
    var needsVersion = UInt64.max
    var nextPieceSweep = NIODeadline.now() + Limits.pieceSweep
    /// Agents that send HEP to the sockets, as last reported.
    var agents = HEPAgents()
    var agentLog = AgentLog()
    /// How their times are treated when their clocks are off.
    let agentClock: AgentClockPolicy

    // Memory for the batches of requests, reused by the next one:
    var callsColumns = IngestCallsColumns()
    var calls = CallRecordBatch()
    var eventsColumns = IngestEventsColumns()
    var events = CallEventBatch()

    // What the status shows besides the engine's own state:
    var feeds: [FeedName: FeedCounts] = [:]
    var connections: ConnectionRegistry
    var requests: UInt64 = 0
    /// Counts by the stable name of the error.
    var requestErrors: [String: UInt64] = [:]
    /// Whether the log says that the machine's clock is behind, and how many healings it has reported.
    var isClockToldBehind = false
    var healingsTold = 0
    /// Changes that were set back while the clock ran ahead, to be re-applied.
    var earlySetBacks: [EarlySetBack] = []
    private(set) var logger: Logger?
    private(set) var addresses = ListenAddresses()
    /// What the port for HEP by TLS shows; nil: there is none.
    private(set) var tls: TLSIdentity?

    // Set by `keep`:
    private(set) var saver: StateSaver?
    private(set) var journal: MutationJournal?
    private(set) var backups: Backups?

    /// Answers board queries.
    private(set) lazy var boards = BoardQueue(self, customersAtOnce: customersAtOnce, loop: loop)
    /// A tick came while a thread was reading the columns, so nothing was saved.
    private var isSavingDue = false
    private var waitingForReader: [() -> Void] = []

    /// Whether costs of calls are debited from the customers' credit.
    let isDebiting: Bool
    private let customersAtOnce: Int
    let loop: any EventLoop
    private let hashSeed: HashSeed
    private var nextTick = NIODeadline.now() + Limits.tick
    private var foldPacer = FoldPacer()

    init(
        _ engine: Engine, customersAtOnce: Int, connectionsPerAddress: Int = Limits.connectionsPerAddress,
        isDebiting: Bool = true, agentClock: AgentClockPolicy = .correct, hashSeed: HashSeed, loop: any EventLoop,
        now: @escaping @Sendable () -> Int64
    ) {
        self.loop = loop
        self.engine = engine
        self.hashSeed = hashSeed
        self.customersAtOnce = customersAtOnce
        connections = ConnectionRegistry(limitPerAddress: connectionsPerAddress)
        self.isDebiting = isDebiting
        self.agentClock = agentClock
        captures = HEPCaptures(hashSeed: hashSeed)
        self.now = now
        startedAtMicros = now()
    }

    /// Saves what happens from now on in the data directory, from which the engine was restored; once.
    /// - Parameter diskFailed: called once when nothing can be made durable any more, on another thread.
    func keep(
        in directory: SnapshotDirectory, _ restored: RestoredState, _ journal: Journal, logger: Logger,
        diskFailed: @escaping @Sendable (String) -> Void
    ) {
        captures.memory = restored.captures
        publishNeeds()
        self.logger = logger
        engine.beginListening(now: now())
        watchClock()
        engine.watchAll(now: now())
        let host = NIOLoopBound(self, eventLoop: loop)
        let mutations = MutationJournal(
            journal, replayedBytes: restored.replayedBytes, loop: loop, host: host, failed: diskFailed)
        self.journal = mutations
        saver = StateSaver(
            engine, restored, mutations, directory: directory, hashSeed: hashSeed, loop: loop, logger: logger,
            captures: { [unowned self] in captures.memory })
        backups = Backups(loop: loop)
    }

    /// Saves everything; the outcome is in the log and in the status.
    func saveNow() {
        _ = whenNotRead { self.saver?.saveNow(now: self.now()) ?? self.loop.makeSucceededFuture([]) }
    }

    /// Saves what has changed, for the last time, and closes the journal.
    func finishSaving() -> EventLoopFuture<Void> {
        backups?.close()
        return boards.end().assumeIsolated().flatMap {
            self.saver?.finish(now: self.now()) ?? self.loop.makeSucceededVoidFuture()
        }.nonisolated()
    }

    /// Moves the engine's clock; called every `Limits.tick` by the loop's schedule.
    func tick() {
        let now = now()
        engine.advance(now: now)
        watchClock()
        giveUpIdlePieces()
        engine.forgetImports(before: now - BoardLimits.importPatienceMicros)
        doWhatIsDue(now: now)
        undoEarlySetBacks(now: now)
        purgeWhoIsDue(now: now)
        publishNeeds()
        backups?.forgetOld()
        if let logger { connections.refusals.log(to: logger) }
        if engine.isBeingRead { isSavingDue = true } else { saver?.tick(now: now) }
        nextTick = NIODeadline.now() + Limits.tick
    }

    /// To be called when calls were observed. Their facts are folded into the windows once the loop has sent its
    /// pending answers, so that the next board query need not wait for it.
    func foldSoon() {
        guard foldPacer.observed(now: NIODeadline.now(), lastAsked: boards.lastAsked) else { return }
        loop.assumeIsolated().execute { self.foldNow() }
    }

    private func foldNow() {
        let began = NIODeadline.now()
        engine.advance(now: now())
        foldPacer.folded(began: began, ended: NIODeadline.now())
    }

    /// A thread has finished reading the engine's columns: work that waited for it comes before the next query.
    func boardWasRead() {
        let due = waitingForReader
        waitingForReader = []
        for work in due { work() }
        guard isSavingDue else { return }
        isSavingDue = false
        saver?.tick(now: now())
    }

    /// Does work during which no thread may read the columns, now or when the reader is done.
    func whenNotRead<Value: Sendable>(_ work: @escaping () -> EventLoopFuture<Value>) -> EventLoopFuture<Value> {
        guard engine.isBeingRead else { return work() }
        let promise = loop.makePromise(of: Value.self)
        waitingForReader.append { work().cascade(to: promise) }
        return promise.futureResult
    }

    /// Counts what a feed read, and passes the events to the engine.
    /// - Parameter isNumbered: the producer sends them again if they are lost.
    /// - Returns: what the engine made of them.
    @discardableResult
    func take(
        _ batch: CallEventBatch, counts: FeedCounts, from feed: FeedName, isNumbered: Bool = false
    ) -> IngestSummary {
        let summary = batch.count == 0 ? IngestSummary() : engine.ingest(batch, now: now(), isNumbered: isNumbered)
        foldSoon()
        count(counts, and: summary, of: feed)
        return summary
    }

    func count(_ counts: FeedCounts, and summary: IngestSummary, of feed: FeedName) {
        feeds[feed, default: FeedCounts()] += counts
        feeds[feed, default: FeedCounts()].add(summary)
    }

    /// Where the sockets are, once they are.
    func listens(_ addresses: ListenAddresses) {
        self.addresses = addresses
    }

    /// The port for HEP by TLS shows this from now on.
    func shows(_ identity: TLSIdentity) {
        tls = identity
        if let notice = identity.expiryNotice(now: now()) { logger?.warning("\(notice)") }
    }

    /// Why no further connection from this address is accepted, which is counted; nil: it is within the limits.
    func refusal(of address: SocketAddress?) -> RequestError? {
        guard let refusal = connections.refusal(of: address) else { return nil }
        countError(refusal.code)
        return refusal
    }

    func countError(_ code: ErrorCode) {
        requestErrors[code.rawValue, default: 0] &+= 1
    }

    /// `ok`; or how far an overloaded loop is behind its schedule, or why nothing is saved.
    var health: String {
        if let clockNotice { return clockNotice }
        if let failure = saver?.failure { return "not saving: \(failure)" }
        if let diskFull = journal?.diskFull { return "no change is taken: \(diskFull)" }
        if let notice = tls?.expiryNotice(now: now()) { return notice }
        if let agentNotice { return agentNotice }
        let behind = NIODeadline.now() - nextTick
        return behind <= Limits.tolerableDelay ? "ok" : "overloaded: \(behind.nanoseconds / 1_000_000) ms behind"
    }
}
