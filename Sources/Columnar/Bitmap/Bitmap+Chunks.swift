// A bitmap's words by chunk: what kernels read. Bit i of word w is row 64 w + i of the chunk.

extension Bitmap {
    public var chunkCount: Int { ChunkSize.chunks(holding: count) }

    /// Lends the words of a chunk's rows, `(rows + 63) / 64` of them.
    public func withWords<R, E: Error>(
        inChunk chunk: Int, _ body: (UnsafeBufferPointer<UInt64>) throws(E) -> R
    ) throws(E) -> R {
        let range = wordRange(ofChunk: chunk)
        return try words.withUnsafeBufferPointer { (words) throws(E) -> R in
            try body(UnsafeBufferPointer(rebasing: words[range]))
        }
    }

    private func wordRange(ofChunk chunk: Int) -> Range<Int> {
        let rows = ChunkSize.rows(inChunk: chunk, count: count)
        let first = chunk * ChunkSize.words
        return first..<first + (rows.count + 63) >> 6
    }
}
