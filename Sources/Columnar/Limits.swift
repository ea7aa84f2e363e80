// Every bound of this module, each with its reason.

/// Rows are stored in chunks of this size: the unit of copy-on-write, of a kernel's call and of a branch.
public enum ChunkSize {
    #if COLUMNAR_SMALL_CHUNKS
        /// A test setting: with four rows per chunk every boundary is crossed all the time.
        @inlinable public static var rows: Int { 4 }
    #else
        /// A power of two: a row number splits by shift and mask. 8,192 rows of eight bytes are 64 KiB, so a chunk
        /// of each of several columns stays in the second-level cache while they are worked on together, and copying
        /// one for a snapshot takes some microseconds.
        @inlinable public static var rows: Int { 8_192 }
    #endif

    /// `row >> shift` is the chunk of a row.
    @inlinable static var shift: Int { rows.trailingZeroBitCount }
    /// `row & mask` is the position of a row in its chunk.
    @inlinable static var mask: Int { rows - 1 }
    /// Words of 64 bits that hold one bit for each row of a chunk.
    @inlinable static var words: Int { (rows + 63) >> 6 }

    /// Chunks that hold `count` rows.
    @inlinable public static func chunks(holding count: Int) -> Int { (count + mask) >> shift }

    /// The rows of one chunk of a column with `count` rows; the last chunk may be short.
    @inlinable public static func rows(inChunk chunk: Int, count: Int) -> Range<Int> {
        precondition(chunk >= 0 && chunk < chunks(holding: count), "no such chunk")
        let first = chunk << shift
        return first..<min(first + rows, count)
    }
}

public enum ColumnarLimits {
    /// Bytes of one text of a `TextColumn`: positions in a chunk's bytes are 32-bit, and a full chunk of the longest
    /// texts (2^31 bytes) has to fit. Callers refuse longer input; a longer text here is a bug of the caller.
    public static let textBytes = 262_144
    /// Different values of a `DictionaryColumn`: more is not low cardinality, and a grouping by it would not be dense.
    public static let dictionaryValues = 16_777_216
    /// Recorded changes of a chunk's values, 16 bytes each: with more, reading the chunk's columns again takes no
    /// longer than going through them. A call makes some ten of them in each window.
    @inlinable public static var deltas: Int { max(8, ChunkSize.rows / 4) }
}
