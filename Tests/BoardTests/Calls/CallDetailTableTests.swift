import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct CallDetailTableTests {
    /// Set, replaced and removed at random: what a dictionary knows is there, and places are used again.
    @Test(arguments: Seeds.fixed(1, 2, 3)) func itKnowsWhatADictionaryKnows(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = CallDetailTable()
        var plain: [UInt32: CallDetails] = [:]
        for _ in 0..<20_000 {
            let number = UInt32.random(in: 0..<300, using: &generator)
            if Int.random(in: 0..<3, using: &generator) == 0 {
                table.remove(number)
                plain[number] = nil
            } else {
                var details = CallDetails(calling: String(number))
                details.callID = String(repeating: "x", count: Int.random(in: 0..<255, using: &generator))
                if Bool.random(using: &generator) { details.destination = IPAddress(high: 1, low: UInt64(number)) }
                if Bool.random(using: &generator) {
                    details.clockCorrectedMillis = Int32.random(in: .min ... .max, using: &generator)
                }
                var list = CallDetailList()
                _ = list.append(details)
                table.set(number, list.bytes)
                plain[number] = details
            }
        }
        for number in 0..<400 as Range<UInt32> {
            #expect(table.details(number) == plain[number] ?? CallDetails(), "seed \(seed)")
        }
        #expect(table.count == plain.count)
        // 300 calls of at most 12 units each, in places for each number of units.
        #expect(table.byteSize < 1_000_000)
    }

    /// Details that do not fit are refused and counted; what others leave is used again, by details of any length.
    @Test(arguments: [0, 65_535, 65_536, 131_071, 131_072]) func whatDoesNotFit(bytes: Int) {
        var list = CallDetailList()
        _ = list.append(CallDetails(callID: String(repeating: "x", count: 200)))
        let packed = list.bytes
        let units = (packed.count + 31) / 32
        // Within a page of 2,048 units; none is over two pages.
        let room = bytes / 65_536 * (2_048 / units)
        var table = CallDetailTable(bytes: bytes)
        for number in 0..<UInt32(room + 3) { table.set(number, packed) }
        #expect(table.count == room && table.refused == 3)
        #expect((0..<UInt32(room + 3)).allSatisfy { table.has($0) == (Int($0) < room) })
        guard room > 1 else { return }
        table.remove(0)
        table.remove(UInt32(room) - 1)
        table.set(UInt32(room), packed)
        table.set(UInt32(room) + 1, packed)
        table.set(UInt32(room) + 2, packed)
        #expect(table.count == room && table.refused == 4 && table.details(UInt32(room) + 1).callID.count == 200)
        // Another's details stand as they were.
        #expect((1..<UInt32(room) - 1).allSatisfy { Array(table.packed($0)) == packed })
    }
}
