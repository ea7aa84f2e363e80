// Calls that can be found on the switch: details from set-up to the end, their masks, and questions for them.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct FinishedCallsTests {
    private static let now: Int64 = 1_000_000_000_000_000

    private static func details(_ number: Int) -> CallDetails {
        CallDetails(
            callID: "call-\(number)@gw", calling: "4930\(number)", called: "4420\(number)",
            source: IPAddress(v4: 0x0A00_0001), destination: IPAddress(v4: 0x0A00_0005))
    }

    /// The set-up of a call of customer 1, and what follows.
    private static func observe(
        _ engine: Engine, _ number: Int, _ kind: CallEventKind, after seconds: Int64 = 0, sequence: UInt32 = 1,
        code: UInt16 = 0, reason: String = "", details: CallDetails? = nil
    ) {
        var batch = CallEventBatch()
        batch.parties = [Party(customerID: 1)]
        batch.append(
            kind, key: CallKey(high: 1, low: UInt64(number)), timeMicros: now + seconds * 1_000_000,
            party: kind == .setup ? 0 : CallEventBatch.noParty, sequence: sequence, code: code)
        if let details { batch.describeLast(batch.details.append(details)) }
        if !reason.isEmpty { batch.describeLast(batch.details.append(CallDetails(reason: reason))) }
        _ = engine.ingest(batch, now: now + seconds * 1_000_000)
    }

    private static func found(_ engine: Engine, _ filter: String = "", limit: Int = 50) throws -> [FinishedCall] {
        var query = FinishedCallsQuery()
        (query.filter, query.limit) = (filter, limit)
        return try engine.finishedCalls(query, now: now + 4_000_000).answer().calls
    }

    @Test func detailsGoWithTheCallFromItsSetUpToItsEnd() throws {
        let engine = makeEngine(customers: 1, now: Self.now)
        Self.observe(engine, 1, .setup, details: Self.details(1))
        Self.observe(engine, 2, .setup)
        let live = engine.liveCalls(customerID: 0, limit: 10, now: Self.now).calls
        #expect(live.map(\.details.callID).sorted() == ["", "call-1@gw"])
        Self.observe(engine, 1, .failure, after: 1, code: 503, reason: "Service Unavailable")
        Self.observe(engine, 2, .failure, after: 2, code: 486)
        let calls = try Self.found(engine)
        #expect(calls.map(\.code) == [486, 503])
        #expect(calls.map(\.details.reason) == ["", "Service Unavailable"])
        #expect(calls.map(\.details.callID) == ["", "call-1@gw"])
        #expect(calls[1].details.source == IPAddress(v4: 0x0A00_0001))
        let explained = try engine.explain(metric: "asr", customerID: 1, window: .fifteenMinutes, now: Self.now)
        #expect(explained?.recent.map(\.details) == calls.map(\.details))
    }

    /// A challenge that the caller follows is no end; the reason of it is not that of the answered call.
    @Test func aFollowedChallengeTakesItsReasonWithIt() throws {
        let engine = makeEngine(customers: 1, now: Self.now)
        Self.observe(engine, 1, .setup, details: Self.details(1))
        Self.observe(engine, 1, .failure, after: 1, code: 407, reason: "Proxy Authentication Required")
        #expect(try Self.found(engine).map(\.details.reason) == ["Proxy Authentication Required"])
        Self.observe(engine, 1, .setup, after: 2, sequence: 2)
        #expect(try Self.found(engine).isEmpty)
        #expect(
            engine.liveCalls(customerID: 1, limit: 1, now: Self.now).calls.first?.details.callID == "call-1@gw")
        Self.observe(engine, 1, .answer, after: 3, sequence: 2, code: 200)
        Self.observe(engine, 1, .end, after: 13)
        let call = try #require(try Self.found(engine).first)
        #expect(call.details == Self.details(1))
        #expect(call.talkMilliseconds == 10_000)
    }

    @Test func liveAndFinishedDetailsComeBackAfterARestart() throws {
        let engine = makeEngine(customers: 1, now: Self.now)
        for number in 1...5 { Self.observe(engine, number, .setup, details: Self.details(number)) }
        for number in 4...5 { Self.observe(engine, number, .failure, after: 1, code: 404, reason: "Not Found") }
        let tables = engine.statistics(now: Self.now + 2_000_000).tables()
        let second = makeEngine(customers: 1, now: Self.now)
        let third = Engine()
        try third.restore(engine.snapshot().tables())
        try third.restoreStatistics(tables)
        _ = second
        func texts(_ engine: Engine) -> [String] {
            engine.liveCalls(customerID: 0, limit: 10, now: Self.now).calls.map(\.details.callID).sorted()
        }
        #expect(texts(third) == ["call-1@gw", "call-2@gw", "call-3@gw"])
        #expect(try Self.found(third) == Self.found(engine))
        // What follows finds the details where they were.
        Self.observe(third, 1, .failure, after: 3, code: 486, reason: "Busy Here")
        #expect(try Self.found(third, limit: 1).first?.details.callID == "call-1@gw")
    }

    @Test func numbersAreMaskedForAnswersAndForFilters() throws {
        for (mask, shown) in [
            (NumberMask.none, "49301"), (.last(2), "493xx"), (.all, "x"), (.last(64), "xxxxx"),
        ] {
            var configuration = EngineConfiguration()
            configuration.numberMask = mask
            let engine = Engine(configuration: configuration)
            var customer = Customer()
            (customer.name, customer.currency) = ("C", "USD")
            _ = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: Self.now)
            Self.observe(engine, 1, .setup, details: Self.details(1))
            let live = engine.liveCalls(customerID: 0, limit: 1, now: Self.now).calls
            #expect(live.first?.details.calling == shown)
            Self.observe(engine, 1, .failure, after: 1, code: 486)
            #expect(try Self.found(engine).first?.details.calling == shown)
            // A filter must not tell what is hidden.
            #expect(try Self.found(engine, "calling = '49301'").isEmpty == (mask != .none))
            let explained = try engine.explain(metric: "asr", customerID: 1, window: .oneHour, now: Self.now)
            #expect(explained?.recent.first?.details.calling == shown)
        }
        #expect(NumberMask("last:4") == .last(4) && NumberMask("all") == .all && NumberMask("none") == NumberMask.none)
        #expect(NumberMask("last:0") == nil && NumberMask("4") == nil && NumberMask("last:65") == nil)
    }

    @Test(arguments: Seeds.fixed(1, 2, 3)) func aFilterFindsWhatAPlainLookFinds(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let engine = makeEngine(customers: 3, now: Self.now)
        var batch = CallRecordBatch()
        batch.parties = PartyList((1...3).map { Party(customerID: $0) })
        for row in 0..<3_000 {
            batch.party.append(UInt32.random(in: 0..<3, using: &generator))
            batch.setupMicros.append(Self.now + Int64(row) * 1_000)
            batch.ringMilliseconds.append(Bool.random(using: &generator) ? 900 : CallRecordBatch.never)
            let isAnswered = Bool.random(using: &generator)
            batch.answerMilliseconds.append(isAnswered ? 1_000 : CallRecordBatch.never)
            batch.endMilliseconds.append(UInt32.random(in: 1_000..<9_000, using: &generator))
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(isAnswered ? 200 : [404, 486, 503].randomElement(using: &generator) ?? 486)
            batch.q850.append(0)
            if row % 2 == 0 { batch.describeLast(batch.details.append(Self.details(row % 100))) }
        }
        _ = engine.ingest(batch, now: Self.now + 20_000_000)
        let all = try Self.found(engine, limit: 10_000)
        #expect(all.count == 3_000)
        let questions: [(String, (FinishedCall) -> Bool)] = [
            ("code = 503", { $0.code == 503 }),
            ("customer = 2 AND talk > 5", { $0.customerID == 2 && $0.talkMilliseconds > 5_000 }),
            ("call_id = 'call-4@gw' OR code = 404", { $0.details.callID == "call-4@gw" || $0.code == 404 }),
            ("called LIKE '44201%'", { $0.details.called.hasPrefix("44201") }),
            ("call_id IS NULL", { $0.details.callID.isEmpty }), ("answered_at IS NULL", { $0.answerMicros == 0 }),
            ("name = 'C3' AND outcome = 'busy'", { $0.customerID == 3 && $0.outcome == "busy" }),
            ("source = '10.0.0.1' AND pdd_ms = 900", { $0.details.source != nil && $0.ringMicros != 0 }),
            ("setup_at < '2001-09-09T01:46:41Z'", { $0.setupMicros < Self.now + 1_000_000 }),
        ]
        for (text, isWanted) in questions {
            #expect(try Self.found(engine, text, limit: 10_000) == all.filter(isWanted), "\(text)")
            #expect(try Self.found(engine, text, limit: 7) == Array(all.filter(isWanted).prefix(7)), "\(text)")
        }
    }

    @Test func anUnknownColumnNamesTheKnownOnes() {
        let engine = makeEngine(customers: 1, now: Self.now)
        #expect {
            _ = try Self.found(engine, "asr > 3")
        } throws: { error in
            let message = (error as? QueryError)?.message ?? ""
            return message.contains("a call has no column 'asr'")
                && message.contains("call_id, direction, calling, called")
        }
    }
}
