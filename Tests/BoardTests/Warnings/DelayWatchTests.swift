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

    /// Delays above a threshold, which some customers have for themselves, against all delays one by one.
    @Test(arguments: Seeds.fixed(7, 8)) func delaysAboveTheThresholdOfTheirCustomer(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let engine = engine(customers: 10, seed: seed)
        var threshold = WarningKind.pddHigh.standard
        (threshold.raise, threshold.clear, threshold.sample) = (300, 200, 1)
        var own: [UInt32: Double] = [:]
        for row in [0, 2, 5] as [UInt32] { own[row] = Double(Int.random(in: 0...2_000, using: &random)) }
        own[7] = -5
        var watch = DelayWatch(threshold, ownRaise: own)
        var found: [UInt32: DelayFigure]?
        while found == nil { found = watch.step(engine.state.timeline, .all) }
        var (counts, above): ([UInt32: Int64], [UInt32: Int64]) = ([:], [:])
        engine.state.timeline.forEachDelay(in: .fifteenMinutes) { row, bucket, count in
            counts[row, default: 0] += count
            let limit = PDDHistogram.bucket(milliseconds: Int32(max(0, own[row] ?? 300)))
            if bucket > limit { above[row, default: 0] += count }
        }
        for row in 0..<10 as Range<UInt32> {
            #expect(found?[row]?.count == counts[row] && found?[row]?.above == above[row] ?? 0, "row \(row)")
        }
    }

    /// One whose mean could be that of a warning that is raised and not yet to be cleared is looked at.
    @Test func whatIsBetweenRaisingAndClearingIsFound() {
        let engine = engine(customers: 1, seed: 9)
        let totals = engine.state.timeline.sliding[Window.fifteenMinutes.rawValue]
        let mean = Double(totals.sum(.pddMilliseconds, 0)) / Double(totals.count(.pddCount, 0))
        for (raise, clear, isFound) in [
            (20 * mean + 1, 20 * mean - 1, true), (20 * mean - 1, 20 * mean + 1, true),
            (20 * mean + 2, 20 * mean + 1, false),
        ] {
            var watch = DelayWatch(WarningThreshold(raise: raise, clear: clear, sample: 1))
            var found: [UInt32: DelayFigure]?
            while found == nil { found = watch.step(engine.state.timeline, .all) }
            #expect(found?.isEmpty == !isFound, "\(raise - 20 * mean) \(clear - 20 * mean)")
        }
    }

    /// No customer has calls, or all that have calls are below the threshold: the watch ends and finds nothing.
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
