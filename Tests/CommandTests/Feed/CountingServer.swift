import CallEvents
import Client
import Synchronization
import Wire

@testable import busyhour

/// A server that counts every call the first time it sees its key, and keeps the rules of numbers: what was counted is
/// left out, gaps are refused, lower epochs are shut out. What it has counted is safe only when it says so, and the
/// rest is lost when it crashes.
final class CountingServer: Sendable {
    fileprivate struct State {
        var requests: [FeedRequest] = []
        var keys: Set<UInt64> = []
        /// By number: the setup of each call or the kind of each event that was counted, and the packets.
        var rows: [UInt64: [Int64]] = [:]
        var epoch: UInt64 = 0
        var applied: UInt64 = 0
        var safe: UInt64 = 0
        var safeKeys: Set<UInt64> = []
        var savesAtOnce = true
        var lives: UInt64 = 0
        var failures: [ClientError] = []
        /// The answers to come that are lost on their way.
        var lostAnswers = 0
        /// Numbers that feeds have declared as lost.
        var lost: [UInt64] = []
        var hello: [Busyhour_V1_HelloRequest] = []
        var isEnded = false
        /// What it says of itself; it saves nothing while that is not `ok`.
        var health = "ok"
    }

    private let state = Mutex(State())

    /// - Parameter savesAtOnce: all that is counted is safe.
    init(savesAtOnce: Bool = true) { state.withLock { $0.savesAtOnce = savesAtOnce } }

    var requests: [FeedRequest] { state.withLock { $0.requests } }
    /// Rows that were counted, by number.
    var rows: [UInt64: [Int64]] { state.withLock { $0.rows } }
    var applied: UInt64 { state.withLock { $0.applied } }
    var greetings: [Busyhour_V1_HelloRequest] { state.withLock { $0.hello } }
    var isEnded: Bool { state.withLock { $0.isEnded } }

    var calls: [IngestCallsColumns] {
        requests.compactMap { if case .calls(let columns) = $0 { columns } else { nil } }
    }

    var lost: [UInt64] { state.withLock { $0.lost } }

    /// The next answer of any kind is this, and nothing was done.
    func fail(_ error: ClientError) { state.withLock { $0.failures.append(error) } }

    /// The next answers of any kind do not arrive: what was asked for was done.
    func loseAnswers(_ count: Int) { state.withLock { $0.lostAnswers += count } }

    func save() {
        state.withLock { state in
            state.safe = state.applied
            state.safeKeys = state.keys
        }
    }

    /// What was saved is damaged: what an older file has is left.
    func forget(behind number: UInt64) {
        state.withLock { state in
            (state.applied, state.safe) = (number, number)
            state.rows = state.rows.filter { $0.key <= number }
        }
    }

    func become(_ health: String) { state.withLock { $0.health = health } }

    /// Everything is as it was when it was saved last.
    func crash() {
        state.withLock { state in
            state.applied = state.safe
            state.keys = state.safeKeys
            let safe = state.safe
            state.rows = state.rows.filter { $0.key <= safe }
        }
    }

    /// One connection to it.
    var server: FeedServer {
        FeedServer(
            hello: { try self.onTheWay(try self.greet($0)) }, ingest: { try self.onTheWay(try self.take($0)) },
            marks: { try self.onTheWay(try self.marks($0)) }, close: {},
            health: { self.state.withLock { $0.health } })
    }

    /// The answer, if it is not lost.
    private func onTheWay<Answer>(_ answer: Answer) throws -> Answer {
        let isLost = state.withLock { state in
            defer { state.lostAnswers = max(0, state.lostAnswers - 1) }
            return state.lostAnswers > 0
        }
        if isLost { throw ClientError.connectionLost(address: "a", reason: "gone") }
        return answer
    }

    private func greet(_ request: Busyhour_V1_HelloRequest) throws -> Busyhour_V1_HelloResponse {
        try state.withLock { state in
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            state.hello.append(request)
            guard request.epoch > state.epoch else { throw Self.refusal("FENCED") }
            var response = Busyhour_V1_HelloResponse()
            response.known = state.epoch > 0
            if !response.known { (state.applied, state.safe) = (request.counted, request.counted) }
            state.epoch = request.epoch
            (response.applied, response.safe) = (state.applied, state.safe)
            return response
        }
    }

    private func marks(_ request: Busyhour_V1_MarksRequest) throws -> Busyhour_V1_MarksResponse {
        try state.withLock { state in
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            if request.save && state.health == "ok" {
                state.safe = state.applied
                state.safeKeys = state.keys
            }
            if request.end { state.isEnded = true }
            var response = Busyhour_V1_MarksResponse()
            (response.applied, response.safe) = (state.applied, state.safe)
            return response
        }
    }

    private func take(_ request: FeedRequest) throws -> Busyhour_V1_IngestResponse {
        try state.withLock { state in
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            var response = Busyhour_V1_IngestResponse()
            response.read = UInt64(request.rows)
            if let message = request.batch {
                guard message.epoch == state.epoch else { throw Self.refusal("FENCED") }
                let batch = ProducerBatch(
                    producer: ProducerID(message.producer) ?? .random(), epoch: message.epoch, first: message.first,
                    last: message.last, offsets: message.offsets, lost: message.lost)
                if let fault = batch.fault(rows: request.rows) { throw Self.refusal("INVALID_ARGUMENT", fault) }
                guard batch.first - batch.lost <= state.applied + 1 else { throw Self.refusal("GAP") }
                if batch.lost > 0 { state.lost.append(batch.lost) }
                let known = batch.rows(through: state.applied, of: request.rows)
                response.duplicates += UInt64(known)
                for row in known..<request.rows {
                    let number = batch.first + UInt64(batch.offsets.isEmpty ? UInt32(row) : batch.offsets[row])
                    state.count(row, of: request, number: number, &response)
                }
                state.applied = max(state.applied, batch.last)
                if state.savesAtOnce { state.safe = state.applied }
                if known < request.rows || request.rows == 0 { state.requests.append(request) }
            } else {
                state.requests.append(request)
            }
            (response.applied, response.safe) = (state.applied, state.safe)
            return response
        }
    }

    private static func refusal(_ code: String, _ message: String = "") -> ClientError {
        .server(code: code, message: message, details: [:])
    }
}

extension CountingServer.State {
    fileprivate mutating func count(
        _ row: Int, of request: FeedRequest, number: UInt64, _ response: inout Busyhour_V1_IngestResponse
    ) {
        switch request {
        case .calls(let columns):
            // Zeros are no key.
            if !columns.keyLow.isEmpty, columns.keyLow[row] != 0, !keys.insert(columns.keyLow[row]).inserted {
                response.duplicates += 1
                return
            }
            response.calls += 1
            rows[number, default: []].append(columns.setupMicros[row])
        case .events(let columns): rows[number, default: []].append(Int64(columns.kind[row]))
        case .hep(let message): rows[number, default: []].append(Int64(message.packets[row].count))
        }
    }
}

extension ProducerLink {
    /// A link to a server of a test, open. No time passes.
    static func open(
        to server: CountingServer, producer: FeedProducer = .passing(), counted: UInt64 = 0, attempts: Int? = 5
    ) async throws -> ProducerLink {
        let link = ProducerLink(
            producer, recovery: .init(connect: { server.server }, pause: { _ in }, attempts: attempts))
        try await link.open(server.server, counted: counted)
        return link
    }
}
