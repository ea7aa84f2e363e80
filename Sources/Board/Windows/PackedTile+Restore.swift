// Bytes from a file as a packed tile. Later readers of the tile rely on what is checked here.

extension PackedTile {
    /// Nil for bytes that `PackedTile.init` cannot have made from facts of so many customers, at most `FactTile.rows`.
    init?(checking bytes: [UInt8], customers: Int, withCounters: Bool) {
        self.init()
        if bytes.isEmpty { return }
        var reader = CheckedReader(bytes)
        guard let rows = reader.next(), rows <= UInt64(customers), withCounters || rows == 0 else { return nil }
        var row: UInt64 = 0
        for _ in 0..<rows {
            guard let step = reader.next(), step < UInt64(FactTile.rows) else { return nil }
            row += step
            guard row < UInt64(customers), let mask = reader.next(),
                mask >> UInt64(PackedTile.fieldCount) == 0
            else { return nil }
            for _ in 0..<mask.nonzeroBitCount where reader.next() == nil { return nil }
        }
        let keys = UInt64(OutcomeDetail.count << FactTile.shift)
        guard let details = reader.next(), details <= keys else { return nil }
        var key: UInt64 = 0
        for _ in 0..<details {
            guard let step = reader.next(), step < keys, reader.next() != nil else { return nil }
            key += step
            guard key < keys, Int(key) & (FactTile.rows - 1) < customers,
                OutcomeDetail(number: Int(key) >> FactTile.shift).isKnown
            else { return nil }
        }
        guard reader.isAtEnd else { return nil }
        self.bytes = bytes
    }
}

extension OutcomeDetail {
    /// A code, or one of the buckets that delays have.
    fileprivate var isKnown: Bool {
        guard let bucket else { return number < OutcomeDetail.count }
        return (1...PDDHistogram.bucketCount).contains(Int(bucket))
    }
}

/// Like `PackedReader`, for arbitrary bytes.
private struct CheckedReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    /// Nil at the end, and for a number of more than 64 bits.
    mutating func next() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            if shift == 63 && byte > 1 { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
