// Percentiles that are put together a little at a time are those that a query puts together at once.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct DelayWatchTests {
    private let start: Int64 = 1_750_000_000_000_000

    /// Calls of some customers with random delays over the last twenty minutes.
    private func engine(customers: Int, seed: UInt64) -> Engine {
        var generator = SeededGenerator(seed: seed)
        let engine = makeEngine(customers: customers, now: start)
        var batch = CallRecordBatch()
        batch.parties = PartyList((1...UInt32(customers)).map { Party(customerID: $0) })
        for _ in 0..<4_000 {
            let party = UInt32.random(in: 0..<UInt32(customers), using: &generator)
            batch.party.append(party)
            batch.setupMicros.append(start - Int64.random(in: 60...1_200, using: &generator) * 1_000_000)
            batch.ringMilliseconds.append(UInt32.random(in: 0...8_000, using: &generator) / (party + 1))
            batch.answerMilliseconds.append(9_000)
            batch.endMilliseconds.append(10_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(200)
            batch.q850.append(0)
        }
        _ = engine.ingest(batch, now: start)
        engine.advance(now: start)
        return engine
    }

    @Test(arguments: [(1, 1, 1), (3, 7, 4), (100, 1_000, 100), (10, .max / 2, 9)] as [(Int, Int, Int)])
    func inAnySteps(rows: Int, facts: Int, histograms: Int) throws {
        let engine = engine(customers: 10, seed: 5)
        var threshold = WarningKind.pddHigh.standard
        (threshold.raise, threshold.clear, threshold.sample) = (2_000, 1_500, 10)
        var watch = DelayWatch(threshold)
        var found: [UInt32: DelayFigure]?
        let portion = DelayPortion(rows: rows, facts: facts, histograms: histograms)
        while found == nil { found = watch.step(engine.state.timeline, portion) }
        let sums = DelaySums(engine.state.timeline, .fifteenMinutes) { row, add in add(row) }
        // All of them: the means are hundreds of milliseconds, and a twentieth of 1,500 is less.
        #expect(found?.count == 10)
        for row in 0..<10 {
            #expect(found?[UInt32(row)]?.percentile == sums.quantile(0.95, row), "row \(row)")
        }
    }

    /// Nobody has calls, or only customers who are below: nothing is found, and it comes to an end.
    @Test func nobodyIsHigh() {
        var watch = DelayWatch(WarningKind.pddHigh.standard)
        #expect(watch.step(makeEngine(customers: 3, now: start).state.timeline) == [:])
        var threshold = WarningKind.pddHigh.standard
        (threshold.raise, threshold.clear) = (1_000_000, 1_000_000)
        watch = DelayWatch(threshold)
        #expect(watch.step(engine(customers: 4, seed: 6).state.timeline) == [:])
    }

    /// The highest means, whatever their number, in the order of the customers.
    @Test(arguments: Seeds.fixed(0..<40)) func theHighestAreKept(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limit = Int.random(in: 1...40, using: &random)
        var candidates = DelayCandidates(limit: limit)
        var all: [(row: UInt32, mean: Double)] = []
        for row in 0..<UInt32.random(in: 0...400, using: &random) {
            let mean =
                seed % 2 == 0
                ? Double(Int.random(in: 0...9, using: &random)) : Double.random(in: 0...1e6, using: &random)
            all.append((row, mean))
            candidates.add(row, mean: mean)
            #expect(candidates.rows.count < 2 * limit)
        }
        candidates.close()
        let highest = all.sorted { (Float($0.mean), $1.row) > (Float($1.mean), $0.row) }.prefix(limit)
        #expect(candidates.rows == highest.map(\.row).sorted())
    }
}
