// Requests that bring calls: finished ones, live events. A batch of either is read in place in the
// frame, converted to the board's columns one column after the other, and counted at once.

import Board
import CallEvents
import NIOCore
import Store
import Wire

extension EngineHost {
    func ingestEvents(_ payload: ByteBuffer, now: Int64) throws(RequestError) -> Busyhour_V1_IngestResponse {
        do {
            try eventsColumns.read(payload)
        } catch {
            throw RequestError(.malformed, "\(error)")
        }
        let message = eventsColumns.batch
        try events.take(&eventsColumns)
        let rows = events.count
        let place = try admit(message, rows: rows, now: now)
        events.removeFirst(place?.known ?? 0)
        var summary = engine.ingest(events, now: now, isNumbered: place != nil)
        foldSoon()
        summary.duplicates += place?.known ?? 0
        count(FeedCounts(received: UInt64(rows)), and: summary, of: .rpc)
        var response = Busyhour_V1_IngestResponse(summary, read: UInt64(rows), known: place?.known ?? 0)
        note(place, now: now, in: &response)
        return response
    }

    func ingestCalls(_ payload: ByteBuffer, now: Int64) throws(RequestError) -> Busyhour_V1_IngestResponse {
        do {
            try callsColumns.read(payload)
        } catch {
            throw RequestError(.malformed, "\(error)")
        }
        let readerErrors = callsColumns.readerErrors
        let message = callsColumns.batch
        try calls.take(&callsColumns)
        let rows = calls.count
        let place = try admit(message, rows: rows, now: now)
        calls.removeFirst(place?.known ?? 0)
        var summary =
            try takesCosts
            ? ingestAndDebit(place, rows: rows, now: now)
            : engine.ingest(calls, now: now, isNumbered: place != nil)
        foldSoon()
        summary.duplicates += place?.known ?? 0
        var counts = FeedCounts(received: UInt64(rows))
        for (name, times) in place?.isKnown == true ? [:] : readerErrors {
            counts.received &+= times
            counts.countError(name, times: times)
        }
        count(counts, and: summary, of: .cdr)
        var response = Busyhour_V1_IngestResponse(summary, read: UInt64(rows), known: place?.known ?? 0)
        response.refusals = refusals(summary, known: place?.known ?? 0)
        note(place, now: now, in: &response)
        return response
    }

    /// Rows that were refused for their money, as texts.
    private func refusals(_ summary: IngestSummary, known: Int) -> [Busyhour_V1_RowRefusal] {
        summary.refusals.map { refusal in
            var message = Busyhour_V1_RowRefusal()
            message.row = refusal.row &+ UInt32(clamping: known)
            message.name = refusal.reason.rawValue
            message.message = refusal.text(engine.customer(id: refusal.customerID))
            return message
        }
    }

    /// Whether the calls that were read take something from credits.
    private var takesCosts: Bool {
        // A cost of 0 may be told of a call that had another.
        isDebiting && journal != nil && calls.costMicros.contains { $0 != CallRecordBatch.untoldCost }
    }

    /// Ingests the calls that were read, debits their costs from the customers' credit, and journals the debits.
    /// - Parameter rows: of the request; those counted before are no longer among the calls.
    private func ingestAndDebit(_ place: Place?, rows: Int, now: Int64) throws(RequestError) -> IngestSummary {
        // A call debits the customer of its party or, if it has a Call-ID, the one under which the call was observed.
        let most = calls.detail.isEmpty ? calls.parties.count : calls.count
        let customers = min(most, calls.count, engine.customerCount)
        try journal?.admit(bytes: DebitRecord.payloadBytes(customers: customers, reratings: customers))
        let costsSomething = calls.costMicros.contains { $0 > 0 }
        let debited = place.map { engine.rowsDebited($0.batch, rows: rows) - $0.known } ?? 0
        let (summary, debits) = engine.ingestAndDebit(calls, now: now, firstRow: debited, place: place?.batch)
        // One of a producer is kept even where it takes nothing, for it tells how far the producer is: unless nothing
        // costs anything.
        let tells = debits.producer != nil && costsSomething
        if tells || !debits.customerIDs.isEmpty || !debits.reratings.isEmpty {
            journal?.submit(EncodedRecord(debits), key: .none, atMicros: debits.takenAtMicros)
        }
        return summary
    }
}
