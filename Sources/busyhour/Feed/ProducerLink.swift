// A feed's link to the server: every row once, whichever side crashes.
//
// Rows have numbers. The server reports up to which number it has counted (`applied`), and up to which that is durable
// (`safe`). Rows that are not durable yet are retained here. When the connection is lost, another one is made, again
// and again; the server reports its progress, and later rows are sent again. A few requests are under way at a time.

import Client
import Terminal
import Wire

final class ProducerLink {
    /// What to do when a connection is lost.
    struct Recovery {
        var connect: () async throws -> FeedServer
        /// Whether to stop; the last error is then thrown.
        var isStopped: () -> Bool = { false }
        var pause: (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
        /// Attempts before it gives up; nil: no limit.
        var attempts: Int?
        /// Shows a line.
        var log: (String) -> Void = { _ in }
    }

    private struct Kept {
        var request: FeedRequest
        /// The positions of the rows; empty: not needed.
        var places: RowPlaces
        /// The last number; without numbers, that of the request before.
        var last: UInt64
        var bytes: Int
        var isAnswered = false
    }

    /// Rows that were late, ahead of the clock or unattributed, since the last `takeOddRows`.
    private var oddRows: [OddRow] = []
    /// The outcome of everything that was sent.
    private(set) var summary = FeedSummary()
    /// Up to this number all is counted.
    private(set) var applied: UInt64 = 0
    /// Up to this number all is durable on the server.
    private(set) var safe: UInt64 = 0
    /// The last number that was sent.
    private(set) var sent: UInt64 = 0
    /// The server wants legs that a switch dialled, as of the last connection made.
    private(set) var wantsLegs = false

    /// The epoch of the current life.
    var epoch: UInt64 { producer.epoch }

    private var producer: FeedProducer
    private let recovery: Recovery
    private var server: FeedServer?

    /// Requests that may have to be sent again or are still to be sent, oldest first.
    private var kept: [Kept] = []
    private var keptBytes = 0
    /// The number of requests before the first of `kept`.
    private var dropped = 0
    /// Index in `kept` of the next one to send.
    private var next = 0
    private var underWay: [(request: Int, task: Task<Busyhour_V1_IngestResponse, any Error>)] = []
    private var failedAttempts = 0
    /// Consecutive polls that found nothing newly saved, and whether that was reported.
    private var vainPolls = 0
    private var isWaitTold = false

    init(_ producer: FeedProducer, recovery: Recovery) {
        self.producer = producer
        self.recovery = recovery
    }

    // MARK: - Sending

    /// Begins on an open connection.
    /// - Parameter counted: all numbers up to this one were counted, as far as the feed knows.
    func open(_ server: FeedServer, counted: UInt64) async throws {
        self.server = server
        (safe, sent) = (counted, counted)
        do {
            try await greet(server)
        } catch let error as ClientError where isTemporary(error) {
            try await recover(from: error)
        }
        // What is counted and not durable is sent again: the server skips it, and it is retained here for the case of a
        // crash.
        sent = max(sent, safe)
    }

    /// Sends a request with the numbers up to `last`, after those of the previous one; waits while enough are under
    /// way. Rows already durable are not sent.
    /// - Parameter offsets: of the rows, from the number after the last one sent; empty: one number per row.
    func send(
        _ request: FeedRequest, first: UInt64, last: UInt64, offsets: [UInt32] = [], places: RowPlaces = RowPlaces()
    ) async throws {
        guard last > sent else {
            summary.read &+= UInt64(request.rows)
            summary.duplicates &+= UInt64(request.rows)
            return
        }
        var request = request
        var batch = Busyhour_V1_ProducerBatch()
        (batch.first, batch.last, batch.offsets) = (first, last, offsets)
        request.batch = batch
        sent = last
        try await put(request, last: last, places)
    }

    func takeOddRows() -> [OddRow] {
        defer { oddRows = [] }
        return oddRows
    }

    /// Sends a request without rows, which may be counted twice.
    func sendUnnumbered(_ request: FeedRequest) async throws { try await put(request, last: sent) }

    private func put(_ request: FeedRequest, last: UInt64, _ places: RowPlaces = RowPlaces()) async throws {
        while keptBytes > Limits.keptBytes { try await makeRoom() }
        let bytes = request.bytes
        kept.append(Kept(request: request, places: places, last: last, bytes: bytes))
        keptBytes += bytes
        while next < kept.count {
            if underWay.count < Limits.requestsUnderWay { start() } else { try await receive() }
        }
    }

    /// Waits until everything is answered.
    func settle() async throws {
        while !underWay.isEmpty || next < kept.count {
            if next < kept.count && underWay.count < Limits.requestsUnderWay { start() } else { try await receive() }
        }
    }

    /// Waits until everything is durable on the server.
    /// - Returns: false if that did not happen in `Limits.safePolls`: the server does not save.
    func becomeSafe() async throws -> Bool {
        try await settle()
        var polls = 0
        while safe < sent {
            polls += 1
            if polls > Limits.safePolls { return false }
            let before = safe
            try await poll(save: true)
            if safe == before { await reportWait() } else { reportProgress() }
            if safe < sent { try await recovery.pause(Limits.safePause) }
        }
        return true
    }

    /// Asks for the server's progress.
    /// - Parameter save: makes it save soon.
    func poll(save: Bool) async throws {
        var request = Busyhour_V1_MarksRequest()
        (request.producer, request.epoch, request.save) = (producer.bytes, producer.epoch, save)
        do {
            guard let server else { throw ClientError.closed }
            let answer = try await server.marks(request)
            failedAttempts = 0
            take(applied: answer.applied, safe: answer.safe)
        } catch let error as ClientError where isTemporary(error) {
            try await recover(from: error)
            try await settle()
        }
    }

    /// Ends the connection.
    /// - Parameter isDone: nothing more will come, so the server may forget the producer.
    func close(isDone: Bool) async {
        if isDone, let server {
            var request = Busyhour_V1_MarksRequest()
            (request.producer, request.epoch, request.end) = (producer.bytes, producer.epoch, true)
            // If this fails, the server forgets the producer by itself.
            _ = try? await server.marks(request)
        }
        await server?.close()
        server = nil
    }

    // MARK: - Requests and answers

    private func start() {
        guard let server else { return }
        var request = kept[next].request
        if var batch = request.batch {
            (batch.producer, batch.epoch) = (producer.bytes, producer.epoch)
            request.batch = batch
        }
        // Runs at once until it waits for the answer: ordinary tasks may start in any order.
        let task = Task.immediate { [ingest = server.ingest, request] in try await ingest(request) }
        underWay.append((dropped + next, task))
        next += 1
    }

    private func receive() async throws {
        guard !underWay.isEmpty else { return }
        let (request, task) = underWay.removeFirst()
        do {
            note(try await task.value, of: request)
        } catch let error as ClientError where isTemporary(error) {
            try await recover(from: error)
        }
    }

    private func note(_ answer: Busyhour_V1_IngestResponse, of request: Int) {
        failedAttempts = 0
        let index = request - dropped
        // A repeated request was reported already, unless the first answer was lost.
        if kept.indices.contains(index), !kept[index].isAnswered {
            kept[index].isAnswered = true
            summary.add(answer)
            if oddRows.count < Limits.keptOddRows { oddRows += OddRow.all(answer, kept[index].places) }
        }
        take(applied: answer.applied, safe: answer.safe)
    }

    private func take(applied: UInt64, safe: UInt64) {
        self.applied = max(self.applied, applied)
        self.safe = max(self.safe, safe)
        forget()
    }

    /// Drops what is durable.
    private func forget() {
        var count = 0
        while count < next, kept[count].isAnswered, kept[count].last <= safe { count += 1 }
        guard count > 0 else { return }
        keptBytes -= kept[..<count].reduce(0) { $0 + $1.bytes }
        kept.removeFirst(count)
        dropped += count
        next -= count
    }

    /// Waits until the server has saved something.
    private func makeRoom() async throws {
        let before = keptBytes
        if !underWay.isEmpty || next < kept.count { try await settle() }
        if keptBytes == before { try await poll(save: true) }
        guard keptBytes == before else { return reportProgress() }
        await reportWait()
        try await recovery.pause(Limits.safePause)
    }

    /// Reports once why the feed is stalled: it retains what the server has not saved.
    private func reportWait() async {
        vainPolls += 1
        guard vainPolls >= Limits.quietPolls, !isWaitTold else { return }
        isWaitTold = true
        let health = (try? await server?.health()) ?? ""
        let reason = health.isEmpty || health == "ok" ? "" : "; it says: " + health
        recovery.log("waiting: the server has not saved what was sent" + reason)
    }

    private func reportProgress() {
        vainPolls = 0
        if isWaitTold { recovery.log("the server has saved it; going on") }
        isWaitTold = false
    }

    // MARK: - Another connection

    /// Whether another life on another connection can recover from it.
    private func isTemporary(_ error: ClientError) -> Bool {
        if case .server(let code, _, _) = error {
            return ["BUSY", "DISK_FULL", "GAP", "LOADING", "NOT_FOUND"].contains(code)
        }
        return error.isAboutTheConnection
    }

    /// Connects until that works, and continues with the first request that the server lacks.
    private func recover(from first: ClientError) async throws {
        var error = first
        await drain()
        recovery.log("\(error); trying again, what is not counted is sent again")
        while true {
            failedAttempts += 1
            if recovery.isStopped() || failedAttempts > recovery.attempts ?? .max { throw error }
            await server?.close()
            server = nil
            try await recovery.pause(Limits.reconnectPause(attempt: failedAttempts))
            do {
                let server = try await recovery.connect()
                self.server = server
                try await greet(server)
                break
            } catch let next as ClientError where isTemporary(next) {
                error = next
            }
        }
        recovery.log("connected again")
        next = kept.firstIndex { $0.last > applied || !$0.isAnswered } ?? kept.count
        declareLoss()
    }

    /// Takes the answers that still arrived: the other requests failed with the connection.
    private func drain() async {
        let tasks = underWay
        underWay = []
        for (request, task) in tasks {
            if let answer = try? await task.value { note(answer, of: request) }
        }
    }

    private func greet(_ server: FeedServer) async throws {
        try producer.beginLife()
        var request = Busyhour_V1_HelloRequest()
        (request.producer, request.epoch, request.counted) = (producer.bytes, producer.epoch, safe)
        let answer = try await server.hello(request)
        // After a crash it is less than before.
        (applied, safe) = (answer.applied, answer.safe)
        wantsLegs = answer.wantsLegs
        forget()
    }

    /// If the server has less than it reported as durable (its newest file is damaged), dropped rows cannot be sent
    /// again.
    private func declareLoss() {
        guard next < kept.count, var batch = kept[next].request.batch, batch.first > applied + 1 else { return }
        batch.lost = batch.first - applied - 1
        recovery.log("the server has lost what it had saved; \(batch.lost) rows' numbers cannot be sent again")
        kept[next].request.batch = batch
    }
}
