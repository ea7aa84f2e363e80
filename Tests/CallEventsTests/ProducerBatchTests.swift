import Testing

@testable import CallEvents

/// The numbers of a producer's batch, enumerated.
@Suite struct ProducerBatchTests {
    private let producer = ProducerID(high: 1, low: 2)

    /// All ascending and not ascending lists of up to three offsets from 0 to 3.
    private static let offsets: [[UInt32]] = {
        let one: [[UInt32]] = (0...3).map { [$0] }
        func longer(_ lists: [[UInt32]]) -> [[UInt32]] {
            lists.flatMap { list -> [[UInt32]] in (0...3).map { (offset: UInt32) -> [UInt32] in list + [offset] } }
        }
        let two = longer(one)
        return [[]] + one + two + longer(two)
    }()

    private func isAscending(_ offsets: [UInt32]) -> Bool { zip(offsets, offsets.dropFirst()).allSatisfy(<=) }

    /// Where a batch is valid, how many of its rows have numbers up to each number.
    @Test func everySmallBatch() {
        for first in UInt64(0)...3 {
            for last in UInt64(0)...6 {
                for lost in UInt64(0)...3 {
                    for offsets in Self.offsets {
                        let batch = ProducerBatch(
                            producer: producer, epoch: 1, first: first, last: last, offsets: offsets, lost: lost)
                        let count = offsets.count
                        for rows in count == 0 ? Array(0...8) : [0, count - 1, count, count + 1] { check(batch, rows) }
                    }
                }
            }
        }
    }

    private func check(_ batch: ProducerBatch, _ rows: Int) {
        let isNumbered = batch.first >= 1 && batch.last >= batch.first && batch.lost < batch.first
        let numbers: [UInt64] =
            batch.offsets.isEmpty
            ? (0..<rows).map { batch.first + UInt64($0) } : batch.offsets.map { batch.first + UInt64($0) }
        let isRight =
            isNumbered && numbers.count == rows && isAscending(batch.offsets) && numbers.allSatisfy { $0 <= batch.last }
        #expect((batch.fault(rows: rows) == nil) == isRight, "\(batch), \(rows) rows")
        guard isRight else { return }
        let through = UInt64(0)...batch.last + 2
        let expected = through.map { number in numbers.count { $0 <= number } }
        #expect(through.map { batch.rows(through: $0, of: rows) } == expected, "\(batch), \(rows) rows")
    }

    @Test func theGreatestNumbers() {
        var batch = ProducerBatch(producer: producer, epoch: 1, first: .max - 2, last: .max - 1)
        #expect(batch.fault(rows: 2) == nil && batch.fault(rows: 3) != nil)
        #expect((0..<3).map { batch.rows(through: .max - 3 + $0, of: 2) } == [0, 1, 2])
        batch.last = .max
        #expect(batch.fault(rows: 2) != nil)
        let all = ProducerBatch(producer: producer, epoch: 1, first: 1, last: .max - 1)
        #expect(all.fault(rows: 5) == nil && all.rows(through: .max, of: 5) == 5 && all.rows(through: 4, of: 5) == 4)
    }

    @Test func anIDIsSixteenBytesAndNotZeros() {
        let bytes = Array(UInt8(1)...16)
        #expect(ProducerID(bytes) == ProducerID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10))
        #expect(ProducerID(bytes)?.bytes == bytes)
        for count in [0, 15, 17] { #expect(ProducerID([UInt8](repeating: 1, count: count)) == nil) }
        #expect(ProducerID([UInt8](repeating: 0, count: 16)) == nil)
        for place in 0..<16 {
            var one = [UInt8](repeating: 0, count: 16)
            one[place] = 1
            #expect(ProducerID(one)?.bytes == one)
        }
    }
}
