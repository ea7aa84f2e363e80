import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct PackedNumbersTests {
    @Test(arguments: Seeds.fixed(9)) func numbersAndRowsComeBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for trial in 0..<300 {
            let span = [0, 1, 255, 256, 65_535, 65_536, 1 << 32, Int64.max].randomElement(using: &random)!
            let base = Int64.random(in: Int64.min...Int64.max, using: &random)
            let values = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                base &+ (span == 0 ? 0 : Int64.random(in: 0...span, using: &random))
            }
            let packed = PackedNumbers(values)
            #expect(packed.values == values)
            let density = [1, 3, 60, 2_000].randomElement(using: &random)!
            var row: UInt32 = UInt32.random(in: 0...9_000, using: &random)
            let rows = values.map { _ in
                row += UInt32.random(in: 1...UInt32(density), using: &random)
                return row
            }
            let set = RowSet(rows)
            #expect(set.rows == rows && set.count == rows.count, "trial \(trial)")
            for place in rows.indices.prefix(20) { #expect(set.place(of: rows[place]) == place) }
            let present = Set(rows)
            for row in UInt32(0)..<200 {
                #expect(
                    set.contains(row) == present.contains(row) && (set.place(of: row) != nil) == present.contains(row))
            }
            var writer = FieldWriter()
            writer.append(packed)
            writer.append(set)
            try writer.bytes.withBytes { bytes throws(FieldFault) in
                var reader = FieldReader(bytes)
                let (again, rows) = (try PackedNumbers(&reader, count: values.count), try RowSet(&reader))
                #expect(again == packed && rows == set)
                #expect(reader.isAtEnd)
            }
        }
    }
}
