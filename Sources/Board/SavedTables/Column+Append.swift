import Columnar

extension Column {
    /// Appends many values at once, chunk by chunk.
    mutating func append(contentsOf values: UnsafeBufferPointer<Value>) {
        var rest = values
        while !rest.isEmpty {
            let start = count
            let place = start % ChunkSize.rows
            let added = min(ChunkSize.rows - place, rest.count)
            grow(to: start + added)
            withMutableChunk(start / ChunkSize.rows) { chunk in
                for index in 0..<added { chunk[place + index] = rest[index] }
            }
            rest = UnsafeBufferPointer(rebasing: rest[added...])
        }
    }

    /// Passes some rows to `body`, in as many pieces as there are chunks.
    func forEachPiece<E: Error>(
        _ rows: Range<Int>, _ body: (UnsafeBufferPointer<Value>) throws(E) -> Void
    ) throws(E) {
        var row = rows.lowerBound
        while row < rows.upperBound {
            let chunk = row / ChunkSize.rows
            let end = min(rows.upperBound, (chunk + 1) * ChunkSize.rows)
            try withChunk(chunk) { (values) throws(E) in
                let first = chunk * ChunkSize.rows
                try body(UnsafeBufferPointer(rebasing: values[row - first..<end - first]))
            }
            row = end
        }
    }
}
