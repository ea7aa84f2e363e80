import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct CallLineTests {
    /// Whatever was heard of a call, and in whatever order, is what the table gives back.
    @Test(arguments: Seeds.fixed(5)) func aLineHoldsAllThatIsKnown(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = CallTable()
        for key in 1...3_000 as ClosedRange<UInt64> {
            let customer = [7, TrackedCall.unknown, TrackedCall.unattributed, TrackedCall.otherLeg]
                .randomElement(using: &generator)
            var call = TrackedCall(key: CallKey(high: key, low: 1), customer: customer ?? 0)
            let number = table.insert(call)
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                hearAnything(&call, using: &generator)
                table.schedule(number, second: Int64.random(in: 1...9_000, using: &generator))
                table[number] = call
                #expect(table[number] == call)
            }
            if Bool.random(using: &generator) { table.remove(number) }
        }
        #expect(Array(table.all).count == table.count)
    }

    private func hearAnything(_ call: inout TrackedCall, using generator: inout SeededGenerator) {
        // Up to the last microsecond that is accepted.
        let micros = Int64.random(in: 1..<(1 << 32) * 1_000_000, using: &generator)
        let sequence = UInt32.random(in: 0...UInt32.max, using: &generator)
        let code = UInt16.random(in: 0...UInt16.max, using: &generator)
        let cause = UInt8.random(in: 0...UInt8.max, using: &generator)
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: call.observeSetup(at: micros, sequence: sequence, isTimed: Bool.random(using: &generator))
        case 1: call.observeRing(at: micros)
        case 2: call.observeAnswer(at: micros, code: code)
        case 3, 4: call.observeFailure(at: micros, sequence: sequence, code: code, cause: cause)
        case 5: call.observeEnd(at: micros, cause: cause)
        default:
            call.closedMicros = micros
            call.wasClosedAnswered = call.isAnswered
            call.recentNumber = sequence
        }
    }
}
