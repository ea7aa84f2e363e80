// A column's chunks as memory: what kernels work on.

extension Column {
    @inlinable public var chunkCount: Int { chunks.count }

    /// The rows of a chunk; the last chunk may be short.
    @inlinable
    public func rows(inChunk chunk: Int) -> Range<Int> {
        ChunkSize.rows(inChunk: chunk, count: rowCount)
    }

    /// True while the chunk is not allocated: nothing but zero has been assigned to its rows and none was changed in
    /// place. Resetting rows to zero one by one does not make it true; `clear` does.
    @inlinable public func isZero(chunk: Int) -> Bool { chunks[chunk].isEmpty }

    /// Prefetches the memory of a row's value, see `prefetch`.
    @inlinable @inline(__always)
    public func prefetch(row: Int) {
        precondition(row >= 0 && row < rowCount, "a row beyond the column")
        // Whether the chunk is allocated and shared is stored in the header of its array, which is another line of
        // memory. It is prefetched as well, not read, because reading it would be the very wait to be avoided. Safe: an
        // array is one pointer (checked when the column was made), and prefetching an invalid address does nothing.
        chunks.withUnsafeBytes { arrays in
            let header = arrays.load(
                fromByteOffset: (row >> ChunkSize.shift) * MemoryLayout<[Value]>.stride, as: UnsafeRawPointer.self)
            Columnar.prefetch(header)
            Columnar.prefetch(header + 32 + (row & ChunkSize.mask) * MemoryLayout<Value>.stride)
        }
    }

    /// Prefetches the memory of the values of many rows; rows beyond the column are skipped.
    @inlinable
    public func prefetch(rows: UnsafeBufferPointer<UInt32>) {
        withUnsafeTemporaryAllocation(of: UnsafeRawPointer?.self, capacity: max(1, chunks.count)) { places in
            for chunk in chunks.indices {
                let place = chunks[chunk].withUnsafeBufferPointer {
                    $0.isEmpty ? nil : UnsafeRawPointer($0.baseAddress)
                }
                places.initializeElement(at: chunk, to: place)
            }
            for row in rows where row < rowCount {
                guard let place = places[Int(row) >> ChunkSize.shift] else { continue }
                Columnar.prefetch(place + (Int(row) & ChunkSize.mask) * MemoryLayout<Value>.stride)
            }
        }
    }

    /// True while every row is zero, as far as `isZero(chunk:)` shows.
    @inlinable public var isZero: Bool { chunks.allSatisfy { $0.isEmpty } }

    /// Lends the values of `rows(inChunk:)`; for a chunk that isn't allocated, zeros that all columns share.
    @inlinable
    public func withChunk<R, E: Error>(
        _ chunk: Int, _ body: (UnsafeBufferPointer<Value>) throws(E) -> R
    ) throws(E) -> R {
        let length = rows(inChunk: chunk).count
        if chunks[chunk].isEmpty { return try withZeros(length, body) }
        return try chunks[chunk].withUnsafeBufferPointer { (values) throws(E) -> R in
            try body(UnsafeBufferPointer(rebasing: values[..<length]))
        }
    }

    /// Lends the values of `rows(inChunk:)` for writing; allocates the chunk, and copies it first if a snapshot
    /// shares it.
    @inlinable
    public mutating func withMutableChunk<R, E: Error>(
        _ chunk: Int, _ body: (UnsafeMutableBufferPointer<Value>) throws(E) -> R
    ) throws(E) -> R {
        let length = rows(inChunk: chunk).count
        if chunks[chunk].isEmpty { allocate(chunk: chunk) }
        return try chunks[chunk].withUnsafeMutableBufferPointer { (values) throws(E) -> R in
            try body(UnsafeMutableBufferPointer(rebasing: values[..<length]))
        }
    }

    /// Raises each of these rows to its value if that is above the row's. Rows may repeat, and are below `count`. Cost:
    /// about a miss of memory per row, many at a time, and 8 bytes of memory to clear for each chunk.
    @inlinable
    public mutating func raise(_ rows: UnsafeBufferPointer<UInt32>, to values: UnsafeBufferPointer<Value>) {
        precondition(rows.count == values.count, "a value for each row")
        let rowCount = rowCount
        for row in rows { precondition(row < rowCount, "a row beyond the column") }
        let ahead = 16
        withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Value>?.self, capacity: max(1, chunks.count)) { places in
            // The address of a chunk once it was requested, so that sharing need not be checked for each row.
            places.initialize(repeating: nil)
            for index in rows.indices {
                let row = Int(rows[index])
                let chunk = row >> ChunkSize.shift
                let place: UnsafeMutablePointer<Value>
                if let known = places[chunk] {
                    place = known
                } else {
                    place = mutableChunk(chunk)
                    places[chunk] = place
                }
                if index + ahead < rows.count {
                    let row = Int(rows[index + ahead])
                    if let next = places[row >> ChunkSize.shift] { Columnar.prefetch(next + row & ChunkSize.mask) }
                }
                // Stored whether or not it is higher, because that is unpredictable.
                place[row & ChunkSize.mask] = max(place[row & ChunkSize.mask], values[index])
            }
        }
    }

    /// The memory of a chunk, allocated and not shared. Valid as long as the column lives and is not otherwise
    /// accessed.
    @inlinable @inline(never)
    mutating func mutableChunk(_ chunk: Int) -> UnsafeMutablePointer<Value> {
        if chunks[chunk].isEmpty { allocate(chunk: chunk) }
        // Safe as stated above: an array's elements stay in place while it is neither changed nor released, and a chunk
        // that is allocated has `ChunkSize.rows` of them.
        return chunks[chunk].withUnsafeMutableBufferPointer { $0.baseAddress.unsafelyUnwrapped }
    }

    /// The memory of `rows(inChunk:)`, as `withChunk` lends it, for work that needs many columns at once.
    ///
    /// Valid as long as this column, or a copy of it, lives and is not changed: the caller holds one meanwhile.
    @inlinable
    public func unsafeChunk(_ chunk: Int) -> UnsafeBufferPointer<Value> {
        // Safe as stated above: an array's elements stay in place while it is neither changed nor released.
        withChunk(chunk) { $0 }
    }

    @inlinable
    func withZeros<R, E: Error>(
        _ length: Int, _ body: (UnsafeBufferPointer<Value>) throws(E) -> R
    ) throws(E) -> R {
        try zeroWords.withUnsafeBufferPointer { (words) throws(E) -> R in
            // Safe: the words are aligned for, and at least as large as, the same number of values (`init` checks that
            // a value has at most 64 bits), zero is a value of every integer type, and nothing ever writes them.
            let zeros = UnsafeRawBufferPointer(words).assumingMemoryBound(to: Value.self)
            return try body(UnsafeBufferPointer(rebasing: zeros[..<length]))
        }
    }
}

/// The contents of a chunk that isn't allocated, for the widest values.
@usableFromInline let zeroWords = [UInt64](repeating: 0, count: ChunkSize.rows)
