// Events in their order take a shorter way through the engine than others. The figures are the same by both, in
// whatever batches the events come.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct EventOrderTests {
    private let start: Int64 = 1_750_000_000_000_000
    private let customers = 5

    @Test(arguments: Seeds.fixed(1, 2, 3))
    func orderAndBatchesMakeNoDifference(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let heard = RandomCalls.deliveries(count: 600, customers: customers, from: start, using: &generator)
        var now = start + 3_000_000_000
        let engines = [
            engine(pass: heard.sorted { $0.micros < $1.micros }, inBatchesOf: heard.count, now: now),
            engine(pass: heard, inBatchesOf: 45, now: now),
            engine(pass: heard.shuffled(using: &generator), inBatchesOf: 1, now: now),
            engine(pass: heard.shuffled(using: &generator), inBatchesOf: 300, now: now),
        ]
        // Then the calls that lost their end are given up, and at last only keys are remembered.
        for step: Int64 in [0, 300, 2_000, 15_000] {
            now += step * 1_000_000
            let expected = try figures(engines[0], now: now)
            #expect(step == 0 || expected.noResponse > 0, "seed \(seed)")
            for engine in engines.dropFirst() {
                #expect(try figures(engine, now: now) == expected, "seed \(seed), \(step) s later")
            }
        }
        let again = engines[0].ingest(batch(heard[...]), now: now)
        #expect(again.calls == 0, "seed \(seed)")
    }

    private func engine(pass heard: [NaiveBoard.Heard], inBatchesOf size: Int, now: Int64) -> Engine {
        let engine = makeEngine(customers: customers, now: start)
        for first in stride(from: 0, to: heard.count, by: size) {
            let summary = engine.ingest(batch(heard[first..<min(first + size, heard.count)]), now: now)
            #expect(summary.invalid == 0 && summary.future == 0)
        }
        return engine
    }

    private func batch(_ heard: ArraySlice<NaiveBoard.Heard>) -> CallEventBatch {
        var batch = CallEventBatch()
        batch.parties = PartyList((1...customers).map { Party(source: IPAddress(v4: 0x0A00_0000 | UInt32($0))) })
        for event in heard {
            batch.append(
                event.kind, key: CallKey(high: 1, low: event.key), timeMicros: event.micros,
                party: UInt32(event.customer - 1), sequence: event.sequence, code: event.code)
        }
        return batch
    }

    private struct Figures: Equatable {
        var counts: [[Int64]] = []
        var sums: [[Int64]] = []
        /// By final code, and by customer and bucket of the post-dial delay.
        var codes: [[UInt16: Int64]] = []
        var delays: [[UInt64: Int64]] = []
        var activeCalls = 0
        var timedOut: Int64 = 0
        var noResponse: Int64 = 0
    }

    private func figures(_ engine: Engine, now: Int64) throws -> Figures {
        var figures = Figures()
        for row in 0..<customers {
            for window in [Window.oneHour, .oneDay, .all] {
                try engine.refreshPeaks(window, now: now)
                var tally = MetricTally()
                engine.load(row, window, into: &tally)
                figures.counts.append(CounterField.allCases.map { tally[$0] } + [tally.active, tally.cpsPeak])
                figures.sums.append(SumField.allCases.map { tally[$0] })
                let codes = engine.state.timeline.codes(customer: UInt32(row), in: window)
                figures.codes.append(codes.filter { $0.value != 0 })
            }
        }
        for window in [Window.oneHour, .all] {
            var delays: [UInt64: Int64] = [:]
            engine.state.timeline.forEachDelay(in: window) { delays[UInt64($0) << 8 | UInt64($1), default: 0] += $2 }
            figures.delays.append(delays.filter { $0.value != 0 })
        }
        let status = engine.status(now: now)
        figures.activeCalls = status.activeCalls
        figures.timedOut = status.timedOut
        figures.noResponse = status.noResponse
        return figures
    }
}

extension Engine {
    /// Peaks are worked out when a query asks for them.
    fileprivate func refreshPeaks(_ window: Window, now: Int64) throws { _ = try figures("cps_peak", window, now: now) }
}
