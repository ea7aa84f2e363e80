// Bounds of a block, each with its reason.

import Columnar

public enum BlockLimits {
    /// Bytes of a block before packing: what a reader allocates before it knows whether the block is valid. Numbers
    /// take 64 KiB at most, so this bounds pieces of texts.
    public static let rawBytes = 1 << 20
    /// Texts of a chunk are cut into pieces of this size: LZ4 looks back 64 KiB, so longer ones pack hardly better.
    public static let textPieceBytes = 1 << 18
    /// A packed block is at most this much longer than the raw bytes; the writer keeps what does not shrink as it is.
    public static let overheadBytes = 64
    /// Raw bytes that one packed byte of LZ4 can stand for: 255 by its format, since a length byte adds at most that
    /// many.
    static let lz4Ratio = 255
    /// Different values that the list of a `listed` block may have: their codes fit a byte.
    static let listedValues = 256
    /// Widest offset that is packed: it is read as 64 bits, and up to seven bits of its first byte may belong to
    /// another.
    static let packedBits = 56
}
