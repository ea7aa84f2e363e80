import CallEvents
import Client
import Feeds
import Foundation
import Terminal
import Wire

/// Sends what a CDR reader has read, and tells of the rows that it could not read.
struct CDRSender {
    private let client: Client
    private var pipe = RequestPipe()
    /// What the readers found: rows, rows that are no calls, errors.
    private var read = FeedSummary()
    private var shownErrors = 0
    /// Errors not told to the server yet.
    private var untoldErrors: [String: UInt64] = [:]
    /// What was taken over of the current reader's counters.
    private var taken = CDRCounters()

    init(client: Client) {
        self.client = client
    }

    /// Sends what the reader has, in full batches, and the rest as well at the end of its file.
    mutating func send(_ reader: inout CDRReader, isEnd: Bool = false) async throws {
        for error in reader.takeErrors() where shownErrors < Limits.shownLineErrors {
            shownErrors += 1
            try OutputDevice.standardError.writeLine(VisibleText.clean(error.description))
        }
        count(reader.counters)
        if isEnd { taken = CDRCounters() }
        let records = reader.takeRecords()
        for range in CDRSender.batches(records.count) {
            try await send(IngestCallsColumns(records, range))
        }
        let events = reader.takeEvents()
        for range in CDRSender.batches(events.count) {
            let columns = IngestEventsColumns(events, range)
            let client = client
            try await pipe.send { try await client.ingestEvents(columns) }
        }
    }

    /// Waits for all answers. The server learns of what could not be read, for its status.
    mutating func finish() async throws -> FeedSummary {
        if !untoldErrors.isEmpty { try await send(IngestCallsColumns()) }
        try await pipe.finish()
        if read.errors > UInt64(shownErrors) {
            try OutputDevice.standardError.writeLine(
                "\(Number.grouped(read.errors - UInt64(shownErrors))) more rows could not be read")
        }
        var summary = pipe.summary
        // The server counts what it was sent; a row is a row of the file.
        summary.read = 0
        summary.errors = 0
        summary.errorsByName = [:]
        return summary + read
    }

    /// Waits until everything sent so far is counted.
    mutating func settle() async throws { try await pipe.finish() }

    private mutating func send(_ columns: IngestCallsColumns) async throws {
        var columns = columns
        columns.readerErrors = untoldErrors
        untoldErrors = [:]
        let client = client
        try await pipe.send { [columns] in try await client.ingestCalls(columns) }
    }

    private mutating func count(_ counters: CDRCounters) {
        read.read += UInt64(clamping: counters.rows - taken.rows)
        read.notCalls += UInt64(clamping: counters.notCalls - taken.notCalls + counters.continued - taken.continued)
        read.duplicates += UInt64(clamping: counters.duplicates - taken.duplicates)
        for (name, total) in counters.errorsByName {
            let new = UInt64(clamping: total - (taken.errorsByName[name] ?? 0))
            guard new > 0 else { continue }
            read.countError(name.rawValue, times: new)
            untoldErrors[name.rawValue, default: 0] += new
        }
        taken = counters
    }

    private static func batches(_ count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: Limits.callsPerRequest).map { $0..<min($0 + Limits.callsPerRequest, count) }
    }
}
