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
        // Whether the chunk is allocated, and who shares it, is said in the header of its array, which is another line of memory: that
        // is asked for as well, and not read, for reading it would be the wait that this is to spare. Safe: an array is one
        // pointer (checked when the column was made), and asking for memory that is not there does nothing.
        chunks.withUnsafeBytes { arrays in
            let header = arrays.load(
                fromByteOffset: (row >> ChunkSize.shift) * MemoryLayout<[Value]>.stride, as: UnsafeRawPointer.self)
            Columnar.prefetch(header)
            Columnar.prefetch(header + 32 + (row & ChunkSize.mask) * MemoryLayout<Value>.stride)
        }
    }

    /// Asks for the memory of the values of many rows; those beyond the column are passed over.
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

    /// True while no row has anything but zero, as far as `isZero(chunk:)` tells.
    @inlinable public var isZero: Bool { chunks.allSatisfy { $0.isEmpty } }

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
    /// `count`. Cost: about a miss of memory a row, many at a time, and 8 bytes of memory to clear for each chunk.
    @inlinable
    public mutating func raise(_ rows: UnsafeBufferPointer<UInt32>, to values: UnsafeBufferPointer<Value>) {
        precondition(rows.count == values.count, "a value for each row")
        let rowCount = rowCount
        for row in rows { precondition(row < rowCount, "a row beyond the column") }
        let ahead = 16
        withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Value>?.self, capacity: max(1, chunks.count)) { places in
            // Where a chunk lies, once it was asked for: whether it is shared need not be asked for each row.
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
                // Stored whether or not it is higher: which is not to be foreseen.
                place[row & ChunkSize.mask] = max(place[row & ChunkSize.mask], values[index])
            }
        }
    }

    /// The memory of a chunk, allocated and not shared. Good as long as the column lives and nothing else is done to it.
    @inlinable @inline(never)
    mutating func mutableChunk(_ chunk: Int) -> UnsafeMutablePointer<Value> {
        if chunks[chunk].isEmpty { allocate(chunk: chunk) }
        // Safe by what is said above: an array's elements stay where they are while it is neither changed nor released,
        // and a chunk that is allocated has `ChunkSize.rows` of them.
        return chunks[chunk].withUnsafeMutableBufferPointer { $0.baseAddress.unsafelyUnwrapped }
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
