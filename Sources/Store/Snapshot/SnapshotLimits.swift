// Bounds of a snapshot, for a reader that does not trust the file.

enum SnapshotLimits {
    /// Several times as many as the engine has.
    static let tables = 256
    /// Columns of one table, likewise.
    static let columns = 256
    /// Rows of one table: facts of the statistics are the longest, 3 per call, for an hour of 25,000 calls per second.
    static let rows: Int64 = 1 << 28
    /// Producers that a server knows.
    static let producers: Int64 = 4_096
    /// Bytes that a snapshot may take unpacked, besides a multiple of the file: small files of zeros are legitimate.
    static let unpackedBytes = 64 << 20
    /// Unpacked bytes for each byte of the file: the most that LZ4 can reach; customers reach 10.
    static let unpackedRatio = 256
    /// Bytes of one row in the file: a block, and its numbers.
    static let rowBytes = BlockLimits.rawBytes + BlockLimits.overheadBytes + 1_024
    /// Bytes of a name of a table or column.
    static let nameBytes = 64
    /// Pages of the file. Blocks have 5 to 65 KB and fill such pages to 96 %; pages of 64 KiB to 77 %.
    static let pageBytes = 4_096
    /// Snapshots of a kind that are retained: the newest, and the one before in case the newest is damaged.
    static let kept = 2
}
