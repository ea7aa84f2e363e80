// Every threshold from both sides and exactly at it, and every sample with one call less, as many, and one more.

import CallEvents
import Columnar
import Testing

@testable import Board

@Suite struct WarningLimitTests {
    private let now: Int64 = 1_750_000_000_000_000
    private static let minute: Int64 = 60_000_000

    /// Calls that ended a moment ago.
    private func call(
        _ engine: Engine, _ count: Int, isAnswered: Bool = true, seconds: UInt32 = 60, ring: UInt32 = 500,
        cost: Int64 = 0
    ) {
        var batch = CallRecordBatch()
        batch.parties = PartyList([Party(customerID: 1)])
        for number in 0..<count {
            batch.party.append(0)
            batch.setupMicros.append(now - 70_000_000 - Int64(number))
            batch.ringMilliseconds.append(ring)
            batch.answerMilliseconds.append(isAnswered ? ring : CallRecordBatch.never)
            batch.endMilliseconds.append(isAnswered ? ring + seconds * 1_000 : ring)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(isAnswered ? 200 : 503)
            batch.q850.append(0)
            batch.costMicros.append(cost)
        }
        #expect(engine.ingest(batch, now: now).calls == count)
        engine.advance(now: now)
    }

    private func isRaised(_ kind: WarningKind, _ engine: Engine, now: Int64) -> Bool {
        engine.state.watch([0], now: now)
        return engine.state.warnings.bits[0] & kind.bit != 0
    }

    /// Figures that can be set to whole numbers. At one unit per call, fifteen units went in fifteen minutes.
    private static let figures: [(kind: WarningKind, set: @Sendable (inout EngineState, Int64, Int64) -> Void)] = [
        (.creditLow, { state, value, _ in state.customers.setCredit(value * 1_000_000, row: 0) }),
        (.creditRunway, { state, value, _ in state.customers.setCredit(value * 1_000_000, row: 0) }),
        (.creditOvercommitted, { state, value, _ in setActive(&state, value) }),
        (.channelsNearLimit, { state, value, _ in setActive(&state, value) }),
        (.goneSilent, { state, value, now in state.customers.lastCallMicros[0] = now - value * minute }),
        (
            .stuckChannels,
            { state, value, now in
                setActive(&state, 1)
                state.customers.lastCallMicros[0] = now - value * minute
            }
        ),
    ]

    private static func setActive(_ state: inout EngineState, _ value: Int64) {
        state.customers.changeActive(0, by: Int32(value) - state.customers.active[0])
    }

    /// Raised beyond one limit and cleared at the other, never at the first and never before the second.
    @Test(arguments: figures.indices) func bothSidesOfBothLimits(place: Int) {
        let (kind, set) = Self.figures[place]
        let engine = makeEngine(customers: 1, now: now) { customer in
            (customer.creditMicros, customer.channels) = (100_000_000, 100)
        }
        call(engine, 15, cost: 1_000_000)
        call(engine, 10, isAnswered: false)
        let (raise, clear) = (Int64(kind.standard.raise), Int64(kind.standard.clear))
        // One step towards raising.
        let step: Int64 = kind.isRaisedBelow ? -1 : 1
        let steps: [(value: Int64, isRaised: Bool)] = [
            (clear, false), (raise - step, false), (raise, false), (raise + step, true), (raise, true),
            (raise - step, true), (clear + step, true), (clear, false), (clear + step, false), (raise, false),
            (raise + step, true), (clear - step, false),
        ]
        for (index, (value, expected)) in steps.enumerated() {
            set(&engine.state, value, now)
            #expect(isRaised(kind, engine, now: now) == expected, "\(kind.name), step \(index): \(value)")
        }
    }

    /// Credit that is used up: at nothing, not a millionth of a unit above it.
    @Test func nothingLeft() {
        let engine = makeEngine(customers: 1, now: now)
        for (credit, isExhausted) in [(1, false), (0, true), (-1, true), (1, false)] as [(Int64, Bool)] {
            engine.state.customers.setCredit(credit, row: 0)
            #expect(isRaised(.creditExhausted, engine, now: now) == isExhausted, "\(credit)")
        }
        engine.state.customers.statuses[0] = UInt8(CustomerStatus.allCases.firstIndex(of: .penalty) ?? 0)
        engine.state.customers.setCredit(-1, row: 0)
        #expect(!isRaised(.creditExhausted, engine, now: now))
    }

    @Test(arguments: [WarningKind.asrLow, .acdLow, .pddHigh, .shortCallRatio, .goneSilent])
    func fewerCallsSayNothing(kind: WarningKind) {
        let sample = Int(kind.standard.sample)
        for count in sample - 1...sample + 1 {
            let engine = makeEngine(customers: 1, now: now)
            call(engine, count, isAnswered: kind != .asrLow, seconds: 1, ring: 20_000)
            let later = kind == .goneSilent ? now + 20 * Self.minute : now
            engine.advance(now: later)
            repeat {
                engine.state.watchDelays(second: later / 1_000_000, .all)
            } while engine.state.warnings.delayWatch != nil
            #expect(isRaised(kind, engine, now: later) == (count >= sample), "\(count)")
        }
    }
}
