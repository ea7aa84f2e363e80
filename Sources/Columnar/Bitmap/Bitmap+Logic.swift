// Combines whole bitmaps word by word. Both sides have the same count.

extension Bitmap {
    /// Clears the bits that `other` does not have.
    public mutating func and(_ other: Bitmap) {
        precondition(other.count == count, "bitmaps of different tables")
        for index in 0..<words.count { words[index] &= other.words[index] }
    }

    /// Sets the bits that `other` has.
    public mutating func or(_ other: Bitmap) {
        precondition(other.count == count, "bitmaps of different tables")
        for index in 0..<words.count { words[index] |= other.words[index] }
    }

    public mutating func setAll() {
        for index in 0..<words.count { words[index] = Self.rowBits(ofWord: index, count: count) }
    }

    public mutating func clearAll() {
        for index in 0..<words.count { words[index] = 0 }
    }

    /// The bits of a word that belong to rows.
    static func rowBits(ofWord index: Int, count: Int) -> UInt64 {
        let first = firstRow(ofWord: index)
        let chunkEnd = (first | ChunkSize.mask) + 1
        let rows = min(64, min(chunkEnd, count) - first)
        return rows >= 64 ? ~0 : rows <= 0 ? 0 : (1 << UInt64(rows)) - 1
    }
}
