// Verifies that a block is what was written: 64 bits over its raw bytes and its place.

import Columnar

/// The place of a block in a snapshot.
public struct BlockPlace: Equatable, Sendable {
    public var tableID: UInt16
    public var columnID: UInt16
    /// Number of the chunk of rows.
    public var chunk: UInt32
    /// 0: numbers, or lengths of texts; 1 and up: pieces of the texts.
    public var part: UInt32
    /// Rows of the chunk.
    public var rows: UInt32

    public init(tableID: UInt16, columnID: UInt16, chunk: UInt32, part: UInt32, rows: UInt32) {
        self.tableID = tableID
        self.columnID = columnID
        self.chunk = chunk
        self.part = part
        self.rows = rows
    }
}

enum BlockHash {
    static func hash(_ bytes: UnsafeRawBufferPointer, at place: BlockPlace) -> UInt64 {
        var seed = ByteHash.step(0x6275_7379_686F_7572, UInt64(place.tableID) << 48 | UInt64(place.columnID) << 32)
        seed = ByteHash.step(seed, UInt64(place.chunk) << 32 | UInt64(place.part))
        seed = ByteHash.step(seed, UInt64(place.rows))
        return ByteHash.hash(bytes, seed: seed)
    }
}
