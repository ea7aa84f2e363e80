// From a CDR reader to the server: batches of calls or events, and what could not be read to the person and the server.

import CallEvents
import Feeds
import Terminal
import Wire

/// Calls or events as one request takes them.
enum CDRRequest: Equatable, Sendable {
    case calls(IngestCallsColumns)
    case events(IngestEventsColumns)
}

struct CDRSender {
    private let send: @Sendable (CDRRequest) async throws -> Busyhour_V1_IngestResponse
    private let showError: (String) throws -> Void
    private var pipe = RequestPipe()
    /// What the readers found: rows, rows that are no calls, errors.
    private var found = FeedSummary()
    private var shownErrors: UInt64 = 0
    /// Errors that the server was not told of yet.
    private var untoldErrors: [String: UInt64] = [:]
    /// What was taken over of the current reader's counters.
    private var taken = CDRCounters()

    /// - Parameters:
    ///   - send: sends a request, and hands it to the connection before it waits.
    ///   - showError: shows a line about a row.
    init(
        send: @escaping @Sendable (CDRRequest) async throws -> Busyhour_V1_IngestResponse,
        showError: @escaping (String) throws -> Void
    ) {
        self.send = send
        self.showError = showError
    }

    /// Sends what the reader has read, once there may be a full batch of it.
    /// - Parameter isAll: sends it in any case.
    mutating func send(_ reader: inout CDRReader, isAll: Bool) async throws {
        guard isAll || reader.counters.rows - taken.rows >= Limits.callsPerRequest else { return }
        for error in reader.takeErrors() where shownErrors < Limits.shownLineErrors {
            shownErrors += 1
            try showError(error.description)
        }
        takeOver(reader.counters)
        let records = reader.takeRecords()
        for range in Self.batches(records.count) { try await send(IngestCallsColumns(records, range)) }
        let events = reader.takeEvents()
        for range in Self.batches(events.count) {
            try await pipe.send { [send, request = CDRRequest.events(IngestEventsColumns(events, range))] in
                try await send(request)
            }
        }
    }

    /// What is sent from now on is of another reader.
    mutating func endReader() { taken = CDRCounters() }

    /// Waits until everything sent so far is counted.
    mutating func settle() async throws { try await pipe.finish() }

    /// Waits for all answers and tells what became of everything. The server learns of what could not be read.
    mutating func finish() async throws -> FeedSummary {
        if !untoldErrors.isEmpty { try await send(IngestCallsColumns()) }
        try await pipe.finish()
        if found.errors > shownErrors && shownErrors > 0 {
            try showError("\(Number.grouped(found.errors - shownErrors)) more rows could not be read")
        }
        var summary = pipe.summary
        // These two are of rows; what the server was sent of accounting rows are events, several a row.
        summary.read = 0
        summary.notCalls = 0
        return summary + found
    }

    var rows: UInt64 { found.read }

    private mutating func send(_ columns: IngestCallsColumns) async throws {
        var columns = columns
        columns.readerErrors = untoldErrors
        untoldErrors = [:]
        try await pipe.send { [send, request = CDRRequest.calls(columns)] in try await send(request) }
    }

    private mutating func takeOver(_ counters: CDRCounters) {
        found.read &+= UInt64(clamping: counters.rows - taken.rows)
        // Further rows of a call (a second carrier, a BYE) are no calls of their own.
        found.notCalls &+= UInt64(clamping: counters.notCalls - taken.notCalls + counters.continued - taken.continued)
        found.duplicates &+= UInt64(clamping: counters.duplicates - taken.duplicates)
        for (name, total) in counters.errorsByName {
            let times = UInt64(clamping: total - (taken.errorsByName[name] ?? 0))
            guard times > 0 else { continue }
            found.countError(name.rawValue, times: times)
            untoldErrors[name.rawValue, default: 0] &+= times
        }
        taken = counters
    }

    private static func batches(_ count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: Limits.callsPerRequest).map { $0..<min($0 + Limits.callsPerRequest, count) }
    }
}
