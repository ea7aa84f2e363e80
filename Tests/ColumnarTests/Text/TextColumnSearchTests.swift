import Columnar
import KernelsBaseline
import Randomness
import Testing

@Suite struct TextColumnSearchTests {
    /// Few letters, so that needles are found often, several times in a text, and across the ends of texts.
    @Test(arguments: seeds)
    func findsTheRowsThatContainTheBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            let letters: [UInt8] = Array("abc".utf8.prefix(Int.random(in: 1...3, using: &random)))
            func bytes(_ lengths: ClosedRange<Int>) -> [UInt8] {
                (0..<Int.random(in: lengths, using: &random)).map { _ in letters.randomElement(using: &random) ?? 97 }
            }
            var column = TextColumn()
            var model: [[UInt8]] = []
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                model.append(bytes(0...12))
                column.append(String(decoding: model[model.count - 1], as: UTF8.self))
            }
            // Rows behind the last text of a chunk.
            column.grow(to: model.count + 3)
            model += [[], [], []]
            for _ in 0..<10 {
                let needle = bytes(0...6)
                var rows = Bitmap(count: column.count)
                needle.withUnsafeBufferPointer { column.search($0, into: &rows) }
                #expect(model.indices.map { rows[$0] } == model.map { contains($0, needle) })
            }
        }
    }

    @Test(arguments: seeds)
    func bothKernelsFindTheFirstPlace(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in Array(0...3 * 64 + 1) + [1_000] {
            // A rare letter, so that the needle is found late.
            let text = (0..<length).map { _ in UInt8(Int.random(in: 0..<30, using: &random) == 0 ? 98 : 97) }
            let needle = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                UInt8(Int.random(in: 0..<3, using: &random) == 0 ? 98 : 97)
            }
            let start = Int.random(in: 0...length, using: &random)
            let place = (start...length).first { text[$0...].starts(with: needle) } ?? length
            text.withUnsafeBufferPointer { text in
                needle.withUnsafeBufferPointer { needle in
                    #expect(KernelsBaseline.find(needle, in: text, from: start) == place)
                }
            }
        }
    }

    private func contains(_ text: [UInt8], _ needle: [UInt8]) -> Bool {
        (0...text.count).contains { text[$0...].starts(with: needle) }
    }

    @Test func addsToTheRowsFoundBefore() {
        var column = TextColumn()
        for text in ["Acme", "Orbit", "", "Acorn"] { column.append(text) }
        var rows = Bitmap(count: 4)
        Array("Orb".utf8).withUnsafeBufferPointer { column.search($0, into: &rows) }
        Array("Ac".utf8).withUnsafeBufferPointer { column.search($0, into: &rows) }
        #expect((0..<4).map { rows[$0] } == [true, true, false, true])
    }
}
