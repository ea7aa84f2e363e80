/// A column of integers: row -> value, in chunks of `ChunkSize.rows`.
///
/// A chunk whose rows are all zero is not allocated until something else is written to it, so a column that is zero for
/// most rows costs next to nothing. Value semantics: copying the struct is O(1) and makes a snapshot that may be read
/// on any thread while the original is written; the first write to a chunk that a snapshot still shares copies that
/// chunk (and once the list of chunks, 8 bytes each).
///
/// Every access checks that the row is below `count`; an access beyond is a bug of the caller and traps.
public struct Column<Value: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline var rowCount: Int
    /// One array per chunk: empty (all rows zero) or of `ChunkSize.rows` values, those at and above `count` zero.
    @usableFromInline var chunks: [[Value]]

    @inlinable
    public init() {
        precondition(ChunkSize.rows & ChunkSize.mask == 0, "a chunk's rows are a power of two")
        precondition(
            MemoryLayout<[Value]>.stride == MemoryLayout<UnsafeRawPointer>.stride, "an array is a pointer to its memory"
        )
        precondition(MemoryLayout<Value>.stride <= MemoryLayout<UInt64>.stride, "values have at most 64 bits")
        rowCount = 0
        chunks = []
    }

    @inlinable public var count: Int { rowCount }

    /// Adds zero rows up to `count`, which is not below the current count. O(new chunks).
    @inlinable
    public mutating func grow(to count: Int) {
        precondition(count >= rowCount, "columns do not shrink")
        rowCount = count
        let missing = ChunkSize.chunks(holding: count) - chunks.count
        if missing > 0 { chunks.append(contentsOf: repeatElement([], count: missing)) }
    }

    @inlinable
    public mutating func append(_ value: Value) {
        grow(to: rowCount + 1)
        self[rowCount - 1] = value
    }

    /// O(1); writing copies the chunk first if a snapshot shares it. A read takes 1-2 ns, a write or a change in place
    /// about 6 ns, most of it for checking twice whether memory is shared: loops over many rows of a chunk check once,
    /// by `withMutableChunk`.
    @inlinable
    public subscript(row: Int) -> Value {
        get {
            precondition(row >= 0 && row < rowCount, "no such row")
            let chunk = row >> ChunkSize.shift
            return chunks[chunk].isEmpty ? 0 : chunks[chunk][row & ChunkSize.mask]
        }
        set {
            precondition(row >= 0 && row < rowCount, "no such row")
            let chunk = row >> ChunkSize.shift
            if chunks[chunk].isEmpty {
                if newValue == 0 { return }
                allocate(chunk: chunk)
            }
            chunks[chunk][row & ChunkSize.mask] = newValue
        }
        // Without it, a change in place (`+=`) would look up the row twice and take half as long again.
        _modify {
            precondition(row >= 0 && row < rowCount, "no such row")
            let chunk = row >> ChunkSize.shift
            if chunks[chunk].isEmpty { allocate(chunk: chunk) }
            yield &chunks[chunk][row & ChunkSize.mask]
        }
    }

    /// Sets all rows to zero and releases the chunks; `count` stays.
    @inlinable
    public mutating func clear() {
        chunks = Array(repeating: [], count: chunks.count)
    }

    /// Bytes held, including shared ones. O(chunks).
    public var byteSize: Int {
        var size = chunks.heapBytes
        for chunk in chunks { size += chunk.heapBytes }
        return size
    }

    @inlinable @inline(never)
    mutating func allocate(chunk: Int) {
        chunks[chunk] = Array(repeating: 0, count: ChunkSize.rows)
    }
}

extension Array {
    /// Bytes of the array's own block: 32 of header and its capacity; 0 while it is empty.
    var heapBytes: Int { capacity == 0 ? 0 : 32 + capacity * MemoryLayout<Element>.stride }
}
