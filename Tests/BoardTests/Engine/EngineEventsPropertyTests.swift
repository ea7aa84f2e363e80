// Random calls, their events duplicated, delayed, put out of order and partly lost, against the naive board, at slot
// edges and between them, in every window; and what is left after a day of silence.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct EngineEventsPropertyTests {
    @Test(arguments: Seeds.fixed(1, 2, 3, 4))
    func sameFiguresAsTheNaiveBoard(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start: Int64 = 1_750_000_000_000_000
        let customers = 3
        let engine = makeEngine(customers: customers, now: start)
        var naive = NaiveBoard()
        var deliveries = RandomCalls.deliveries(count: 160, customers: customers, from: start, using: &generator)
        var now = start
        var checks = 0
        while !deliveries.isEmpty {
            now = RandomCalls.nextInstant(after: now, using: &generator)
            let due = deliveries.prefix { $0.arrival <= now }
            deliveries.removeFirst(due.count)
            for event in due {
                naive.heard.append(event)
                let summary = engine.ingest(event.batch, now: event.arrival)
                #expect(summary.invalid == 0 && summary.future == 0, "seed \(seed)")
            }
            guard !due.isEmpty || Int.random(in: 0..<4, using: &generator) == 0 else { continue }
            try compare(
                engine, naive, customers: customers, now: now, "seed \(seed), \(now - start) us after the start")
            engine.state.calls.checkInvariants()
            checks += 1
        }
        #expect(checks > 100, "seed \(seed)")
        // Slots leave the longer windows one by one.
        for step in 1...30 {
            now += Int64(step) * 120_000_000
            try compare(engine, naive, customers: customers, now: now, "seed \(seed), silence \(step)")
        }
        now += 25 * 3_600 * 1_000_000
        engine.advance(now: now)
        for window in Window.sliding {
            for name in ["bids", "attempts", "answered", "failed", "asr_n", "acd_n", "pdd_n", "cps_peak", "cps"] {
                #expect(
                    try engine.figures(name, window, now: now) == Array(repeating: 0, count: customers),
                    "seed \(seed): \(name) in \(window.name) after a day of silence")
            }
        }
        #expect(try engine.figures("active", .all, now: now) == Array(repeating: 0, count: customers), "seed \(seed)")
    }

    private func compare(
        _ engine: Engine, _ naive: NaiveBoard, customers: Int, now: Int64, _ comment: String
    ) throws {
        for window in Window.allCases {
            var query = BoardQuery()
            query.window = window
            query.columns = [
                "bids", "attempts", "answered", "failed", "acd_attempts_n", "acd_n", "pdd_n", "active", "cps_peak",
                "cps",
            ]
            let answer = try engine.board(query, now: now)
            for customer in 1...customers {
                let row = answer.columns.map { column -> Int in
                    guard case .integers(let values) = column.values else { return -1 }
                    return Int(values[customer - 1])
                }
                let expected = naive.figures(customer: customer, window: window, now: now)
                let names = [
                    expected.bids, expected.attempts, expected.answered, expected.failed, expected.ended,
                    expected.talked,
                    expected.pddCount, expected.active, expected.cpsPeak, expected.cps,
                ]
                #expect(row == names, "\(comment), customer \(customer), window \(window.name): \(query.columns)")
                #expect(!row.contains { $0 < 0 }, "\(comment): a negative counter")
                var tally = MetricTally()
                engine.load(customer - 1, window, into: &tally)
                let sums = [Int(tally[.pddMilliseconds]), Int(tally[.talkMilliseconds]), Int(tally[.short])]
                #expect(
                    sums == [expected.pddMilliseconds, expected.talkMilliseconds, expected.short],
                    "\(comment), customer \(customer), window \(window.name): sums")
            }
        }
    }
}

extension NaiveBoard.Heard {
    var batch: CallEventBatch {
        var batch = CallEventBatch()
        batch.parties = [Party(source: IPAddress(v4: 0x0A00_0000 | UInt32(customer)))]
        batch.append(
            kind, key: CallKey(high: 1, low: key), timeMicros: micros, party: 0, sequence: sequence, code: code)
        return batch
    }
}
