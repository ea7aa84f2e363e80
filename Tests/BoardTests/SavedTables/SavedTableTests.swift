// Columns of saved tables: appended and read in pieces across chunks, and refused where they are of another kind.

import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct SavedTableTests {
    private static let rows = ChunkSize.rows

    /// Pieces of every length around a chunk, appended at every place around one.
    @Test(arguments: Seeds.fixed(1, 2, 3)) func appendedInAnyPieces(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var column = Column<Int64>()
        var plain: [Int64] = []
        let lengths = [0, 1, 2, Self.rows - 1, Self.rows, Self.rows + 1, 2 * Self.rows + 1]
        for _ in 0..<12 {
            let length = lengths.randomElement(using: &random) ?? 0
            let values = (0..<length).map { Int64(plain.count + $0 + 1) }
            values.withUnsafeBufferPointer { column.append(contentsOf: $0) }
            plain += values
            #expect(column.count == plain.count)
        }
        #expect(plain.indices.allSatisfy { column[$0] == plain[$0] }, "seed \(seed)")
        let copy = Column(plain)
        #expect(copy.count == plain.count && plain.indices.allSatisfy { copy[$0] == plain[$0] })
        for _ in 0..<60 {
            let borders = [0, 1, Self.rows - 1, Self.rows, Self.rows + 1, 2 * Self.rows, plain.count].filter {
                $0 <= plain.count
            }
            let (one, other) = (borders.randomElement(using: &random) ?? 0, borders.randomElement(using: &random) ?? 0)
            var read: [Int64] = []
            var pieces = 0
            column.forEachPiece(min(one, other)..<max(one, other)) { values in
                read += values
                pieces += 1
                #expect(!values.isEmpty && values.count <= Self.rows)
            }
            #expect(read == Array(plain[min(one, other)..<max(one, other)]), "\(one) \(other), seed \(seed)")
        }
    }

    @Test func kindsAreChecked() throws {
        let values: [SavedValues] = [
            .unsigned8(Column([1])), .unsigned16(Column([2])), .unsigned32(Column([3])), .signed32(Column([4])),
            .signed64(Column([5])), SavedValues(["6"]),
        ]
        let table = SavedTable(
            id: 1, name: "t", columns: values.enumerated().map { SavedColumn(UInt16($0.offset + 1), "c", $0.element) })
        func isRead<Value>(_ read: (UInt16) throws(RestoreError) -> Value) -> [UInt16] {
            (1...7).filter { (try? read($0)) != nil }
        }
        #expect(isRead { id throws(RestoreError) in try table.unsigned8(id) } == [1])
        #expect(isRead { id throws(RestoreError) in try table.unsigned32(id) } == [3])
        #expect(isRead { id throws(RestoreError) in try table.signed32(id) } == [4])
        #expect(isRead { id throws(RestoreError) in try table.signed64(id) } == [5])
        #expect(isRead { id throws(RestoreError) in try table.text(id) } == [6])
        #expect(isRead { id throws(RestoreError) in try table.codes(id) } == [1, 2, 3])
        for (id, code) in [(1, 1), (2, 2), (3, 3)] as [(UInt16, UInt32)] { #expect(try table.codes(id)[0] == code) }
        let fault = RestoreError(table: "t", fault: "has no column 7 of the right kind")
        #expect(throws: fault) { try table.text(7) }
        #expect(throws: RestoreError(table: "\(SavedTableID.gauges)", fault: "is missing")) { try [table][.gauges] }
    }

    /// A table is of the statistics from the first of their numbers on.
    @Test func whatIsOfTheStatistics() {
        let engine = makeEngine(customers: 1)
        #expect(engine.snapshot().tables().allSatisfy { !$0.isOfStatistics })
        let statistics = engine.statistics(now: engine.nowMicros).tables()
        #expect(statistics.allSatisfy(\.isOfStatistics) && statistics.first?.id == SavedTableID.numbers.rawValue)
    }

    @Test func zerosOfEveryKind() {
        for kind in SavedValues.Kind.allCases {
            let values = SavedValues(kind, rowCount: 3)
            #expect(values.kind == kind && values.rowCount == 3)
        }
    }
}
