/// A column of texts that are mostly different (names, notes, ...): row -> UTF-8, in chunks of `ChunkSize.rows`.
///
/// Costs 4 bytes per row besides the text; a chunk of empty texts costs nothing. Copying the struct is O(1) and makes a
/// snapshot, as with `Column`; the first write to a chunk that a snapshot still shares copies that chunk.
public struct TextColumn: Sendable {
    public private(set) var count = 0
    @usableFromInline var chunks: [TextChunk] = []

    public init() {}

    /// Adds empty rows up to `count`, which is not below the current count.
    public mutating func grow(to count: Int) {
        precondition(count >= self.count, "columns do not shrink")
        self.count = count
        let missing = ChunkSize.chunks(holding: count) - chunks.count
        if missing > 0 { chunks.append(contentsOf: repeatElement(TextChunk(), count: missing)) }
    }

    public mutating func append(_ text: String) {
        grow(to: count + 1)
        self[count - 1] = text
    }

    /// The text of a row, of at most `ColumnarLimits.textBytes` bytes. Reading makes a String; `withBytes` does not.
    /// Writing another length moves the texts behind it in the chunk: O(bytes of the chunk), some microseconds.
    public subscript(row: Int) -> String {
        get { withBytes(row) { String(decoding: $0, as: UTF8.self) } }
        set {
            precondition(row >= 0 && row < count, "no such row")
            var text = newValue
            text.withUTF8 { chunks[row >> ChunkSize.shift].set(row & ChunkSize.mask, to: $0) }
        }
    }

    /// Bytes of a row's text in UTF-8.
    public func byteCount(_ row: Int) -> Int {
        precondition(row >= 0 && row < count, "no such row")
        return chunks[row >> ChunkSize.shift].range(row & ChunkSize.mask).count
    }

    /// Lends the UTF-8 bytes of a row.
    @inlinable
    public func withBytes<R, E: Error>(
        _ row: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        precondition(row >= 0 && row < count, "no such row")
        let chunk = row >> ChunkSize.shift
        let range = chunks[chunk].range(row & ChunkSize.mask)
        return try chunks[chunk].bytes.withUnsafeBufferPointer { (bytes) throws(E) -> R in
            try body(UnsafeBufferPointer(rebasing: bytes[range]))
        }
    }

    /// Empties all rows and releases the chunks; `count` stays.
    public mutating func clear() {
        chunks = Array(repeating: TextChunk(), count: chunks.count)
    }

    /// Bytes held, including shared ones. O(chunks).
    public var byteSize: Int {
        var size = chunks.heapBytes
        for chunk in chunks { size += chunk.byteSize }
        return size
    }
}
