// A request of any kind of feed, with the numbers of its rows.

import Client
import Wire

enum FeedRequest: Equatable, Sendable {
    case calls(IngestCallsColumns)
    case events(IngestEventsColumns)
    case hep(Busyhour_V1_IngestHEPRequest)

    var rows: Int {
        switch self {
        case .calls(let columns): columns.party.count
        case .events(let columns): columns.kind.count
        case .hep(let request): request.packets.count
        }
    }

    /// Approximate bytes in memory.
    var bytes: Int {
        switch self {
        case .calls, .events: 60 * rows
        case .hep(let request): request.packets.reduce(0) { $0 + $1.count + 48 }
        }
    }

    /// Nil: it has no numbers.
    var batch: Busyhour_V1_ProducerBatch? {
        get {
            switch self {
            case .calls(let columns): columns.batch
            case .events(let columns): columns.batch
            case .hep(let request): request.hasBatch ? request.batch : nil
            }
        }
        set {
            switch self {
            case .calls(var columns):
                columns.batch = newValue
                self = .calls(columns)
            case .events(var columns):
                columns.batch = newValue
                self = .events(columns)
            case .hep(var request):
                if let newValue { request.batch = newValue } else { request.clearBatch() }
                self = .hep(request)
            }
        }
    }
}

/// The server from a feed's view: the requests it may send on one connection.
struct FeedServer: Sendable {
    var hello: @Sendable (Busyhour_V1_HelloRequest) async throws -> Busyhour_V1_HelloResponse
    /// Passes the request to the connection before it waits for anything.
    var ingest: @Sendable (FeedRequest) async throws -> Busyhour_V1_IngestResponse
    var marks: @Sendable (Busyhour_V1_MarksRequest) async throws -> Busyhour_V1_MarksResponse
    var close: @Sendable () async -> Void
    /// The server's health: `ok`, or what is wrong.
    var health: @Sendable () async throws -> String
}

extension FeedServer {
    init(_ client: Client) {
        hello = { try await client.hello($0) }
        ingest = { request in
            switch request {
            case .calls(let columns): try await client.ingestCalls(columns)
            case .events(let columns): try await client.ingestEvents(columns)
            case .hep(let message): try await client.ingestHEP(message)
            }
        }
        marks = { try await client.marks($0) }
        close = { await client.close() }
        health = { try await client.status().health }
    }
}
