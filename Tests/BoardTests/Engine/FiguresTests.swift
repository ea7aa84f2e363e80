// The figures of one customer are those of the board, each by its own name.

import CallEvents
import Columnar
import Testing

@testable import Board

@Suite struct FiguresTests {
    private let now: Int64 = 1_763_800_000_000_000

    /// Every counter and sum has another value, so that none can stand for another.
    private func engine() -> Engine {
        let engine = makeEngine(customers: 2, now: now) { customer in
            (customer.creditMicros, customer.debitLimitMicros) = (1_001, 1_002)
            (customer.channels, customer.flowSpeed) = (1_003, 1_004)
        }
        engine.advance(now: now)
        let second = UInt32(now / 1_000_000 - 1)
        func times(_ count: Int, _ body: () -> Void) { for _ in 0..<count { body() } }
        times(40) { engine.state.timeline.addSetup(customer: 1, second: second, isBlocked: false, sign: 1) }
        times(3) { engine.state.timeline.addSetup(customer: 1, second: second, isBlocked: true, sign: 1) }
        for (place, outcome) in OutcomeClass.allCases.enumerated() {
            times(5 + 2 * place) {
                engine.state.timeline.addOutcome(
                    customer: 1, second: second, outcome: outcome, code: 200, pddMilliseconds: place == 2 ? 777 : -1,
                    sign: 1)
            }
        }
        for (count, talked, short) in [(31, false, false), (17, true, false), (12, true, true)] {
            times(count) {
                engine.state.timeline.addEnd(
                    customer: 1, second: second, talkMilliseconds: 1_009, talked: talked, short: short, sign: 1)
            }
        }
        engine.state.timeline.addCost(customer: 1, second: second, micros: 123_457)
        times(27) { engine.state.timeline.addInbound(.inboundSetup, customer: 1, second: second, value: 1) }
        times(14) { engine.state.timeline.addInbound(.inboundAnswer, customer: 1, second: second, value: 1) }
        times(8) { engine.state.timeline.addInbound(.inboundFailure, customer: 1, second: second, value: 1) }
        engine.state.customers.changeActive(1, by: 61)
        engine.state.customers.changeInboundActive(1, by: 23)
        engine.advance(now: now)
        return engine
    }

    @Test func eachIsItsOwn() throws {
        let engine = engine()
        for window in Window.allCases {
            let figures = try #require(engine.figures(customerID: 2, window: window, now: now))
            var tally = MetricTally()
            engine.load(1, window, into: &tally)
            let pairs: [(String, Int64, Int64)] = [
                ("bids", figures.bids, tally[.bids]), ("attempts", figures.attempts, 40),
                ("outcomes", figures.outcomes, tally[.outcomes]), ("effective", figures.effective, tally[.effective]),
                ("pdd_n", figures.pddCount, tally[.pddCount]),
                ("pdd", figures.pddMilliseconds, tally[.pddMilliseconds]),
                ("ended", figures.ended, tally[.ended]), ("talked", figures.talked, tally[.talked]),
                ("short", figures.short, tally[.short]), ("talk", figures.talkMilliseconds, tally[.talkMilliseconds]),
                ("cost", figures.costMicros, tally[.costMicros]), ("answered", figures.answered, tally[.answered]),
                ("busy", figures.busy, tally[.busy]), ("no_answer", figures.noAnswer, tally[.noAnswer]),
                ("rejected", figures.rejected, tally[.rejected]), ("abandoned", figures.abandoned, tally[.abandoned]),
                ("bad_number", figures.badNumber, tally[.badNumber]), ("network", figures.network, tally[.network]),
                ("refused", figures.refused, tally[.refused]), ("blocked", figures.blocked, tally[.blocked]),
                ("inbound_attempts", figures.inboundAttempts, tally[.inboundSetups]),
                ("inbound_answered", figures.inboundAnswered, tally[.inboundAnswered]),
                ("inbound_outcomes", figures.inboundOutcomes, tally[.inboundOutcomes]),
                ("active", figures.active, 61), ("inbound_active", figures.inboundActive, 23), ("cps", figures.cps, 43),
                ("credit", figures.creditMicros, 1_001), ("limit", figures.debitLimitMicros, 1_002),
                ("channels", Int64(figures.channels), 1_003), ("flow_speed", Int64(figures.flowSpeed), 1_004),
            ]
            for (name, found, expected) in pairs { #expect(found == expected, "\(name) in \(window.name)") }
            #expect(figures.asOfMicros == now)
            // As many values as names: none is another's by chance.
            let counts = pairs.map { $0.2 }.filter { $0 < 1_000_000 }
            #expect(Set(counts).count >= counts.count - 2, "\(counts.sorted())")
            let others = try #require(engine.figures(customerID: 1, window: window, now: now))
            #expect(others.bids == 0 && others.active == 0 && others.costMicros == 0)
        }
        #expect(engine.figures(customerID: 3, window: .all, now: now) == nil)
    }
}
