// Random calls that customers make, that come to them, and that only pass through, their events duplicated, delayed and
// partly lost, while entries come and go and the board is restarted: against the naive board, which takes the calls to
// a customer for those of another one.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct InboundPropertyTests {
    private let customers = 3

    /// What goes which way; in the naive board calls to customer 2 are those of customer 102.
    private enum Way: CaseIterable {
        case out, toTrunk, toNumber, through
    }

    private func number(_ customer: Int) -> String { "44207946\(customer)" }

    private func batch(_ event: NaiveBoard.Heard, _ way: Way) -> CallEventBatch {
        let (source, destination, called): (IPAddress, IPAddress, String) =
            switch way {
            case .out:
                (IPAddress(v4: 0x0A00_0000 | UInt32(event.customer)), Inbound.switchHost, "4930\(event.customer)")
            case .toTrunk: (Inbound.switchHost, Inbound.trunk(event.customer), "4930")
            case .toNumber: (Inbound.switchHost, Inbound.carrier, "+\(number(event.customer))01")
            case .through: (Inbound.switchHost, Inbound.carrier, "4930")
            }
        return CallEventBatch(
            event.kind, key: event.key, event.micros, from: source, to: destination, called: called,
            sequence: event.sequence, code: event.code)
    }

    /// What a customer has to get the calls of a way.
    private func entry(_ way: Way, _ customer: Int) -> String? {
        switch way {
        case .out, .through: nil
        case .toTrunk: "10.1.0.\(customer)"
        case .toNumber: "\(number(customer))*"
        }
    }

    @Test(arguments: Seeds.fixed(1, 2, 3, 4))
    func asTheNaiveBoard(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start: Int64 = 1_750_000_000_000_000
        let isByEvents = seed % 2 == 0
        var engine = Inbound.makeEngine(customers: customers, clock: isByEvents ? .events : .wall, now: start)
        var naive = NaiveBoard()
        var deliveries = RandomCalls.deliveries(count: 160, customers: customers, from: start, using: &generator)
        var ways: [UInt64: Way] = [:]
        var owners: [UInt64: Int] = [:]
        var entries: Set<String> = []
        var now = start
        var (restarts, checks) = (0, 0)
        while !deliveries.isEmpty {
            now = RandomCalls.nextInstant(after: now, using: &generator)
            let due = deliveries.prefix { $0.arrival <= now }
            deliveries.removeFirst(due.count)
            for var event in due {
                let way = ways[event.key] ?? Way.allCases.randomElement(using: &generator) ?? .out
                ways[event.key] = way
                // Who blocks a call is our own switch, and that is a matter of calls out.
                if way != .out && event.code == OutcomeTable.blockedCode { event.code = 503 }
                let summary = engine.ingest(batch(event, way), now: event.arrival)
                #expect(summary.invalid == 0 && summary.future == 0, "seed \(seed)")
                // Whose it is when its set-up is heard first it stays.
                if event.kind == .setup && owners[event.key] == nil {
                    let isWanted = entry(way, event.customer).map { entries.contains($0) } ?? false
                    owners[event.key] = way == .out ? event.customer : isWanted ? 100 + event.customer : 0
                }
                event.customer = owners[event.key] ?? 0
                // By the events' clock that is when it came.
                if isByEvents { event.arrival = engine.nowMicros }
                naive.heard.append(event)
            }
            if Int.random(in: 0..<12, using: &generator) == 0 {
                try change(&entries, engine, using: &generator)
            }
            guard !due.isEmpty || Int.random(in: 0..<4, using: &generator) == 0 else { continue }
            if isByEvents && engine.nowMicros == 0 { continue }
            if Int.random(in: 0..<40, using: &generator) == 0 {
                engine = try restarted(engine, now: now)
                restarts += 1
            }
            let asOf = isByEvents ? engine.nowMicros : now
            try compare(engine, naive, now: asOf, "seed \(seed), \(asOf - start) us after the start")
            checks += 1
        }
        #expect(checks > 100 && Set(ways.values).count == 4, "seed \(seed)")
        for step in 1...30 {
            now += Int64(step) * 120_000_000
            if isByEvents { tick(engine, now) }
            if step % 7 == 0 { engine = try restarted(engine, now: now) }
            try compare(engine, naive, now: now, "seed \(seed), silence \(step)")
        }
        now += 25 * 3_600 * 1_000_000
        if isByEvents { tick(engine, now) }
        for window in Window.sliding {
            for name in ["inbound_attempts", "inbound_asr_n", "inbound_active", "active"] {
                #expect(
                    try engine.figures(name, window, now: now).allSatisfy { $0 == 0 },
                    "seed \(seed): \(name) in \(window.name) after a day of silence")
            }
        }
    }

    /// Only events move the events' clock: here the INVITE of a call that is no customer's.
    private func tick(_ engine: Engine, _ now: Int64) {
        let event = NaiveBoard.Heard(
            kind: .setup, key: 1 << 40 | UInt64(now), micros: now, customer: 1, sequence: 1, code: 0, arrival: now)
        _ = engine.ingest(batch(event, .through), now: now)
    }

    private func change(_ entries: inout Set<String>, _ engine: Engine, using generator: inout SeededGenerator)
        throws
    {
        let customer = Int.random(in: 1...customers, using: &generator)
        guard let entry = entry(Bool.random(using: &generator) ? .toTrunk : .toNumber, customer) else { return }
        let isThere = entries.remove(entry) == nil
        if isThere { entries.insert(entry) }
        try engine.setInbound(entry, customer: customer, isThere: isThere)
    }

    private func restarted(_ engine: Engine, now: Int64) throws -> Engine {
        let statistics = engine.statistics(now: now)
        let after = Engine(configuration: engine.configuration)
        try after.restore(engine.snapshot().tables())
        try after.restoreStatistics(statistics.tables())
        return after
    }

    /// Sums that are kept from one question to the next, and follow what calls change.
    private func compareSums(
        _ engine: Engine, _ naive: NaiveBoard, _ window: Window, now: Int64, _ comment: String
    ) throws {
        var query = BoardQuery()
        query.window = window
        query.groupBy = ["currency"]
        query.columns = ["active", "inbound_active", "inbound_attempts", "inbound_asr_n"]
        let sums = try engine.board(query, now: now).columns.compactMap { column -> Int? in
            guard case .integers(let values) = column.values else { return nil }
            return values.first.map { Int($0) }
        }
        let out = (1...customers).map { naive.figures(customer: $0, window: window, now: now) }
        let inbound = (1...customers).map { naive.figures(customer: 100 + $0, window: window, now: now) }
        var expected = [0, 0, 0, 0]
        for figures in out { expected[0] += figures.active }
        for figures in inbound {
            expected[0] += figures.active
            expected[1] += figures.active
            expected[2] += figures.bids
            expected[3] += figures.answered + figures.failed
        }
        #expect(sums == expected, "\(comment), sums in \(window.name)")
    }

    private func compare(_ engine: Engine, _ naive: NaiveBoard, now: Int64, _ comment: String) throws {
        for window in Window.allCases {
            var query = BoardQuery()
            query.window = window
            query.columns = [
                "bids", "answered", "failed", "acd_n", "pdd_n", "cps_peak", "cps", "active", "inbound_active",
                "inbound_attempts",
            ]
            let answer = try engine.board(query, now: now)
            try compareSums(engine, naive, window, now: now, comment)
            for customer in 1...customers {
                let row = answer.columns.map { column -> Int in
                    guard case .integers(let values) = column.values else { return -1 }
                    return Int(values[customer - 1])
                }
                let out = naive.figures(customer: customer, window: window, now: now)
                let inbound = naive.figures(customer: 100 + customer, window: window, now: now)
                #expect(
                    row == [
                        out.bids, out.answered, out.failed, out.talked, out.pddCount, out.cpsPeak, out.cps,
                        out.active + inbound.active, inbound.active, inbound.bids,
                    ], "\(comment), customer \(customer), window \(window.name): \(query.columns)")
                var tally = MetricTally()
                engine.load(customer - 1, window, into: &tally)
                #expect(
                    [
                        Int(tally[.inboundAnswered]), Int(tally[.inboundOutcomes]), Int(tally[.inboundTalked]),
                        Int(tally[.inboundTalkMilliseconds]),
                    ] == [
                        inbound.answered, inbound.answered + inbound.failed, inbound.talked, inbound.talkMilliseconds,
                    ], "\(comment), customer \(customer), window \(window.name): inbound")
            }
        }
    }
}
