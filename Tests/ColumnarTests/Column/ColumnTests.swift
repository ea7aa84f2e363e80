import Columnar
import Randomness
import Testing

/// Columns against plain arrays.
@Suite struct ColumnTests {
    @Test(arguments: seeds)
    func randomOperationsOnEveryWidth(seed: UInt64) {
        compareWithArray(Int8.self, seed: seed)
        compareWithArray(Int16.self, seed: seed)
        compareWithArray(Int32.self, seed: seed)
        compareWithArray(Int64.self, seed: seed)
        compareWithArray(UInt8.self, seed: seed)
        compareWithArray(UInt16.self, seed: seed)
        compareWithArray(UInt32.self, seed: seed)
        compareWithArray(UInt64.self, seed: seed)
    }

    /// Writes at random to a column and to an array; snapshots taken on the way have to stay as they were.
    private func compareWithArray<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ type: Value.Type, seed: UInt64
    ) {
        var random = SeededGenerator(seed: seed)
        var column = Column<Value>()
        var model: [Value] = []
        var snapshots: [(column: Column<Value>, model: [Value])] = []
        for _ in 0..<400 {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<30:
                let value = random.value(of: type)
                column.append(value)
                model.append(value)
            case 30..<40:
                let new = model.count + Int.random(in: 0...ChunkSize.rows, using: &random) / 8
                column.grow(to: new)
                model.append(contentsOf: repeatElement(0, count: new - model.count))
            case 40..<60 where !model.isEmpty:
                let row = Int.random(in: 0..<model.count, using: &random)
                let value = random.value(of: type)
                column[row] = value
                model[row] = value
            case 60..<80 where !model.isEmpty:
                let row = Int.random(in: 0..<model.count, using: &random)
                let value = random.value(of: type)
                column[row] &+= value
                model[row] &+= value
            case 80..<88 where !model.isEmpty:
                let chunk = Int.random(in: 0..<column.chunkCount, using: &random)
                let rows = column.rows(inChunk: chunk)
                let values = random.values(rows.count, of: type)
                column.withMutableChunk(chunk) { buffer in
                    #expect(buffer.count == rows.count)
                    for index in 0..<buffer.count { buffer[index] = values[index] }
                }
                model.replaceSubrange(rows, with: values)
            case 88..<90 where !model.isEmpty:
                let rows = (0..<40).map { _ in UInt32(Int.random(in: 0..<model.count, using: &random)) }
                let values = random.values(rows.count, of: type)
                rows.withUnsafeBufferPointer { rows in
                    values.withUnsafeBufferPointer { values in column.raise(rows, to: values) }
                }
                for (row, value) in zip(rows, values) { model[Int(row)] = max(model[Int(row)], value) }
            case 90..<98:
                snapshots.append((column, model))
            case 98:
                column.clear()
                model = Array(repeating: 0, count: model.count)
            default:
                break
            }
        }
        #expect(same(column, model))
        for snapshot in snapshots { #expect(same(snapshot.column, snapshot.model)) }
    }

    private func same<Value>(_ column: Column<Value>, _ model: [Value]) -> Bool {
        var read: [Value] = []
        for chunk in 0..<column.chunkCount {
            guard column.rows(inChunk: chunk).lowerBound == read.count else { return false }
            column.withChunk(chunk) { read.append(contentsOf: $0) }
        }
        return column.count == model.count && read == model && model.indices.allSatisfy { column[$0] == model[$0] }
    }

    @Test func chunksOfZerosTakeNoMemory() {
        var column = Column<Int64>()
        column.grow(to: 100 * ChunkSize.rows)
        let empty = column.byteSize
        #expect(empty < 100 * 16 + 64)
        #expect((0..<100).allSatisfy { column.isZero(chunk: $0) })
        column[7 * ChunkSize.rows] = 0
        #expect(column.isZero(chunk: 7))
        column[7 * ChunkSize.rows] = 1
        #expect(!column.isZero(chunk: 7))
        #expect(column.byteSize >= empty + ChunkSize.rows * 8)
        #expect(column.byteSize <= empty + ChunkSize.rows * 8 + 64)
        column.clear()
        // The allocator may round up to a few bytes more than before.
        #expect(column.byteSize <= empty + 64)
        #expect(column.count == 100 * ChunkSize.rows)
        #expect(column[7 * ChunkSize.rows] == 0)
    }

    @Test func lastChunkIsShort() {
        var column = Column<UInt16>()
        #expect(column.chunkCount == 0)
        column.grow(to: ChunkSize.rows + 1)
        #expect(column.chunkCount == 2)
        #expect(column.rows(inChunk: 0) == 0..<ChunkSize.rows)
        #expect(column.rows(inChunk: 1) == ChunkSize.rows..<ChunkSize.rows + 1)
        #expect(column.withChunk(1) { $0.count } == 1)
    }

    @Test func errorsOfTheBodyPassThrough() {
        struct Refused: Error, Equatable {}
        var column = Column<Int32>()
        column.append(5)
        #expect(throws: Refused()) { try column.withChunk(0) { _ throws(Refused) in throw Refused() } }
        #expect(throws: Refused()) {
            try column.withMutableChunk(0) { (values) throws(Refused) in
                values[0] = 6
                throw Refused()
            }
        }
        #expect(column[0] == 6)
    }

    @Test func chunkSizeIsAPowerOfTwo() {
        #expect(ChunkSize.rows.nonzeroBitCount == 1)
    }

    /// One writer moves every row on, generation after generation; readers that hold a snapshot see one generation
    /// only, however long they look.
    @Test func readersOnOtherThreadsSeeOneGeneration() async {
        let rows = ChunkSize.rows + 1
        var column = Column<Int64>()
        column.grow(to: rows)
        await withTaskGroup(of: Bool.self) { readers in
            for generation in Int64(1)...40 {
                for row in 0..<rows { column[row] = generation }
                let snapshot = column
                readers.addTask {
                    for _ in 0..<5 {
                        var consistent = true
                        for chunk in 0..<snapshot.chunkCount {
                            snapshot.withChunk(chunk) { values in
                                for value in values where value != generation { consistent = false }
                            }
                        }
                        if !consistent { return false }
                    }
                    return true
                }
            }
            for await consistent in readers { #expect(consistent) }
        }
    }
}
