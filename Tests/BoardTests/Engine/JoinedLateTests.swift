// Calls that were given up, and of which something is told afterwards: they count in no figure of those that were.

import CallEvents
import Testing

@testable import Board

@Suite struct JoinedLateTests {
    private let start: Int64 = 1_750_000_000_000_000
    private let engine = makeEngine(customers: 1, now: 1_750_000_000_000_000)

    private func observe(
        _ kind: CallEventKind, _ key: UInt64, after seconds: Int64, code: UInt16 = 0, callID: String = "",
        fromTag: UInt32 = 0
    ) -> IngestSummary {
        var batch = CallEventBatch()
        batch.parties = [Party(customerID: 1)]
        let micros = start + seconds * 1_000_000
        batch.append(kind, key: CallKey(high: 7, low: key), timeMicros: micros, party: 0, sequence: 1, code: code)
        if !callID.isEmpty { batch.describeLast(batch.details.append(CallDetails(callID: callID, fromTag: fromTag))) }
        return engine.ingest(batch, now: max(micros, engine.nowMicros))
    }

    private func count(_ name: String) throws -> Int64 {
        try engine.figures(name, .all, now: engine.nowMicros)[0]
    }

    /// The record of a call whose end, or every answer, was lost: told while the call is tracked, and long after.
    @Test(arguments: [false, true], [false, true]) func theRecordOfACallGivenUp(isAnswered: Bool, isForgotten: Bool)
        throws
    {
        _ = observe(.setup, 1, after: 0, callID: "a")
        if isAnswered { _ = observe(.answer, 1, after: 3, code: 200) }
        let given = start + (isAnswered ? 4 * 3_600 + 10 : 100) * 1_000_000
        engine.advance(now: given)
        let now = given + (isForgotten ? BoardLimits.tombstoneSeconds + 10 : 0) * 1_000_000
        var status = engine.status(now: now)
        #expect(status.timedOut == (isAnswered ? 1 : 0) && status.noResponse == (isAnswered ? 0 : 1))
        #expect(status.tombstones == (isForgotten ? 0 : 1) && status.activeCalls == 0)
        let summary = engine.feed([CostRow(1, cost: 5, callID: "a", at: start)], now: now)
        #expect(summary.joined == 1 && summary.calls == 0)
        status = engine.status(now: now)
        #expect(status.timedOut == 0 && status.noResponse == 0)
        #expect(try count("bids") == 1 && count("answered") == 1 && count("acd_n") == 1 && count("failed") == 0)
        // Told again it changes nothing.
        #expect(engine.feed([CostRow(1, cost: 5, callID: "a", at: start)], now: now).duplicates == 1)
        status = engine.status(now: now)
        #expect(status.timedOut == 0 && status.noResponse == 0 && status.activeCalls == 0)
    }

    /// Accounting rows of a call come before its own messages: one call, live once, whichever ends first.
    @Test(arguments: [false, true]) func accountingRowsFirst(rowsEndFirst: Bool) throws {
        #expect(observe(.setupUntimed, 1, after: 0, callID: "a").calls == 1)
        #expect(try count("active") == 1 && count("bids") == 1)
        #expect(observe(.setup, 2, after: 0, callID: "a", fromTag: 9).joined == 1)
        #expect(try count("active") == 1 && count("bids") == 1)
        _ = observe(.answer, 2, after: 3, code: 200)
        _ = observe(.answer, 1, after: 3, code: 200)
        #expect(try count("active") == 1 && count("answered") == 1 && count("pdd_n") == 1)
        for key in rowsEndFirst ? [1, 2] : [2, 1] as [UInt64] { _ = observe(.end, key, after: 63) }
        #expect(try count("active") == 0 && count("bids") == 1 && count("answered") == 1 && count("acd_n") == 1)
        #expect(engine.status(now: engine.nowMicros).activeCalls == 0)
        #expect(engine.state.recent.latest(customer: 0, count: 9).map(\.talkMilliseconds) == [60_000])
    }
}

/// What is taken back from a customer whose credentials prove wrong after all.
@Suite struct TakenBackTests {
    private let start: Int64 = 1_750_000_000_000_000

    /// The details stay with the call: when it is the customer's again, they are shown.
    @Test(arguments: [false, true]) func detailsStayWithTheCall(isOver: Bool) throws {
        let engine = makeEngine(customers: 1, now: start) { $0.auth = [.sip("alice")] }
        func send(
            _ kind: CallEventKind, _ seconds: Int64, _ sequence: UInt32 = 1, code: UInt16 = 0, isNamed: Bool = false
        ) {
            var batch = CallEventBatch()
            let proof = kind == .setup
            batch.parties = [
                Party(
                    source: IPAddress("203.0.113.66"), sipUser: "alice", hasCredentials: proof, userProof: .credentials)
            ]
            let micros = start + seconds * 1_000_000
            batch.append(
                kind, key: CallKey(high: 1, low: 9), timeMicros: micros, party: 0, sequence: sequence, code: code)
            if isNamed {
                batch.describeLast(batch.details.append(CallDetails(callID: "x", calling: "1", called: "4930")))
            }
            _ = engine.ingest(batch, now: max(micros, engine.nowMicros))
        }
        send(.setup, 0, isNamed: true)
        if isOver {
            // Busy, it seems; that it was refused before is heard later.
            send(.failure, 5, code: 486)
            #expect(engine.state.recent.latest(customer: 0, count: 9).map(\.details.called) == ["4930"])
        }
        send(.failure, 1, code: 401)
        #expect(try engine.figures("bids", .all, now: engine.nowMicros) == [0])
        #expect(engine.state.recent.latest(customer: 0, count: 9).isEmpty)
        send(.setup, 6, 2)
        let live = engine.liveCalls(customerID: 1, limit: 9, now: engine.nowMicros).calls
        #expect(live.map(\.details.called) == ["4930"] && live.map(\.details.callID) == ["x"])
        send(.answer, 8, 2, code: 200)
        send(.end, 20)
        let finished = engine.state.recent.latest(customer: 0, count: 9)
        #expect(finished.map(\.details.called) == ["4930"] && finished.map(\.talkMilliseconds) == [12_000])
    }
}
