// Costs that are told alone: money and nothing else, whatever of their calls is known, before or later.

import CallEvents
import Testing

@testable import Board

@Suite struct CostsOnlyTests {
    private let now = CostRow.start + 300_000_000
    private let engine = makeEngine(customers: 2, now: CostRow.start)

    private func check(
        _ engine: Engine, attempts: Double, talk: Double, cost: Int64, costs: [Int64], _ what: String = "",
        line: SourceLocation = #_sourceLocation
    ) throws {
        #expect(try engine.value("attempts", .all, now: now) == attempts, "\(what)", sourceLocation: line)
        #expect(try engine.value("talk", .all, now: now) == talk, "\(what)", sourceLocation: line)
        #expect(try engine.value("active", .all, now: now) == 0, "\(what)", sourceLocation: line)
        #expect(try engine.value("cost", .all, now: now) == Double(cost), "\(what)", sourceLocation: line)
        #expect(engine.credit() == -cost && engine.costs() == costs, "\(what)", sourceLocation: line)
        #expect(engine.moneyTotals.first?.sums.booked.micros ?? 0 == cost, "\(what)", sourceLocation: line)
    }

    /// No attempt, no duration, no channel; counted once; and another amount is a difference.
    @Test func aCallThatIsNotKnown() throws {
        let first = engine.feed([CostRow(1, cost: 50, callID: "a"), CostRow(2, cost: 7)], isCostsOnly: true)
        #expect(first.costs == 2 && first.applied == 2 && first.calls == 0 && first.joined == 0)
        try check(engine, attempts: 0, talk: 0, cost: 57, costs: [])
        #expect(
            engine.feed([CostRow(1, cost: 50, callID: "a"), CostRow(2, cost: 7)], isCostsOnly: true).duplicates == 2)
        // By its Call-ID, too, under the id that another system gives it.
        #expect(engine.feed([CostRow(3, cost: 50, callID: "a")], isCostsOnly: true).duplicates == 1)
        #expect(engine.feed([CostRow(3, cost: 40, callID: "a")], isCostsOnly: true).rerated == 1)
        #expect(engine.feed([CostRow(1, cost: 40), CostRow(2, cost: 6)], isCostsOnly: true).rerated == 1)
        try check(engine, attempts: 0, talk: 0, cost: 46, costs: [])
        let after = try engine.restarted()
        #expect(after.feed([CostRow(1, cost: 40), CostRow(2, cost: 6)], isCostsOnly: true).duplicates == 2)
        #expect(after.feed([CostRow(1, cost: 41)], isCostsOnly: true).rerated == 1)
        try check(after, attempts: 0, talk: 0, cost: 47, costs: [])
    }

    /// Whatever is known of the call when its cost is told, and whatever comes after, restarts in between.
    @Test(arguments: [false, true]) func aCallThatIsHeard(_ restarts: Bool) throws {
        let pieces: [[CallEventKind]] = [[.setup], [.ring, .answer], [.end]]
        for place in 0...pieces.count {
            var engine = makeEngine(customers: 2, now: CostRow.start)
            for (index, kinds) in pieces.enumerated() {
                if index == place {
                    #expect(engine.feed([CostRow(1, cost: 50, callID: "a")], isCostsOnly: true).applied == 1)
                    if restarts { engine = try engine.restarted() }
                }
                engine.observe("a", key: 1, kinds)
                if restarts { engine = try engine.restarted() }
            }
            if place == pieces.count {
                let summary = engine.feed([CostRow(1, cost: 50, callID: "a")], isCostsOnly: true)
                #expect(summary.joined == 1 && summary.costs == 0)
            }
            for _ in 0..<2 {
                try check(engine, attempts: 1, talk: 60, cost: 50, costs: [50], "\(place)")
                #expect(engine.feed([CostRow(1, cost: 50, callID: "a")], isCostsOnly: true).duplicates == 1)
                // The whole of it completes what was heard, and costs nothing more.
                let whole = engine.feed([CostRow(1, cost: 50, callID: "a")])
                #expect(whole.calls == 0 && whole.joined + whole.duplicates == 1, "\(whole)")
            }
            #expect(engine.feed([CostRow(1, cost: 45)], isCostsOnly: true).rerated == 1)
            #expect(engine.feed([CostRow(2, cost: 44, callID: "a")], isCostsOnly: true).rerated == 1)
            #expect(engine.feed([CostRow(1, cost: 43)]).rerated == 1)
            try check(engine, attempts: 1, talk: 60, cost: 43, costs: [43], "\(place), rerated")
            #expect(engine.remarks().count == 3)
        }
    }

    /// A call of which another feed tells, under the same id or with its Call-ID, before or after.
    @Test func aCallThatIsTold() throws {
        let whole = [CostRow(1, cost: nil, callID: "a"), CostRow(2, cost: nil, callID: "b"), CostRow(3, cost: nil)]
        let costs = [CostRow(1, cost: 1, callID: "a"), CostRow(9, cost: 20, callID: "b"), CostRow(3, cost: 300)]
        engine.feed(whole)
        #expect(engine.feed(costs, isCostsOnly: true).joined == 3)
        try check(engine, attempts: 3, talk: 180, cost: 321, costs: [300, 20, 1])
        let other = makeEngine(customers: 2, now: CostRow.start)
        other.feed(costs, isCostsOnly: true)
        let summary = other.feed(whole)
        #expect(summary.calls == 3 && summary.applied == 3 && summary.duplicates == 0)
        for engine in [engine, try other.restarted()] {
            #expect(engine.feed(whole).duplicates == 3)
            #expect(engine.feed(costs, isCostsOnly: true).duplicates == 3)
            try check(engine, attempts: 3, talk: 180, cost: 321, costs: [300, 20, 1])
            #expect(engine.feed([CostRow(2, cost: 19), CostRow(3, cost: 299)]).rerated == 2)
            try check(engine, attempts: 3, talk: 180, cost: 319, costs: [299, 19, 1])
        }
        // A row that tells all, with another cost than was told alone.
        let third = makeEngine(customers: 2, now: CostRow.start)
        third.feed(costs, isCostsOnly: true)
        let rerated = third.feed([CostRow(1, cost: 2, callID: "a")])
        #expect(rerated.calls == 1 && rerated.rerated == 1 && rerated.applied == 1)
        try check(third, attempts: 1, talk: 60, cost: 322, costs: [2])
    }

    /// The attempt seems to be over, and goes on: its cost stays, and is its own again.
    @Test func aCallThatGoesOn() throws {
        var challenge = CallEventBatch()
        let key = CallKey(high: 7, low: 1)
        engine.observe("a", key: 1, [.setup])
        challenge.append(.failure, key: key, timeMicros: CostRow.start + 100_000, sequence: 1, code: 401)
        _ = engine.ingest(challenge, now: now)
        #expect(engine.feed([CostRow(1, cost: 50, callID: "a")], isCostsOnly: true).joined == 1)
        #expect(engine.costs() == [50])
        var followed = CallEventBatch()
        followed.parties = [Party(source: IPAddress(v4: 0x0A00_0001))]
        followed.append(.setup, key: key, timeMicros: CostRow.start + 200_000, party: 0, sequence: 2)
        followed.append(.answer, key: key, timeMicros: CostRow.start + 3_000_000, sequence: 2, code: 200)
        _ = engine.ingest(followed, now: now)
        #expect(engine.costs().isEmpty && engine.credit() == -50)
        followed.removeAll()
        followed.append(.end, key: key, timeMicros: CostRow.start + 63_000_000)
        _ = engine.ingest(followed, now: now)
        try check(engine, attempts: 1, talk: 60, cost: 50, costs: [50])
        #expect(engine.feed([CostRow(1, cost: 51)], isCostsOnly: true).rerated == 1)
        try check(engine, attempts: 1, talk: 60, cost: 51, costs: [51])
    }

    /// The cost stands in the second in which the call ends, also where that is told later than the cost.
    @Test func windows() throws {
        let old = CostRow.start - 2 * 3_600_000_000
        engine.feed([CostRow(1, cost: 5, callID: "a", at: old)], isCostsOnly: true)
        #expect(try engine.value("cost", .oneHour, now: now) == 0 && engine.value("cost", .oneDay, now: now) == 5)
        engine.observe("a", key: 1, at: old)
        #expect(engine.feed([CostRow(1, cost: 4)], isCostsOnly: true).rerated == 1)
        #expect(try engine.value("cost", .oneHour, now: now) == 0 && engine.value("cost", .oneDay, now: now) == 4)
        let later = now + 25 * 3_600_000_000
        for window in Window.sliding {
            #expect(try engine.value("cost", window, now: later) == 0, "\(window.name)")
        }
        #expect(try engine.value("cost", .all, now: later) == 4)
    }

    @Test func whatIsNotTaken() throws {
        engine.observe("a", key: 1)
        let summary = engine.feed(
            [
                CostRow(1, cost: nil), CostRow(2, cost: 0, callID: "x"), CostRow(3, customer: 0, cost: 5),
                CostRow(4, customer: 2, cost: 5, callID: "a"), CostRow(5, cost: 5, currency: "EUR"),
                CostRow(6, cost: BoardLimits.costMicros + 1), CostRow(7, cost: -5), CostRow(7, cost: -5),
                CostRow(8, customer: 0, cost: 6, callID: "a", currency: "INR"),
            ], isCostsOnly: true)
        #expect(summary.ignored == 2 && summary.unattributed == 1 && summary.otherCustomers == 1)
        #expect(
            summary.otherCurrency == 2 && summary.aboveLimit == 1 && summary.credits == 1 && summary.duplicates == 1)
        #expect(summary.applied == 0 && engine.credit() == 5 && engine.costs() == [0])
        // None of them is remembered; whose call it is its Call-ID says.
        let mended = engine.feed(
            [
                CostRow(3, cost: 5), CostRow(4, customer: 0, cost: 6, callID: "a"), CostRow(5, cost: 5),
                CostRow(1, cost: 1), CostRow(2, cost: 1, callID: "x"),
            ], isCostsOnly: true)
        #expect(mended.costs == 4 && mended.joined == 1 && engine.credit() == 5 - 18)
        #expect(engine.costs() == [6] && engine.costs(2).isEmpty)
    }
}
