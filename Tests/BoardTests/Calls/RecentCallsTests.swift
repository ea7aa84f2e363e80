// The calls that finished last, against a plain list.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct RecentCallsTests {
    private static let codes = OutcomeCodes(OutcomeTable())

    /// Single calls and batches, short ones, long ones, and some longer than what is remembered.
    @Test(arguments: Seeds.fixed(1, 2, 3, 4))
    func theNewestCallsAreThoseOfAList(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var recent = RecentCalls(Self.codes)
        /// Customer and set-up of each call, in order; those of `numbers` can be corrected.
        var list: [(customer: UInt32, setupMicros: Int64)] = []
        var numbers: [(number: UInt32, place: Int)] = []
        for _ in 0..<40 {
            switch Int.random(in: 0..<8, using: &generator) {
            case 0..<3:
                let call = Self.call(
                    customer: UInt32.random(in: 0..<5, using: &generator), setupMicros: Int64(list.count) + 1)
                numbers.append((recent.append(call), list.count))
                list.append((call.customer, call.setupMicros))
            case 3: Self.change(&recent, &list, numbers, &generator)
            case 4:
                #expect(Self.agree(&recent, list), "seed \(seed), \(list.count) calls")
            default:
                let sizes = [1...300, 256...5_000, 30_000...40_000, 65_530...65_540, 70_000...80_000]
                let size = Int.random(in: sizes.randomElement(using: &generator) ?? 1...1, using: &generator)
                let (batch, customers) = Self.batch(size, firstMicros: Int64(list.count) + 1, &generator)
                if Bool.random(using: &generator) {
                    recent.append(batch, customers: customers)
                } else {
                    recent.append(batch, 0..<batch.count, customers: customers)
                }
                for row in 0..<batch.count { list.append((customers[Int(batch.party[row])], batch.setupMicros[row])) }
            }
        }
        #expect(Self.agree(&recent, list), "seed \(seed), \(list.count) calls")
        #expect(recent.ring.count == min(list.count, BoardLimits.recentCalls))
    }

    @Test(arguments: Seeds.fixed(5)) func whatWaitsIsBounded(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var recent = RecentCalls(Self.codes)
        let (batch, customers) = Self.batch(4_096, firstMicros: 1, &generator)
        var largest = 0
        for _ in 0..<100 {
            recent.append(batch, customers: customers)
            largest = max(largest, recent.byteSize)
        }
        #expect(largest <= (BoardLimits.recentCalls + 4_096) * 40)
    }

    private static func change(
        _ recent: inout RecentCalls, _ list: inout [(customer: UInt32, setupMicros: Int64)],
        _ numbers: [(number: UInt32, place: Int)], _ generator: inout SeededGenerator
    ) {
        guard let (number, place) = numbers.randomElement(using: &generator) else { return }
        // One that was pushed out stays out.
        if Bool.random(using: &generator) {
            recent.withdraw(number)
            list[place].customer = TrackedCall.unknown
        } else {
            recent.correct(number, call(customer: 7, setupMicros: list[place].setupMicros))
            list[place].customer = 7
        }
    }

    private static func agree(
        _ recent: inout RecentCalls, _ list: [(customer: UInt32, setupMicros: Int64)]
    ) -> Bool {
        let kept = list.suffix(BoardLimits.recentCalls)
        return (0..<8 as Range<UInt32>).allSatisfy { customer in
            let expected = kept.reversed().lazy.filter { $0.customer == customer }.prefix(50).map(\.setupMicros)
            return recent.latest(customer: customer, count: 50).map(\.setupMicros) == Array(expected)
        }
    }

    private static func call(customer: UInt32, setupMicros: Int64) -> RecentCall {
        RecentCall(
            customer: customer, setupMicros: setupMicros, ringMicros: 0, answerMicros: 0, endMicros: setupMicros,
            outcome: .busy, code: 486, q850: 0, talkMilliseconds: 0)
    }

    private static func batch(
        _ count: Int, firstMicros: Int64, _ generator: inout SeededGenerator
    ) -> (CallRecordBatch, [UInt32]) {
        var batch = CallRecordBatch()
        for row in 0..<count {
            batch.party.append(UInt32.random(in: 0..<3, using: &generator))
            batch.setupMicros.append(firstMicros + Int64(row))
            batch.ringMilliseconds.append(CallRecordBatch.never)
            batch.answerMilliseconds.append(CallRecordBatch.never)
            batch.endMilliseconds.append(1_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(486)
            batch.q850.append(0)
        }
        return (batch, [4, 2, 0])
    }
}
