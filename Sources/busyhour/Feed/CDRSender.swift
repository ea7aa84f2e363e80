// From a CDR reader to the server: sends batches of calls or events, and reports unreadable rows to the user and the
// server.
//
// The number of a row is its position: the bytes of the earlier files, plus its own offset in its file, plus 1. So it
// is the same however often a file is read, and from wherever in it.

import CallEvents
import Feeds
import Terminal
import Wire

struct CDRSender {
    let link: ProducerLink
    /// Bytes of the files before the current one.
    private(set) var base: UInt64
    /// The server is to take the costs and nothing else.
    private let isCostsOnly: Bool
    private let showError: (String) throws -> Void
    /// The readers' counts: rows, rows that are not calls, errors.
    private var found = FeedSummary()
    private var oddRows = OddRowList()
    private var shownErrors: UInt64 = 0
    private var shownWarnings: UInt64 = 0
    /// Errors not reported to the server yet.
    private var untoldErrors: [String: UInt64] = [:]
    private var hasSentEvents = false
    /// The part of the current reader's counters that was taken over.
    private var taken = CDRCounters()

    /// - Parameters:
    ///   - link: open.
    ///   - base: numbers of the files before the first.
    ///   - isCostsOnly: the server is to take the costs and nothing else.
    ///   - showError: shows a line about a row.
    init(
        _ link: ProducerLink, base: UInt64 = 0, isCostsOnly: Bool = false,
        showError: @escaping (String) throws -> Void
    ) {
        self.link = link
        self.isCostsOnly = isCostsOnly
        self.base = base
        self.showError = showError
    }

    /// Sends what the reader has read, once it may fill a batch.
    /// - Parameter isAll: sends it in any case.
    mutating func send(_ reader: inout CDRReader, isAll: Bool) async throws {
        guard isAll || reader.counters.rows - taken.rows >= Limits.callsPerRequest else { return }
        for error in reader.takeErrors() where shownErrors < Limits.shownLineErrors {
            shownErrors += 1
            try showError(error.description)
        }
        for warning in reader.takeWarnings() where shownWarnings < Limits.shownLineErrors {
            shownWarnings += 1
            try showError(warning.description)
        }
        takeOver(reader.counters)
        let end = base + UInt64(clamping: reader.state.offset)
        let recordPlaces = RowPlaces(file: reader.file, lines: reader.recordLines)
        let (records, recordOffsets) = reader.takePlacedRecords()
        for batch in Self.batches(recordOffsets, base: base, end: end) {
            var columns = IngestCallsColumns(records, batch.rows)
            columns.money.isCostsOnly = isCostsOnly
            columns.readerErrors = untoldErrors
            untoldErrors = [:]
            try await send(.calls(columns), batch, recordPlaces)
        }
        let eventPlaces = RowPlaces(file: reader.file, lines: reader.eventLines)
        let (events, eventOffsets) = reader.takePlacedEvents()
        for batch in Self.batches(eventOffsets, base: base, end: end) {
            hasSentEvents = true
            try await send(.events(IngestEventsColumns(events, batch.rows)), batch, eventPlaces)
        }
        try oddRows.show(link.takeOddRows(), by: showError)
    }

    /// The next rows come from another reader, and the next file.
    mutating func endReader(_ reader: CDRReader) {
        endFile(reader)
        taken = CDRCounters()
    }

    /// The next rows come from the next file.
    mutating func endFile(_ reader: CDRReader) { base += UInt64(clamping: reader.state.offset) }

    /// Waits for all answers and returns the outcome of everything. Also reports unreadable rows to the server.
    mutating func finish() async throws -> FeedSummary {
        if !untoldErrors.isEmpty {
            var columns = IngestCallsColumns()
            columns.readerErrors = untoldErrors
            untoldErrors = [:]
            try await link.sendUnnumbered(.calls(columns))
        }
        try await link.settle()
        try oddRows.show(link.takeOddRows(), by: showError)
        try oddRows.finish(link.summary, by: showError)
        if found.errors > shownErrors && shownErrors > 0 {
            try showError("\(Number.grouped(found.errors - shownErrors)) more rows could not be read")
        }
        var summary = link.summary
        // These two count rows; the server was sent events of accounting rows, several per row. Legs sent to the server
        // that turn out not to be calls to a customer do not count as calls.
        summary.read = 0
        if hasSentEvents { summary.notCalls = 0 }
        return summary + found
    }

    var rows: UInt64 { found.read }

    /// Sends rows with the numbers after those sent before, up to the batch's last.
    private func send(_ request: FeedRequest, _ batch: Batch, _ places: RowPlaces) async throws {
        if batch.start > link.sent + 1 + Limits.numbersPerRequest {
            // A gigabyte without a call: offsets have 32 bits.
            try await link.send(.calls(IngestCallsColumns()), first: link.sent + 1, last: batch.start - 1)
        }
        // The first rows may have been counted in a former run: the server skips them.
        let first = min(link.sent + 1, batch.start)
        let offsets = batch.numbers.map { UInt32(clamping: $0 - first) }
        let lines = RowPlaces(file: places.file, lines: Array(places.lines[batch.rows]))
        try await link.send(request, first: first, last: batch.last, offsets: offsets, places: lines)
    }

    private mutating func takeOver(_ counters: CDRCounters) {
        found.read &+= UInt64(clamping: counters.rows - taken.rows)
        // Further rows of a call (a second carrier, a BYE) are not separate calls.
        found.notCalls &+= UInt64(clamping: counters.notCalls - taken.notCalls + counters.continued - taken.continued)
        found.duplicates &+= UInt64(clamping: counters.duplicates - taken.duplicates)
        for (name, total) in counters.errorsByName {
            let times = UInt64(clamping: total - (taken.errorsByName[name] ?? 0))
            guard times > 0 else { continue }
            found.countError(name.rawValue, times: times)
            untoldErrors[name.rawValue, default: 0] &+= times
        }
        for (name, total) in counters.notCallsByName {
            let times = UInt64(clamping: total - (taken.notCallsByName[name] ?? 0))
            if times > 0 { found.notCallsByName[name.rawValue, default: 0] &+= times }
        }
        for (name, total) in counters.warningsByName {
            let times = UInt64(clamping: total - (taken.warningsByName[name] ?? 0))
            if times > 0 { found.warningsByName[name.rawValue, default: 0] &+= times }
        }
        taken = counters
    }

    /// Rows of one request.
    struct Batch: Equatable {
        var rows: Range<Int>
        /// One per row, ascending.
        var numbers: [UInt64]
        /// The last number that the request covers.
        var last: UInt64
        /// The number of the first row.
        var start: UInt64 { numbers.first ?? last }
    }

    /// Rows by the thousand; those of one number stay together.
    /// - Parameters:
    ///   - offsets: of the rows, ascending.
    ///   - end: all rows up to this number are included or were sent before.
    static func batches(_ offsets: [Int64], base: UInt64, end: UInt64) -> [Batch] {
        let numbers = offsets.map { base + UInt64(clamping: $0) + 1 }
        var batches: [Batch] = []
        var start = 0
        while start < numbers.count {
            let highest = numbers[start] + Limits.numbersPerRequest
            var stop = start + 1
            while stop < numbers.count && numbers[stop] <= highest
                && (stop - start < Limits.callsPerRequest || numbers[stop] == numbers[stop - 1])
            {
                stop += 1
            }
            // The numbers from the last row to the next have no row.
            var last = stop < numbers.count ? numbers[stop] - 1 : end
            if last > highest { last = numbers[stop - 1] }
            batches.append(Batch(rows: start..<stop, numbers: Array(numbers[start..<stop]), last: last))
            start = stop
        }
        return batches
    }
}
