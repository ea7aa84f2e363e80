// Calls to customers, one by one.

import CallEvents
import Testing

@testable import Board

@Suite struct InboundTests {
    private let start: Int64 = 1_750_000_000_000_000

    private func engine(customers: Int = 2, to entries: [(String, Int)] = [("10.1.0.1", 1)]) throws -> Engine {
        let engine = Inbound.makeEngine(customers: customers, now: start)
        for (text, customer) in entries { try engine.setInbound(text, customer: customer) }
        return engine
    }

    private func observe(
        _ engine: Engine, _ kind: CallEventKind, key: UInt64, after seconds: Int64, from source: IPAddress,
        to destination: IPAddress, called: String? = nil, code: UInt16 = 0
    ) {
        let micros = start + seconds * 1_000_000
        _ = engine.ingest(
            CallEventBatch(kind, key: key, micros, from: source, to: destination, called: called, code: code),
            now: micros)
    }

    @Test func aCallOfOneCustomerToAnother() throws {
        let engine = try engine()
        let caller = IPAddress(v4: 0x0A00_0002)
        observe(engine, .setup, key: 1, after: 1, from: caller, to: Inbound.switchHost)
        observe(engine, .setup, key: 2, after: 1, from: Inbound.switchHost, to: Inbound.trunk(1))
        for key: UInt64 in [1, 2] {
            observe(engine, .ring, key: key, after: 2, from: caller, to: Inbound.switchHost)
            observe(engine, .answer, key: key, after: 3, from: caller, to: Inbound.switchHost, code: 200)
        }
        let now = start + 4_000_000
        for (name, called, calling) in [
            ("active", 1, 1), ("inbound_active", 1, 0), ("bids", 0, 1), ("attempts", 0, 1), ("answered", 0, 1),
            ("inbound_attempts", 1, 0), ("inbound_asr", 100, nil), ("inbound_asr_n", 1, 0), ("asr", nil, 100),
            ("pdd_n", 0, 1), ("cps_peak", 0, 1),
        ] as [(String, Int?, Int?)] {
            #expect(try engine.count(name, customer: 1, now: now) == called, "\(name) of who is called")
            #expect(try engine.count(name, customer: 2, now: now) == calling, "\(name) of who calls")
        }
        #expect(engine.status(now: now).activeCalls == 2 && engine.status(now: now).unattributed == 0)
        let live = engine.liveCalls(customerID: 0, limit: 10, now: now).calls
        #expect(live.map(\.isInbound).filter { $0 }.count == 1)
        for key: UInt64 in [1, 2] {
            observe(engine, .end, key: key, after: 63, from: caller, to: Inbound.switchHost)
        }
        let end = start + 64_000_000
        #expect(try engine.count("active", now: end) == 0 && engine.count("inbound_active", now: end) == 0)
        #expect(try engine.value("talk", .all, customer: 1, now: end) == 0)
        #expect(try engine.value("talk", .all, customer: 2, now: end) == 60)
        #expect(engine.customer(id: 1)?.lastCallMicros == 0 && engine.customer(id: 2)?.lastCallMicros != 0)
        var query = FinishedCallsQuery()
        query.filter = "direction = 'inbound'"
        let found = try engine.finishedCalls(query, now: end).answer().calls
        #expect(
            found.count == 1 && found[0].customerID == 1 && found[0].isInbound && found[0].talkMilliseconds == 60_000)
        query.filter = "direction = 'outbound' AND talk = 60"
        #expect(try engine.finishedCalls(query, now: end).answer().calls.map(\.customerID) == [2])
    }

    /// What each figure of `explain` is made of, and whose calls it shows.
    @Test func explained() throws {
        let engine = try engine()
        observe(engine, .setup, key: 1, after: 1, from: Inbound.switchHost, to: Inbound.trunk(1))
        observe(engine, .failure, key: 1, after: 2, from: Inbound.switchHost, to: Inbound.trunk(1), code: 486)
        observe(engine, .setup, key: 2, after: 3, from: IPAddress(v4: 0x0A00_0001), to: Inbound.switchHost)
        observe(engine, .failure, key: 2, after: 4, from: IPAddress(v4: 0x0A00_0001), to: Inbound.switchHost, code: 503)
        let now = start + 5_000_000
        let inbound = try #require(try engine.explain(metric: "inbound_asr", customerID: 1, window: .all, now: now))
        #expect(inbound.value == 0 && inbound.denominator == 1 && inbound.classes.isEmpty && inbound.codes.isEmpty)
        #expect(inbound.recent.map(\.code) == [486])
        let outbound = try #require(try engine.explain(metric: "asr", customerID: 1, window: .all, now: now))
        #expect(outbound.value == 0 && outbound.denominator == 1 && outbound.recent.map(\.code) == [503])
        #expect(outbound.codes.map(\.code) == [503])
        let active = try #require(try engine.explain(metric: "active", customerID: 1, window: .all, now: now))
        #expect(active.recent.map(\.code) == [503, 486])
    }

    @Test func aNumberOnALegThatOurSwitchSends() throws {
        let engine = try engine(to: [("442079460100-442079460199", 1)])
        // To us it comes from a carrier, and may go on to another host of ours: there it has not arrived.
        observe(engine, .setup, key: 1, after: 1, from: Inbound.carrier, to: Inbound.switchHost, called: "442079460170")
        observe(
            engine, .setup, key: 2, after: 1, from: Inbound.switchHost, to: Inbound.switchHost, called: "442079460170")
        observe(
            engine, .setup, key: 3, after: 1, from: Inbound.switchHost, to: Inbound.trunk(2), called: "+442079460170")
        observe(
            engine, .setup, key: 4, after: 1, from: Inbound.switchHost, to: Inbound.trunk(2), called: "442079460200")
        let now = start + 2_000_000
        #expect(try engine.count("inbound_active", now: now) == 1)
        #expect(try engine.count("active", customer: 2, now: now) == 0)
        #expect(engine.status(now: now).unattributed == 1)
    }

    /// No setting says which host is our switch: a host that calls a trunk is one.
    @Test func theSwitchIsLearntAndATrunkIsNone() throws {
        let engine = Inbound.makeEngine(customers: 2, now: start)
        try engine.setInbound("10.1.0.1", customer: 1)
        let other = IPAddress(v4: 0x0A09_0901)
        observe(engine, .setup, key: 1, after: 1, from: other, to: Inbound.trunk(1))
        #expect(engine.state.switches.contains(other) && !engine.state.nextHops.contains(Inbound.trunk(1)))
        let now = start + 2_000_000
        #expect(try engine.count("inbound_active", now: now) == 1)
        #expect(engine.status(now: now).unattributed == 0)
        // What comes from the trunk is no leg of ours, whatever host of ours it goes to.
        observe(engine, .setup, key: 2, after: 2, from: Inbound.trunk(1), to: IPAddress(v4: 0x0A09_0902))
        #expect(engine.status(now: now).unattributed == 1)
    }

    /// Entries that come and go change nothing for calls that are set up.
    @Test func aCallKeepsItsCustomer() throws {
        let engine = try engine(to: [])
        observe(engine, .setup, key: 1, after: 1, from: Inbound.switchHost, to: Inbound.trunk(1))
        try engine.setInbound("10.1.0.1", customer: 1)
        observe(engine, .setup, key: 1, after: 2, from: Inbound.switchHost, to: Inbound.trunk(1))
        observe(engine, .setup, key: 2, after: 2, from: Inbound.switchHost, to: Inbound.trunk(1))
        try engine.setInbound("10.1.0.1", customer: 1, isThere: false)
        observe(engine, .answer, key: 2, after: 3, from: Inbound.switchHost, to: Inbound.trunk(1), code: 200)
        let now = start + 4_000_000
        #expect(try engine.count("inbound_active", now: now) == 1 && engine.count("inbound_asr_n", now: now) == 1)
    }

    @Test func channelsInBothDirectionsAreWarnedOf() throws {
        let engine = try engine()
        for key: UInt64 in 1...9 {
            observe(engine, .setup, key: key, after: 1, from: Inbound.switchHost, to: Inbound.trunk(1))
        }
        observe(engine, .setup, key: 10, after: 1, from: IPAddress(v4: 0x0A00_0001), to: Inbound.switchHost)
        let now = start + 2_000_000
        engine.watchAll(now: now)
        let raised = engine.raisedWarnings(
            customerID: 0, kind: .channelsNearLimit, withMuted: false, limit: 10, now: now)
        #expect(raised.warnings.map(\.customerID) == [1] && raised.warnings.map(\.value) == [100])
        #expect(raised.warnings.map(\.reason) == ["10 of 10 channels (9 in, 1 out)"])
    }

    // MARK: - Records

    private func records(_ parties: [Party], cost: Int64 = 100_000) -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = PartyList(parties)
        for party in parties.indices {
            batch.party.append(UInt32(party))
            batch.setupMicros.append(start + 1_000_000)
            batch.ringMilliseconds.append(1_000)
            batch.answerMilliseconds.append(3_000)
            batch.endMilliseconds.append(63_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(200)
            batch.q850.append(16)
            batch.costMicros.append(cost)
            batch.key.append(CallKey(high: 7, low: UInt64(party)))
        }
        return batch
    }

    @Test func recordsTellTheirDirection() throws {
        let engine = try engine(to: [("10.1.0.1", 1), ("4420*", 1)])
        let now = start + 100_000_000
        let batch = records([
            // To its trunk, with its account.
            Party(destination: Inbound.trunk(1), account: "a1", direction: .switchLeg),
            // To its number, with the account of who calls: the call is its, the cost is not.
            Party(account: "a2", direction: .switchLeg, claims: PartyClaims(called: "442079460170")),
            // Neither: what the switch sends to a carrier.
            Party(destination: Inbound.carrier, account: "a1", direction: .switchLeg),
            // The row says so.
            Party(account: "a1", direction: .inbound),
            // It has no entries: as if nothing was told.
            Party(account: "a2", direction: .inbound),
            Party(account: "nobody", direction: .inbound),
            Party(account: "a1"),
        ])
        let summary = engine.ingestAndDebit(batch, now: now, firstRow: 0, place: nil).0
        #expect(summary.applied == 5 && summary.calls == 5 && summary.ignored == 1 && summary.unattributed == 1)
        for (name, first, second) in [
            ("inbound_attempts", 3, 0), ("inbound_asr_n", 3, 0), ("attempts", 1, 1), ("answered", 1, 1),
        ] {
            #expect(try engine.count(name, customer: 1, now: now) == first, "\(name)")
            #expect(try engine.count(name, customer: 2, now: now) == second, "\(name)")
        }
        #expect(try engine.value("cost", .all, customer: 1, now: now) == 300_000)
        #expect(engine.customer(id: 1)?.creditMicros == -300_000)
        #expect(engine.customer(id: 2)?.creditMicros == -100_000)
        var query = FinishedCallsQuery()
        query.customerID = 1
        let calls = try engine.finishedCalls(query, now: now).answer().calls
        #expect(calls.map(\.isInbound) == [false, true, true, true])
        #expect(calls.map(\.costMicros) == [100_000, 100_000, 0, 100_000])
        #expect(engine.ingest(batch, now: now).duplicates == 6)
    }
}
