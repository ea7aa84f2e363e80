import Columnar
import Randomness
import Testing

@Suite struct TextSearchIgnoringCaseTests {
    @Test(arguments: seeds)
    func findsWhatLowerCaseContains(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var column = TextColumn()
        let texts = (0..<200).map { _ in random.text() }
        for text in texts { column.append(text) }
        var scratch: [UInt8] = []
        for needle in ["a", "ab", "ca b", "中", "0c", "bb a"] {
            let bytes = Array(needle.utf8)
            var found = Bitmap(count: texts.count)
            for chunk in 0..<found.chunkCount {
                let first = chunk * ChunkSize.rows
                let rows = first..<min(first + ChunkSize.rows, texts.count)
                let middle = Int.random(in: rows, using: &random)
                for part in [rows.lowerBound..<middle, middle..<rows.upperBound] {
                    let isPlain = bytes.withUnsafeBufferPointer {
                        column.searchIgnoringCase($0, rows: part, scratch: &scratch, into: &found)
                    }
                    #expect(isPlain == part.allSatisfy { texts[$0].utf8.allSatisfy { $0 < 0x80 } })
                }
            }
            for (row, text) in texts.enumerated() where text.utf8.allSatisfy({ $0 < 0x80 }) {
                let small = Array(text.lowercased().utf8)
                let contains = small.indices.contains { small[$0...].starts(with: bytes) }
                #expect(found[row] == contains, "'\(text)' '\(needle)'")
            }
        }
    }

    @Test(arguments: seeds)
    func signaturesMissNothing(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var signatures = TrigramSignatures(blocks: 3)
        let texts = (0..<30).map { _ in Array(random.text().utf8) }
        for (row, text) in texts.enumerated() { text.withUnsafeBufferPointer { signatures.add($0, block: row % 3) } }
        for (row, text) in texts.enumerated() where !text.isEmpty {
            let start = Int.random(in: text.indices, using: &random)
            let part = Array(text[start...])
            #expect(part.withUnsafeBufferPointer { signatures.mayContain($0, block: row % 3) })
        }
        let other = Array("zqzq".utf8)
        #expect(
            (0..<3).contains { block in !other.withUnsafeBufferPointer { signatures.mayContain($0, block: block) } })
    }
}
