// Whatever a turn of looking at customers does, the same warnings are raised.

import CallEvents
import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct WatchPortionTests {
    private let start: Int64 = 1_750_000_000_000_000
    private static let stepMicros: Int64 = 600_000_000
    private static let fallStep = 36
    /// Customers in two tiles; those between do not call.
    private static let callers = Array(0..<24) + Array(276..<300)

    /// Ten minutes of calls: one customer in six has late ringing, short calls, few answers, or fewer after some hours.
    private func calls(_ step: Int, until now: Int64, _ random: inout SeededGenerator) -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = PartyList((1...300).map { Party(customerID: $0) })
        for row in Self.callers {
            for _ in 0..<Int.random(in: 30...60, using: &random) {
                let hasFallen = row % 6 == 0 && step >= Self.fallStep
                let share = hasFallen ? 0.04 : row % 6 == 1 ? 0.2 : 0.6
                let isAnswered = Double.random(in: 0..<1, using: &random) < share
                let ring = UInt32.random(in: 0...(row % 6 == 2 ? 15_000 : 1_500), using: &random)
                let talk = UInt32.random(in: 1_000...(row % 6 == 3 ? 4_000 : 120_000), using: &random)
                let spent = ring + (isAnswered ? talk : 0)
                batch.party.append(UInt32(row))
                batch.setupMicros.append(
                    now - Int64(spent) * 1_000 - Int64.random(in: 1...Self.stepMicros, using: &random))
                batch.ringMilliseconds.append(ring)
                batch.answerMilliseconds.append(isAnswered ? ring : CallRecordBatch.never)
                batch.endMilliseconds.append(spent)
                batch.talkMilliseconds.append(CallRecordBatch.never)
                batch.code.append(isAnswered ? 200 : 486)
                batch.q850.append(0)
            }
        }
        return batch
    }

    /// All that there is to be looked at now, in turns.
    private func watch(_ engine: Engine, _ now: Int64, _ portion: () -> WatchPortion) {
        repeat { engine.state.watchDays(portion().slotBytes) } while engine.state.warnings.dayWatch != nil
        repeat {
            engine.state.watchDelays(second: now / 1_000_000, portion().delays)
        } while engine.state.warnings.delayWatch != nil
        repeat { engine.state.watch(now: now, portion()) } while engine.state.warnings.nextRow != 0
    }

    @Test(arguments: Seeds.of(1)) func anyTurnsRaiseTheSame(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let whole = makeEngine(customers: 300, clock: .events, now: start) { $0.auth = [] }
        let sliced = makeEngine(customers: 300, clock: .events, now: start) { $0.auth = [] }
        var raised: [WarningKind: Int] = [:]
        for step in 0..<Self.fallStep + 6 {
            let now = start + Int64(step + 1) * Self.stepMicros
            let batch = calls(step, until: now, &random)
            for engine in [whole, sliced] {
                _ = engine.ingest(batch, now: now)
                engine.advance(now: now)
            }
            watch(whole, now) { WatchPortion(rows: 1 << 30, slotBytes: .max, delays: .all) }
            watch(sliced, now) {
                WatchPortion(
                    rows: .random(in: 1...90, using: &random), slotBytes: .random(in: 1...9_000, using: &random),
                    delays: DelayPortion(
                        rows: .random(in: 1...90, using: &random), facts: .random(in: 1...900, using: &random),
                        histograms: .random(in: 1...9, using: &random)))
            }
            let (left, right) = (whole.state.warnings, sliced.state.warnings)
            for row in 0..<300 {
                #expect(left.bits[row] == right.bits[row] && left.days[row] == right.days[row], "row \(row) at \(step)")
                for kind in WarningKind.measured where left.bits[row] & kind.bit != 0 { raised[kind, default: 0] += 1 }
            }
            #expect(left.delays == right.delays && left.slotDispersion == right.slotDispersion)
            #expect(left.dispersions.map(\.value) == right.dispersions.map(\.value))
        }
        for kind in [WarningKind.asrLow, .asrDrop, .acdLow, .pddHigh, .shortCallRatio] {
            #expect(raised[kind, default: 0] > 0, "\(kind)")
        }
    }
}
