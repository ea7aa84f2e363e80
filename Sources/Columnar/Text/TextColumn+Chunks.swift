// A text column's chunks as they are in memory: for saving and loading whole columns.

extension TextColumn {
    public var chunkCount: Int { chunks.count }

    /// Lends a chunk's bytes, end to end in row order, and where each row's text ends; rows beyond the last end are
    /// empty.
    public func withChunk<R, E: Error>(
        _ chunk: Int, _ body: (_ bytes: UnsafeBufferPointer<UInt8>, _ ends: UnsafeBufferPointer<UInt32>) throws(E) -> R
    ) throws(E) -> R {
        try chunks[chunk].bytes.withUnsafeBufferPointer { (bytes) throws(E) -> R in
            try chunks[chunk].ends.withUnsafeBufferPointer { (ends) throws(E) -> R in try body(bytes, ends) }
        }
    }

    /// Replaces the texts of a chunk; false, with nothing changed, if `ends` do not ascend to the number of bytes, are
    /// more than the chunk's rows, or give a text more than `ColumnarLimits.textBytes`. The bytes are UTF-8, text by
    /// text. Cost: one pass over the ends; the arrays are taken over.
    public mutating func setChunk(_ chunk: Int, bytes: [UInt8], ends: [UInt32]) -> Bool {
        guard ends.count <= ChunkSize.rows(inChunk: chunk, count: count).count else { return false }
        var last: UInt32 = 0
        for end in ends {
            guard end >= last, end - last <= UInt32(ColumnarLimits.textBytes) else { return false }
            last = end
        }
        guard Int(last) == bytes.count else { return false }
        chunks[chunk] = TextChunk(bytes: bytes, ends: ends)
        return true
    }
}
