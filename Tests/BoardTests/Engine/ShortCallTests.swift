// A call is short up to its customer's limit, by whatever way it comes, with the talk time rounded to milliseconds.

import CallEvents
import Testing

@testable import Board

@Suite struct ShortCallTests {
    private let start: Int64 = 1_750_000_000_000_000
    private static let offsets: [Int64] = [-1_000, -501, -500, -1, 0, 499, 500, 501, 1_000]

    private func events(_ order: [CallEventKind], talkMicros: Int64) -> [CallEventBatch] {
        order.map { kind in
            var batch = CallEventBatch()
            batch.parties = [Party(customerID: 1)]
            let micros = start + (kind == .setup ? 0 : kind == .answer ? 1_000_000 : 1_000_000 + talkMicros)
            batch.append(kind, key: CallKey(high: 1, low: 1), timeMicros: micros, party: 0, sequence: 1, code: 200)
            return batch
        }
    }

    private func record(talkMilliseconds: UInt32) -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = [Party(customerID: 1)]
        batch.party = [0]
        batch.setupMicros = [start]
        batch.ringMilliseconds = [500]
        batch.answerMilliseconds = [1_000]
        batch.endMilliseconds = [1_000 + talkMilliseconds]
        batch.talkMilliseconds = [CallRecordBatch.never]
        batch.code = [200]
        batch.q850 = [0]
        return batch
    }

    private func short(_ engine: Engine, now: Int64) -> Int64 {
        engine.advance(now: now)
        var tally = MetricTally()
        engine.load(0, .all, into: &tally)
        #expect(tally[.talked] == 1)
        return tally[.short]
    }

    @Test(arguments: [0, 1, 10] as [UInt32]) func upToTheLimit(ownSeconds: UInt32) {
        let limit = Int64(ownSeconds == 0 ? 6 : ownSeconds) * 1_000
        let now = start + 60_000_000
        for offset in Self.offsets {
            let talk = limit * 1_000 + offset
            let isShort: Int64 = offset < 500 ? 1 : 0
            for order in [
                [CallEventKind.setup, .answer, .end], [.setup, .end, .answer], [.end, .answer, .setup],
            ] {
                let engine = makeEngine(customers: 1, now: start) { $0.shortCallSeconds = ownSeconds }
                for batch in events(order, talkMicros: talk) { _ = engine.ingest(batch, now: now) }
                #expect(short(engine, now: now) == isShort, "\(offset) us, \(order)")
            }
        }
        for offset in [-1, 0, 1] as [Int64] {
            let batch = record(talkMilliseconds: UInt32(limit + offset))
            var keyed = batch
            keyed.key = [CallKey(high: 1, low: 1)]
            for batch in [batch, keyed] {
                let engine = makeEngine(customers: 1, now: start) { $0.shortCallSeconds = ownSeconds }
                _ = engine.ingest(batch, now: now)
                #expect(short(engine, now: now) == (offset <= 0 ? 1 : 0), "\(offset) ms")
            }
        }
    }
}
