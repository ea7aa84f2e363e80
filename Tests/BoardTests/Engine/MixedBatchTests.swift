// Batches that are plain up to some row: what is not plain anywhere changes nothing for the others.

import CallEvents
import Testing

@testable import Board

@Suite struct MixedBatchTests {
    private let start: Int64 = 1_763_800_000_000_000
    private static let rows = 2 * RecordBlock.capacity + 90
    /// First and last rows of blocks.
    private static let places = [0, 1, 255, 256, 257, 511, 512, 513, rows - 1]

    /// Calls of a customer with ascending set-ups, without keys, costs and details.
    private func batch() -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = [Party(customerID: 1), Party(customerID: 99)]
        for row in 0..<Self.rows {
            batch.party.append(0)
            batch.setupMicros.append(start + Int64(row) * 1_000)
            batch.ringMilliseconds.append(500)
            batch.answerMilliseconds.append(1_000)
            batch.endMilliseconds.append(9_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(200)
            batch.q850.append(0)
        }
        return batch
    }

    private func finished(_ engine: Engine) -> [Int64] {
        var setups: [Int64] = []
        engine.state.recent.forEachOldest { setups.append($0.call($1, engine.state.outcomeCodes).setupMicros) }
        return setups
    }

    private enum Oddity: CaseIterable { case invalid, future, late, nobodys }

    @Test(arguments: places) func oneOddRow(place: Int) throws {
        for oddity in Oddity.allCases {
            let engine = makeEngine(customers: 1, now: start)
            var batch = batch()
            switch oddity {
            case .invalid: batch.endMilliseconds[place] = 10
            case .future: batch.setupMicros[place] = start + 600_000_000
            case .late: batch.setupMicros[place] = start - 90_000_000_000
            case .nobodys: batch.party[place] = 1
            }
            let now = start + 60_000_000
            let summary = engine.ingest(batch, now: now)
            let counts = [summary.invalid, summary.future, summary.late, summary.unattributed]
            #expect(counts == Oddity.allCases.map { $0 == oddity ? 1 : 0 }, "\(oddity)")
            let isCall = oddity == .late
            #expect(summary.calls == Self.rows - (isCall ? 0 : 1) && summary.applied == summary.calls)
            let rows = [summary.lateRows, summary.futureRows, summary.unattributedRows].joined().map(Int.init)
            #expect(rows == (oddity == .invalid ? [] : [place]), "\(oddity)")
            var expected = batch.setupMicros
            if !isCall { expected.remove(at: place) }
            #expect(finished(engine) == expected, "\(oddity)")
            #expect(try engine.figures("bids", .all, now: now) == [Int64(expected.count)])
            #expect(try engine.figures("bids", .oneHour, now: now) == [Int64(Self.rows - 1)])
            #expect(engine.status(now: now).finishedCalls == expected.count)
        }
    }

    @Test func noneOdd() {
        let engine = makeEngine(customers: 1, now: start)
        let batch = batch()
        #expect(engine.ingest(batch, now: start + 60_000_000).calls == Self.rows)
        #expect(finished(engine) == batch.setupMicros)
    }
}
