// Who sends by number: what is counted is left out, what is missing is refused, and lives, ends and idle producers.

import CallEvents
import Columnar
import Testing

@testable import Board

@Suite struct ProducerTableTests {
    private let id = ProducerID(high: 1, low: 2)
    private let hour: Int64 = 3_600_000_000

    private func batch(
        _ numbers: ClosedRange<UInt64>, epoch: UInt64 = 1, offsets: [UInt32] = [], lost: UInt64 = 0
    ) -> ProducerBatch {
        ProducerBatch(
            producer: id, epoch: epoch, first: numbers.lowerBound, last: numbers.upperBound, offsets: offsets,
            lost: lost)
    }

    private func take(
        _ table: inout ProducerTable, _ batch: ProducerBatch, rows: Int? = nil, now: Int64 = 0
    ) throws(ProducerRefusal) -> Int {
        let known = try table.admit(batch, rows: rows ?? Int(batch.last - batch.first) + 1, now: now)
        table.counted(batch, now: now)
        return known
    }

    @Test func whatIsCountedIsLeftOut() throws {
        var table = ProducerTable()
        #expect(try take(&table, batch(1...10)) == 0)
        #expect(try take(&table, batch(1...10)) == 10)
        #expect(try take(&table, batch(5...15)) == 6)
        #expect(try take(&table, batch(16...16)) == 0)
        #expect(table.entries[id]?.applied == 16 && table.lost == 0)
    }

    @Test func rowsHaveTheNumbersThatTheirOffsetsTell() throws {
        var table = ProducerTable()
        #expect(try take(&table, batch(1...100, offsets: [0, 0, 50]), rows: 3) == 0)
        #expect(try take(&table, batch(90...200, offsets: [5, 10, 11, 11, 40]), rows: 5) == 2)
        #expect(try take(&table, batch(201...300, offsets: []), rows: 0) == 0)
        for wrong in [[5, 4], [0, 101], [0]] as [[UInt32]] {
            #expect(throws: ProducerRefusal.self) {
                try take(&table, batch(301...400, offsets: wrong), rows: 2)
            }
        }
        #expect(throws: ProducerRefusal.self) { try take(&table, batch(301...302), rows: 3) }
        #expect(table.entries[id]?.applied == 300)
    }

    @Test func aGapIsRefusedAndADeclaredLossIsCounted() throws {
        var table = ProducerTable()
        #expect(throws: ProducerRefusal.gap(expected: 1, first: 2)) { try take(&table, batch(2...3)) }
        #expect(try take(&table, batch(1...3)) == 0)
        #expect(throws: ProducerRefusal.gap(expected: 4, first: 10)) { try take(&table, batch(10...12)) }
        #expect(throws: ProducerRefusal.gap(expected: 4, first: 10)) { try take(&table, batch(10...12, lost: 5)) }
        #expect(try take(&table, batch(10...12, lost: 6)) == 0)
        #expect(table.lost == 6 && table.entries[id]?.applied == 12)
        // What is said to be lost was counted in part.
        #expect(try take(&table, batch(15...16, lost: 8)) == 0)
        #expect(table.lost == 8)
        #expect(try take(&table, batch(15...16, lost: 14)) == 2)
        #expect(table.lost == 8)
    }

    @Test func aHigherEpochShutsTheLowerOnesOut() throws {
        var table = ProducerTable()
        #expect(try table.greet(id, epoch: 3, counted: 100, now: 0).1.applied == 100)
        #expect(throws: ProducerRefusal.fenced(epoch: 3, by: 3)) {
            try table.greet(id, epoch: 3, counted: 0, now: 0)
        }
        #expect(throws: ProducerRefusal.fenced(epoch: 2, by: 3)) { try take(&table, batch(101...110, epoch: 2)) }
        #expect(try take(&table, batch(101...110, epoch: 3)) == 0)
        // A batch may bring its life with it.
        #expect(try take(&table, batch(111...120, epoch: 4)) == 0)
        #expect(throws: ProducerRefusal.fenced(epoch: 3, by: 4)) { try take(&table, batch(121...130, epoch: 3)) }
        #expect(throws: ProducerRefusal.fenced(epoch: 3, by: 4)) { try table.end(id, epoch: 3) }
        try table.end(id, epoch: 4)
        #expect(table.entries.isEmpty)
        #expect(try table.greet(id, epoch: 1, counted: 0, now: 0).isKnown == false)
    }

    @Test func numbersThatAreNoneAreRefused() {
        var table = ProducerTable()
        let wrong = [batch(0...5), batch(1...UInt64.max), batch(5...9, lost: 5), batch(5...9, lost: .max)]
        for batch in wrong {
            #expect(throws: ProducerRefusal.self) { try take(&table, batch, rows: 1) }
        }
        #expect(throws: ProducerRefusal.self) { try table.greet(id, epoch: 0, counted: 0, now: 0) }
        #expect(throws: ProducerRefusal.self) { try table.greet(id, epoch: 1, counted: .max, now: 0) }
        #expect(table.entries.isEmpty)
    }

    @Test func whoIsNotHeardForADayIsForgotten() throws {
        var table = ProducerTable()
        let other = ProducerID(high: 9, low: 9)
        _ = try table.greet(id, epoch: 1, counted: 7, now: 0)
        _ = try table.greet(other, epoch: 1, counted: 0, now: 23 * hour)
        #expect(table.entries.count == 2)
        #expect(try table.greet(id, epoch: 2, counted: 0, now: 24 * hour).isKnown)
        _ = try table.greet(ProducerID(high: 3, low: 3), epoch: 1, counted: 0, now: 47 * hour + 60_000_001)
        #expect(table.entries[other] == nil && table.entries[id] != nil)
        // It was counted up to here, says the producer itself.
        #expect(try table.greet(other, epoch: 2, counted: 70, now: 48 * hour).1.applied == 70)
    }

    @Test func thereIsALimit() throws {
        var table = ProducerTable()
        for number in 1...UInt64(BoardLimits.producers) {
            _ = try table.greet(ProducerID(high: number, low: 0), epoch: 1, counted: 0, now: 0)
        }
        let many = ProducerRefusal.tooMany(limit: BoardLimits.producers)
        #expect(throws: many) { try table.greet(id, epoch: 1, counted: 0, now: 0) }
        #expect(throws: many) { try take(&table, batch(1...1)) }
        // Those that are known are served.
        #expect(try table.greet(ProducerID(high: 5, low: 0), epoch: 2, counted: 0, now: 0).isKnown)
    }

    @Test func aTableIsRestoredAsItWasSaved() throws {
        var table = ProducerTable()
        _ = try take(&table, batch(1...10, epoch: .max))
        _ = try take(&table, batch(21...30, epoch: .max, lost: 10))
        let restored = try ProducerTable(table.table, lost: table.lost)
        #expect(restored.entries == table.entries && restored.lost == 10)
        #expect(try ProducerTable(nil, lost: 0).entries.isEmpty)
        var broken = table.table
        broken.columns[3].values = .signed64(Column([-1]))
        #expect(throws: RestoreError.self) { try ProducerTable(broken, lost: 0) }
    }

    @Test func anIdIsSixteenBytes() {
        #expect(ProducerID(id.bytes) == id && id.bytes.count == 16)
        #expect(ProducerID([]) == nil && ProducerID([UInt8](repeating: 0, count: 16)) == nil)
    }
}
