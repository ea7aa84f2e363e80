// A late event changes one part of what a call adds, and no other: each part by itself is taken back and added again.

import CallEvents
import Testing

@testable import Board

@Suite struct CorrectedCallTests {
    private static let start: Int64 = 1_750_000_000_000_000

    private struct Event {
        var kind: CallEventKind
        var milliseconds: Int64
        var code: UInt16 = 0
        var sequence: UInt32 = 1
    }

    /// What is heard first, and what comes late and changes a part.
    private static let corrections: [(what: String, first: [Event], late: [Event])] = [
        (
            "the set-up",
            [Event(kind: .setup, milliseconds: 5_000), Event(kind: .answer, milliseconds: 9_000, code: 200)],
            [Event(kind: .setup, milliseconds: 3_000)]
        ),
        (
            "the delay", [Event(kind: .setup, milliseconds: 0), Event(kind: .answer, milliseconds: 9_000, code: 200)],
            [Event(kind: .ring, milliseconds: 4_000)]
        ),
        (
            "the time of the answer",
            [
                Event(kind: .setup, milliseconds: 0), Event(kind: .ring, milliseconds: 1_000),
                Event(kind: .answer, milliseconds: 9_000, code: 200), Event(kind: .end, milliseconds: 12_000),
            ],
            [Event(kind: .answer, milliseconds: 7_000, code: 200)]
        ),
        (
            "the code of the answer",
            [
                Event(kind: .setup, milliseconds: 0), Event(kind: .ring, milliseconds: 1_000),
                Event(kind: .answer, milliseconds: 9_000, code: 202),
            ],
            [Event(kind: .answer, milliseconds: 8_999, code: 200)]
        ),
        (
            "the code of a failure alone",
            [Event(kind: .setup, milliseconds: 0), Event(kind: .failure, milliseconds: 9_000, code: 503)],
            [Event(kind: .failure, milliseconds: 9_000, code: 500, sequence: 2)]
        ),
        (
            "the class of a failure",
            [Event(kind: .setup, milliseconds: 0), Event(kind: .failure, milliseconds: 9_000, code: 503)],
            [Event(kind: .failure, milliseconds: 9_000, code: 404, sequence: 2)]
        ),
        (
            "a call of ours that was blocked",
            [Event(kind: .setup, milliseconds: 0), Event(kind: .failure, milliseconds: 9_000, code: 503)],
            [Event(kind: .failure, milliseconds: 9_000, code: OutcomeTable.blockedCode, sequence: 2)]
        ),
        (
            "what a code means",
            [Event(kind: .setup, milliseconds: 0), Event(kind: .failure, milliseconds: 9_000, code: 480)],
            [Event(kind: .ring, milliseconds: 4_000)]
        ),
        (
            "the time of a failure",
            [Event(kind: .setup, milliseconds: 0), Event(kind: .failure, milliseconds: 9_000, code: 486)],
            [Event(kind: .failure, milliseconds: 6_000, code: 486)]
        ),
        (
            "the end",
            [
                Event(kind: .setup, milliseconds: 0), Event(kind: .answer, milliseconds: 2_000, code: 200),
                Event(kind: .end, milliseconds: 9_000),
            ], [Event(kind: .end, milliseconds: 7_500)]
        ),
        (
            "an outcome that was none",
            [Event(kind: .setup, milliseconds: 0), Event(kind: .failure, milliseconds: 9_000, code: 407)],
            [Event(kind: .setup, milliseconds: 9_500, sequence: 2)]
        ),
    ]

    private func engine(hearing events: [Event]) -> Engine {
        let engine = makeEngine(customers: 1, now: Self.start)
        for event in events {
            var batch = CallEventBatch()
            batch.parties = [Party(customerID: 1)]
            batch.append(
                event.kind, key: CallKey(high: 1, low: 1), timeMicros: Self.start + event.milliseconds * 1_000,
                party: 0,
                sequence: event.sequence, code: event.code)
            _ = engine.ingest(batch, now: Self.start + 20_000_000)
        }
        return engine
    }

    /// Every counter and sum, the codes and the delays of a window, and the finished call.
    private func figures(_ engine: Engine, _ window: Window) -> [String] {
        engine.advance(now: Self.start + 21_000_000)
        engine.state.timeline.refreshPeaks(window)
        var tally = MetricTally()
        engine.load(0, window, into: &tally)
        var delays: [UInt8: Int64] = [:]
        engine.state.timeline.forEachDelay(in: window) { _, bucket, count in delays[bucket, default: 0] += count }
        let codes = engine.state.timeline.codes(customer: 0, in: window).filter { $0.value != 0 }
        return CounterField.allCases.map { "\($0) \(tally[$0])" } + SumField.allCases.map { "\($0) \(tally[$0])" } + [
            "active \(tally.active)", "peak \(tally.cpsPeak)",
            "codes \(codes.sorted { $0.key < $1.key })",
            "delays \(delays.filter { $0.value != 0 }.sorted { $0.key < $1.key })",
            "finished \(engine.state.recent.latest(customer: 0, count: 9))",
        ]
    }

    @Test(arguments: corrections.indices) func onePartAtATime(place: Int) {
        let (what, first, late) = Self.corrections[place]
        let corrected = engine(hearing: first + late)
        // By time, as events come as a rule; and the late ones first, so that they correct nothing.
        let orders = [
            (first + late).sorted { ($0.milliseconds, $0.sequence) < ($1.milliseconds, $1.sequence) }, late + first,
            late.reversed() + first.reversed(),
        ].map { engine(hearing: $0) }
        let before = engine(hearing: first)
        var changed = 0
        for window in Window.allCases {
            let one = figures(corrected, window)
            for (order, engine) in orders.enumerated() {
                for (left, right) in zip(one, figures(engine, window)) where left != right {
                    Issue.record("\(what), \(window.name): \(left), in order \(order) \(right)")
                }
            }
            if one != figures(before, window) { changed += 1 }
        }
        #expect(changed == Window.allCases.count, "\(what) changes nothing")
    }
}
