// Finished calls: windows by set-up, outcome and end; duplicates, late and future ones, broken ones, costs.

import CallEvents
import Testing

@testable import Board

@Suite struct EngineRecordsTests {
    private let start: Int64 = 1_750_000_000_000_000

    private func batch(_ calls: [(setup: Int64, ring: UInt32, answer: UInt32, end: UInt32, code: UInt16, key: UInt64)])
        -> CallRecordBatch
    {
        var batch = CallRecordBatch()
        batch.parties = [Party(source: IPAddress(v4: 0x0A00_0001))]
        for call in calls {
            batch.party.append(0)
            batch.setupMicros.append(call.setup)
            batch.ringMilliseconds.append(call.ring)
            batch.answerMilliseconds.append(call.answer)
            batch.endMilliseconds.append(call.end)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(call.code)
            batch.q850.append(0)
            batch.key.append(call.key == 0 ? .none : CallKey(high: 3, low: call.key))
        }
        return batch
    }

    private let never = CallRecordBatch.never

    @Test func eachTimePutsItsFigureIntoItsWindow() throws {
        let engine = makeEngine(customers: 1, now: start)
        let now = start + 400_000_000
        // Set up 200 s ago, answered 195 s ago, ended 10 s ago.
        let summary = engine.ingest(batch([(now - 200_000_000, 2_000, 5_000, 190_000, 200, 1)]), now: now)
        #expect(summary.calls == 1 && summary.applied == 1 && summary.late == 0)
        #expect(try engine.value("bids", .oneMinute, now: now) == 0)
        #expect(try engine.value("bids", .fiveMinutes, now: now) == 1)
        #expect(try engine.value("asr", .oneMinute, now: now) == nil)
        #expect(try engine.value("asr", .fiveMinutes, now: now) == 100)
        #expect(try engine.value("acd", .oneMinute, now: now) == 185)
        #expect(try engine.value("pdd", .fiveMinutes, now: now) == 2_000)
    }

    @Test func twiceDeliveredIsOnce() throws {
        let engine = makeEngine(customers: 1, now: start)
        let calls = batch([
            (start, never, never, 3_000, 486, 7), (start, never, never, 3_000, 486, 7),
            (start, never, never, 3_000, 486, 0),
        ])
        let first = engine.ingest(calls, now: start + 5_000_000)
        #expect(first.calls == 2 && first.duplicates == 1)
        let second = engine.ingest(calls, now: start + 6_000_000)
        // Without an identity the engine cannot tell that it is the same call.
        #expect(second.calls == 1 && second.duplicates == 2)
        #expect(try engine.value("bids", .all, now: start + 7_000_000) == 3)
    }

    @Test func lateEntersOnlyAllAndFutureNothing() throws {
        let engine = makeEngine(customers: 1, now: start)
        let old = start - 90_000_000_000
        let summary = engine.ingest(
            batch([(old, never, never, 1_000, 404, 1), (start + 60_000_000, never, never, 0, 404, 2)]), now: start)
        #expect(summary.late == 1 && summary.calls == 1 && summary.future == 1)
        for window in Window.sliding { #expect(try engine.value("bids", window, now: start) == 0) }
        #expect(try engine.value("causes.bad_number", .all, now: start) == 1)
        let status = engine.status(now: start)
        #expect(status.late == 1 && status.future == 1)
        #expect(try engine.explain(metric: "asr", customerID: 1, window: .all, now: start)?.codes.map(\.code) == [404])
    }

    /// Live calls and set-ups of the last second are not known of a customer whose calls come when they are over.
    @Test func explainSaysWhatRecordsDoNotTell() throws {
        let engine = makeEngine(customers: 2, now: start)
        let now = start + 400_000_000
        func note(_ metric: String, of customer: UInt32 = 1) throws -> String {
            try engine.explain(metric: metric, customerID: customer, window: .fifteenMinutes, now: now)?.countedAt ?? ""
        }
        #expect(try note("active") == "now (a gauge)")
        _ = engine.ingest(batch([(now - 200_000_000, 2_000, 5_000, 190_000, 200, 1)]), now: now)
        #expect(
            try note("active")
                == "now (a gauge); the latest calls came as CDRs, after they had ended: live calls are not known")
        #expect(try note("cps").hasSuffix("their set-ups are past when they are told"))
        for metric in ["asr", "cps_peak", "attempts", "acd"] {
            #expect(try !note(metric).contains("CDRs"), "\(metric)")
        }
        #expect(try note("active", of: 2) == "now (a gauge)")
        // One that is heard live is known.
        var events = CallEventBatch()
        events.parties = PartyList([Party(source: IPAddress(v4: 0x0A00_0001))])
        let key = CallKey(high: 9, low: 1)
        events.append(.setup, key: key, timeMicros: now, party: 0, sequence: 1)
        events.append(.failure, key: key, timeMicros: now + 1_000, sequence: 1, code: 486)
        _ = engine.ingest(events, now: now + 2_000)
        #expect(try note("active") == "now (a gauge)")
    }

    @Test func brokenRecordsAreRefused() {
        let engine = makeEngine(customers: 1, now: start)
        let summary = engine.ingest(
            batch([
                (0, never, never, 1, 200, 1), (-5, never, never, 1, 200, 2), (start, never, 10, 5, 200, 3),
                (.max, never, never, 5, 200, 4), (start, never, never, .max, 200, 5),
            ]), now: start + 10_000_000)
        #expect(summary.invalid == 5 && summary.calls == 0)
        var uneven = batch([(start, never, never, 1, 200, 6)])
        uneven.code = []
        #expect(engine.ingest(uneven, now: start).invalid == 1)
        var astray = batch([(start, never, never, 1, 200, 7)])
        astray.party = [9]
        #expect(engine.ingest(astray, now: start).invalid == 1)
    }

    @Test func unknownRingingGivesNoDelay() throws {
        let engine = makeEngine(customers: 1, now: start)
        _ = engine.ingest(
            batch([(start, CallRecordBatch.unknown, 4_000, 9_000, 200, 1), (start, never, 4_000, 9_000, 200, 2)]),
            now: start + 10_000_000)
        #expect(try engine.value("pdd_n", .all, now: start + 10_000_000) == 1)
        #expect(try engine.value("pdd", .all, now: start + 10_000_000) == 4_000)
    }

    @Test func costsAddUpByCurrencyAndLeaveWithTheirWindow() throws {
        let engine = makeEngine(customers: 2, now: start) { $0.currency = $0.name == "C1" ? "USD" : "EUR" }
        var calls = CallRecordBatch()
        calls.parties = [Party(customerID: 1), Party(customerID: 2)]
        for index in 0..<4 {
            calls.party.append(UInt32(index % 2))
            calls.setupMicros.append(start)
            calls.ringMilliseconds.append(never)
            calls.answerMilliseconds.append(0)
            calls.endMilliseconds.append(1_000)
            calls.talkMilliseconds.append(never)
            calls.code.append(200)
            calls.q850.append(0)
            calls.costMicros.append(Int64(1_500_000 + index))
        }
        _ = engine.ingest(calls, now: start + 2_000_000)
        var query = BoardQuery()
        query.columns = ["cost"]
        query.window = .oneMinute
        let answer = try engine.board(query, now: start + 2_000_000)
        #expect(answer.columns[0].values == .money([3_000_002, 3_000_004]))
        #expect(answer.totalMoney.map(\.currency) == ["EUR", "USD"])
        #expect(answer.totalMoney.map(\.micros) == [3_000_004, 3_000_002])
        let later = try engine.board(query, now: start + 100_000_000)
        #expect(later.columns[0].values == .money([0, 0]))
    }

    @Test func peaksOfCallsInAnyOrder() throws {
        let engine = makeEngine(customers: 1, now: start)
        // Twenty set-ups in one second, told as the calls end, with others between them.
        for index in 0..<20 {
            let lateness = Int64(index) * 7_000_000
            let setup = start + 3_000_000 + Int64(index) * 40_000
            _ = engine.ingest(
                batch([(setup, never, 1_000, UInt32(lateness / 1_000 + 2_000), 200, UInt64(index + 1))]),
                now: setup + lateness + 2_000_000)
            _ = engine.ingest(
                batch([(setup + lateness, never, never, 10, 486, UInt64(index + 100))]),
                now: setup + lateness + 2_000_000)
        }
        #expect(try engine.value("cps_peak", .oneMinute, now: start + 150_000_000) == 1)
        #expect(try engine.value("cps_peak", .all, now: start + 200_000_000) == 21)
        #expect(try engine.value("cps_peak", .oneMinute, now: start + 200_000_000) == 0)
    }
}
