// A column's chunks as memory: what kernels work on.

extension Column {
    @inlinable public var chunkCount: Int { chunks.count }

    /// The rows of a chunk; the last chunk may be short.
    @inlinable
    public func rows(inChunk chunk: Int) -> Range<Int> {
        ChunkSize.rows(inChunk: chunk, count: rowCount)
    }

    /// True while the chunk is not allocated: nothing but zero has been assigned to its rows and none was changed in
    /// place. Rows set back to zero one by one do not bring this about; `clear` does.
    @inlinable public func isZero(chunk: Int) -> Bool { chunks[chunk].isEmpty }

    /// Asks for the memory of a row's value, see `prefetch`.
    @inlinable @inline(__always)
    public func prefetch(row: Int) {
        precondition(row >= 0 && row < rowCount, "a row beyond the column")
        chunks[row >> ChunkSize.shift].withUnsafeBufferPointer { values in
            guard let base = values.baseAddress, !values.isEmpty else { return }
            Columnar.prefetch(base + (row & ChunkSize.mask))
        }
    }

    /// Lends the values of `rows(inChunk:)`; of a chunk that isn't allocated, zeros that all columns share.
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

    /// Raises each of these rows to its value where that is above what the row has. Rows may repeat, and are below
    /// `count`. Cost: about a miss of memory a row, many at a time.
    @inlinable
    public mutating func raise(_ rows: UnsafeBufferPointer<UInt32>, to values: UnsafeBufferPointer<Value>) {
        precondition(rows.count == values.count, "a value for each row")
        for row in rows { precondition(row < rowCount, "a row beyond the column") }
        let ahead = 16
        for index in rows.indices {
            if index + ahead < rows.count { prefetch(row: Int(rows[index + ahead])) }
            let row = Int(rows[index])
            let chunk = row >> ChunkSize.shift
            if chunks[chunk].isEmpty { allocate(chunk: chunk) }
            let value = values[index]
            chunks[chunk].withUnsafeMutableBufferPointer { chunk in
                chunk[row & ChunkSize.mask] = max(chunk[row & ChunkSize.mask], value)
            }
        }
    }

    /// The memory of `rows(inChunk:)`, as `withChunk` lends it, for work that needs many columns at once.
    ///
    /// Valid as long as this column, or a copy of it, lives and is not changed: the caller keeps one meanwhile.
    @inlinable
    public func unsafeChunk(_ chunk: Int) -> UnsafeBufferPointer<Value> {
        // Safe by what is said above: an array's elements stay where they are while it is neither changed nor released.
        withChunk(chunk) { $0 }
    }

    @inlinable
    func withZeros<R, E: Error>(
        _ length: Int, _ body: (UnsafeBufferPointer<Value>) throws(E) -> R
    ) throws(E) -> R {
        try zeroWords.withUnsafeBufferPointer { (words) throws(E) -> R in
            // Safe: the words are aligned for and at least as large as as many values (`init` checks that a value has
            // at most 64 bits), zero is a value of every integer type, and nobody ever writes them.
            let zeros = UnsafeRawBufferPointer(words).assumingMemoryBound(to: Value.self)
            return try body(UnsafeBufferPointer(rebasing: zeros[..<length]))
        }
    }
}

/// What a chunk that isn't allocated reads as, for the widest values.
@usableFromInline let zeroWords = [UInt64](repeating: 0, count: ChunkSize.rows)
