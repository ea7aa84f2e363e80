// Every single number of the statistics comes back, each as itself.

import CallEvents
import Testing

@testable import Board

@Suite struct SavedNumbersTests {
    private let now: Int64 = 1_750_000_000_000_000

    @Test(arguments: [false, true]) func eachIsItsOwn(isLast: Bool) throws {
        let engine = makeEngine(customers: 1, now: now)
        engine.beginListening(now: now - 5)
        engine.feed([CostRow(1, cost: 5, callID: "a", at: now - 70_000_000)], isCostsOnly: true, now: now)
        (engine.state.late, engine.state.future) = (31, 32)
        (engine.state.timedOut, engine.state.noResponse) = (33, 34)
        (engine.state.activeCalls, engine.state.unattributed.total) = (35, 36)
        (engine.state.coverage.beganMicros, engine.state.coverage.fromMicros) = (37, 38)
        engine.state.coverage.hasUnnumbered = isLast
        let id = ProducerID(high: 1, low: 2)
        engine.noteCounted(ProducerBatch(producer: id, epoch: 4, first: 40, last: 44, lost: 39), now: now)
        for place in engine.state.warnings.dispersions.indices {
            engine.state.warnings.dispersions[place] = AnswerDispersion(
                value: 0.002 + 0.001 * Double(place), weight: 50 + Double(place))
        }
        let saved = engine.statistics(now: now, isLast: isLast)
        let after = Engine()
        try after.restore(engine.snapshot().tables())
        try after.restoreStatistics(saved.tables())
        let (one, other) = (engine.state, after.state)
        #expect([other.late, other.future, other.timedOut, other.noResponse] == [31, 32, 33, 34])
        #expect(other.activeCalls == 35 && other.unattributed.total == 36)
        #expect(other.coverage.beganMicros == 37 && other.coverage.fromMicros == 38)
        #expect(other.coverage.hasUnnumbered == isLast && other.coverage.statistics == (isLast ? .whole : .cut))
        #expect(other.producers.lost == 39 && other.producers.entries[id]?.applied == 44)
        #expect(other.producers.entries[id]?.epoch == 4 && other.producers.entries[id]?.heardMicros == now)
        #expect(other.money == one.money && other.money.sinceMicros == now)
        #expect(other.takesCostsOnly && other.callIDs.isWanted && other.recent.appended == one.recent.appended)
        #expect(other.nowMicros == now && other.nowSecond == now / 1_000_000)
        #expect(
            other.timeline.nowSecond == one.timeline.nowSecond && other.timeline.ringStart == one.timeline.ringStart)
        for (left, right) in zip(one.warnings.dispersions, other.warnings.dispersions) {
            #expect(abs(left.value - right.value) < 1e-9 && abs(left.weight - right.weight) < 1)
        }
        #expect(saved.marks == engine.producerMarks)
    }
}
