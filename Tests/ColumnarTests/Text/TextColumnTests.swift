import Columnar
import Randomness
import Testing

@Suite struct TextColumnTests {
    @Test(arguments: seeds)
    func randomOperations(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var column = TextColumn()
        var model: [String] = []
        var snapshots: [(column: TextColumn, model: [String])] = []
        for _ in 0..<2_000 {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<40:
                let text = random.text()
                column.append(text)
                model.append(text)
            case 40..<90 where !model.isEmpty:
                let row = Int.random(in: 0..<model.count, using: &random)
                let text = random.text()
                column[row] = text
                model[row] = text
            case 90..<92:
                let new = model.count + Int.random(in: 0...ChunkSize.rows, using: &random) / 64
                column.grow(to: new)
                model.append(contentsOf: repeatElement("", count: new - model.count))
            case 92 where Int.random(in: 0..<10, using: &random) == 0:
                column.clear()
                model = Array(repeating: "", count: model.count)
            case 93..<95:
                snapshots.append((column, model))
            default:
                break
            }
        }
        #expect(same(column, model))
        for snapshot in snapshots { #expect(same(snapshot.column, snapshot.model)) }
        for _ in 0..<1_000 {
            guard let a = model.indices.randomElement(using: &random),
                let b = model.indices.randomElement(using: &random)
            else { break }
            let left = Array(model[a].utf8)
            let right = Array(model[b].utf8)
            let expected = left.lexicographicallyPrecedes(right) ? -1 : left == right ? 0 : 1
            #expect(column.compare(a, with: b).signum() == expected)
            right.withUnsafeBufferPointer { bytes in
                #expect(column.compare(a, bytes).signum() == expected)
                #expect(column.equals(a, bytes) == (expected == 0))
            }
        }
    }

    private func same(_ column: TextColumn, _ model: [String]) -> Bool {
        column.count == model.count
            && model.indices.allSatisfy { row in
                let bytes = Array(model[row].utf8)
                return column.byteCount(row) == bytes.count && column.withBytes(row) { Array($0) } == bytes
                    && column[row].utf8.elementsEqual(bytes)
            }
    }

    @Test func emptyTextsTakeNoMemory() {
        var column = TextColumn()
        column.grow(to: 100 * ChunkSize.rows)
        #expect(column.byteSize < 100 * 32 + 64)
    }

    /// 4 bytes per row besides the text, and an eighth of the text in reserve.
    @Test func memoryIsTight() {
        var column = TextColumn()
        let rows = max(3 * ChunkSize.rows, 40)
        var bytes = 0
        for row in 0..<rows {
            let text = "Customer number \(row) Ltd."
            bytes += text.utf8.count
            column.append(text)
        }
        let headers = (rows / ChunkSize.rows + 1) * 256
        #expect(column.byteSize < bytes * 9 / 8 + rows * 4 + headers)
    }

    @Test func theLongestTextFits() {
        var column = TextColumn()
        let longest = String(repeating: "x", count: ColumnarLimits.textBytes)
        column.append("before")
        column.append(longest)
        column.append("after")
        #expect(column[1] == longest)
        column[1] = ""
        #expect([column[0], column[1], column[2]] == ["before", "", "after"])
    }

    @Test func readersOnOtherThreadsSeeOneGeneration() async {
        let rows = 2 * min(ChunkSize.rows, 200) + 1
        var column = TextColumn()
        for _ in 0..<rows { column.append("") }
        await withTaskGroup(of: Bool.self) { readers in
            for generation in 1...40 {
                // Every generation has another length, so that the texts move.
                let text = String(repeating: "g", count: generation)
                for row in 0..<rows { column[row] = text }
                let snapshot = column
                readers.addTask { (0..<rows).allSatisfy { snapshot[$0] == text } }
            }
            for await consistent in readers { #expect(consistent) }
        }
    }
}
