// Requests that bring calls: finished ones, live events. What a batch of either holds is read where it stands in the
// frame, changed into the board's columns one column after the other, and counted at once.

import Board
import CallEvents
import NIOCore
import Wire

extension EngineHost {
    func ingestEvents(_ payload: ByteBuffer, now: Int64) throws(RequestError) -> Busyhour_V1_IngestResponse {
        do {
            try eventsColumns.read(payload)
        } catch {
            throw RequestError(.malformed, "\(error)")
        }
        try events.take(&eventsColumns)
        let summary = engine.ingest(events, now: now)
        count(FeedCounts(received: UInt64(events.count)), and: summary, of: .rpc)
        return Busyhour_V1_IngestResponse(summary, read: UInt64(events.count))
    }

    func ingestCalls(_ payload: ByteBuffer, now: Int64) throws(RequestError) -> Busyhour_V1_IngestResponse {
        do {
            try callsColumns.read(payload)
        } catch {
            throw RequestError(.malformed, "\(error)")
        }
        let readerErrors = callsColumns.readerErrors
        try calls.take(&callsColumns)
        let summary = engine.ingest(calls, now: now)
        var counts = FeedCounts(received: UInt64(calls.count))
        for (name, times) in readerErrors {
            counts.received &+= times
            counts.countError(name, times: times)
        }
        count(counts, and: summary, of: .cdr)
        return Busyhour_V1_IngestResponse(summary, read: UInt64(calls.count))
    }
}
