import Columnar
import Testing

/// Chunks of texts as saved files give them: taken over as they are, or refused with nothing changed.
@Suite struct TextChunksTests {
    private func column() -> TextColumn {
        var column = TextColumn()
        column.grow(to: ChunkSize.rows + 2)
        (column[0], column[ChunkSize.rows]) = ("first", "second")
        return column
    }

    private func check(_ ends: [UInt32], bytes: Int, chunk: Int = 0, isRight: Bool) {
        var column = column()
        let taken = column.setChunk(chunk, bytes: [UInt8](repeating: 0x61, count: bytes), ends: ends)
        #expect(taken == isRight, "\(ends.suffix(4)), \(bytes) bytes")
        #expect(column[ChunkSize.rows * (1 - chunk)] == (chunk == 0 ? "second" : "first"))
        if taken {
            var last: UInt32 = 0
            for (row, end) in ends.enumerated() {
                #expect(column.byteCount(chunk * ChunkSize.rows + row) == Int(end - last))
                last = end
            }
            column.withChunk(chunk) { chunkBytes, chunkEnds in
                #expect(chunkBytes.count == bytes && Array(chunkEnds) == ends)
            }
        } else {
            #expect(column[ChunkSize.rows * chunk] == (chunk == 0 ? "first" : "second"), "refused, yet changed")
        }
    }

    /// All lists of up to three ends from 0 to 3, with every number of bytes.
    @Test func endsAscendToTheNumberOfBytes() {
        for bytes in 0...3 {
            check([], bytes: bytes, isRight: bytes == 0)
            for a in UInt32(0)...3 {
                check([a], bytes: bytes, isRight: a == bytes)
                for b in UInt32(0)...3 {
                    check([a, b], bytes: bytes, isRight: a <= b && b == bytes)
                    for c in UInt32(0)...3 { check([a, b, c], bytes: bytes, isRight: a <= b && b <= c && c == bytes) }
                }
            }
        }
    }

    @Test func thereAreAtMostAsManyTextsAsRows() {
        let full = (1...UInt32(ChunkSize.rows)).map { $0 }
        check(full, bytes: full.count, isRight: true)
        check(full + [full[full.count - 1]], bytes: full.count, isRight: false)
        check([1, 2], bytes: 2, chunk: 1, isRight: true)
        check([1, 2, 2], bytes: 2, chunk: 1, isRight: false)
    }

    @Test func theLongestTextIsTakenAndNoLonger() {
        let longest = UInt32(ColumnarLimits.textBytes)
        for before in UInt32(0)...1 {
            check([before, before + longest - 1], bytes: Int(before + longest - 1), isRight: true)
            check([before, before + longest], bytes: Int(before + longest), isRight: true)
            check([before, before + longest + 1], bytes: Int(before + longest + 1), isRight: false)
        }
    }
}
