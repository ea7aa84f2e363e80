// Finished calls are told when they end, so of the last minutes failures are known and answers are not.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct AnswerBasisTests {
    private let start: Int64 = 1_750_000_000_000_000
    private static let perMinute = 12
    private static let talkMinutes = 10

    /// The calls that begin in a minute: whether each is answered.
    private func answers(_ minute: Int, share: Double, _ random: inout SeededGenerator) -> [Bool] {
        (0..<Self.perMinute).map { _ in Double.random(in: 0..<1, using: &random) < share }
    }

    private func record(_ isAnswered: Bool, setup: Int64, to batch: inout CallRecordBatch) {
        batch.party.append(0)
        batch.setupMicros.append(setup)
        batch.ringMilliseconds.append(1_000)
        batch.answerMilliseconds.append(isAnswered ? 2_000 : CallRecordBatch.never)
        batch.endMilliseconds.append(isAnswered ? UInt32(Self.talkMinutes) * 60_000 : 2_000)
        batch.talkMilliseconds.append(CallRecordBatch.never)
        batch.code.append(isAnswered ? 200 : 486)
        batch.q850.append(0)
    }

    /// Half of the calls are answered and talk for ten minutes; nothing is wrong.
    @Test(arguments: Seeds.fixed(5)) func longCallsAreNoFall(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let engine = makeEngine(customers: 1, clock: .events, now: start)
        var ending: [Int: [Int64]] = [:]
        for minute in 0..<480 {
            let now = start + Int64(minute + 1) * 60_000_000
            var batch = CallRecordBatch()
            batch.parties = PartyList([Party(customerID: 1)])
            for isAnswered in answers(minute, share: 0.55, &random) {
                let setup = now - 5_000_000
                if isAnswered {
                    ending[minute + Self.talkMinutes, default: []].append(setup)
                } else {
                    record(false, setup: setup, to: &batch)
                }
            }
            for setup in ending[minute] ?? [] { record(true, setup: setup, to: &batch) }
            _ = engine.ingest(batch, now: now)
            engine.advance(now: now)
            for _ in 0..<3 { engine.watch(now: now) }
            guard minute > 60 else { continue }
            let names = engine.state.warningNames(0)
            #expect(!names.contains("asr_low") && !names.contains("asr_drop"), "minute \(minute): \(names)")
        }
        let quarter = engine.state.timeline.sliding[Window.fifteenMinutes.rawValue]
        #expect(quarter.count(.answered, 0) * 100 < 35 * quarter.count(.outcomes, 0), "the board's own ASR is low then")
    }

    /// Heard live, answers are known when they are given: a fall shows in minutes, however long the calls are that go
    /// on.
    @Test(arguments: Seeds.fixed(6)) func aFallIsSeenWhileOldCallsGoOn(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let engine = makeEngine(customers: 1, clock: .events, now: start)
        var raised: Int?
        for minute in 0..<330 where raised == nil {
            let now = start + Int64(minute + 1) * 60_000_000
            var batch = CallEventBatch()
            batch.parties.append(Party(customerID: 1))
            for (number, isAnswered) in answers(minute, share: minute < 300 ? 0.55 : 0, &random).enumerated() {
                func add(_ kind: CallEventKind, _ minute: Int, _ micros: Int64, code: UInt16 = 0) {
                    batch.append(
                        kind, key: CallKey(high: UInt64(minute + 1), low: UInt64(number)), timeMicros: micros, party: 0,
                        sequence: 1, code: code)
                }
                add(.setup, minute, now - 5_000_000)
                add(isAnswered ? .answer : .failure, minute, now - 3_000_000, code: isAnswered ? 200 : 503)
                // Those of ten minutes ago; of failed ones there is nothing more to hear.
                if minute >= Self.talkMinutes { add(.end, minute - Self.talkMinutes, now - 1_000_000) }
            }
            _ = engine.ingest(batch, now: now)
            engine.advance(now: now)
            for _ in 0..<3 { engine.watch(now: now) }
            if engine.state.warningNames(0).contains("asr_drop") { raised = minute }
        }
        let minute = try #require(raised)
        #expect((301...306).contains(minute), "minute \(minute)")
    }
}
