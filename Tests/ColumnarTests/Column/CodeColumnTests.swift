import Columnar
import Randomness
import Testing

@Suite struct CodeColumnTests {
    @Test(arguments: seeds)
    func codesOfAnyWidthStayWhatTheyWere(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var column = CodeColumn()
        var model: [UInt32] = []
        for largest: UInt32 in [255, 256, 65_535, 65_536, .max] {
            let snapshot = (column, model)
            for _ in 0..<300 {
                let code = Bool.random(using: &random) ? largest : UInt32.random(in: 0...largest, using: &random)
                if Bool.random(using: &random) || model.isEmpty {
                    column.append(code)
                    model.append(code)
                } else {
                    let row = Int.random(in: 0..<model.count, using: &random)
                    column[row] = code
                    model[row] = code
                }
            }
            column.grow(to: model.count + ChunkSize.rows)
            model += Array(repeating: 0, count: ChunkSize.rows)
            #expect(column.count == model.count && model.indices.allSatisfy { column[$0] == model[$0] })
            #expect(snapshot.1.indices.allSatisfy { snapshot.0[$0] == snapshot.1[$0] })
        }
    }

    /// Both sides of the bound, for codes of every width, with the largest in the first chunk or in the last, and for
    /// zeros only.
    @Test func codesAreBelowTheirBound() {
        for largest: UInt32 in [0, 1, 254, 255, 256, 65_535, 65_536, .max - 1] {
            for row in [0, ChunkSize.rows - 1, ChunkSize.rows, 2 * ChunkSize.rows] {
                var column = CodeColumn()
                column.grow(to: 2 * ChunkSize.rows + 1)
                column[row] = largest
                for bound in [largest == 0 ? 0 : largest - 1, largest, largest + 1] {
                    #expect(column.areBelow(bound) == (largest < bound), "\(largest) at \(row), below \(bound)")
                }
            }
        }
        #expect(CodeColumn().areBelow(0))
    }

    @Test(arguments: [(1, 1), (256, 2), (65_536, 4)] as [(UInt32, Int)])
    func theMemoryIsThatOfTheWidth(code: UInt32, width: Int) {
        var column = CodeColumn()
        column.grow(to: 4 * ChunkSize.rows)
        for chunk in 0..<4 { column[chunk * ChunkSize.rows] = code }
        let values = 4 * ChunkSize.rows * width
        #expect(column.byteSize >= values && column.byteSize <= values + 4 * 128)
    }

    @Test func fewCodesTakeOneByteARow() {
        var column = CodeColumn()
        for row in 0..<4 * 8_192 { column.append(UInt32(row % 200) + 1) }
        #expect(column.byteSize < 4 * 8_192 * (ChunkSize.rows == 4 ? 16 : 2))
    }
}
