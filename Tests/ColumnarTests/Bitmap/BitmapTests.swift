import Columnar
import Randomness
import Testing

/// Bitmaps against sets of row numbers.
@Suite struct BitmapTests {
    static let counts = [0, 1, 3, 4, 5, 63, 64, 65, 127, 128, 8_191, 8_192, 8_193, 20_000]

    @Test(arguments: seeds)
    func logic(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for count in Self.counts {
            let all = Set(0..<count)
            let (a, left) = randomBitmap(count, &random)
            let (b, right) = randomBitmap(count, &random)
            #expect(rows(a) == left.sorted())
            var result = a
            result.and(b)
            #expect(rows(result) == left.intersection(right).sorted())
            result = a
            result.or(b)
            #expect(rows(result) == left.union(right).sorted())
            result.setAll()
            #expect(rows(result) == all.sorted())
            result.clearAll()
            #expect(result == Bitmap(count: count))
        }
    }

    private func randomBitmap(_ count: Int, _ random: inout SeededGenerator) -> (Bitmap, Set<Int>) {
        var bitmap = Bitmap(count: count)
        var set: Set<Int> = []
        let density = Int.random(in: 0...10, using: &random)
        for row in 0..<count where Int.random(in: 0..<10, using: &random) < density {
            bitmap[row] = true
            set.insert(row)
        }
        for _ in 0..<min(count, 10) {
            let row = Int.random(in: 0..<count, using: &random)
            bitmap[row] = false
            set.remove(row)
            #expect(!bitmap[row])
        }
        return (bitmap, set)
    }

    private func rows(_ bitmap: Bitmap) -> [Int] {
        var rows: [Int] = []
        bitmap.forEachSet { rows.append($0) }
        return rows
    }

    @Test func growthKeepsTheBits() {
        var bitmap = Bitmap(count: 3)
        bitmap.setAll()
        bitmap.grow(to: 9_000)
        #expect(rows(bitmap) == [0, 1, 2])
        bitmap[8_999] = true
        #expect(rows(bitmap) == [0, 1, 2, 8_999])
    }

    /// One word for each 64 rows begun, of a full chunk and of a last one with any number of rows.
    @Test func aChunkHasTheWordsOfItsRows() {
        for rows in Array(1...130) + [ChunkSize.rows - 1, ChunkSize.rows] where rows <= ChunkSize.rows {
            for chunk in 0..<2 {
                var bitmap = Bitmap(count: chunk * ChunkSize.rows + rows)
                bitmap.setAll()
                for number in 0...chunk {
                    let count = number == chunk ? rows : ChunkSize.rows
                    #expect(bitmap.withWords(inChunk: number) { $0.count } == (count + 63) / 64)
                    #expect(bitmap.withWords(inChunk: number) { $0.reduce(0) { $0 + $1.nonzeroBitCount } } == count)
                }
            }
        }
    }

    @Test func wordsOfAChunk() {
        let count = ChunkSize.rows + ChunkSize.rows / 2
        var bitmap = Bitmap(count: count)
        bitmap.setAll()
        // Bits beyond the last row are not set.
        #expect(rows(bitmap).count == count)
        #expect(bitmap.withWords(inChunk: 1) { $0.count } == (ChunkSize.rows / 2 + 63) / 64)
        #expect(bitmap.withWords(inChunk: 1) { $0[0] & 3 } == 3)
    }
}
