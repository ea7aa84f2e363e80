import Columnar
import Randomness
import Testing

@Suite struct DictionaryColumnTests {
    @Test(arguments: seeds)
    func randomOperations(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var column = DictionaryColumn()
        var model: [String] = []
        var snapshots: [(column: DictionaryColumn, model: [String])] = []
        for _ in 0..<1_000 {
            let text = Int.random(in: 0..<4, using: &random) == 0 ? random.text() : "US"
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                column.append(text)
                model.append(text)
            case 4..<8 where !model.isEmpty:
                let row = Int.random(in: 0..<model.count, using: &random)
                column[row] = text
                model[row] = text
            case 8:
                column.grow(to: model.count + 1)
                model.append("")
            default:
                if snapshots.count < 20 { snapshots.append((column, model)) }
            }
        }
        #expect(model.indices.map { column[$0] } == model)
        for snapshot in snapshots { #expect(snapshot.model.indices.map { snapshot.column[$0] } == snapshot.model) }
        for (code, value) in column.values.enumerated() { #expect(column.code(of: value) == UInt32(code)) }
        #expect(Set(column.values).count == column.values.count)
    }

    @Test func emptyTextIsCodeZero() {
        var column = DictionaryColumn()
        column.grow(to: 3)
        #expect(column.codes[2] == 0)
        #expect(column[2] == "")
        #expect(column.code(of: "") == 0)
        #expect(column.code(of: "DE") == nil)
        column.set(1, to: "DE")
        #expect(column.code(of: "DE") == 1)
        #expect(column.values == ["", "DE"])
        column.set(1, to: "")
        #expect(column.values == ["", "DE"])
    }

    /// What a file has: refused unless every code has a value, every value is there once, and the first is empty.
    @Test func aSavedDictionaryIsTakenOrRefused() {
        func column(_ code: UInt32, _ values: [String]) -> DictionaryColumn? {
            var codes = CodeColumn()
            for code in [0, code] { codes.append(code) }
            return DictionaryColumn(codes: codes, values: values)
        }
        #expect(column(1, ["", "DE"]).map { [$0[0], $0[1]] } == ["", "DE"])
        #expect(column(1, ["", "DE"])?.code(of: "DE") == 1)
        #expect(column(2, ["", "DE", "FR"])?[1] == "FR")
        #expect(column(2, ["", "DE"]) == nil, "a code without a value")
        #expect(column(0, []) == nil && column(0, ["DE"]) == nil, "the first is not empty")
        for values in [["", ""], ["", "DE", "DE"], ["", "DE", ""]] { #expect(column(1, values) == nil, "\(values)") }
        // What is added afterwards has a code of its own.
        var more = column(1, ["", "DE"])
        more?.append("FR")
        #expect(more?.values == ["", "DE", "FR"] && more?[2] == "FR")
    }

    @Test func emptyRowsTakeNoMemory() {
        var column = DictionaryColumn()
        column.grow(to: 100 * ChunkSize.rows)
        #expect(column.byteSize < 100 * 16 + 512)
    }
}
