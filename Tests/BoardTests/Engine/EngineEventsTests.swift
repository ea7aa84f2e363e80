// Live events, case by case.

import CallEvents
import Testing

@testable import Board

@Suite struct EngineEventsTests {
    private let start: Int64 = 1_750_000_000_000_000
    private let key = CallKey(high: 9, low: 9)

    private func send(
        _ engine: Engine, _ kind: CallEventKind, after seconds: Double, sequence: UInt32 = 1, code: UInt16 = 0,
        party: Party = Party(source: IPAddress(v4: 0x0A00_0001)), relayed: Bool = false, key: CallKey? = nil
    ) -> IngestSummary {
        var batch = CallEventBatch()
        batch.parties = [party]
        let micros = start + Int64(seconds * 1_000_000)
        batch.append(
            kind, key: key ?? self.key, timeMicros: micros, party: 0, sequence: sequence, code: code, relayed: relayed)
        return engine.ingest(batch, now: micros)
    }

    @Test func aFollowedChallengeIsTheSameAttempt() throws {
        let engine = makeEngine(customers: 1, now: start)
        _ = send(engine, .setup, after: 0)
        _ = send(engine, .failure, after: 0.1, code: 407)
        #expect(try engine.value("causes.refused", .all, now: start + 200_000) == 1)
        _ = send(engine, .setup, after: 0.2, sequence: 2)
        #expect(try engine.value("causes.refused", .all, now: start + 300_000) == 0)
        #expect(try engine.value("active", .all, now: start + 300_000) == 1)
        _ = send(engine, .answer, after: 2, sequence: 2, code: 200)
        #expect(try engine.value("bids", .all, now: start + 3_000_000) == 1)
        #expect(try engine.value("asr", .all, now: start + 3_000_000) == 100)
        #expect(
            try engine.explain(metric: "asr", customerID: 1, window: .all, now: start + 3_000_000)?.codes.map(\.code)
                == [200])
    }

    @Test func onlyACallThatIsOverIsARecentOne() throws {
        let engine = makeEngine(customers: 1, now: start)
        func recent(_ after: Double) throws -> [FinishedCall] {
            let now = start + Int64(after * 1_000_000)
            let explanation = try engine.explain(metric: "asr", customerID: 1, window: .all, now: now)
            return try #require(explanation).recent
        }
        _ = send(engine, .setup, after: 0)
        _ = send(engine, .failure, after: 0.1, code: 407)
        #expect(try recent(0.15).map(\.code) == [407])
        // The caller follows the challenge.
        _ = send(engine, .setup, after: 0.2, sequence: 2)
        #expect(try recent(0.3).isEmpty)
        _ = send(engine, .answer, after: 2, sequence: 2, code: 200)
        _ = send(engine, .end, after: 12)
        #expect(try recent(13).map(\.talkMilliseconds) == [10_000])
        // The other side said goodbye a second earlier, as is heard late.
        _ = send(engine, .end, after: 11)
        #expect(try recent(14).map(\.talkMilliseconds) == [9_000])
    }

    @Test func aLostEndIsClosedAndEntersNoDuration() throws {
        let engine = makeEngine(customers: 1, now: start)
        _ = send(engine, .setup, after: 0)
        _ = send(engine, .answer, after: 1, code: 200)
        let later = start + 4 * 3_600_000_000 + 2_000_000
        #expect(try engine.value("active", .all, now: later - 3_000_000) == 1)
        #expect(try engine.value("active", .all, now: later) == 0)
        #expect(try engine.value("acd_n", .all, now: later) == 0)
        #expect(engine.status(now: later).timedOut == 1)
        // The end comes after all: what was assumed is taken back.
        _ = send(engine, .end, after: 4 * 3_600 + 60)
        #expect(try engine.value("acd_n", .all, now: later + 120_000_000) == 1)
        #expect(engine.status(now: later + 120_000_000).timedOut == 0)
    }

    @Test func anotherLegIsNotACall() throws {
        let engine = makeEngine(customers: 1, now: start)
        let customer = try #require(IPAddress("10.0.0.1"))
        let proxy = try #require(IPAddress("192.0.2.1"))
        let carrier = try #require(IPAddress("198.51.100.1"))
        let other = CallKey(high: 1, low: 1)
        // The far leg came first: the proxy is unknown still, and forgotten as a source once it is learnt.
        _ = send(engine, .setup, after: 0, party: Party(source: proxy, destination: carrier), key: other)
        #expect(engine.status(now: start).unattributed == 1)
        _ = send(engine, .setup, after: 0.1, party: Party(source: customer, destination: proxy))
        let status = engine.status(now: start + 200_000)
        #expect(status.unattributed == 0 && status.unattributedSources.isEmpty)
        let third = send(
            engine, .setup, after: 0.3, party: Party(source: proxy, destination: carrier), key: CallKey(high: 2, low: 2)
        )
        #expect(third.ignored == 1 && third.unattributed == 0)
        #expect(try engine.value("bids", .all, now: start + 400_000) == 1)
    }

    /// A second node gives the call another Call-ID; a carrier's own calls come to our switches.
    @Test func aNodeBehindTheSwitchIsNoUnknownSource() throws {
        let engine = makeEngine(customers: 1, now: start)
        let hosts = try (1...4).map { try #require(IPAddress($0 == 1 ? "10.0.0.1" : "192.0.2.\($0)")) }
        for (index, hop) in [(0, 1), (1, 2), (2, 3), (3, 1)].enumerated() {
            _ = send(
                engine, .setup, after: Double(index), party: Party(source: hosts[hop.0], destination: hosts[hop.1]),
                key: CallKey(high: 1, low: UInt64(index + 1)))
        }
        let status = engine.status(now: start + 5_000_000)
        #expect(status.unattributedSources.map(\.source) == ["192.0.2.4"])
        #expect(try engine.value("bids", .all, now: start + 5_000_000) == 1)
    }

    @Test func credentialsOfTheSecondInviteTellWhose() throws {
        let engine = makeEngine(customers: 1, now: start) { $0.auth = [.sip("alice")] }
        let source = IPAddress("203.0.113.9")
        _ = send(engine, .setup, after: 0, party: Party(source: source))
        #expect(engine.status(now: start).unattributed == 1)
        let second = send(engine, .setup, after: 1, sequence: 2, party: Party(source: source, sipUser: "alice"))
        #expect(second.calls == 1 && engine.status(now: start + 1_000_000).unattributed == 0)
        #expect(try engine.value("bids", .all, now: start + 1_000_000) == 1)
    }

    @Test func aForgottenCallIsStillKnownByItsKey() throws {
        let engine = makeEngine(customers: 1, now: start)
        _ = send(engine, .setup, after: 0)
        _ = send(engine, .failure, after: 1, code: 486)
        let muchLater = send(engine, .setup, after: 5_000)
        #expect(muchLater.duplicates == 1 && muchLater.calls == 0)
        #expect(try engine.value("bids", .all, now: start + 5_001_000_000) == 1)
    }

    @Test func brokenEventsAreRefused() {
        let engine = makeEngine(customers: 1, now: start)
        var batch = CallEventBatch()
        batch.append(.setup, key: key, timeMicros: start, party: 3)
        batch.append(.setup, key: key, timeMicros: -1, party: 0)
        batch.append(.ring, key: .none, timeMicros: start)
        batch.append(.ring, key: key, timeMicros: .max)
        #expect(engine.ingest(batch, now: start).invalid == 4)
        batch.code.removeLast()
        #expect(engine.ingest(batch, now: start).invalid == 4)
        #expect(send(engine, .setup, after: 0).calls == 1)
    }
}
